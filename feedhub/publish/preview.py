"""What a change of rules would change: entry by entry, before anything is published. It only reads."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from feedhub.curate.day import starts
from feedhub.curate.order import newest_first
from feedhub.curate.outcome import Outcome, judged
from feedhub.curate.rules import may_take
from feedhub.curate.stories.telling import told
from feedhub.model import Entry, Feed, Kept, Site, Story
from feedhub.publish.reading import dated
from feedhub.publish.survey import Survey, survey
from feedhub.store import NEVER_PUBLISHED, Store

# What stays in: featured and plain; under another entry that tells its story, and no longer so.
What = Literal["in", "out", "featured", "plain", "under", "alone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would become of an entry that would not stay as it is."""

    kept: Kept
    what: What
    day: date | None  # None = it is older than the first day
    by: Outcome  # what decides then
    is_closed: bool = False  # its day is closed, and stays as it is: the rules would have decided so
    told_by: str = ""  # the published id of the entry that then tells its story, and names it


_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Where an entry stands."""

    kept: Kept
    day: date | None
    is_featured: bool | None  # None = it is not known
    told_by: str  # as of a change


def preview(
    store: Store, before: tuple[Site, Feed], after: tuple[Site, Feed], *, now: datetime, days: int = 0
) -> list[Change]:
    """Tell what the next publishing would change if `after` were in force and not `before`.

    Also what the rules would have changed on as many closed days.
    """
    state = store.publishing.known_feed(after[1].name) or NEVER_PUBLISHED
    was = survey(store, before[1], before[0].sources, state, now=now)
    then = survey(store, after[1], after[0].sources, state, now=now)
    under = _under(was)
    standing = [
        _Standing(
            kept=one.kept,
            day=one.day,
            is_featured=one.is_featured,
            told_by=under.get(_key(one.kept), ""),
        )
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
        if one.is_in and (one.day is None or store.faults.of(feed.name, one.kept.entry))
    }
    published = _published(store, folder, feed, then, state.open_from)
    return _in_order(one for one in _changes(published, then, held=held) if _key(one.kept) not in held)


def _published(
    store: Store, folder: Path, feed: Feed, then: Survey, open_from: date | None
) -> Iterator[_Standing]:
    """Give what the documents of open days hold."""
    known = {one.kept.entry.published_id: one for one in then.curated.outcomes if one.copy_of is None}
    for day, names in dated(folder, feed, since=open_from).items():
        for name, teller in sorted(names.items()):
            found = [known[name].kept] if name in known else store.decisions.meant(name)[:1]
            for kept in found:
                yield _Standing(kept=kept, day=day, is_featured=None, told_by=teller)


def _under(found: Survey, *, held: Set[_Key] = frozenset()) -> dict[_Key, str]:
    """Give the entries of open days that are told under others: by whom."""
    by_day: dict[date, list[Outcome]] = {}
    for one in found.curated.outcomes:
        if one.is_in and one.day and _key(one.kept) not in held:
            by_day.setdefault(one.day, []).append(one)
    return {
        _key_of(other): story.told_by
        for there in by_day.values()
        for story in _stories(found, there)
        for other in story.others
    }


def _stories(found: Survey, there: Sequence[Outcome]) -> Sequence[Story]:
    kept = newest_first(one.kept for one in there)
    leads = [
        (one.decision.number, one.kept.entry.published_id)
        for one in there
        if one.decision and one.decision.act == "lead"
    ]
    featured = {one.kept.entry.published_id for one in there if one.is_featured}
    _, stories = told(kept, found.placing, lead=max(leads, default=(0, ""))[1], featured=featured)
    return stories


def _changes(
    standing: Iterable[_Standing], then: Survey, *, held: Set[_Key] = frozenset()
) -> Iterator[Change]:
    was = {_key(one.kept): one for one in standing}
    outcomes = {_key(one.kept): one for one in then.curated.outcomes}
    under = _under(then, held=held)
    for key, before in was.items():
        one = outcomes.get(key) or Outcome(kept=before.kept, is_in=False, cause="take", day=before.day)
        if not one.is_in or before.day != one.day:
            yield Change(kept=one.kept, what="out", day=before.day, by=one)
        else:
            yield from _moved(before, one, under.get(key, ""))
    for key, one in outcomes.items():
        if one.is_in and (key not in was or was[key].day != one.day):
            yield Change(kept=one.kept, what="in", day=one.day, by=one, told_by=under.get(key, ""))


def _moved(before: _Standing, one: Outcome, told_by: str) -> Iterator[Change]:
    """Tell how an entry that stays on its day would stand there otherwise."""
    if before.told_by != told_by:
        what: What = "under" if told_by else "alone"
        yield Change(kept=one.kept, what=what, day=one.day, by=one, told_by=told_by)
    if before.is_featured is None:
        return
    # Of a story only the entry that tells it can stand out.
    was, is_featured = before.is_featured and not before.told_by, one.is_featured and not told_by
    if was != is_featured:
        yield Change(kept=one.kept, what="featured" if is_featured else "plain", day=one.day, by=one)


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
    return _key_of(kept.entry)


def _key_of(entry: Entry) -> _Key:
    return entry.source, entry.key
