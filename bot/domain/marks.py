"""Marks: what a button carries to name exactly what its reader saw, without saying it.

A button may be pressed long after, or twice. What it decides must be what stood above it then, not what stands in the
books by now, so it carries a mark of it, and nothing happens where that is not the mark of what holds.
"""

import hashlib
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Enough to tell what was shown from anything else that will ever be, and little of a button's 64 bytes.
MARK_LENGTH = 10


def mark_of(*parts: object) -> str:
    """The mark of what these parts say; a moment counts to the millisecond, as the books keep it."""
    lines = "\n".join(str(_millisecond(part) if isinstance(part, datetime) else part) for part in parts)
    return hashlib.sha256(lines.encode()).hexdigest()[:MARK_LENGTH]


def _millisecond(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
