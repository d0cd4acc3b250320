"""Named points in the life of an order and of an update, where a test can end the process.

In production nothing listens and a point costs one comparison. Tests set ``listen`` in a child process and kill it
at a point, to see that nothing is lost or doubled.
"""

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Call ``listener`` with the name of each point that is passed."""
    global _listener  # noqa: PLW0603  (one process has one listener, and a point must cost next to nothing)
    _listener = listener


def reach(name: str) -> None:
    """This point is passed now."""
    if _listener is not None:
        _listener(name)
