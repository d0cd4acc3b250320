"""The one place that turns an error into words for a person."""

from collections.abc import Mapping

from bot.domain.errors import ShopError
from bot.i18n import Argument, Money, Translator, mark
from bot.telegram.screens import Notice

# By code. Every code of BadInput is here, and every other a ShopError is raised with.
TEXTS: Mapping[str, str] = {
    "amount.bad": mark("This is not an amount. Send a number like 5 or 12.50."),
    "amount.ambiguous": mark("This could be a thousand or a fraction. Send 1000 for a thousand, 1.0000 for one."),
    "amount.digits": mark("Too many digits after the point: at most {limit}."),
    "amount.too_small": mark("The smallest amount is {lowest}."),
    "amount.too_large": mark("The largest amount is {highest}."),
    "link.bad": mark("This is not a link. Send one like https://instagram.com/username, or @username."),
    "link.too_long": mark("The link is too long: at most {limit} characters."),
    "number.not_a_number": mark("This is not a whole number. Send digits only, like 1000."),
    "number.below": mark("Too small: the minimum is {lowest}."),
    "number.above": mark("Too large: the maximum is {highest}."),
    "runs.no_room": mark("The quantity {quantity} cannot be repeated: this service takes {highest} in total."),
    "text.empty": mark("There is nothing in it. Send some text."),
    "text.too_long": mark("Too long: at most {limit} characters."),
    "text.wanted": mark("Please send text."),
    "file.not_text": mark("Only .txt files can be read here."),
    "file.too_large": mark("The file is too large: at most {limit} KB."),
    "file.unreadable": mark("The file cannot be read. Save it as plain text (UTF-8) and send it again."),
    "username.bad": mark("This is not a username. Send one like username or @username."),
    "hashtag.bad": mark("This is not a hashtag. Send one like #travel."),
    "country.bad": mark("This is not a country. Press one, or send its two letters, like US."),
    "lines.too_few": mark("{count} so far: at least {lowest} are needed, one a line."),
    "lines.too_many": mark("{count} are too many: at most {highest}, one a line."),
    "lines.too_large": mark("The list is too long: at most {limit} characters in all."),
    "line.too_long": mark("Line {line} is too long: at most {limit} characters."),
    "line.bad": mark("Line {line} cannot be taken: it is not what is asked for."),
    "mass.parts": mark("Write it as service | link | quantity."),
    "mass.service": mark("There is no service {service} on sale."),
    "mass.more": mark("This service asks for more than a link and a quantity: order it with /order."),
    "mass.no_quantity": mark("The quantity is missing."),
    "mass.package": mark("This service is a package: leave the quantity out."),
    "mass.gone": mark("This list is closed. Send another one with /mass."),
    "choice.unknown": mark("Please choose one of the buttons."),
    "date.bad": mark("This is not a date. Send day/month/year, like 31/12/2026."),
    "date.past": mark("Too late: send a day after today."),
    "date.too_far": mark("Too far ahead: {latest} is the last possible day."),
    "draft.gone": mark("This form is closed. Begin a new order with /order."),
    "service.gone": mark("This service is not on sale any more. Choose another with /order."),
    "order.unknown": mark("There is no order #{number}."),
    "order.decided": mark("Order #{number} was decided already."),
    "order.not_waiting": mark("Order #{number} does not wait any more, so it cannot be taken back."),
    "order.in_flight": mark("Order #{number} is being sent right now. Try again in a minute."),
    "order.not_placed": mark("Order #{number} was not placed, so there is nothing to count as delivered."),
    "panel_order.unknown": mark("The panel does not confirm an order {panel_order}. {words}"),
    "panel_order.taken": mark("{panel_order} is order #{number} already."),
    "refund.too_much": mark("At most {held} can be given back."),
    "customer.unknown": mark("Nobody with the id {user} has written to the bot yet."),
    "wallet.too_low": mark("The wallet has only {available}."),
    "way.gone": mark("This way to pay is not offered any more. See /wallet for others."),
    "payment.gone": mark("There is no payment {payment}."),
    "payment.over": mark("This payment is settled or closed. See /wallet."),
    "favourites.too_many": mark("Enough favourites: at most {limit}. Take one away first."),
    "receipt.bad": mark("Please send the receipt as a photo or a PDF."),
    "receipt.too_many": mark("The shop has {limit} files for this payment, and looks at those first."),
    "receipt.too_many_payments": mark("The shop has receipts of {limit} payments of yours, and looks at those first."),
    "ticket.too_many": mark("These are {limit} messages within an hour. Please let the shop read them first."),
    "ticket.unknown": mark("There is no ticket {ticket}."),
    "ticket.wrote_again": mark("They wrote again meanwhile. Read that first."),
    # Of admins' commands.
    "customer.unknown_name": mark("Nobody called {username} has written to the bot yet."),
    "person.bad": mark("This is not a person. Send a Telegram id like 123456789, or @username."),
    "panel.unknown": mark("There is no panel {panel}. The panels are: {names}."),
    "panel.gone": mark("The panel {panel} is not in the settings any more."),
    "panel.silent": mark("The panel {panel} does not answer right now. Try again in a minute."),
    "panel_order.bad": mark("This is not an order's id on a panel. Send it as the panel shows it, like 123456."),
    "order.no_panel_order": mark("The panel has given order #{number} no id yet, so it cannot be asked about it."),
    "receipt.decided": mark("Payment {payment} was decided already."),
    "refund.by_hand": mark("Only Stars go back by a button. Send other money yourself, then use /debit."),
    "refund.unpaid": mark("This payment is not in the wallet, so there is nothing to give back."),
    "refund.spent": mark("The wallet has only {available}."),
    "sum.gone": mark("The sum is not known any more. Press Refund part again."),
}

_MONEY = {"held", "available"}
_AMOUNT_BOUNDS = {"lowest", "highest"}


def in_words(t: Translator, error: ShopError) -> Notice:
    """What the person reads of an error."""
    text = TEXTS.get(error.code)
    if text is None:
        return Notice(t.plain("That did not work. Please try again, or begin anew with /start."), alert=True)
    return Notice(t.plain(text, **{name: _shown(error.code, name, v) for name, v in error.params.items()}), alert=True)


def _shown(code: str, name: str, value: object) -> Argument:
    if name == "username":
        return f"@{value}"
    if isinstance(value, int):
        money = name in _MONEY or (code.startswith("amount.") and name in _AMOUNT_BOUNDS)
        if money:
            return Money(value)
        # Numbers of orders and ids of people are names, not quantities: no thousands separators.
        return str(value) if name in {"number", "user", "line", "payment", "ticket"} else value
    return str(value)
