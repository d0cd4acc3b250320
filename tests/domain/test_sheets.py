"""Cells for spreadsheets: texts that cannot become formulas, amounts that stay numbers."""

import csv
import io
import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sheets import money_cell, text_cell
from bot.domain.texts import INVISIBLE

CALC = "cmd|'/c calc'!A0"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (f"={CALC}", f"'={CALC}"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\r\n  =1", "'=1"),
        ("\x00=1", "'=1"),
        ('"=1', "\"'=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠A1", "'＠A1"),
        ("﹣1", "'﹣1"),
        ("−1", "'−1"),
        ("\ufeff=1", "'=1"),
        ("\u200b\u2066=1", "\u200b'=1"),
        ("\u2068=1\u2069", "'=1"),
        # Where another character separates cells, one may begin in the middle of a text.
        ("thanks;=1+1;", "thanks;'=1+1;"),
        ('thanks," =1', "thanks,\" '=1"),
        ("a|-1", "a|'-1"),
    ],
)
def test_what_a_spreadsheet_would_compute_is_shown_instead(text: str, cell: str) -> None:
    assert text_cell(text) == cell


@pytest.mark.parametrize(
    "text", ["", "for patience", "1+1=2", "a-b", "me@shop.example", "Спасибо = 5", "'quoted'", "$5"]
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert text_cell(text) == text


def test_a_cell_has_one_line() -> None:
    assert text_cell(" one\ntwo\r\n\x0bthree\u2028four\u0085five\tsix ") == "one two three four five six"


# Texts in which everything that matters is likely.
TRICKY = st.text(st.sampled_from([*"=+-@＝＋－＠,;|\t\r\n\"' ab1", "\x00", "\u200b", "\ufeff", "\u2066"]), max_size=12)
SKIPPED = " \"'" + "".join(INVISIBLE)


@given(TRICKY | st.text(max_size=40))
def test_no_cell_begins_with_a_sign_whatever_separates_cells(text: str) -> None:
    cell = text_cell(text)
    assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", cell)
    for part in re.split(r"[,;|\t]", cell):
        begin = unicodedata.normalize("NFKC", part.lstrip(SKIPPED).strip()[:1])
        before = part[: len(part) - len(part.lstrip(SKIPPED))]
        assert begin[:1] not in set("=+-@") or before.endswith("'")


@given(TRICKY)
def test_nothing_is_lost_but_what_nobody_sees(text: str) -> None:
    wanted = re.sub(r"[\s'\x00\ufeff\u2066]", "", text)
    assert re.sub(r"[\s']", "", text_cell(text)) == wanted


@given(TRICKY, TRICKY)
def test_cells_come_back_out_of_the_file(one: str, two: str) -> None:
    cells = [text_cell(one), text_cell(two), money_cell(-5)]
    written = io.StringIO(newline="")
    csv.writer(written).writerow(cells)
    assert list(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [cells]
    assert len(written.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        (0, "0.00"),
        (1, "0.0001"),
        (-1, "-0.0001"),
        (123_400, "12.34"),
        (-11_700, "-1.17"),
        (50_000, "5.00"),
        (12_340_000_000, "1234000.00"),
        (-(2**63), "-922337203685477.5808"),
    ],
)
def test_an_amount_is_a_plain_number(amount: int, cell: str) -> None:
    assert money_cell(amount) == cell


@given(st.integers(-(2**63), 2**63))
def test_a_number_is_the_amount_and_nothing_else(amount: int) -> None:
    cell = money_cell(amount)
    assert re.fullmatch(r"-?[0-9]+\.[0-9]{2}([0-9]{2})?", cell)
    assert Decimal(cell) * 10_000 == amount
