"""The Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3)."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_LONGEST = 24 * 3600.0  # a panel that says more has a wrong clock or an open account with us


def seconds_of(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Return the seconds to wait, 0 to a day; None without a readable Retry-After.

    A date is taken against the panel's own Date where there is one, because clocks differ.
    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _LONGEST)
    until = _date(text)
    if until is None:
        return None
    since = _date(headers.get("date", "").strip()) or now()
    return min(max(math.ceil((until - since).total_seconds()), 0.0), _LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
