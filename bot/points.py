"""Named points in the life of an order and of an update, where a test can end the process.

In production nothing listens and a point costs one comparison. Tests set ``listen`` in a child process and kill it
at a point, to see that nothing is lost or doubled.
"""

from collections.abc import Callable


def _sides(calls: tuple[str, ...], commits: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the points around these calls to the outside and these commits."""
    works = (*calls, *(f"{commit}.commit" for commit in commits))
    return tuple(f"{work}.{side}" for work in works for side in ("before", "after"))


# Updates fetched and screens shown, orders sent, their evidence and status, news told; and what is written down of the
# inbox, of placing, of tracking, of the outbox. Other commits have no name.
OF_ORDERS = _sides(
    ("updates", "screen", "add", "balance", "status", "news"),
    (
        *("received", "handled", "shown", "failed"),
        *("confirmed", "claimed", "settled", "evidence", "overdue"),
        *("tracked", "postponed"),
        *("delivered", "undelivered"),
    ),
)
# Refills and stops asked for, and refills asked about.
OF_REQUESTS = _sides(("refill", "cancel", "refill_status"), ("wanted", "asking", "asked", "followed"))
# Telegram's question answered, an invoice made, a provider asked, a refund asked for, Telegram's list read and held
# against the books; a receipt handed in and decided on.
OF_PAYMENTS = _sides(
    ("checkout", "invoice", "pages", "refund", "transactions"),
    ("begun", "paid", "compared", "handed_in", "decided", "payback", "refunded"),
)
# Every named point. A test holds this list to what the code passes.
POINTS = (*OF_ORDERS, *OF_REQUESTS, *OF_PAYMENTS)

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Call ``listener`` with the name of each point that is passed."""
    global _listener  # noqa: PLW0603  (one process has one listener, and a point must cost next to nothing)
    _listener = listener


def reach(name: str, of: str = "") -> None:
    """This point is passed now; where many pass one of this name, ``of`` comes before it: "claimed.commit.after"."""
    if _listener is not None:
        _listener(f"{of}.{name}" if of else name)
