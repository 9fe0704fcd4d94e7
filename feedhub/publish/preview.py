"""What a change of rules would change: entry by entry, before anything is published. It only reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from feedhub.curate.day import starts
from feedhub.curate.order import newest_first
from feedhub.curate.outcome import Outcome, judged
from feedhub.curate.rules import may_take
from feedhub.model import Feed, Kept, Site
from feedhub.publish.reading import dated
from feedhub.publish.survey import Survey, survey
from feedhub.store import NEVER_PUBLISHED, Store

What = Literal["in", "out", "featured", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would become of an entry that would not stay as it is."""

    kept: Kept
    what: What
    day: date | None  # None = it is older than the first day
    by: Outcome  # what decides then
    is_closed: bool = False  # its day is closed, and stays as it is: the rules would have decided so


_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Where an entry stands."""

    kept: Kept
    day: date | None
    is_featured: bool | None  # None = it is not known


def preview(
    store: Store, before: tuple[Site, Feed], after: tuple[Site, Feed], *, now: datetime, days: int = 0
) -> list[Change]:
    """Tell what the next publishing would change if `after` were in force and not `before`.

    Also what the rules would have changed on as many closed days.
    """
    state = store.publishing.known_feed(after[1].name) or NEVER_PUBLISHED
    was = survey(store, before[1], before[0].sources, state, now=now)
    then = survey(store, after[1], after[0].sources, state, now=now)
    standing = [
        _Standing(kept=one.kept, day=one.day, is_featured=one.is_featured)
        for one in was.curated.outcomes
        if one.is_in
    ]
    changes = [*_changes(standing, then)]
    if state.open_from and days:
        changes += _would_have(store, before, after, then, days=days)
    return _in_order(changes)


def pending(store: Store, site: Site, feed: Feed, folder: Path, *, now: datetime) -> list[Change]:
    """Tell what the next publishing would change on open days, as their documents stand."""
    state = store.publishing.known_feed(feed.name) or NEVER_PUBLISHED
    then = survey(store, feed, site.sources, state, now=now)
    held = {
        _key(one.kept)
        for one in then.curated.outcomes
        if one.is_in and (one.day is None or store.publishing.faults_of(feed.name, one.kept.entry))
    }
    published = _published(store, folder, feed, then, state.open_from)
    return _in_order(one for one in _changes(published, then) if _key(one.kept) not in held)


def _published(
    store: Store, folder: Path, feed: Feed, then: Survey, open_from: date | None
) -> Iterator[_Standing]:
    """Give what the documents of open days hold."""
    known = {one.kept.entry.published_id: one for one in then.curated.outcomes if one.copy_of is None}
    for day, names in dated(folder, feed, since=open_from).items():
        for name in sorted(names):
            found = [known[name].kept] if name in known else store.decisions.meant(name)[:1]
            for kept in found:
                yield _Standing(kept=kept, day=day, is_featured=None)


def _changes(standing: Iterable[_Standing], then: Survey) -> Iterator[Change]:
    was = {_key(one.kept): one for one in standing}
    outcomes = {_key(one.kept): one for one in then.curated.outcomes}
    for key, before in was.items():
        one = outcomes.get(key) or Outcome(kept=before.kept, is_in=False, cause="take", day=before.day)
        if not one.is_in or before.day != one.day:
            yield Change(kept=one.kept, what="out", day=before.day, by=one)
        elif before.is_featured is not None and before.is_featured != one.is_featured:
            yield Change(kept=one.kept, what="featured" if one.is_featured else "plain", day=one.day, by=one)
    for key, one in outcomes.items():
        if one.is_in and (key not in was or was[key].day != one.day):
            yield Change(kept=one.kept, what="in", day=one.day, by=one)


def _would_have(
    store: Store, before: tuple[Site, Feed], after: tuple[Site, Feed], then: Survey, *, days: int
) -> Iterator[Change]:
    """Judge the entries of closed days each by itself, by the rules before and after."""
    open_from = then.state.open_from
    if open_from is None:
        return
    since = starts(open_from - timedelta(days=days), after[1].timezone)
    both = {**before[0].sources, **after[0].sources}
    takes = before[1].take, after[1].take
    names = [name for name, one in both.items() if any(may_take(take, one) for take in takes)]
    found = store.publishing.published_since(names, since)
    places = store.publishing.places(after[1].name, (kept.entry for kept in found))
    for kept in found:
        place = places.get(_key(kept))
        day = place.day if place else None
        if place is None:
            day = then.calendar.day_of(kept)
            if day is None or day >= open_from:
                continue
        old, new = (_alone(site, feed, kept, day) for site, feed in (before, after))
        if old and new and old.is_in != new.is_in:
            yield Change(kept=kept, what="in" if new.is_in else "out", day=day, by=new, is_closed=True)


def _alone(site: Site, feed: Feed, kept: Kept, day: date | None) -> Outcome | None:
    source = site.sources.get(kept.entry.source)
    return judged(feed, kept, source, {}, day=day) if source else None


def _in_order(changes: Iterable[Change]) -> list[Change]:
    """Put open days before closed ones, the newest first, and their entries as they stand."""
    by_day: dict[tuple[bool, date], list[Change]] = {}
    for change in changes:
        by_day.setdefault((not change.is_closed, change.day or date.min), []).append(change)
    return [
        change
        for _, found in sorted(by_day.items(), key=lambda each: each[0], reverse=True)
        for kept in dict.fromkeys(map(id, newest_first(change.kept for change in found)))
        for change in found
        if id(change.kept) == kept
    ]


def _key(kept: Kept) -> _Key:
    return kept.entry.source, kept.entry.key
