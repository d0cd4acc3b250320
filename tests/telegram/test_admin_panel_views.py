"""What admins read of panels and people, and which buttons that offers."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.domain.marks import mark_of
from bot.domain.panels import Gate, PanelRecord
from bot.domain.people import User
from bot.i18n import Translator
from bot.services.reports import PanelReport, PersonFile
from bot.services.syncing import Synced
from bot.services.wallet import Adjusted
from bot.telegram.views import admin_help, admin_panels, admin_people, admin_rates
from tests.telegram.samples import NASTY, NOON, ORDER
from tests.telegram.taken import check, labels

USER = User(1001, NASTY, "anna", "en", None, False, NOON)
PANEL = PanelRecord(
    name="alpha",
    host="alpha.example",
    currency="USD",
    balance=Decimal("12.5"),
    balance_at=NOON,
    answers=True,
    gate=None,
    gate_words="",
    gate_at=None,
    rest_until=None,
    unknowns=0,
    probe_at=None,
    probe_gap=0,
    synced_at=NOON,
    doubtful=None,
)
REPORT = PanelReport(PANEL, 125_000, waiting=2, needed=18_000, unpriced=0, open=3, sold=True, rests_until=None)


def test_a_persons_file_shows_the_name_as_it_is(t: Translator) -> None:
    """Name, id, wallet, and the last orders as buttons."""
    found = PersonFile(replace(USER, blocked=True), 125_000, 11_700, 3, (ORDER, replace(ORDER, id=1233)))
    screen = admin_people.person(t, found)
    check(screen)
    assert "<b>" + ("\u2068" if t.rtl else "") + "&lt;b&gt;Tom &amp; &quot;Jerry&quot;" in screen.text
    assert "1001" in screen.text
    assert len(labels(screen)) == 2


@pytest.mark.parametrize("command", admin_people.USAGE)
def test_bad_input_is_answered_with_the_reason_and_an_example(t: Translator, command: str) -> None:
    """What was wrong, how it is written, and a line to copy."""
    screen = admin_people.usage(t, command, BadInput("amount.bad"))
    check(screen)
    assert screen.text.startswith("⚠️")
    assert f"<code>{admin_people.USAGE[command][1]}</code>" in screen.text


@pytest.mark.parametrize("amount", [125_000, -125_000])
def test_an_admin_reads_whose_wallet_it_was_and_what_is_in_it(en: Translator, amount: int) -> None:
    """Name, id, sum without a sign, the new balance."""
    screen = admin_people.adjusted(en, Adjusted(USER, amount, 200_000), NASTY)
    check(screen)
    for part in ("Tom &amp;", "1001", "$12.50", "$20.00"):
        assert part in screen.text
    assert "-$" not in screen.text


@pytest.mark.parametrize("gate", [None, *Gate])
def test_a_panels_buttons_follow_its_gate(en: Translator, gate: Gate | None) -> None:
    """Resume where it is closed, Pause where an admin did not close it; why and since when is said."""
    record = replace(PANEL, gate=gate, gate_at=NOON if gate else None, gate_words=NASTY if gate else "")
    screen = admin_panels.panels(en, [replace(REPORT, record=record)])
    check(screen)
    assert ("Resume alpha" in labels(screen)) == (gate is not None)
    assert ("Pause alpha" in labels(screen)) == (gate is not Gate.ADMIN)
    assert ("It takes orders." in screen.text) == (gate is None)


def test_panels_of_any_kind_are_drawn_in_every_language(t: Translator) -> None:
    """One that was never asked, one in a foreign currency, one that rests, one whose orders nobody can price."""
    never = replace(PANEL, name="n" * 32, balance=None, balance_at=None, synced_at=None, currency=None)
    foreign = replace(PANEL, name="beta", currency="INR", answers=False)
    reports = [
        replace(REPORT, record=never, balance=None, sold=False),
        replace(REPORT, record=foreign, sold=False, unpriced=2, needed=0),
        replace(REPORT, rests_until=NOON),
    ]
    check(admin_panels.panels(t, reports, late={"alpha"}))
    check(admin_panels.panels(t, []))
    for do in ("pause", "resume"):
        check(admin_panels.choose(t, reports, do))


def test_a_foreign_balance_is_shown_in_its_own_currency(en: Translator) -> None:
    """What the panel holds is in the panel's currency, what its orders need in the shop's."""
    screen = admin_panels.panels(en, [replace(REPORT, record=replace(PANEL, currency="EUR"))])
    assert "€12.50" in screen.text
    assert "$1.80" in screen.text


def test_a_panel_whose_currency_changed_is_agreed_to_from_its_screen(t: Translator) -> None:
    """Its balance is in what it says now, and the button names that currency by its mark alone."""
    screen = admin_panels.panels(t, [replace(REPORT, sold=False, named="EUR")])
    check(screen)
    assert "EUR" in screen.text
    assert screen.rows[0][0].callback_data == f"cu:alpha:{mark_of('EUR')}"
    for agreed in ("EUR", None):
        check(admin_rates.currency(t, "alpha", agreed))


def test_only_panels_that_a_command_would_change_are_offered(en: Translator) -> None:
    """A panel that is not closed needs no resuming."""
    closed = replace(PANEL, name="beta", gate=Gate.FUNDS, gate_at=NOON)
    reports = [REPORT, replace(REPORT, record=closed)]
    assert labels(admin_panels.choose(en, reports, "resume")) == ["beta"]
    assert labels(admin_panels.choose(en, reports, "pause")) == ["alpha", "beta"]


def test_a_sync_tells_of_every_panel(t: Translator) -> None:
    """Done, doubtful and silent panels each get their words."""
    done = Synced(10_000, 3, 2, 1, tuple(f"Type {n} <&>" for n in range(9)))
    screen = admin_panels.synced(t, {"alpha": done, "beta": Synced(doubtful=True), "gamma": None})
    check(screen)
    for name in ("alpha", "beta", "gamma"):
        assert name in screen.text


def test_the_help_lists_every_command_of_admins(t: Translator, repository: Path) -> None:
    """A command that works is in the help."""
    routers = "".join(
        path.read_text("utf-8") for path in sorted((repository / "bot/telegram/routers").glob("admin_*.py"))
    )
    commands = set(re.findall(r"Command\(\"(\w+)\"\)", routers))
    listed = {written.split()[0].removeprefix("/") for written, _ in admin_help.COMMANDS}
    assert commands == listed
    assert all(f"/{command}" in admin_help.admin_help(t) for command in commands)
