"""Every form of date that sources use, to an instant. Pure."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedhub.read.dates.iso import iso
from feedhub.read.dates.months import folded
from feedhub.read.dates.usual import usual
from feedhub.read.dates.written import written

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # there were no feeds before: such a date is some default
LATEST = datetime(2201, 1, 1, tzinfo=UTC)
_LONGEST = 120  # characters
_SECONDS = re.compile(r"(\d{9,10})(?:\.(\d{1,6})\d*)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date as a source writes it; None for what is none, or is not from 1990 to 2200.

    RFC 822, 850, 2822, 3339, ISO 8601, asctime, epoch seconds and milliseconds, and dates for people in
    many languages. `zone` is where the source is: it tells what a date means that names no zone, or a
    zone whose name means several; a local time that the clocks skip or repeat is the first it can be. A
    date without a time is the start of that day.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    return _instant(text, zone)


@lru_cache(maxsize=1000)  # an item often says twice when it came, as published and as updated
def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = usual(text)
        if found is None:
            text = " ".join(folded(text).split())
            found = _epoch(text) or iso(text, zone) or written(text, zone)
    except (ValueError, OverflowError):  # a thirteenth month, a 31st of February
        return None
    return found if found and EARLIEST <= found < LATEST else None


def _epoch(text: str) -> datetime | None:
    """Read seconds or milliseconds since 1970; what is too early may be another form."""
    if seconds := _SECONDS.fullmatch(text):
        found = _EPOCH + timedelta(
            seconds=int(seconds[1]), microseconds=int((seconds[2] or "").ljust(6, "0"))
        )
    elif _MILLISECONDS.fullmatch(text):
        found = _EPOCH + timedelta(milliseconds=int(text))
    else:
        return None
    return found if found >= EARLIEST else None
