"""Entries to days. Pure: which entries make a day, and in what order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from feedhub.curate.day import FILLED, Calendar, civil_day
from feedhub.curate.duplicates import Articles, precedence
from feedhub.curate.order import newest_first
from feedhub.curate.rules import takes, verdict
from feedhub.model import Feed, Kept, Source

Days = dict[date | None, list[Kept]]  # None = older than the first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """Entries by day, newest first."""

    days: Days
    left_out: Days  # their source had enough on that day


def curate(
    calendar: Calendar,
    candidates: Iterable[Kept],
    *,
    standing: Iterable[Kept] = (),
    sources: Mapping[str, Source],
) -> Curated:
    """Give the entries of each day that is not closed.

    `standing` are entries of closed days, which copies of them do not join. The result does not depend on
    the order given, and what is in stays in as entries of later rounds come.
    """
    feed = calendar.feed
    articles = Articles(standing)
    taken: Counter[tuple[str, date]] = Counter()
    days, left_out = defaultdict[date | None, list[Kept]](list), defaultdict[date | None, list[Kept]](list)
    for kept in sorted(candidates, key=precedence):
        if not _is_wanted(feed, kept, sources) or articles.have(kept):
            continue
        day = calendar.day_of(kept)
        if day and feed.per_source is not None:
            # Whoever is left out does not stand: another source's copy may.
            if taken[kept.entry.source, day] >= feed.per_source:
                left_out[day].append(kept)
                continue
            taken[kept.entry.source, day] += 1
        articles.add(kept)
        days[day].append(kept)
    return Curated(
        days={day: newest_first(found) for day, found in days.items()},
        left_out={day: newest_first(found) for day, found in left_out.items()},
    )


def _is_wanted(feed: Feed, kept: Kept, sources: Mapping[str, Source]) -> bool:
    source = sources.get(kept.entry.source)
    return (
        source is not None
        and takes(feed.take, kept.entry, source)
        and verdict(feed, kept, source)[0] in (None, "include", "feature")
    )


def first_day(feed: Feed, newest: datetime) -> date:
    """Give the earliest day that a feed's first round fills."""
    return civil_day(newest, feed.timezone) - FILLED
