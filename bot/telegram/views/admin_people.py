"""People as admins see them, and what an admin did to a wallet."""

from collections.abc import Mapping

from bot.domain.errors import ShopError
from bot.domain.orders import Order
from bot.domain.people import User
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.reports import PersonFile
from bot.services.wallet import Adjusted
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.errors import in_words
from bot.telegram.screens import Screen
from bot.telegram.views.payment_words import payment_button
from bot.telegram.views.words import ICONS, state_word

# By command: how to write it, and an example. Both are shown as they are typed.
USAGE: Mapping[str, tuple[str, str]] = {
    "credit": (mark("/credit ID AMOUNT [REASON]"), "/credit 123456789 12.50 bonus"),
    "debit": (mark("/debit ID AMOUNT [REASON]"), "/debit 123456789 12.50 paid twice"),
    "user": (mark("/user ID"), "/user 123456789"),
}


def usage(t: Translator, command: str, problem: ShopError | None = None) -> Screen:
    """How to write a command, and what was wrong with what was sent."""
    form, example = USAGE[command]
    lines = [] if problem is None else [t.html("⚠️ {problem}", problem=in_words(t, problem).text)]
    lines.append(t.html("Write it like this: {form}", form=Html(f"<code>{t.html(form)}</code>")))
    lines.append(t.html("For example: {example}", example=Html(f"<code>{example}</code>")))
    lines.append(t.html("Instead of the id, @username will do."))
    return Screen(join("\n", lines))


def who(t: Translator, user: User) -> Html:
    """A person in one line: name, username, id."""
    parts = [t.html("<b>{name}</b>", name=user.name)]
    if user.username:
        parts.append(t.html("{username}", username=f"@{user.username}"))
    parts.append(t.html("<code>{user}</code>", user=str(user.id)))
    return join(" ", parts)


def adjusted(t: Translator, done: Adjusted, reason: str) -> Screen:
    """Whose wallet an admin changed, and what is in it now."""
    amount = Money(abs(done.amount))
    if done.amount > 0:
        head = t.html("✅ {amount} put into the wallet of {who}.", amount=amount, who=who(t, done.user))
    else:
        head = t.html("✅ {amount} taken from the wallet of {who}.", amount=amount, who=who(t, done.user))
    lines = [head]
    if reason:
        lines.append(t.html("Reason: {reason}", reason=reason))
    lines.append(t.html("Available now: {available}", available=Money(done.available)))
    return Screen(join("\n", lines))


def person(t: Translator, found: PersonFile) -> Screen:
    """A person's file, with their last orders and payments as buttons."""
    user = found.user
    lines = [who(t, user)]
    if user.blocked:
        lines.append(t.html("⛔ Has blocked the bot: news wait until they write again."))
    lines.append(t.html("Language: {language}", language=user.locale or user.language or "—"))
    lines.append(t.html("Since {at}", at=user.created_at))
    lines.append(t.html("Available: {available}", available=Money(found.available)))
    lines.append(t.html("On hold: {on_hold}", on_hold=Money(found.on_hold)))
    if found.orders:
        lines.append(t.nhtml("{n} order", "{n} orders", found.orders))
    else:
        lines.append(t.html("No orders"))
    rows = [[k.button(order_label(t, order), cb.Decide(id=order.id, do="show"))] for order in found.last]
    rows += [[payment_button(t, payment)] for payment in found.payments]
    return Screen(join("\n", lines), rows)


def order_label(t: Translator, order: Order) -> str:
    """An order on a button: number, state, service."""
    label = t.plain(
        "#{number} · {state} · {service}",
        number=str(order.id),
        state=state_word(t, order.state),
        service=k.label(order.snapshot.name),
    )
    return f"{ICONS[order.state]} {label}"
