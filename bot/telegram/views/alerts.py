"""The words of admins' news: troubles and their ends, questions to decide, what other admins did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.orders import TRACKED, OrderState, Question
from bot.domain.panels import Gate
from bot.domain.requests import RequestKind, RequestState
from bot.domain.texts import cut
from bot.i18n import Argument, Html, Money, Translator, join, mark
from bot.services.reports import possible
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Rows, Screen
from bot.telegram.views import admin_rates, admin_support, payment_news
from bot.telegram.views.admin_orders import decision_rows, evidence
from bot.telegram.views.admin_words import GATES, OUTCOMES, QUESTIONS, reason_word
from bot.telegram.views.payment_words import to_card, way_title
from bot.telegram.views.words import STATES, state_word

Facts = Mapping[str, Any]

# A panel's error page can be long; the log has the whole of it.
WORDS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Alert:
    """What is said when a trouble begins, and when it is over; some are never over, they happened."""

    raised: str
    over: str | None = None


ALERTS: Mapping[str, Alert] = {
    "gate": Alert(
        mark("⛔ Panel {panel} takes no orders now: {gate}. Orders for it wait."),
        mark("✅ Panel {panel} takes orders again."),
    ),
    "low": Alert(
        mark("⚠️ Panel {panel} has {balance} {currency} left. The orders that wait for it need {needed}."),
        mark("✅ The balance of panel {panel} covers what waits for it."),
    ),
    "silent": Alert(
        mark("🔴 Panel {panel} does not answer."),
        mark("✅ Panel {panel} answers again."),
    ),
    "doubtful": Alert(
        mark(
            "⚠️ Panel {panel} left {gone} of its {selling} services out of its list. The catalogue stays as it is until "
            "the next list says the same. /sync asks for it now."
        ),
        mark("✅ The list of services of panel {panel} is believed again."),
    ),
    "type": Alert(mark("⚠️ Panel {panel} lists services of the unknown type “{word}”. They are hidden.")),
    "types": Alert(mark("⚠️ Panel {panel} lists services of types nobody knows: {types}. They are hidden.")),
    "currency": Alert(
        mark(
            "⚠️ Panel {panel} reckons in {currency}, the shop in {shop}. Its services are not sold until its rate is in "
            "the settings."
        ),
        mark("✅ The currency of panel {panel} is settled, its services are sold."),
    ),
    "recoined": Alert(
        mark(
            "⚠️ Panel {panel} says that it reckons in {named} now; so far it was {currency}. Its services are not sold "
            "until you agree, or it says {currency} again."
        ),
        mark("✅ The currency of panel {panel} is settled, its services are sold."),
    ),
    "word": Alert(
        mark("⚠️ Panel {panel} says “{word}” about order #{number}. Nobody knows this word; the order stays as it is.")
    ),
    "words": Alert(
        mark(
            "⚠️ Panel {panel} says many words about orders that nobody knows. The others of today are not told one by "
            "one; the orders stay as they are."
        )
    ),
    "changed": Alert(mark("⚠️ Order #{number} has ended: {state}. Now the panel says “{word}”. Nothing was changed.")),
    "late": Alert(
        mark("⚠️ A late answer about order #{number}: {outcome}. It changes nothing any more; look whether it should.")
    ),
    "update": Alert(
        mark("⚠️ A message in chat {chat} failed three times and was set aside. The log has it as update {update}.")
    ),
    "news": Alert(mark("⚠️ Telegram does not take a message of the kind {news}. The log says which.")),
    "channel": Alert(
        mark("⚠️ The channel does not take the shop's messages. Make the bot its admin; until then they wait."),
        mark("✅ The channel is asked again."),
    ),
    "refund": Alert(
        mark(
            "⚠️ Telegram has not confirmed the refund of payment {payment} to customer {user}. It goes on being asked."
        ),
        mark("✅ The refund of payment {payment} is confirmed."),
    ),
    "stars": Alert(
        mark(
            "⚠️ {stars} ⭐ came from customer {user}, and the shop does not know what a Star is worth. Set STARS_RATE "
            "and start again: then they are credited."
        )
    ),
    "foreign": Alert(
        mark(
            "⚠️ Telegram reports a payment of customer {user} in {currency}: {units} of its smallest unit. The shop "
            "asks for Stars alone, so nobody was credited. Look who else makes invoices with this bot."
        )
    ),
    "way": Alert(
        mark("⚠️ {way} does not say what was paid. It is asked again; nobody is credited through it meanwhile."),
        mark("✅ {way} says again what was paid."),
    ),
    "ticket": Alert(mark("⏰ {name} has waited for an answer for a day, ticket {ticket}.")),
    "backup": Alert(
        mark("⚠️ Today's copy of the books could not be made. The shop goes on, and tries again."),
        mark("✅ The books were copied again."),
    ),
}

# An admin's pause takes the place of whatever closed the panel before.
PAUSED_INSTEAD = mark("Panel {panel} stays closed: an admin paused it.")


def alert(t: Translator, facts: Facts) -> Screen:
    """A trouble, once."""
    kind = str(facts["alert"])
    lines = [t.html(ALERTS[kind].raised, **_arguments(t, facts))]
    if facts.get("more"):
        lines.append(t.nhtml("and {n} more", "and {n} more", int(facts["more"])))
    lines += _quoted(t, facts)
    return Screen(join("\n", lines), _alert_rows(t, kind, facts))


def alert_over(t: Translator, facts: Facts) -> Screen:
    """The trouble is over."""
    kind = str(facts["alert"])
    over = ALERTS[kind].over or mark("✅ This is over.")
    if kind == "gate" and facts.get("gate") == Gate.ADMIN:
        over = PAUSED_INSTEAD
    return Screen(t.html(over, **_arguments(t, facts)))


def _alert_rows(t: Translator, kind: str, facts: Facts) -> Rows:
    if kind == "ticket":
        return [admin_support.ways(t, int(facts["ticket"]))]
    if "number" in facts:
        return _to_file(t, int(facts["number"]))
    if "payment" in facts:
        return to_card(t, int(facts["payment"]))
    if kind == "gate":
        name = str(facts["panel"])
        resume = cb.Panel(name=name, do="resume")
        return [[k.button(t.plain("Resume {panel}", panel=name), resume, style="success")]]
    if kind == "recoined":
        return [admin_rates.agree_row(t, str(facts["panel"]), str(facts["named"]))]
    if kind in {"low", "silent", "currency"}:
        return [[k.button(t.plain("Panels"), cb.Panel(name="", do="refresh"))]]
    return []


def _to_file(t: Translator, number: int) -> Rows:
    return [[k.button(t.plain("Order #{number}", number=str(number)), cb.Decide(id=number, do="show"))]]


def _arguments(t: Translator, facts: Facts) -> dict[str, Argument]:
    """What a text may name, each as it is shown."""
    shown: dict[str, Argument] = {name: _shown(value) for name, value in facts.items()}
    if facts.get("gate"):
        shown["gate"] = t.plain(GATES[Gate(facts["gate"])])
    if "state" in facts:
        shown["state"] = state_word(t, OrderState(facts["state"]))
    if "outcome" in facts:
        shown["outcome"] = t.plain(OUTCOMES.get(facts["outcome"], OUTCOMES[None]))
    if "needed" in facts:
        shown["needed"] = Money(int(facts["needed"]))
    if "balance" in facts:
        shown["balance"] = Decimal(str(facts["balance"]))
    if "way" in facts:
        shown["way"] = way_title(t, str(facts["way"]))
    for name in {"number", "chat", "update", "payment", "user", "ticket"} & facts.keys():
        shown[name] = str(facts[name])
    return shown


def _shown(value: object) -> Argument:
    if value is None:
        return "?"
    return value if isinstance(value, int) and not isinstance(value, bool) else _cut(str(value))


def _cut(words: str) -> str:
    return cut(words, WORDS_LENGTH)


def _quoted(t: Translator, facts: Facts) -> list[Html]:
    """The words of a panel, or of Telegram, as they came."""
    words = facts.get("words") or facts.get("why")
    return [t.html("<i>{words}</i>", words=_cut(str(words)))] if words else []


def uncertain(t: Translator, facts: Facts) -> Screen:
    """The card of an order whose answer was lost, with the three decisions."""
    number = int(facts["number"])
    lines = [t.html("🔎 <b>Order #{number}: was it placed?</b>", number=str(number))]
    lines += _reminder(t, facts)
    lines.append(
        t.html("The answer of panel {panel} was lost. It may or may not have the order.", panel=str(facts["panel"]))
    )
    lines += _what(t, facts)
    if facts.get("at"):
        lines.append(t.html("Sent: {at}", at=datetime.fromisoformat(facts["at"])))
    if facts.get("lost") is not None:
        lines.append(evidence(t, facts))
    rows = [*decision_rows(t, number, {"placed", "resend", "refund"}, Question.UNCERTAIN), *_to_file(t, number)]
    return Screen(join("\n", lines), rows)


def question(t: Translator, facts: Facts) -> Screen:
    """An order whose money stays held until an admin decides."""
    number = int(facts["number"])
    asked = Question(facts["question"])
    state = OrderState(facts["state"])
    title = t.html("❓ <b>Order #{number}</b>: {state}", number=str(number), state=t.plain(STATES[state]))
    lines = [title, *_reminder(t, facts), t.html("{question}", question=t.plain(QUESTIONS[asked]))]
    lines.append(t.html("Panel: {panel}", panel=str(facts["panel"])))
    lines += _what(t, facts)
    if facts.get("cost") is not None:
        lines.append(t.html("Cost at the panel's present rate: {cost}", cost=Money(int(facts["cost"]))))
    if facts.get("remains") is not None:
        lines.append(t.html("Remains: {remains}", remains=int(facts["remains"])))
    decisions = possible(state, asked, held=int(facts["held"]), looks=state in TRACKED)
    return Screen(join("\n", lines), [*decision_rows(t, number, decisions, asked), *_to_file(t, number)])


def _what(t: Translator, facts: Facts) -> list[Html]:
    return [
        t.html("Service: {service}", service=str(facts["service"])),
        t.html("Link: {link}", link=str(facts["link"])),
        t.html("Quantity: {quantity}", quantity=int(facts["quantity"])),
        t.html("Price: <b>{price}</b>", price=Money(int(facts["price"]))),
    ]


def _reminder(t: Translator, facts: Facts) -> list[Html]:
    if not facts.get("reminder"):
        return []
    return [t.html("⏰ Reminder {n}: nobody has decided yet.", n=int(facts["reminder"]))]


def refused(t: Translator, facts: Facts) -> Screen:
    """A panel refused an order, in its own words; the customer has the money back."""
    text = t.html(
        "✖️ Panel {panel} refused order #{number}: {reason}. The customer has the money back.",
        panel=str(facts["panel"]),
        number=str(facts["number"]),
        reason=reason_word(t, str(facts["reason"])),
    )
    return Screen(join("\n", [text, *_quoted(t, facts)]), _to_file(t, int(facts["number"])))


REQUESTS_FAILED: Mapping[tuple[RequestKind, RequestState], str] = {
    (RequestKind.REFILL, RequestState.REFUSED): mark("♻️ Panel {panel} takes no refill of {orders}."),
    (RequestKind.CANCEL, RequestState.REFUSED): mark("✋ Panel {panel} does not stop {orders}."),
    (RequestKind.REFILL, RequestState.LOST): mark(
        "♻️ Panel {panel} was asked to refill {orders}, and its answer was lost. It is not asked again."
    ),
    (RequestKind.CANCEL, RequestState.LOST): mark(
        "✋ Panel {panel} was asked to stop {orders}, and its answer was lost. It is not asked again."
    ),
}


def request_failed(t: Translator, facts: Facts) -> Screen:
    """A panel did not take what customers asked for, or nobody knows whether it did; the customers were told."""
    numbers = [int(number) for number in facts["numbers"]]
    text = REQUESTS_FAILED[RequestKind(facts["asked"]), RequestState(facts["came_to"])]
    orders = ", ".join(f"#{number}" for number in numbers)
    lines = [t.html(text, panel=str(facts["panel"]), orders=orders), *_quoted(t, facts)]
    return Screen(join("\n", lines), _to_file(t, numbers[0]))


PUT_IN = mark("Admin {admin} put {amount} into the wallet of {name} ({user}).")
TAKEN_OUT = mark("Admin {admin} took {amount} from the wallet of {name} ({user}).")


def adjusted(t: Translator, facts: Facts) -> Screen:
    """Another admin changed a wallet."""
    put_in = int(facts["amount"]) > 0
    text = t.html(
        PUT_IN if put_in else TAKEN_OUT,
        admin=str(facts["admin"]),
        amount=Money(abs(int(facts["amount"]))),
        name=str(facts["name"]),
        user=str(facts["user"]),
    )
    lines = [text]
    if facts.get("reason"):
        lines.append(t.html("Reason: {reason}", reason=str(facts["reason"])))
    return Screen(join("\n", lines))


ADMIN_NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {
    "alert": alert,
    "alert_over": alert_over,
    "uncertain": uncertain,
    "question": question,
    "refused": refused,
    "request_failed": request_failed,
    "adjusted": adjusted,
    "rates": admin_rates.held,
    **payment_news.ADMIN_NEWS,
    **admin_support.NEWS,
}
