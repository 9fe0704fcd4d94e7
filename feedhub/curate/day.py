"""Which civil day an entry belongs to, and which days are still open. Pure.

A day runs from its first instant in the feed's time zone to the next day's first instant, whatever clocks
do in between. It stays open for a while after its end (`closes`).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedhub.model import Feed, Kept

FILLED = timedelta(days=31)  # before the newest entry: the days that the first round fills
_DAY = timedelta(days=1)


def civil_day(instant: datetime, timezone: str) -> date:
    """Give the day that it is in a time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def starts(day: date, timezone: str) -> datetime:
    """Give the first instant of a day, also where its midnight does not exist or comes twice."""
    # Where clocks jump over midnight, fold=0 counts on with the old offset and lands on the jump itself.
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def closes_at(day: date, feed: Feed) -> datetime:
    """Give when a day of a feed is closed for good."""
    return starts(day + _DAY, feed.timezone) + feed.closes


def oldest_open(feed: Feed, now: datetime) -> date:
    """Give the oldest day that is still open."""
    return civil_day(now - feed.closes, feed.timezone)


def day_of(kept: Kept, feed: Feed, *, started: datetime | None, filled_from: date) -> date | None:
    """Give the day of an entry; None if it is older than the days that the feed's first round filled.

    An entry belongs to the day on which it was published if that day was open when we first saw it, and
    else to the day on which we did. In the first round, until `started`, all days from `filled_from` on
    count as open.
    """
    day = civil_day(kept.entry.published, feed.timezone)
    if started is None or kept.seen <= started:
        return day if day >= filled_from else None
    if kept.seen < closes_at(day, feed):
        return day
    return civil_day(kept.seen, feed.timezone)
