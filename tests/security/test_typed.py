"""Whatever people type or upload where a number, a sum or an id is asked for: what is odd is refused, in words."""

import random
from datetime import date
from pathlib import Path

import pytest

from bot.domain.answers import parse_answer
from bot.domain.catalog import Offer
from bot.domain.errors import BadInput
from bot.domain.fields import MAX_LIST_CHARACTERS, Field, Kind, Limits
from bot.domain.forms import FORMS, spread_fields
from bot.domain.money import HIGHEST_AMOUNT, parse_amount
from bot.domain.outcomes import Unknown
from bot.telegram import callbacks as cb
from bot.telegram.files import LARGEST_FILE
from tests.clock import FakeClock
from tests.security.desk import Desk, open_desk
from tests.services.stage import ALPHA, BORIS, COMMENTS, FUNDS, LIKES

# None of these is a number anybody meant to order or to pay.
NO_NUMBERS = (
    *("-1", "+5", "−5", "0x10", "0b1", "1e3", "1E+3", "1.5e2", "NaN", "nan", "inf", "-Infinity", "1_000", "1/2", "50%"),
    *(
        "٣٤",
        "１００",
        "²",
        "Ⅻ",
        "１e２",
        "１，０００",
        "$5",
        "5 or 6",
        "5;DROP TABLE orders",
        "1,00,0",
        "1..5",
        ".",
        ",",
    ),
    *("", " ", "\u200b"),
)
LONGEST_MESSAGE = 4096
HUGE = ("9" * 19, "9" * 400, "9" * LONGEST_MESSAGE, "0" * (LONGEST_MESSAGE - 1) + "1")
LIMITS = Limits(10, 10_000)
TODAY = date(2026, 3, 14)


def numbers() -> list[Field]:
    """Every field anywhere that asks for a number."""
    fields = [*spread_fields(), *(field for form in FORMS.values() for field in form.fields)]
    return list({field.name: field for field in fields if field.kind is Kind.NUMBER}.values())


@pytest.mark.parametrize("field", numbers(), ids=lambda field: field.name)
def test_no_field_takes_what_is_no_number(field: Field) -> None:
    """Signs, exponents, fractions, NaN, other scripts' digits, spaces only: each is refused, never repaired."""
    for typed in NO_NUMBERS:
        with pytest.raises(BadInput):
            parse_answer(field, typed, limits=LIMITS, answers={"quantity": 100}, today=TODAY)
    for typed in HUGE[:3]:
        with pytest.raises(BadInput, match=r"number\.above"):
            parse_answer(field, typed, limits=LIMITS, answers={"quantity": 100}, today=TODAY)


def test_no_sum_is_read_from_what_is_none() -> None:
    """An amount is ASCII digits with one separator, above zero and within what the books hold."""
    for typed in (
        *NO_NUMBERS,
        *HUGE,
        "0",
        "0.00",
        "0.00001",
        "1.00001",
        "1,000",
        "1.000",
        "12.500",
        str(HIGHEST_AMOUNT),
    ):
        with pytest.raises(BadInput):
            parse_amount(typed)


def test_noise_is_never_a_number_out_of_bounds() -> None:
    """Random text is refused or is a number that the field allows; nothing else is raised."""
    chance = random.Random(7)
    letters = "0123456789+-.,eE_ xXnNaA٣५１\u00a0\u202f\u200b\x00/%"
    for _ in range(3_000):
        typed = "".join(chance.choice(letters) for _ in range(chance.randint(1, 12)))
        for field in numbers():
            try:
                value = parse_answer(field, typed, limits=LIMITS, answers={"quantity": 100}, today=TODAY)
            except BadInput:
                continue
            assert 0 <= int(str(value)) <= 1_000_000, typed


async def asked_for(desk: Desk, word: str, offer: Offer) -> None:
    """Bob chose this service, gave a link, and is asked for what has this word."""
    await desk.bob.send("/start")
    await desk.handled()
    desk.bob.forge(cb.Service(id=desk.stage.service(offer).id).pack(), desk.bob.heard_messages[-1])
    await desk.handled()
    await desk.bob.send("https://instagram.com/bob")
    await desk.handled()
    assert word in desk.bob.heard_messages[-1].text


async def test_what_is_typed_at_a_question_stays_at_the_question(tmp_path: Path, clock: FakeClock) -> None:
    """Each odd quantity is answered with what is wrong and the question again; then the right one is taken."""
    async with open_desk(tmp_path, clock) as desk:
        await asked_for(desk, "quantity", LIKES)
        # A person's own script has digits of its own: those are read, but in the form alone.
        for typed in [each for each in (*NO_NUMBERS, *HUGE) if each.isascii() and each.strip()]:
            await desk.bob.send(typed)
            await desk.handled()
            assert "quantity" in desk.bob.heard_messages[-1].text, typed
        assert "Confirm" not in desk.bob.heard_messages[-1].labels
        await desk.bob.send("100")
        await desk.handled()
        assert "Confirm" in desk.bob.heard_messages[-1].labels
        assert await desk.rows("SELECT 1 FROM inbox WHERE failures > 0") == []


