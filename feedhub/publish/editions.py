"""A feed's days to editions: what their documents depend on, and since when they are so."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedhub import __version__
from feedhub.curate.order import arranged, newest_first
from feedhub.model import Deleted, Edition, Feed, Kept, Site, Source
from feedhub.publish.grouping import grouped
from feedhub.publish.marked import marked_by
from feedhub.publish.plan import Plan
from feedhub.render.embed.assets import ASSETS
from feedhub.render.theme import static
from feedhub.store import EditionState, Store

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An edition that may have to be rendered: what its documents depend on, without its entries."""

    day: date | None
    closed: bool
    earlier: date | None
    later: date | None
    archive: date | None
    state: EditionState | None  # as it was published last
    deleted: tuple[Deleted, ...] = ()  # taken down, and to be told so
    decided: datetime | None = None  # when it was last decided what its feed is to hold


def outlooks(plan: Plan, states: Mapping[date | None, EditionState]) -> Iterator[Outlook]:
    """Give all editions of a feed, the document to subscribe to first."""
    days, closed = plan.days, set(plan.closed)
    yield Outlook(
        day=None,
        closed=False,
        earlier=days[-1] if days else None,
        later=None,
        archive=plan.closed[-1] if plan.closed else None,
        state=states.get(None),
    )
    archive = None
    for index, day in enumerate(days):
        yield Outlook(
            day=day,
            closed=day in closed,
            earlier=days[index - 1] if index else None,
            later=days[index + 1] if index + 1 < len(days) else None,
            archive=archive,
            state=states.get(day),
        )
        archive = day if day in closed else archive


def edition(
    store: Store, plan: Plan, outlook: Outlook, site: Site, *, now: datetime
) -> tuple[Edition, EditionState]:
    """Give an edition with its entries, and since when it is as it is; remembers that."""
    whole = _entries(store, plan, outlook)
    marked = marked_by(store, plan, outlook.day, [one.entry for one in whole])
    kept, stories = grouped(
        store,
        plan.feed,
        whole,
        plan.placing,
        lead=marked.lead,
        featured=marked.featured,
        closed=outlook.closed,
    )
    kept = arranged(kept, plan.feed, lead=marked.lead, featured=marked.featured)
    made = Edition(
        feed=plan.feed,
        id=plan.id,
        day=outlook.day,
        entries=tuple(one.entry for one in kept),
        updated=now,
        closed=outlook.closed,
        earlier=outlook.earlier,
        later=outlook.later,
        archive=outlook.archive,
        stories=stories,
        lead=marked.lead,
        featured=marked.featured,
        notes=marked.notes,
        corrected=marked.corrected,
        deleted=outlook.deleted,
    )
    state = _state(made, whole, outlook, site, now)
    if state != outlook.state:
        store.publishing.remember(plan.feed.name, state, was=outlook.state)
    return replace(made, updated=state.updated), state


def _entries(store: Store, plan: Plan, outlook: Outlook) -> Sequence[Kept]:
    if outlook.day is None:
        return plan.current
    if outlook.closed:
        return newest_first(store.publishing.filed_on(plan.feed.name, outlook.day))
    return plan.open[outlook.day]


def _state(made: Edition, kept: Sequence[Kept], outlook: Outlook, site: Site, now: datetime) -> EditionState:
    """Say since when an edition is as it is: its newest change, or when a change that left none was met.

    Entries may have come long before an editor, or config.toml, let them in.
    """
    before = outlook.state
    fingerprint = _fingerprint(made, kept, site)
    if before and before.fingerprint == fingerprint:
        return before
    decided = [outlook.decided] if outlook.decided else []
    changes = [*(one.changed for one in kept), *(one.when for one in made.deleted), *decided]
    updated = min(max(changes, default=now), now)  # a clock that was ahead may have written one of them
    if before and updated <= before.updated:
        updated = now
    if before:
        # Documents and HTTP know whole seconds: two versions never share one.
        updated = max(updated, before.updated.replace(microsecond=0) + _SECOND)
    return EditionState(day=made.day, closed=made.closed, updated=updated, fingerprint=fingerprint)


def _fingerprint(made: Edition, kept: Sequence[Kept], site: Site) -> str:
    """Hash all that shows in an edition's feed documents; what only its page shows does not move its time."""
    feed = made.feed
    used = sorted({one.entry.source for one in kept})
    told = (
        (made.id, made.closed, made.archive, _told_of_feed(feed)),
        (site.title, site.url, site.language, site.contact, site.icon),
        [_told_of_source(site.sources[name]) for name in used if name in site.sources],
        [(one.entry.source, one.entry.key, one.changed) for one in kept],
        [(story.told_by, [other.published_id for other in story.others]) for story in made.stories],
        (made.lead, sorted(made.featured), sorted(made.notes.items()), sorted(made.corrected.items())),
        made.deleted,
    )
    return digest(told)


def settings(site: Site) -> str:
    """Give a mark of what documents and pages are made from beside their editions."""
    told = (
        (__version__, *static(site.theme_files), site.theme_files, *ASSETS),
        (site.title, site.url, site.timezone, site.language, site.contact, site.icon, site.search),
        [(_told_of_feed(feed), feed.sections) for feed in site.feeds],
        [_told_of_source(source) for _, source in sorted(site.sources.items())],
    )
    return digest(told)


def _told_of_feed(feed: Feed) -> tuple[object, ...]:
    """Give what documents show of a feed's settings."""
    return feed.name, feed.title, feed.about, feed.language, feed.timezone, feed.order


def _told_of_source(source: Source) -> tuple[object, ...]:
    """Give what documents show of a source's settings."""
    return source.name, source.title, source.groups, source.terms, source.is_open


def digest(told: object) -> str:
    """Hash values by how they are written; they must be written alike on every machine."""
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
