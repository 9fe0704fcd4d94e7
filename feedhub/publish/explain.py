"""Why an entry is in or out: what is known of it, what decided, and which finished documents hold it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from feedhub import urls
from feedhub.curate.outcome import Cause, Outcome, judged
from feedhub.curate.words import NOTHING, words
from feedhub.model import Decision, Entry, Feed, Kept, NotTaken, Site, Source
from feedhub.publish.reading import Documents, documents, told_under
from feedhub.publish.survey import Survey, survey
from feedhub.store import NEVER_PUBLISHED, Filed, Store

# Beside what curation says of candidates.
Reason = Cause | str  # "past": its day was closed without it; "removed": its source is not configured


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
    names = {kept.entry.published_id for kept in found}
    held, under = documents(folder, site, names), told_under(folder, site, names)
    return [_explained(store, site, kept, surveys, held, under) for kept in found]


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
    stand: Documents,
    under: Mapping[str, Mapping[str, str]],
) -> Explained:
    gone = store.takedowns.of(kept.entry)
    feeds = []
    for feed in site.feeds:
        told = (
            InFeed(feed=feed.name, is_in=False, cause="takedown")
            if gone
            else _in_feed(store, feed, site.sources, kept, surveys[feed.name])
        )
        held = store.publishing.faults_of(feed.name, kept.entry)
        name = kept.entry.published_id
        if _is_its_own(told):
            paths = stand[feed.name].get(name, ())
            told = replace(told, documents=paths, told_by="" if paths else under[feed.name].get(name, ""))
        feeds.append(replace(told, held=held))
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
        cause = "per_source"
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
