"""The terms of the shop, and where to turn with a payment: the owner's own words, or these."""

from bot.i18n import Html, Translator, join, mark
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import ask_button

# Heading and text, in this order.
_CHAPTERS: tuple[tuple[str, str], ...] = (
    (
        mark("What you buy"),
        mark(
            "Services for social networks, such as followers, likes or views. What a service delivers, and how fast, "
            "is in its description. You pay what the summary shows when you press Confirm."
        ),
    ),
    (
        mark("Taking an order back"),
        mark(
            "While an order is <i>Waiting</i> you can take it back, and all of its price returns. Once it was passed "
            "on for delivery it cannot be taken back."
        ),
    ),
    (
        mark("What is not delivered"),
        mark("What you paid for and did not get comes back to your wallet by itself."),
    ),
    (
        mark("Your wallet"),
        mark(
            "The money in it is for orders in this shop. If you would rather have a payment back, ask: /paysupport "
            "says how. A payment that is taken back after it was spent has to be made good before the next order."
        ),
    ),
    (
        mark("Who we are"),
        mark("This shop belongs neither to Telegram nor to the social networks. Please keep to their rules."),
    ),
)


def terms(t: Translator, own: str | None, *, support: str | None, draft: int | None) -> Screen:
    """``own``: the owner's text, where there is one; ``support`` as in the wallet."""
    if own is None:
        body = [join("\n", [t.html("<b>{title}</b>", title=t.plain(h)), t.html(text)]) for h, text in _CHAPTERS]
    else:
        body = [t.html("{text}", text=own)]
    return _screen(t, [t.html("<b>Terms of this shop</b>"), *body], support=support, draft=draft)


def paysupport(
    t: Translator, own: str | None, *, stars: bool, contact: str | None, support: str | None, draft: int | None
) -> Screen:
    """As ``terms``; ``stars``: they can be paid with here. That Telegram does not help is always said: it wants so."""
    parts = [t.html("<b>Help with payments</b>")]
    if own is None:
        parts.append(
            t.html(
                "Is something wrong with a payment, or with what you paid for? Press <b>Ask the shop</b> and write "
                "how you paid, when and how much. /wallet has your statement."
            )
        )
        parts.append(t.html("What an order could not deliver comes back to your wallet by itself."))
        if stars:
            parts.append(t.html("A payment in Telegram Stars can be given back by this shop, in Stars."))
        if contact is not None and support is None:
            parts.append(t.html("Write to the shop: {contact}", contact=contact))
    else:
        parts.append(t.html("{text}", text=own))
    parts.append(t.html("Telegram's own support, @BotSupport too, cannot help with what you buy through this bot."))
    return _screen(t, parts, support=support, draft=draft)


def _screen(t: Translator, parts: list[Html], *, support: str | None, draft: int | None) -> Screen:
    rows = [*aside.way_back(t, draft), [ask_button(t, 0, support), *k.home(t)]]
    return Screen(join("\n\n", parts), rows)
