"""Panels as admins see them: what each holds, what waits for it, whether it takes orders; and what a sync did."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.panels import Gate, PanelRecord
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.reports import PanelReport
from bot.services.syncing import Synced
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import admin_rates
from bot.telegram.views.admin_words import GATES

# Words from a panel that a screen repeats, and unknown types that it lists.
WORDS_LENGTH = 200
SHOWN_TYPES = 5

RECOINED = mark("⚠️ Its services are not sold: it says that it reckons in {named} now. Agree if that is right.")


def panels(t: Translator, reports: Sequence[PanelReport], *, late: Collection[str] = (), notice: str = "") -> Screen:
    """Every panel with its buttons; ``late`` are those that were asked just now and did not answer."""
    if not reports:
        text = t.html("The shop has no panel. Put PANELS__NAME__URL and PANELS__NAME__KEY into the file .env.")
        return Screen(text, notice=notice)
    parts = [_panel(t, report, late=report.record.name in late) for report in reports]
    rows = [admin_rates.agree_row(t, each.record.name, each.named) for each in reports if each.named is not None]
    rows += [row for report in reports if (row := gate_row(t, report.record))]
    rows.append([k.button(t.plain("Refresh"), cb.Panel(name="", do="refresh"))])
    return Screen(join("\n\n", parts), rows, notice=notice)


def gate_row(t: Translator, record: PanelRecord) -> k.Row:
    """Pause and Resume, as far as they would change something."""
    row: k.Row = []
    if record.gate is not None:
        resume = cb.Panel(name=record.name, do="resume")
        row.append(k.button(t.plain("Resume {panel}", panel=record.name), resume, style="success"))
    if record.gate is not Gate.ADMIN:
        pause = cb.Panel(name=record.name, do="pause")
        row.append(k.button(t.plain("Pause {panel}", panel=record.name), pause))
    return row


def _panel(t: Translator, report: PanelReport, *, late: bool) -> Html:
    record = report.record
    lines = [t.html("<b>{panel}</b>", panel=record.name), _balance(t, report)]
    if late or not record.answers:
        lines.append(t.html("🔴 It does not answer."))
    else:
        lines.append(t.html("🟢 It answers."))
    if report.named is not None:
        lines.append(t.html(RECOINED, named=report.named))
    elif record.balance_at is not None and not report.sold:
        lines.append(_no_rate(t, record))
    lines.append(_waiting(t, report))
    if report.open:
        lines.append(t.nhtml("{n} order holds money.", "{n} orders hold money.", report.open))
    lines += _gate(t, record)
    if report.rests_until is not None and record.gate is None:
        lines.append(t.html("It is called again at {at}.", at=report.rests_until))
    if record.synced_at is None:
        lines.append(t.html("Its services were never listed."))
    else:
        lines.append(t.html("Services listed: {at}", at=record.synced_at))
    return join("\n", lines)


def _balance(t: Translator, report: PanelReport) -> Html:
    record = report.record
    if report.balance is None or record.balance_at is None:
        return t.html("Balance: not known yet")
    balance = Money(report.balance, report.named or record.currency)
    return t.html("Balance: <b>{balance}</b> ({at})", balance=balance, at=record.balance_at)


def _no_rate(t: Translator, record: PanelRecord) -> Html:
    return t.html(
        "⚠️ Its services are not sold: it reckons in {currency}. Put {setting} into the file .env.",
        currency=record.currency or "?",
        setting=Html(f"<code>PANELS__{record.name.upper()}__RATE</code>"),
    )


def _waiting(t: Translator, report: PanelReport) -> Html:
    if not report.waiting:
        return t.html("No order waits for it.")
    text = t.nhtml(
        "{n} order waits for it and needs {needed}.",
        "{n} orders wait for it and need {needed}.",
        report.waiting,
        needed=Money(report.needed),
    )
    if not report.unpriced:
        return text
    more = t.nhtml("The cost of {n} is not known.", "The cost of {n} is not known.", report.unpriced)
    return join(" ", [text, more])


def _gate(t: Translator, record: PanelRecord) -> list[Html]:
    lines: list[Html] = []
    if record.gate is None:
        lines.append(t.html("✅ It takes orders."))
    else:
        why = t.plain(GATES[record.gate])
        if record.gate_at is None:
            lines.append(t.html("⛔ It takes no orders: {why}.", why=why))
        else:
            lines.append(t.html("⛔ It takes no orders since {at}: {why}.", at=record.gate_at, why=why))
        if record.gate_words:
            lines.append(t.html("The panel's words: {words}", words=cut(record.gate_words, WORDS_LENGTH)))
        if record.probe_at is not None:
            lines.append(t.html("The next try: {at}", at=record.probe_at))
    return lines


def choose(t: Translator, reports: Sequence[PanelReport], do: str) -> Screen:
    """Which panel to pause or to resume, where several could be meant."""
    wanted = [
        report.record
        for report in reports
        if (report.record.gate is not None if do == "resume" else report.record.gate is not Gate.ADMIN)
    ]
    if not wanted and do == "resume":
        return Screen(t.html("No panel is paused."))
    if not wanted:
        return Screen(t.html("Every panel is paused already. /resume lets them go on."))
    style: k.Style | None = "success" if do == "resume" else None
    rows = [[k.button(record.name, cb.Panel(name=record.name, do=do), style=style)] for record in wanted]
    text = t.html("Resume which panel?") if do == "resume" else t.html("Pause which panel?")
    return Screen(text, rows)


def moved(t: Translator, name: str, do: str) -> str:
    """What a press or a command did to a panel."""
    if do == "resume":
        return t.plain("{panel} takes orders again.", panel=name)
    return t.plain("{panel} takes no orders until you resume it.", panel=name)


def synced(t: Translator, results: Mapping[str, Synced | None]) -> Screen:
    """What a sync did, panel by panel."""
    if not results:
        return panels(t, ())
    rows = [
        [k.button(t.plain("Rates of {panel}", panel=name), cb.Rates(name=name))]
        for name, done in results.items()
        if done is not None and done.held
    ]
    return Screen(join("\n\n", [_synced(t, name, done) for name, done in results.items()]), rows)


def _synced(t: Translator, name: str, done: Synced | None) -> Html:
    title = t.html("<b>{panel}</b>", panel=name)
    if done is None:
        text = t.html("🔴 It did not list its services. The catalogue stays as it is.")
        return join("\n", [title, text])
    if done.doubtful:
        text = t.html(
            "⚠️ Most of its services, or all of them, are missing from the list. The catalogue stays as it is until "
            "a second list says the same: send /sync again."
        )
        return join("\n", [title, text])
    lines = [
        title,
        t.nhtml("{n} service listed", "{n} services listed", done.listed),
        t.html(
            "new: {new}, changed: {changed}, retired: {retired}",
            new=done.new,
            changed=done.changed,
            retired=done.retired,
        ),
    ]
    if done.held:
        lines.append(t.html("⚠️ Not sold until you agree to their rate: {held}", held=done.held))
    if done.unknown_types:
        words = ", ".join(done.unknown_types[:SHOWN_TYPES])
        more = "…" if len(done.unknown_types) > SHOWN_TYPES else ""
        lines.append(t.html("⚠️ Hidden, because their type is unknown: {types}", types=words + more))
    return join("\n", lines)
