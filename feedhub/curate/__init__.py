"""Entries to days. Pure: which entries make a day, in what order, and for each why it is in or out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from feedhub.curate.day import FILLED, Calendar, civil_day
from feedhub.curate.duplicates import Articles, precedence
from feedhub.curate.order import newest_first
from feedhub.curate.outcome import Outcome, judged
from feedhub.curate.quotas import Quotas
from feedhub.curate.words import Words
from feedhub.model import Feed, Kept, Placed, Source

Days = dict[date | None, list[Kept]]  # None = older than the first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """Entries by day, newest first, and what became of each candidate."""

    days: Days
    left_out: Days  # their source had enough on that day
    withheld: Days  # an editor keeps them out
    outcomes: tuple[Outcome, ...]
    featured: frozenset[str]  # published ids of what a rule features


def curate(
    calendar: Calendar,
    candidates: Iterable[Kept],
    *,
    standing: Iterable[Kept] = (),
    sources: Mapping[str, Source],
    words: Words | None = None,
    placing: Mapping[tuple[str, str], Placed] | None = None,
) -> Curated:
    """Give the entries of each day that is not closed.

    `standing` are entries of closed days, which copies of them do not join; `words` is what editors have
    said, `placing` which stories entries are in. The result does not depend on the order given, and what is
    in stays in as entries of later rounds come.
    """
    outcomes = tuple(_outcomes(calendar, candidates, standing, sources, words or {}, placing or {}))
    is_in = [one for one in outcomes if one.is_in]
    return Curated(
        days=_days(is_in),
        left_out=_days(one for one in outcomes if one.cause in ("per_source", "share")),
        withheld=_days(one for one in outcomes if one.cause == "editor" and not one.is_in),
        outcomes=outcomes,
        featured=frozenset(
            one.kept.entry.published_id for one in is_in if one.cause == "rule" and one.is_featured
        ),
    )


def _outcomes(
    calendar: Calendar,
    candidates: Iterable[Kept],
    standing: Iterable[Kept],
    sources: Mapping[str, Source],
    words: Words,
    placing: Mapping[tuple[str, str], Placed],
) -> Iterable[Outcome]:
    feed = calendar.feed
    alone = [
        judged(feed, kept, sources[kept.entry.source], words, day=calendar.day_of(kept))
        for kept in candidates
        if kept.entry.source in sources
    ]
    # An editor's choice comes first, so that of several copies it is the one to stand.
    alone.sort(key=lambda one: (not (one.is_in and one.cause == "editor"), precedence(one.kept)))
    dropped = {id(one.kept): one for one in alone if one.cause == "editor" and not one.is_in}
    unwanted = Articles(one.kept for one in dropped.values())
    quotas = Quotas(feed, Articles(standing), placing)
    waiting: list[Outcome] = []
    for one in alone:
        if not one.is_in:
            yield one
        elif one.cause != "editor" and (copied := unwanted.like(one.kept)):
            # Whoever drops an article does not want another source's copy of it.
            yield replace(
                one, is_in=False, cause="editor", decision=dropped[id(copied)].decision, copy_of=copied
            )
        else:
            waiting.append(one)
    yield from quotas.settled(waiting)


def _days(outcomes: Iterable[Outcome]) -> Days:
    found = defaultdict[date | None, list[Kept]](list)
    for one in outcomes:
        found[one.day].append(one.kept)
    return {day: newest_first(kept) for day, kept in found.items()}


def first_day(feed: Feed, newest: datetime) -> date:
    """Give the earliest day that a feed's first round fills."""
    return civil_day(newest, feed.timezone) - FILLED
