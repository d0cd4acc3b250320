"""Mass orders: how a list is written, its summary, how far its orders are, and the report."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain.catalog import Service
from bot.domain.errors import BadInput
from bot.domain.forms import FORMS
from bot.domain.mass import MOST_LINES, Sent
from bot.domain.orders import OrderState, Reason
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.mass import PROGRESS, REPORT, Flaw, Item, Standing, Summary
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.errors import in_words
from bot.telegram.screens import Rows, Screen
from bot.telegram.views import aside, explain, links
from bot.telegram.views.progress import bar
from bot.telegram.views.words import ICONS, state_word

Facts = Mapping[str, Any]

CHANGED = mark("⚠️ Please look again: the prices may have changed since you saw this.")
# So many of each are listed at most, and no more than fit: together they stay below the 4096 characters of a message.
MOST = 20
GROUPS_ROOM, FLAWS_ROOM, WARNINGS_ROOM, TROUBLES_ROOM = 800, 1700, 1000, 3000
# Of a line that is quoted, and of a service's name, so many characters are shown.
QUOTED, NAMED = 60, 60
# As in most examples, where the limits of the service allow it.
USUAL_QUANTITY = 1000


def collecting(
    t: Translator,
    shown: Service | None,
    sent: Sent,
    *,
    error: BadInput | None = None,
    kept: bool = False,
    earlier: tuple[int, int] | None = None,
    draft: int | None = None,
) -> Screen:
    """How to write a list, with what was sent of it so far.

    ``shown`` is the service of the example; ``kept``: what was sent are the good lines of a list. ``earlier``: the
    number of a list that was not confirmed, and of its lines.
    """
    if shown is None:
        text = t.html("There is nothing on sale right now. Please come back a little later.")
        return Screen(text, [*aside.way_back(t, draft), k.home(t)])
    parts = [t.html("<b>Mass order</b>"), _how(t, shown)]
    if error is not None:
        parts.append(t.html("⚠️ {problem}", problem=in_words(t, error).text))
    parts += _so_far(t, sent, kept=kept)
    rows: list[k.Row] = []
    if sent.lines:
        rows.append([k.button(t.plain("Done"), cb.Mass(id=0, do="done"), style="primary")])
    elif earlier is not None:
        rows += aside.to_list(t, *earlier)
    rows += aside.way_back(t, draft)
    cancel = k.button(t.plain("Cancel"), cb.Mass(id=0, do="cancel"), style="danger")
    return Screen(join("\n\n", parts), [*rows, [cancel]])


def _how(t: Translator, shown: Service) -> Html:
    lines = [
        t.html("Send one order a line:\n<code>service | link | quantity</code>"),
        t.html("The service is the number on its card; a package has no quantity. What begins with # is passed over."),
        t.html("For example:\n<code>{example}</code>", example=_example(t, shown)),
        t.html("At most {most} lines.", most=MOST_LINES),
        t.html("They may come in several messages or as a .txt file. Press Done at the end."),
    ]
    return join("\n", lines)


def _example(t: Translator, service: Service) -> Html:
    link, *more = FORMS[service.type].fields
    parts = [str(service.id), links.example(service, link)]
    if more:
        parts.append(str(min(max(USUAL_QUANTITY, service.minimum), service.maximum)))
    return t.html("{example}", example=" | ".join(parts))


def _so_far(t: Translator, sent: Sent, *, kept: bool) -> list[Html]:
    lines = []
    if kept:
        lines.append(t.html("The good lines are kept. Send the corrected ones."))
    if sent.lines:
        lines.append(t.nhtml("<b>{n} line so far.</b>", "<b>{n} lines so far.</b>", len(sent.lines)))
    if sent.comments:
        lines.append(t.nhtml("{n} comment is passed over.", "{n} comments are passed over.", sent.comments))
    return [join("\n", lines)] if lines else []


# The summary.


def summary(t: Translator, shown: Summary) -> Screen:
    """What can be ordered and what it costs, and every line with something wrong."""
    parts = [t.html("<b>Mass order</b>")]
    if shown.items:
        orders = t.nhtml("<b>{n} order</b>", "<b>{n} orders</b>", len(shown.items))
        parts.append(join("\n", [orders, *_some(t, _groups(t, shown.items), GROUPS_ROOM)]))
    else:
        parts.append(t.html("None of these lines can be ordered."))
    if shown.flaws:
        head = t.nhtml("⚠️ {n} line cannot be ordered:", "⚠️ {n} lines cannot be ordered:", len(shown.flaws))
        parts.append(join("\n", [head, *_some(t, [_flaw(t, flaw) for flaw in shown.flaws], FLAWS_ROOM)]))
    warnings = [warning for item in shown.items for warning in _warnings(t, shown, item)]
    if warnings:
        parts.append(join("\n", [t.html("⚠️ Please check:"), *_some(t, warnings, WARNINGS_ROOM)]))
    if shown.changed:
        parts.append(t.html(CHANGED))
    if shown.items:
        parts.append(_money(t, shown))
    return Screen(join("\n\n", parts), _summary_rows(t, shown))


def _groups(t: Translator, items: Sequence[Item]) -> list[Html]:
    """What is ordered of each service: its name tells whether its number was the right one."""
    services = {item.service.id: item.service for item in items}
    return [
        t.html(
            "{name} × {orders} · {price}",
            name=_cut(services[number].name, NAMED),
            orders=count,
            price=Money(sum(item.price for item in items if item.service.id == number)),
        )
        for number, count in Counter(item.service.id for item in items).items()
    ]


def _flaw(t: Translator, flaw: Flaw) -> Html:
    return t.html(
        "Line {line}: <code>{text}</code>\n{problem}",
        line=str(flaw.line.number),
        text=t.html("{text}", text=_cut(flaw.line.text, QUOTED)),
        problem=in_words(t, flaw.error).text,
    )


def _warnings(t: Translator, shown: Summary, item: Item) -> list[Html]:
    number = item.line.number
    line = str(number)
    found = []
    if number in shown.repeats:
        earlier = str(shown.repeats[number])
        found.append(t.html("Line {line}: the same service and link as in line {earlier}.", line=line, earlier=earlier))
    if number in shown.uncertain:
        uncertain = t.html(
            "Line {line}: your order {order} for the same link is being checked. This one may come on top.",
            line=line,
            order=f"#{shown.uncertain[number]}",
        )
        found.append(uncertain)
    if number in shown.running:
        running = t.html(
            "Line {line}: your order {order} for the same service and link is still running. This one may be refused.",
            line=line,
            order=f"#{shown.running[number]}",
        )
        found.append(running)
    found += [
        # The sign stands above all of them.
        t.html("Line {line}: {warning}", line=line, warning=Html(warning.removeprefix("⚠️ ")))
        for warning in links.warning(t, item.service, item.answers)
    ]
    return found


def _money(t: Translator, shown: Summary) -> Html:
    lines = [t.html("Total: <b>{total}</b>", total=Money(shown.total))]
    if shown.short:
        lines.append(
            t.html(
                "Your wallet has {available}: <b>{short} more is needed.</b> The list is kept: /mass leads back to it.",
                available=Money(shown.available),
                short=Money(shown.short),
            )
        )
    else:
        lines.append(t.html("Wallet after it: {left}", left=Money(shown.available - shown.total)))
    return join("\n", lines)


def _summary_rows(t: Translator, shown: Summary) -> Rows:
    def press(label: str, do: str, style: k.Style | None = None) -> k.Button:
        return k.button(label, cb.Mass(id=shown.batch, do=do), style=style)

    rows: list[k.Row] = []
    if shown.short:
        rows.append([k.button(t.plain("Top up"), cb.TopUp(), style="primary")])
        rows.append([press(t.plain("Look again"), "look"), k.button(t.plain("Wallet"), cb.Go(to="wallet"))])
    elif shown.items:
        label = t.nplain("Confirm {n} order", "Confirm {n} orders", len(shown.items))
        rows.append([k.button(label, cb.MassConfirm(id=shown.batch, mark=shown.mark), style="success")])
    if shown.flaws:
        rows.append([press(t.plain("Send corrected lines"), "more")])
    return [*rows, [press(t.plain("Cancel"), "cancel", "danger")]]


def left(t: Translator) -> Screen:
    """The list was closed."""
    rows = [[k.button(t.plain("New order"), cb.Go(to="order"))], k.home(t)]
    return Screen(t.html("The list is closed. Nothing was ordered."), rows)


# How it goes.


def standing(t: Translator, now: Standing) -> Screen:
    """How far a mass order is, or what came of it."""
    return report(t, now.facts) if now.reported else progress(t, now.facts)


def progress(t: Translator, facts: Facts) -> Screen:
    """How many of its orders are sent. This message is corrected in place, so its button opens another one."""
    total, waiting = int(facts["orders"]), int(facts["waiting"])
    sent = total - waiting
    lines = [
        t.html("<b>Mass order</b> {icon}", icon=ICONS[OrderState.WAITING if waiting else OrderState.IN_PROGRESS]),
        t.nhtml("{sent} of {n} order sent", "{sent} of {n} orders sent", total, sent=sent),
        bar(t, done=sent, total=total),
        t.html("Total: <b>{total}</b>", total=Money(int(facts["price"]))),
    ]
    rows = [[k.button(t.plain("My orders"), cb.Mass(id=int(facts["batch"]), do="orders"))]]
    return Screen(join("\n\n", [join("\n", lines), *_troubles(t, facts)]), rows)


def report(t: Translator, facts: Facts) -> Screen:
    """What came of every order, once none is still to be sent."""
    total, placed = int(facts["orders"]), int(facts["placed"])
    head = [t.html("<b>Mass order: report</b>")]
    if placed == total:
        head.append(t.nhtml("✅ The {n} order is placed.", "✅ All {n} orders are placed.", total))
    else:
        told = t.nhtml("{placed} of {n} order is placed.", "{placed} of {n} orders are placed.", total, placed=placed)
        head.append(told)
    if placed:
        head.append(t.html("You get word when each of them ends."))
    rows = [[k.button(t.plain("My orders"), cb.Orders()), *k.home(t)]]
    return Screen(join("\n\n", [join("\n", head), *_troubles(t, facts)]), rows)


def _troubles(t: Translator, facts: Facts) -> list[Html]:
    """The orders that are not placed, with what came back for them; those of one reason stand together below it."""
    alike: dict[tuple[OrderState, Reason | None], list[Facts]] = {}
    for each in facts["troubles"]:
        reason = None if each["reason"] is None else Reason(each["reason"])
        alike.setdefault((OrderState(each["state"]), reason), []).append(each)
    entries: list[Html] = []
    for (state, reason), found in alike.items():
        why = t.html("{icon} {why}", icon=ICONS[state], why=explain.meaning(t, state, reason, whole=False))
        first, *others = [_trouble(t, each, state) for each in found]
        entries += [join("\n", [why, first]), *others]
    parts = [join("\n", _some(t, entries, TROUBLES_ROOM))] if entries else []
    if facts["back"]:
        parts.append(t.html("{refunded} is back in your wallet.", refunded=Money(int(facts["back"]))))
    return parts


def _trouble(t: Translator, facts: Facts, state: OrderState) -> Html:
    return t.html(
        "Line {line}: {order} · {status}",
        line=str(facts["line"]),
        order=f"#{facts['number']}",
        status=state_word(t, state),
    )


NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {PROGRESS: progress, REPORT: report}


def _some(t: Translator, entries: Sequence[Html], room: int) -> list[Html]:
    """The first entries, as many as fit, and how many more there are."""
    shown: list[Html] = []
    for entry in entries[:MOST]:
        room -= len(entry.encode("utf-16-le")) // 2  # as Telegram counts, and more: tags are not counted there
        if room < 0 and shown:
            break
        shown.append(entry)
    more = len(entries) - len(shown)
    return [*shown, t.nhtml("and {n} more", "and {n} more", more)] if more else shown


def _cut(text: str, longest: int) -> str:
    return cut(text, longest)
