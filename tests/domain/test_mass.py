"""Lines of a mass order as people type them and paste them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import ServiceType
from bot.domain.errors import BadInput
from bot.domain.forms import FORMS, Limits, priced_quantity
from bot.domain.mass import MOST_CHARACTERS, MOST_LINES, Wish, fill_in, joined, longer, orderable, read, wish_of

LINK = "https://instagram.com/p/1"
LIMITS = Limits(10, 5_000)
TODAY = date(2026, 3, 14)
ARABIC_DIGITS = {0x660 + digit: str(digit) for digit in range(10)}


def in_ours(typed: str) -> str:
    """A number in our digits."""
    return typed.translate(ARABIC_DIGITS)


# By what was typed.
PARTS = {
    f"12 | {LINK} | 100": ("12", LINK, "100"),
    f"12|{LINK}|100": ("12", LINK, "100"),
    f"  12  |\t{LINK}  |100 ": ("12", LINK, "100"),
    f"12｜{LINK}｜100": ("12", LINK, "100"),
    f"12\u3000｜ {LINK} |\u00a0100": ("12", LINK, "100"),
    f"| 12 | {LINK} | 100 |": ("12", LINK, "100"),
    f"12\t{LINK}\t100": ("12", LINK, "100"),
    f"12\t \t{LINK}\t100\t": ("12", LINK, "100"),
    f"\ufeff12 | \u2068{LINK}\u2069 | 100": ("12", LINK, "100"),
    f"12 | {LINK} | 10 000": ("12", LINK, "10 000"),
    f"12 | {LINK} |": ("12", LINK),
    f"12 | {LINK}": ("12", LINK),
    f"12 {LINK} 100": (f"12 {LINK} 100",),
    f"12 | {LINK}?a=1|2 | 100": ("12", f"{LINK}?a=1", "2", "100"),
    f"12 || {LINK} | 100": ("12", "", LINK, "100"),
    f"١٢ | {LINK}/٣ | ١٠٠": ("12", f"{LINK}/٣", "100"),
}


@pytest.mark.parametrize(("typed", "parts"), PARTS.items())
def test_a_line_is_read_in_its_parts(typed: str, parts: tuple[str, ...]) -> None:
    """Bars of either width or tabs part it, as they come; the digits of the reader's script are ours, save in links."""
    [line] = read(typed, in_ours).lines
    assert line.parts == parts


def test_comments_and_blank_lines_order_nothing_and_count_as_lines() -> None:
    """A number is where the line stands in the file, as its editor shows it."""
    sent = read(f"# my list\n\n 12 | {LINK} | 1\r\n |\n\t#13 | {LINK} | 1\n14 | {LINK}")
    assert [(line.number, line.parts[0]) for line in sent.lines] == [(3, "12"), (6, "14")]
    assert sent.comments == 2


WRONG = {
    "12": "mass.parts",
    f"12 | {LINK} | 100 | more": "mass.parts",
    f"twelve | {LINK} | 100": "mass.service",
    f"-12 | {LINK} | 100": "mass.service",
    f"1.2 | {LINK} | 100": "mass.service",
    f"²| {LINK} | 100": "mass.service",
    f"{'9' * 19} | {LINK} | 100": "mass.service",
    "12 | my page | 100": "link.bad",
    "12 |  | 100": "link.bad",
    f"12 | https://example.com/{'x' * 512} | 100": "link.too_long",
    f"12 | {LINK}": "mass.no_quantity",
    f"12 | {LINK} | many": "number.not_a_number",
    f"12 | {LINK} | 1.000": "number.not_a_number",
    f"12 | {LINK} | 10,00": "number.not_a_number",
    f"12 | {LINK} | 9": "number.below",
    f"12 | {LINK} | 5001": "number.above",
}


@pytest.mark.parametrize(("typed", "code"), WRONG.items())
def test_what_is_wrong_is_named(typed: str, code: str) -> None:
    """A line is held to what the form asks, and to its own shape."""
    [line] = read(typed).lines
    with pytest.raises(BadInput) as caught:
        fill_in(FORMS[ServiceType.DEFAULT], wish_of(line), limits=LIMITS, today=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(("typed", "quantity"), [("100", 100), ("5,000", 5_000), ("5 000", 5_000), ("0010", 10)])
def test_a_quantity_is_read_as_in_the_form(typed: str, quantity: int) -> None:
    """Thousands in groups are taken, as there."""
    answers = fill_in(FORMS[ServiceType.DEFAULT], Wish(12, f" {LINK}", typed), limits=LIMITS, today=TODAY)
    assert answers == {"link": LINK, "quantity": quantity}


@pytest.mark.parametrize(("quantity", "code"), [("", ""), ("1", ""), ("100", "mass.package")])
def test_a_package_has_no_quantity(quantity: str, code: str) -> None:
    """One of it is what it is; anything else was meant otherwise than it would be sold."""
    form, wish = FORMS[ServiceType.PACKAGE], Wish(12, LINK, quantity)
    if code:
        with pytest.raises(BadInput, match=code):
            fill_in(form, wish, limits=LIMITS, today=TODAY)
    else:
        assert priced_quantity(form, fill_in(form, wish, limits=LIMITS, today=TODAY)) == 1


def test_a_form_that_asks_for_more_has_no_room_in_a_line() -> None:
    """Only link and quantity, or the link of a package, can be given in a line."""
    assert {type_ for type_ in ServiceType if orderable(FORMS[type_])} == {ServiceType.DEFAULT, ServiceType.PACKAGE}
    for type_ in set(ServiceType) - {ServiceType.DEFAULT, ServiceType.PACKAGE}:
        with pytest.raises(BadInput, match=r"mass\.more"):
            fill_in(FORMS[type_], Wish(12, LINK, "100"), limits=LIMITS, today=TODAY)


def test_a_list_grows_by_what_is_sent_up_to_its_limits() -> None:
    """A hundred lines that order something, and 64 KB; what is too much leaves the list as it was."""
    full = longer("", f"12 | {LINK} | 100\r\n" * MOST_LINES)
    assert longer(full, "# a comment\n\n") == f"{full}\n# a comment\n"
    with pytest.raises(BadInput) as caught:
        longer(full, f"12 | {LINK} | 100")
    assert (caught.value.code, caught.value.params) == ("lines.too_many", {"count": 101, "highest": 100})
    assert len(longer("", "#" * MOST_CHARACTERS)) == MOST_CHARACTERS
    with pytest.raises(BadInput) as caught:
        longer("#" * MOST_CHARACTERS, "#")
    assert (caught.value.code, caught.value.params) == ("lines.too_large", {"limit": MOST_CHARACTERS})


@given(st.text(st.sampled_from("12|｜\t \n#@./ax٣\u2068\x00\ud800\u2028"), max_size=60) | st.text(max_size=60))
def test_nothing_that_is_sent_breaks_the_reading(text: str) -> None:
    """Whatever comes is an order, or a line with something wrong; what can be ordered is read again as it was."""
    kept = longer("", text)
    good = []
    for line in read(kept, in_ours).lines:
        try:
            wish = wish_of(line)
            answers = fill_in(FORMS[ServiceType.DEFAULT], wish, limits=LIMITS, today=TODAY)
        except BadInput:
            continue
        assert LIMITS.minimum <= priced_quantity(FORMS[ServiceType.DEFAULT], answers) <= LIMITS.maximum
        good.append(line)
    assert [line.parts for line in read(joined(good)).lines] == [line.parts for line in good]
