"""The help."""

from bot.i18n import Html, Translator, join, mark
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import ask_button

# What customers can write, without the slash, and what it does; their command menu says the same.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("start", mark("the main menu")),
    ("order", mark("order something")),
    ("search", mark("find a service")),
    ("favourites", mark("services you marked")),
    ("mass", mark("many orders at once")),
    ("orders", mark("your orders and how they are going")),
    ("wallet", mark("your money here")),
    ("language", mark("choose the language")),
    ("cancel", mark("leave what you are doing")),
    ("paysupport", mark("help with a payment")),
    ("terms", mark("the terms of this shop")),
    ("help", mark("how all of this works")),
)

# Heading and text, in this order.
_CHAPTERS: tuple[tuple[str, str], ...] = (
    (
        mark("How an order goes"),
        mark(
            "Choose a service, answer its questions and press Confirm. The price is set aside in your wallet and the "
            "order is <i>Waiting</i> to be sent. Then it is <i>Pending</i>, <i>In progress</i> and at last "
            "<i>Completed</i>. I write to you at every step."
        ),
    ),
    (
        mark("How do I find something?"),
        mark(
            "Write it on the main screen in your own words, or after /search: <code>tiktok views</code>. Or send the "
            "link that you order for, and I show what fits it. Many orders at once go with /mass."
        ),
    ),
    (
        mark("How long does it take?"),
        mark(
            "The card of a service says the usual time, as measured by this shop, once there were enough orders; its "
            "description may say more. Please do not order the same for one link twice at a time."
        ),
    ),
    (
        mark("What is the start count?"),
        mark("How many there were (followers, views, …) when the order began. What is delivered comes on top."),
    ),
    (
        mark("What do Partial and Canceled mean?"),
        mark(
            "Now and then not everything can be delivered. A <i>Partial</i> order was delivered in part, a "
            "<i>Canceled</i> or <i>Refused</i> one not at all. What you paid for the rest comes back to your wallet by "
            "itself."
        ),
    ),
    (
        mark("What is Being checked?"),
        mark(
            "We are not sure whether the order went through. Your money stays set aside until somebody has looked; "
            "you need not do anything."
        ),
    ),
    (
        mark("Can I take an order back?"),
        mark("While it is Waiting: open it with /orders and press Take it back. All of its price comes back."),
    ),
    (
        mark("Can an order be refilled or stopped?"),
        mark(
            "Where its service offers it: open the order with /orders and press Refill or Stop order. By text, for "
            "many at once: <code>123 456 refill</code>, <code>123 cancel</code>, <code>123 status</code>."
        ),
    ),
)


def help_screen(
    t: Translator, *, contact: str | None, support: str | None, draft: int | None, more: Html | None
) -> Screen:
    """``contact`` and ``support`` as in the wallet; ``more``: what only this reader can do."""
    commands = [t.html("/{command} — {meaning}", command=Html(c), meaning=t.plain(m)) for c, m in COMMANDS]
    chapters = [join("\n", [t.html("<b>{title}</b>", title=t.plain(h)), t.html(text)]) for h, text in _CHAPTERS]
    parts = [*chapters, join("\n", [t.html("<b>Commands</b>"), *commands])]
    if contact is not None and support is None:
        parts.append(t.html("Write to the shop: {contact}", contact=contact))
    if more is not None:
        parts.append(more)
    rows = [
        *aside.way_back(t, draft),
        [k.button(t.plain("New order"), cb.Go(to="order")), ask_button(t, 0, support)],
        k.home(t),
    ]
    return Screen(join("\n\n", parts), rows)
