"""Entries to editions. Pure: which entries make a day, and in what order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from feedhub.curate.day import FILLED, civil_day, day_of
from feedhub.curate.duplicates import once
from feedhub.curate.order import newest_first, within_quota
from feedhub.curate.rules import takes, verdict
from feedhub.model import Feed, Kept, Source

Days = dict[date | None, list[Kept]]


def curate(
    feed: Feed,
    candidates: Iterable[Kept],
    *,
    standing: Iterable[Kept] = (),
    sources: Mapping[str, Source],
    started: datetime | None,
    filled_from: date,
) -> Days:
    """Give the entries of each open day, newest first.

    `standing` are entries of closed days, which later copies of them do not join; `started` and
    `filled_from` are as in `day.day_of`, and None as a day as there.
    """
    wanted = [kept for kept in candidates if _is_wanted(feed, kept, sources)]
    days: Days = defaultdict(list)
    for kept in once(wanted, standing):
        days[day_of(kept, feed, started=started, filled_from=filled_from)].append(kept)
    return {
        day: newest_first(within_quota(found, feed.per_source if day else None))
        for day, found in days.items()
    }


def _is_wanted(feed: Feed, kept: Kept, sources: Mapping[str, Source]) -> bool:
    source = sources.get(kept.entry.source)
    return (
        source is not None
        and takes(feed.take, kept.entry, source)
        and verdict(feed, kept, source) in ("include", "feature")
    )


def first_day(feed: Feed, newest: datetime) -> date:
    """Give the earliest day that a feed's first round fills."""
    return civil_day(newest, feed.timezone) - FILLED
