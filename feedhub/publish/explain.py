"""Why an entry is in or out: what is known of it, what decided, and which finished documents hold it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from feedhub import urls
from feedhub.curate.outcome import Cause, Outcome, judged
from feedhub.curate.words import NOTHING, Words, words
from feedhub.model import Decision, Entry, Feed, Kept, NotTaken, Site, Source
from feedhub.publish.reading import documents, told_under
from feedhub.publish.survey import survey
from feedhub.store import NEVER_PUBLISHED, Filed, Store

_Place = tuple[str, str]  # of an entry: its source and its key there

# Beside what curation says of candidates. "past": its day was closed without it; "removed": its source is not
# configured; "takedown"; "awaited": that was undone, and its source has not listed it since.
Reason = Cause | str


@dataclass(frozen=True, slots=True, kw_only=True)
class InFeed:
    """What became of an entry in a feed."""

    feed: str
    is_in: bool  # by what is known now; the documents say so after the next publishing at the latest
    cause: Reason
    day: date | None = None  # on which it stands; None = on none, or older than the first day
    is_closed: bool = False
    is_featured: bool = False
    rule: int | None = None  # which of the feed's rules fits it first, counted from 1
    verdict: str = ""
    decision: Decision | None = None
    note: Decision | None = None
    copy_of: Entry | None = None
    held: tuple[str, ...] = ()  # why the proof held it back
    documents: tuple[str, ...] = ()  # paths of those that hold it
    told_by: str = ""  # the published id of the entry that tells its story, and names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """All that is known of an entry."""

    kept: Kept
    taken_down: datetime | None = None
    reason: str = ""  # of the take-down
    feeds: tuple[InFeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An item that its reader did not take at the last reading of its source."""

    source: str
    item: NotTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of some entries in a feed, by source and key."""

    feed: Feed
    outcomes: Mapping[_Place, Outcome]
    filed: Mapping[_Place, Filed]
    words: Words
    standing: Mapping[str, _Place]  # who is in, by published id
    documents: Mapping[str, tuple[str, ...]]  # by published id
    under: Mapping[str, str]


def explain(store: Store, site: Site, folder: Path, what: str, *, now: datetime) -> list[Explained]:
    """Tell all of the entries with a published id or a link; none: nobody ever brought it."""
    return explained(store, site, folder, store.decisions.meant(what, also_taken_down=True), now=now)


def explained(
    store: Store, site: Site, folder: Path, found: Sequence[Kept], *, now: datetime
) -> list[Explained]:
    """Tell all of some entries."""
    names = {kept.entry.published_id for kept in found}
    stand, under = documents(folder, site, names), told_under(folder, site, names)
    known = [
        _known(store, feed, site, found, stand[feed.name], under[feed.name], now=now)
        for feed in site.feeds
        if found
    ]
    return [_explained(store, site, kept, known) for kept in found]


def _known(
    store: Store,
    feed: Feed,
    site: Site,
    found: Sequence[Kept],
    stand: Mapping[str, tuple[str, ...]],
    under: Mapping[str, str],
    *,
    now: datetime,
) -> _Known:
    state = store.publishing.known_feed(feed.name) or NEVER_PUBLISHED
    outcomes = survey(store, feed, site.sources, state, now=now).curated.outcomes
    entries = [kept.entry for kept in found]
    filed = store.publishing.places(feed.name, entries)
    standing = {
        entry.published_id: place
        for entry in entries
        if (there := filed.get(place := _place(entry))) and _filed(feed, there).is_in
    }
    standing |= {one.kept.entry.published_id: _place(one.kept.entry) for one in outcomes if one.is_in}
    return _Known(
        feed=feed,
        outcomes={_place(one.kept.entry): one for one in outcomes},
        filed=filed,
        words=words(store.decisions.on(feed.name, entries)),
        standing=standing,
        documents=stand,
        under=under,
    )


def refused(store: Store, what: str) -> list[Refused]:
    """Give what was refused at the last reading of a source and has an id or a link."""
    link = urls.canonical(what)
    return [
        Refused(source=visit.source, item=item)
        for visit in store.polling.visits()
        for item in visit.known.refused
        if what in (item.id, item.link) or (link and urls.canonical(item.link) == link)
    ]


def _explained(store: Store, site: Site, kept: Kept, known: Iterable[_Known]) -> Explained:
    gone = store.takedowns.of(kept.entry)
    without = "takedown" if gone else "awaited" if store.takedowns.is_awaited(kept.entry) else ""
    feeds = []
    for each in known:
        name = each.feed.name
        told = (
            InFeed(feed=name, is_in=False, cause=without) if without else _in_feed(each, site.sources, kept)
        )
        held = store.faults.of(name, kept.entry)
        if _is_its_own(told, kept, each):
            paths = each.documents.get(kept.entry.published_id, ())
            teller = "" if paths else each.under.get(kept.entry.published_id, "")
            told = replace(told, documents=paths, told_by=teller)
        feeds.append(replace(told, held=held))
    taken, reason = gone or (None, "")
    return Explained(kept=kept, taken_down=taken, reason=reason, feeds=tuple(feeds))


def _is_its_own(told: InFeed, kept: Kept, known: _Known) -> bool:
    """Tell whether documents with its published id hold this entry, and not another source's."""
    if told.copy_of is not None:
        return told.cause == "editor"
    place = _place(kept.entry)
    return told.is_in or known.standing.get(kept.entry.published_id, place) == place


def _in_feed(known: _Known, sources: Mapping[str, Source], kept: Kept) -> InFeed:
    feed, place = known.feed, _place(kept.entry)
    said = known.words.get(place, NOTHING)
    if filed := known.filed.get(place):
        return replace(_filed(feed, filed), decision=said.verdict, note=said.note)
    if one := known.outcomes.get(place):
        return replace(of_outcome(one), feed=feed.name, note=said.note)
    if kept.entry.source not in sources:
        return InFeed(feed=feed.name, is_in=False, cause="removed")
    alone = judged(feed, kept, sources[kept.entry.source], {place: said}, day=None)
    return InFeed(
        feed=feed.name,
        is_in=False,
        cause="past" if alone.is_in else alone.cause,
        rule=alone.rule,
        verdict=alone.verdict,
        decision=said.verdict,
        note=said.note,
    )


def of_outcome(one: Outcome) -> InFeed:
    """Tell what became of a candidate."""
    return InFeed(
        feed="",
        is_in=one.is_in,
        cause=one.cause,
        day=one.day,
        is_featured=one.is_featured,
        rule=one.rule,
        verdict=one.verdict,
        decision=one.decision,
        copy_of=one.copy_of.entry if one.copy_of else None,
    )


def _filed(feed: Feed, filed: Filed) -> InFeed:
    cause: Reason = "filed"
    if filed.is_left_out:
        cause = "share" if feed.per_source is None and feed.share is not None else "per_source"
    elif filed.is_withheld:
        cause = "editor"
    return InFeed(
        feed=feed.name,
        is_in=cause == "filed",
        cause=cause,
        day=filed.day,
        is_closed=True,
        is_featured=filed.is_featured,
    )


def _place(entry: Entry) -> _Place:
    return entry.source, entry.key
