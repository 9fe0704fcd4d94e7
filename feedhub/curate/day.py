"""Which civil day an entry belongs to, and which days are still open. Pure.

A day runs from its first instant in the feed's time zone to the next day's first instant, whatever clocks
do in between. It stays open for a while after its end (`closes`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedhub.model import Feed, Kept

FILLED = timedelta(days=31)  # before the newest entry: the days that the first round fills
_DAY = timedelta(days=1)


def civil_day(instant: datetime, timezone: str) -> date:
    """Give the day that it is in a time zone."""
    day = instant.astimezone(ZoneInfo(timezone)).date()
    # Where clocks are put back over midnight, the end of a day comes again; the next one has begun already.
    return day + _DAY if instant >= starts(day + _DAY, timezone) else day


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days a feed has."""

    feed: Feed
    started: datetime | None  # when its first round was over; None = it goes on
    filled_from: date  # the earliest day that the first round fills
    open_from: date | None  # all days before it are closed; None = none is

    def day_of(self, kept: Kept) -> date | None:
        """Give the day of an entry that is on no closed day; None if it is older than the first day.

        An entry belongs to the day on which it was published if that day was open when we first saw it, and
        else to the day on which we did. In the first round all days from `filled_from` on count as open. If
        the day has been closed without the entry after all, it belongs to the oldest open one.
        """
        day = civil_day(kept.entry.published, self.feed.timezone)
        if self.started is None or kept.seen <= self.started:
            if day < self.filled_from:
                return None
        elif kept.seen >= closes_at(day, self.feed):
            day = civil_day(kept.seen, self.feed.timezone)
        return max(day, self.open_from or day)
