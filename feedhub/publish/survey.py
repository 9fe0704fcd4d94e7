"""The store to what a feed's open days hold, and what became of each entry. It only reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedhub.curate import Curated, curate, first_day
from feedhub.curate.day import Calendar, starts
from feedhub.curate.rules import may_take
from feedhub.curate.words import Words, words
from feedhub.model import Feed, Kept, Source
from feedhub.publish.grouping import Placing, placed
from feedhub.store import FeedState, Store

# How long before the oldest open day an entry may have been seen that is on no closed day and still gets a
# day: it may have been saved late, its date corrected, its source taken back or the time zone changed.
_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A feed's open days."""

    state: FeedState
    calendar: Calendar
    curated: Curated
    words: Words  # of editors, on the candidates
    placing: Placing  # the stories that the candidates are in
    placed_anew: Placing  # and what of that nobody has written down
    starts_now: bool = False  # the first round is over, and nobody has written that down


def survey(
    store: Store, feed: Feed, sources: Mapping[str, Source], state: FeedState, *, now: datetime
) -> Survey:
    """Curate what is on no closed day yet."""
    if state.open_from is None:
        return _first_round(store, feed, sources, state, now=now)
    return _later_round(store, feed, sources, state, state.open_from)


def _first_round(
    store: Store, feed: Feed, sources: Mapping[str, Source], state: FeedState, *, now: datetime
) -> Survey:
    """Survey a feed without closed days."""
    publishing, names = store.publishing, _names(feed, sources.values())
    polled = _names(feed, (source for source in sources.values() if not source.paused))
    # Asked before the entries are read: else what a first poll saves in between would come too late.
    is_over = bool(polled) and not publishing.is_round_open(polled)
    candidates = publishing.newest(names, feed.limit)
    filled_from = state.filled_from
    if filled_from is None:
        filled_from = first_day(feed, candidates[0].entry.published if candidates else now)
    since = starts(filled_from, feed.timezone)
    candidates += publishing.published_since(names, since)
    candidates += publishing.chosen_since(feed.name, list(sources), since)
    starts_now = is_over and state.started is None
    if state.started:
        candidates += publishing.unfiled_since(feed.name, names, state.started)
    elif is_over:
        state = replace(
            state, started=max([now, *(kept.seen for kept in candidates)]), filled_from=filled_from
        )
    calendar = Calendar(
        feed=feed, started=state.started, filled_from=state.filled_from or filled_from, open_from=None
    )
    said = _said(store, feed, candidates)
    unique = _unique(candidates)
    placing, anew = placed(store, feed, unique)
    return Survey(
        state=state,
        calendar=calendar,
        curated=curate(calendar, unique, sources=sources, words=said, placing=placing),
        words=said,
        placing=placing,
        placed_anew=anew,
        starts_now=starts_now,
    )


def _later_round(
    store: Store, feed: Feed, sources: Mapping[str, Source], state: FeedState, open_from: date
) -> Survey:
    """Survey the open days of a feed that has closed ones."""
    calendar = Calendar(
        feed=feed, started=state.started, filled_from=state.filled_from or open_from, open_from=open_from
    )
    since = starts(open_from, feed.timezone) - _LATE
    # All that the first round brought from before its first day would be read at each publishing for a while.
    older = (state.started, starts(calendar.filled_from, feed.timezone) - _LATE) if state.started else None
    found = store.publishing.unfiled_since(feed.name, _names(feed, sources.values()), since, older=older)
    found += store.publishing.chosen_since(feed.name, list(sources), since)
    candidates = [kept for kept in _unique(found) if calendar.day_of(kept)]
    standing = store.publishing.filed_like(feed.name, [kept.entry for kept in candidates])
    said = _said(store, feed, candidates)
    placing, anew = placed(store, feed, candidates)
    return Survey(
        state=state,
        calendar=calendar,
        curated=curate(calendar, candidates, standing=standing, sources=sources, words=said, placing=placing),
        words=said,
        placing=placing,
        placed_anew=anew,
    )


def _names(feed: Feed, sources: Iterable[Source]) -> list[str]:
    return [source.name for source in sources if may_take(feed.take, source)]


def _unique(candidates: Iterable[Kept]) -> Iterable[Kept]:
    return {(kept.entry.source, kept.entry.key): kept for kept in candidates}.values()


def _said(store: Store, feed: Feed, candidates: Iterable[Kept]) -> Words:
    return words(store.decisions.on(feed.name, (kept.entry for kept in candidates)))
