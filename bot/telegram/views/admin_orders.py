"""An order's whole file, what can be decided about it, and the list of what waits for a decision."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.domain.forms import FORMS, applicable_fields
from bot.domain.marks import mark_of
from bot.domain.orders import Attempt, Order, OrderEvent, Question, Reason
from bot.domain.outcomes import Rejected, StatusReport
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.asking import Looked
from bot.services.reports import OrderFile
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Rows, Screen
from bot.telegram.views import questions as form_words
from bot.telegram.views.admin_people import order_label, who
from bot.telegram.views.admin_words import OUTCOMES, QUESTIONS, event_word, reason_word
from bot.telegram.views.words import ICONS, state_word

# Telegram takes 4096 characters; the HTML of a text is never shorter than what is shown of it.
ROOM = 4000
# How many attempts and events a file shows; fewer where the rest leaves no room.
SHOWN = (10, 6, 3, 1, 0)
WORDS_LENGTH = 120
LISTED = 30

# What can be done, in the order of the buttons, with its label.
LABELS: Mapping[str, str] = {
    "look": mark("Look again"),
    "placed": mark("It was placed"),
    "resend": mark("Send again"),
    "refund": mark("Refund"),
    "part": mark("Refund part"),
    "close": mark("Close"),
}
# What gives money back, or ends the claim to it.
DESTRUCTIVE = frozenset({"refund", "part", "close"})
# An order whose cost rose above its price was never sent.
AT_A_LOSS: Mapping[str, str] = {"resend": mark("Send at a loss")}


def order_file(t: Translator, found: OrderFile) -> Screen:
    """Everything about an order, with a button for each thing that can be done."""
    for shown in SHOWN:
        text = _text(t, found, shown)
        if len(text) <= ROOM:
            break
    rows = [*decision_rows(t, found.order.id, found.takes_decision, found.order.question)]
    if found.ticket is not None:
        label = t.plain("Ticket {ticket}", ticket=str(found.ticket))
        rows.append([k.button(label, cb.Ticket(id=found.ticket, do="open"))])
    rows.append([k.button(t.plain("All open questions"), cb.Decide(id=0, do="list"))])
    return Screen(text, rows)


def decision_rows(t: Translator, number: int, decisions: Collection[str], question: Question | None) -> Rows:
    """The buttons for these decisions on ``question``; the destructive ones ask once more when pressed."""
    about = question or ""
    labels = {**LABELS, **(AT_A_LOSS if question is Question.COST else {})}
    buttons = [
        k.button(
            t.plain(label), cb.Decide(id=number, do=do, about=about), style="danger" if do in DESTRUCTIVE else None
        )
        for do, label in labels.items()
        if do in decisions
    ]
    return k.grid(buttons)


def _text(t: Translator, found: OrderFile, shown: int) -> Html:
    order = found.order
    parts = [_head(t, order), _whose(t, found), _answers(t, order), _money(t, found)]
    if order.question is not None:
        parts.append(t.html("❓ <b>{question}</b>", question=t.plain(QUESTIONS[order.question])))
    if found.evidence is not None and order.question is Question.UNCERTAIN:
        parts.append(evidence(t, found.evidence.details))
    if found.attempts and shown:
        title = t.html("<b>Attempts</b>")
        parts.append(join("\n", [title, *(_attempt(t, each) for each in found.attempts[-shown:])]))
    if found.events and shown:
        title = t.html("<b>What happened</b>")
        parts.append(join("\n", [title, *(_event(t, each) for each in found.events[-shown:])]))
    return join("\n\n", [part for part in parts if part])


def _head(t: Translator, order: Order) -> Html:
    title = t.html("<b>Order #{number}</b>: {state}", number=str(order.id), state=state_word(t, order.state))
    lines = [join(" ", [Html(ICONS[order.state]), title])]
    if order.reason is not None:
        lines.append(t.html("Reason: {reason}", reason=reason_word(t, order.reason)))
    lines.append(t.html("{service}", service=order.snapshot.name))
    lines.append(
        t.html(
            "Panel: <b>{panel}</b>, its service {service}, type {type}",
            panel=order.panel,
            service=Html(f"<code>{t.html('{id}', id=order.snapshot.panel_service)}</code>"),
            type=order.snapshot.type.value,
        )
    )
    if order.panel_order is not None:
        code = Html(f"<code>{t.html('{id}', id=order.panel_order)}</code>")
        lines.append(t.html("The panel's id: {panel_order}", panel_order=code))
    return join("\n", lines)


def _whose(t: Translator, found: OrderFile) -> Html:
    order = found.order
    user = found.customer
    customer = Html(f"<code>{order.user_id}</code>") if user is None else who(t, user)
    lines = [t.html("Customer: {who}", who=customer), t.html("Ordered: {at}", at=order.created_at)]
    if order.placed_at is not None:
        lines.append(t.html("Placed: {at}", at=order.placed_at))
    if order.answered_at is not None:
        lines.append(t.html("The panel last told about it: {at}", at=order.answered_at))
    if order.cancel_asked_at is not None:
        lines.append(t.html("The customer asked to stop it: {at}", at=order.cancel_asked_at))
    if order.ended_at is not None:
        lines.append(t.html("Ended: {at}", at=order.ended_at))
    return join("\n", lines)


def _answers(t: Translator, order: Order) -> Html:
    lines = [
        t.html(
            "{field}: {answer}",
            field=form_words.title(t, field),
            answer=form_words.answer_text(t, field, order.answers[field.name]),
        )
        for field in applicable_fields(FORMS[order.snapshot.type], order.answers)
        if field.name in order.answers
    ]
    lines.append(t.html("Priced quantity: {quantity}", quantity=order.quantity))
    if order.start_count is not None:
        lines.append(t.html("Start count: {start_count}", start_count=order.start_count))
    if order.remains is not None:
        lines.append(t.html("Remains: {remains}", remains=order.remains))
    return join("\n", lines)


def _money(t: Translator, found: OrderFile) -> Html:
    order = found.order
    lines = [t.html("Price: <b>{price}</b>", price=Money(order.price))]
    if found.cost is not None:
        lines.append(t.html("Cost at the panel's present rate: {cost}", cost=Money(found.cost)))
    if order.held:
        lines.append(t.html("On hold: {held}", held=Money(order.held)))
    if order.captured:
        lines.append(t.html("Earned: {captured}", captured=Money(order.captured)))
    if order.refunded:
        lines.append(t.html("Given back: {refunded}", refunded=Money(order.refunded)))
    return join("\n", lines)


def evidence(t: Translator, facts: Mapping[str, Any]) -> Html:
    """What the panel's purse tells about a lost answer."""
    lost, cost = facts["lost"], facts.get("cost")
    if lost < 0:
        return t.html("The panel's balance has risen meanwhile, so it tells nothing.")
    text = t.html("Beyond the orders it confirmed, the panel's balance has lost {lost}.", lost=Money(lost))
    if cost is None:
        return text
    return join(" ", [text, t.html("This order costs {cost} there.", cost=Money(cost))])


