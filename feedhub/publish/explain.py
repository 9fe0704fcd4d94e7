"""Why an entry is in or out: what is known of it, what decided, and which finished documents hold it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape
from pathlib import Path

from feedhub import urls
from feedhub.curate.outcome import Cause, judged
from feedhub.curate.words import NOTHING, words
from feedhub.model import Decision, Entry, Feed, Kept, NotTaken, Site, Source
from feedhub.publish.folder import manifest, read
from feedhub.publish.survey import Survey, survey
from feedhub.render.proof import ids
from feedhub.store import NEVER_PUBLISHED, Filed, Store

# Beside what curation says of candidates.
Reason = Cause | str  # "past": its day was closed without it; "removed": its source is not configured


@dataclass(frozen=True, slots=True, kw_only=True)
class InFeed:
    """What became of an entry in a feed."""

    feed: Feed
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


def explain(store: Store, site: Site, folder: Path, what: str, *, now: datetime) -> list[Explained]:
    """Tell all of the entries with a published id or a link; none: nobody ever brought it."""
    found = store.decisions.meant(what, also_taken_down=True)
    surveys = {
        feed.name: survey(
            store, feed, site.sources, store.publishing.known_feed(feed.name) or NEVER_PUBLISHED, now=now
        )
        for feed in site.feeds
        if found
    }
    documents = _documents(folder, site, {kept.entry.published_id for kept in found})
    return [_explained(store, site, kept, surveys, documents) for kept in found]


def refused(store: Store, what: str) -> list[Refused]:
    """Give what was refused at the last reading of a source and has an id or a link."""
    link = urls.canonical(what)
    return [
        Refused(source=visit.source, item=item)
        for visit in store.polling.visits()
        for item in visit.refused
        if what in (item.id, item.link) or (link and urls.canonical(item.link) == link)
    ]


def _explained(
    store: Store,
    site: Site,
    kept: Kept,
    surveys: Mapping[str, Survey],
    documents: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Explained:
    gone = store.takedowns.of(kept.entry)
    feeds = []
    for feed in site.feeds:
        told = (
            InFeed(feed=feed, is_in=False, cause="takedown")
            if gone
            else _in_feed(store, feed, site.sources, kept, surveys[feed.name])
        )
        held = store.publishing.faults_of(feed.name, kept.entry)
        stands = documents[feed.name].get(kept.entry.published_id, ())
        feeds.append(replace(told, held=held, documents=stands if _is_its_own(told) else ()))
    taken, reason = gone or (None, "")
    return Explained(kept=kept, taken_down=taken, reason=reason, feeds=tuple(feeds))


def _is_its_own(told: InFeed) -> bool:
    """Tell whether documents with its published id hold this entry, and not another source's copy."""
    return told.copy_of is None or told.cause == "editor"


def _in_feed(store: Store, feed: Feed, sources: Mapping[str, Source], kept: Kept, surveyed: Survey) -> InFeed:
    place = (kept.entry.source, kept.entry.key)
    said = words(store.decisions.on(feed.name, [kept.entry])).get(place, NOTHING)
    filed = store.publishing.places(feed.name, [kept.entry]).get(place)
    if filed is not None:
        told = _filed(feed, filed)
        return replace(told, decision=said.verdict, note=said.note)
    for one in surveyed.curated.outcomes:
        if (one.kept.entry.source, one.kept.entry.key) == place:
            return InFeed(
                feed=feed,
                is_in=one.is_in,
                cause=one.cause,
                day=one.day,
                is_featured=one.is_featured,
                rule=one.rule,
                verdict=one.verdict,
                decision=one.decision,
                note=said.note,
                copy_of=one.copy_of.entry if one.copy_of else None,
            )
    if kept.entry.source not in sources:
        return InFeed(feed=feed, is_in=False, cause="removed")
    alone = judged(feed, kept, sources[kept.entry.source], {place: said}, day=None)
    return InFeed(
        feed=feed,
        is_in=False,
        cause="past" if alone.is_in else alone.cause,
        rule=alone.rule,
        verdict=alone.verdict,
        decision=said.verdict,
        note=said.note,
    )


def _filed(feed: Feed, filed: Filed) -> InFeed:
    cause: Reason = "filed"
    if filed.is_left_out:
        cause = "per_source"
    elif filed.is_withheld:
        cause = "editor"
    return InFeed(
        feed=feed,
        is_in=cause == "filed",
        cause=cause,
        day=filed.day,
        is_closed=True,
        is_featured=filed.is_featured,
    )


def _documents(folder: Path, site: Site, names: set[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Find which finished documents hold entries: paths by feed and published id."""
    found: dict[str, dict[str, tuple[str, ...]]] = {feed.name: {} for feed in site.feeds}
    for path in sorted(manifest(folder).marks) if names else ():
        feed = _feed_of(path, site)
        body = read(folder, path) if feed else None
        if body is None or not any(_may_hold(body, name) for name in names):
            continue
        for name in names & ids(path.rpartition(".")[2] if not path.endswith("/") else "page", body):
            found[feed][name] = (*found[feed].get(name, ()), path)
    return found


def _feed_of(path: str, site: Site) -> str:
    """Give the feed that a path is of; "" if it is of none."""
    if path == "/":
        return site.feeds[0].name
    name, ending = path[1:].partition("/")[0].partition(".")[::2]
    if not path.endswith((".rss", ".atom", ".json", "/")) or ending not in ("", "rss", "atom", "json"):
        return ""
    return name if any(feed.name == name for feed in site.feeds) else ""


def _may_hold(body: bytes, name: str) -> bool:
    return any(written.encode() in body for written in _written(name))


def _written(name: str) -> Iterator[str]:
    yield name
    yield escape(name)
    yield escape(name, quote=False)
