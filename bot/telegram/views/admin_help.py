"""What admins can write: the part of the help that is theirs."""

from bot.i18n import Html, Translator, join, mark

# Each command as it is written, and what it does.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("/balance", mark("every panel: its balance, what waits for it, pause and resume")),
    ("/uncertain", mark("orders that wait for your decision")),
    ("/tickets", mark("customers who wait for an answer")),
    ("/order 123", mark("everything about an order, of anybody")),
    ("/payments", mark("receipts that wait for your decision, and the last payments")),
    ("/payment 12", mark("everything about a payment, of anybody")),
    ("/user ID", mark("a customer: wallet and last orders")),
    ("/credit ID AMOUNT [REASON]", mark("put money into a wallet")),
    ("/debit ID AMOUNT [REASON]", mark("take money from a wallet")),
    ("/sync", mark("ask the panels for their services now")),
    ("/pause [panel]", mark("send no more orders to a panel")),
    ("/resume [panel]", mark("send orders to it again")),
)


def admin_help(t: Translator) -> Html:
    """The commands of admins, one a line."""
    lines = [
        t.html("{command} — {meaning}", command=command, meaning=t.plain(meaning)) for command, meaning in COMMANDS
    ]
    return join("\n", [t.html("<b>For admins</b>"), *lines])