def _attempt(t: Translator, attempt: Attempt) -> Html:
    line = t.html(
        "{number}. {at}: {outcome}",
        number=str(attempt.number),
        at=attempt.started_at,
        outcome=t.plain(OUTCOMES.get(attempt.outcome, OUTCOMES[None])),
    )
    if not attempt.words:
        return line
    return join(" ", [line, t.html("<i>{words}</i>", words=_cut(attempt.words))])


def _event(t: Translator, event: OrderEvent) -> Html:
    what = event_word(t, event.kind)
    line = t.html("{at}: {event}", at=event.at, event=what)
    return join(" ", [line, *_details(t, event.details, known=what)])


def _details(t: Translator, details: Mapping[str, Any], *, known: str) -> list[Html]:
    words = [str(details[name]) for name in ("words", "word") if details.get(name) not in {None, "", known}]
    parts = [t.html("<i>{words}</i>", words=_cut(each)) for each in words]
    if details.get("panel_order"):
        parts.append(t.html("<code>{id}</code>", id=str(details["panel_order"])))
    if details.get("refunded"):
        parts.append(t.html("{amount}", amount=Money(details["refunded"])))
    if details.get("admin"):
        parts.append(t.html("(admin {id})", id=str(details["admin"])))
    return parts


def _cut(words: str) -> str:
    return cut(words, WORDS_LENGTH)


