"""``make bench`` goes on working; how long things take is asserted nowhere."""

import asyncio

from benchmarks import books, catalogue
from benchmarks.__main__ import table
from bot.services.finding import answering, quest_in
from tests.domain.many_services import many_services


def test_every_row_is_measured_beside_another() -> None:
    """In a small catalogue, once: the table has a line for each, with both times and their ratio."""
    rows = [*catalogue.measure(300, 1), *asyncio.run(books.measure(1))]
    lines = table(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    for part in ("search: ", "a pasted link", "a page of a category", "Confirm", "claim, add, settle"):
        assert part in table(rows)
    assert all(row.ours > 0 and row.theirs > 0 for row in rows)


def test_what_is_measured_finds_something() -> None:
    """Nothing is quick because there is nothing to do."""
    shelf = catalogue.shelf_of(many_services(2_000))
    for words in [*catalogue.SEARCHES, catalogue.LINK]:
        assert answering(shelf, quest_in(words)), words
