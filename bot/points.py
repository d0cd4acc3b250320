"""Named points in the life of an order and of an update, where a test can end the process.

In production nothing listens and a point costs one comparison. Tests set ``listen`` in a child process and kill it
at a point, to see that nothing is lost or doubled.
"""

from collections.abc import Callable

# Calls to the outside: updates fetched and screens shown, orders sent, their evidence and status, news told; and of
# payments: Telegram's question answered, an invoice made, a provider asked, a refund asked for, Telegram's list read.
CALLS = (
    *("updates", "screen", "add", "balance", "status", "news"),
    *("checkout", "invoice", "pages", "refund", "transactions"),
)
# Commits, by what they write down: of the inbox, of placing, of tracking, of the outbox, of payments. The others have
# no name.
COMMITS = (
    *("received", "handled", "shown", "failed"),
    *("confirmed", "claimed", "settled", "evidence", "overdue"),
    *("tracked", "postponed"),
    *("delivered", "undelivered"),
    *("begun", "paid", "payback", "refunded"),
)
# Every named point. A test holds this list to what the code passes.
POINTS = tuple(
    f"{what}.{side}" for what in (*CALLS, *(f"{work}.commit" for work in COMMITS)) for side in ("before", "after")
)

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Call ``listener`` with the name of each point that is passed."""
    global _listener  # noqa: PLW0603  (one process has one listener, and a point must cost next to nothing)
    _listener = listener


def reach(name: str, of: str = "") -> None:
    """This point is passed now; where many pass one of this name, ``of`` comes before it: "claimed.commit.after"."""
    if _listener is not None:
        _listener(f"{of}.{name}" if of else name)
