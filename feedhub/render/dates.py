"""Points in time as documents write them: the same on any machine, in any locale. Pure."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

# Every format writes the same few times of each entry.
_LAST = 4096


@lru_cache(maxsize=_LAST)
def rfc3339(when: datetime) -> str:
    """Write a time as Atom and JSON Feed do (RFC 3339), in UTC, to the second."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=_LAST)
def rfc822(when: datetime) -> str:
    """Write a time as RSS does (RFC 822 with a year of four digits), English, in UTC, to the second."""
    return format_datetime(when.astimezone(UTC))
