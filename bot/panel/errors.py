"""What a panel call can fail with. ``add`` raises none of these: it returns its outcome as a type.

PanelError
├── PanelUnreachableError     nothing was sent: no connection, no TLS
├── PanelThrottledError       429, or no turn under our own limit before the deadline: not taken; ``retry_after`` in
│                             seconds where it is known
├── PanelRefusedError         the panel understood and declined; ``kind`` and its ``words``
└── PanelAnswerLostError      sent, and no usable answer came: what it did is not known
    └── PanelUnreadableError  an answer came whole and is not what this action answers
        └── PanelEmptyDataError   ``services`` said "Empty Data" where a list should stand

The texts never hold the panel's key. They may hold the panel's own words and are for admins and logs only.
"""

from bot.domain.outcomes import RefusalKind


class PanelError(Exception):
    """The root of everything a panel call can fail with; ``reason`` is one line for admins."""

    reason: str
    retry_after: float | None

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        self.reason = reason
        self.retry_after = retry_after
        super().__init__(reason)


class PanelUnreachableError(PanelError):
    """Proof that no byte of the request reached the panel: asking again repeats nothing."""


class PanelThrottledError(PanelError):
    """The panel answered 429 and took nothing, or was not asked because of our own limit."""


class PanelRefusedError(PanelError):
    """The panel answered with an error; ``words`` are its own, cleaned and capped."""

    kind: RefusalKind
    words: str

    def __init__(self, kind: RefusalKind, words: str) -> None:
        self.kind = kind
        self.words = words
        super().__init__(f"the panel refused ({kind.value}): {words}")


class PanelAnswerLostError(PanelError):
    """The request was sent and no usable answer came; a refill or cancel may have been taken."""


class PanelUnreadableError(PanelAnswerLostError):
    """An answer came and does not have the shape this action answers with; asking again would not help."""


class PanelEmptyDataError(PanelUnreadableError):
    """``services`` answered ``{"status": "success", "data": "Empty Data"}``: no list, no catalogue."""