async def test_an_owner_s_slip_moves_no_money(tmp_path: Path, clock: FakeClock) -> None:
    """Neither an amount nor a person is guessed."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        before = await desk.money()
        # What follows a space is the reason of a movement, so only what has none is all of the amount.
        for typed in [each for each in (*NO_NUMBERS, *HUGE[:2], "0", "1,000", "1.000") if each and " " not in each]:
            for command in ("credit", "debit"):
                await desk.owner.send(f"/{command} {BORIS} {typed}")
                await desk.owner.send(f"/{command} {typed} 5")
        for number in (2**63, -1, 0, 10**15, "@", "@nobody_here"):
            await desk.owner.send(f"/credit {number} 5")
            await desk.owner.send(f"/user {number}")
            await desk.owner.send(f"/order {number}")
        await desk.handled()
        assert await desk.money() == before
        assert await desk.stage.available(BORIS) == FUNDS
        assert await desk.rows("SELECT 1 FROM inbox WHERE failures > 0") == []


async def test_a_panel_s_id_is_an_id(tmp_path: Path, clock: FakeClock) -> None:
    """What cannot be one is not asked about, is not taken, and asks the owner again."""
    async with open_desk(tmp_path, clock) as desk:
        number = await desk.stage.buy()
        await desk.stage.place(Unknown("lost"))
        await desk.owner.send("/start")
        await desk.handled()
        data = cb.Decide(id=number, do="placed", about="uncertain").pack()
        desk.owner.forge(data, desk.owner.heard_messages[-1])
        await desk.handled()
        before = await desk.money()
        for typed in ("0", "-5", "1,2", "1 2", "null", "9" * 65, "9" * 4000, "<b>", "٣", "'; --", "\u202e71"):
            await desk.owner.send(typed)
            await desk.handled()
            assert await desk.money() == before, typed
        assert await desk.rows("SELECT 1 FROM inbox WHERE failures > 0") == []
        assert len(desk.stage.panels[ALPHA].adds) == 1


async def test_a_list_has_its_size_however_it_comes(tmp_path: Path, clock: FakeClock) -> None:
    """Beyond the longest list, in messages or in a file, nothing is kept; what was there before stays."""
    async with open_desk(tmp_path, clock) as desk:
        await asked_for(desk, "comments", COMMENTS)
        for _ in range(MAX_LIST_CHARACTERS // LONGEST_MESSAGE + 10):
            await desk.bob.send("\n".join(["x" * 1000] * 4))
        await desk.bob.send_file("list.txt", b"y" * (LARGEST_FILE + 1))
        await desk.bob.send_file("list.txt", b"small", size=10**12)
        await desk.bob.send_file("list.txt", ("z" * 100 + "\n").encode() * 4_000)
        await desk.bob.send_file("list.exe", b"MZ", mime="application/octet-stream")
        await desk.bob.send_file("list.txt", b"\xff\xfe\x00\xd8\x00")
        await desk.bob.send_photo("a caption is no comment")
        await desk.handled()
        [(data,)] = await desk.rows("SELECT data FROM conversations WHERE chat_id = :bob", bob=BORIS)
        assert MAX_LIST_CHARACTERS - 4_100 < str(data).count("x") <= MAX_LIST_CHARACTERS
        assert not {"y", "z", "MZ", "caption"} & set(str(data).split('"'))
        assert await desk.rows("SELECT 1 FROM inbox WHERE failures > 0") == []


async def test_a_name_is_kept_no_longer_than_a_name(tmp_path: Path, clock: FakeClock) -> None:
    """Whoever calls themselves something endless, or markup, is greeted and stored all the same."""
    async with open_desk(tmp_path, clock) as desk:
        desk.bob.title = "<b>&\u202e" * 400
        await desk.bob.send("/start")
        await desk.handled()
        assert len(desk.bob.heard_messages) == 1
        [(name,)] = await desk.rows("SELECT name FROM users WHERE id = :bob", bob=BORIS)
        assert len(name) <= 200


async def test_what_stands_above_a_question_is_no_answer_to_it(tmp_path: Path, clock: FakeClock) -> None:
    """Two messages that waited while the shop was down: the first is the link, the second came before the quantity."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        desk.bob.forge(cb.Service(id=desk.stage.service(LIKES).id).pack(), desk.bob.heard_messages[-1])
        await desk.handled()
        await desk.bob.send("https://instagram.com/bob")
        await desk.bob.send("777")
        await desk.handled()
        answered = "SELECT answers FROM drafts"
        assert await desk.rows(answered) == [('{"link": "https://instagram.com/bob"}',)]
        await desk.bob.send("888")
        await desk.handled()
        assert await desk.rows(answered) == [('{"link": "https://instagram.com/bob", "quantity": 888}',)]
