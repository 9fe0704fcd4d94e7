"""A take-down: where the entries stand that go, so that our documents can tell so; then they go."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from feedhub.model import Entry, Kept, Site
from feedhub.publish.folder import locked
from feedhub.publish.plan import plan
from feedhub.store import Listed, Store


def take_down(
    store: Store, site: Site, folder: Path, what: str, *, reason: str, now: datetime
) -> list[Entry] | None:
    """Take down a source, or all that has a published id or a link, until it is undone; then publish.

    Gives the entries that go, as they were. None: there is nothing of that name, id or link. Raises
    StoreError.
    """
    with locked(folder):
        listed = list(_listed(store, site, now))
        return store.takedowns.take(what, listed, reason=reason, now=now)


def _listed(store: Store, site: Site, now: datetime) -> Iterator[Listed]:
    """Give where entries stand that are on no closed day; of those that are, the store knows."""
    for feed in site.feeds:
        planned = plan(store, feed, site.sources, now=now)
        open_days = {kept.entry.published_id: day for day, found in planned.open.items() for kept in found}
        standing: list[Kept] = [kept for found in planned.open.values() for kept in found]
        for kept in (*standing, *planned.current):
            entry = kept.entry
            yield Listed(
                feed=feed.name,
                day=open_days.get(entry.published_id),
                published_id=entry.published_id,
                url=entry.url,
                published=entry.published,
            )