def sure(t: Translator, found: OrderFile, do: str, *, amount: int | None = None) -> Screen:
    """Ask once more before money moves or an order goes out a second time."""
    order = found.order
    texts = {
        "resend": mark("<b>Send order #{number} again?</b> If the panel has it already, it is delivered twice."),
        "refund": mark("<b>Give {held} back for order #{number}?</b> The panel may still deliver it."),
        "part": mark("<b>Give {amount} of {held} back for order #{number}?</b> The rest is earned."),
        "close": mark("<b>Close order #{number} as delivered?</b> The {held} on hold are earned."),
    }
    text = texts[do]
    at_a_loss = do == "resend" and order.question is Question.COST
    if at_a_loss:
        text = mark("<b>Send order #{number} at a loss?</b> The customer paid {price}, it costs {cost}.")
    words = t.html(
        text,
        number=str(order.id),
        held=Money(order.held),
        price=Money(order.price),
        amount=Money(amount or 0),
        cost="?" if found.cost is None else Money(found.cost),
    )
    label = t.plain(YES_AT_A_LOSS if at_a_loss else YES[do])
    about = order.question or ""
    wish: cb.Decide | cb.GiveBack = cb.Decide(id=order.id, do=do, sure=True, about=about)
    if do == "part":
        wish = cb.GiveBack(id=order.id, mark=part_mark(order, amount or 0), about=about)
    yes = k.button(label, wish, style="danger")
    return Screen(words, [[yes], k.back(t, cb.Decide(id=order.id, do="show"))])


def part_mark(order: Order, amount: int) -> str:
    """Names a sum in a button: an older button gives back its own sum or nothing."""
    return mark_of(order.id, amount, order.held)


YES_AT_A_LOSS = mark("Yes, send at a loss")
YES: Mapping[str, str] = {
    "resend": mark("Yes, send again"),
    "refund": mark("Yes, refund"),
    "part": mark("Yes, refund part"),
    "close": mark("Yes, close"),
}


def ask_panel_order(t: Translator, number: int, panel: str, *, problem: str = "") -> Screen:
    """Ask under which id the panel has an uncertain order."""
    text = t.html(
        "Send the id that order #{number} has on the panel {panel}. The panel is asked whether it is there.",
        number=str(number),
        panel=panel,
    )
    return _asking(t, number, text, problem)


def ask_sum(t: Translator, order: Order, *, problem: str = "") -> Screen:
    """Ask how much of the hold is given back."""
    text = t.html(
        "How much of the {held} on hold for order #{number} is to be given back? Send the sum.",
        number=str(order.id),
        held=Money(order.held),
    )
    return _asking(t, order.id, text, problem)


def _asking(t: Translator, number: int, text: Html, problem: str) -> Screen:
    parts = [t.html("⚠️ {problem}", problem=problem)] if problem else []
    return Screen(join("\n\n", [*parts, text]), [k.back(t, cb.Decide(id=number, do="show"))])


def decided_before(t: Translator, order: Order) -> str:
    """What an admin reads who decides too late."""
    state = state_word(t, order.state)
    if order.reason is Reason.ADMIN:
        return t.plain("Order #{number} was refunded already: {state}.", number=str(order.id), state=state)
    return t.plain("Order #{number} was decided already: {state}.", number=str(order.id), state=state)


def looked(t: Translator, seen: Looked) -> str:
    """What the panel said about an order just now."""
    match seen.answer:
        case None:
            return t.plain("The panel says nothing about order #{number}.", number=str(seen.number))
        case Rejected(words=words) | StatusReport(word=words):
            return t.plain("The panel says: {words}", words=_cut(words))


def now(t: Translator, order: Order) -> str:
    """What became of an order by a decision."""
    return t.plain("Order #{number}: {state}.", number=str(order.id), state=state_word(t, order.state))


def questions(t: Translator, found: Sequence[Order]) -> Screen:
    """What waits for a decision, each a button to its file."""
    if not found:
        return Screen(t.html("✅ No order waits for a decision."))
    text = t.nhtml("<b>{n} order waits for a decision</b>", "<b>{n} orders wait for a decision</b>", len(found))
    rows = [[k.button(order_label(t, order), cb.Decide(id=order.id, do="show"))] for order in found[:LISTED]]
    return Screen(text, rows)
