"""The store to what an edition marks."""

from collections.abc import Mapping, Sequence
from datetime import date

from feedhub.curate.day import closes_at
from feedhub.curate.marks import Marks, marks
from feedhub.model import Entry
from feedhub.publish.plan import Plan
from feedhub.store import Filed, Store


def marked_by(store: Store, plan: Plan, day: date | None, entries: Sequence[Entry]) -> Marks:
    """Give what editors and rules have marked of an edition's entries; None is the one to subscribe to."""
    feed = plan.feed
    on_open_days = {kept.entry.published_id for found in plan.open.values() for kept in found}
    closed_ones = [entry for entry in entries if entry.published_id not in on_open_days]
    places = store.publishing.places(feed.name, closed_ones) if closed_ones else {}
    filed = {
        entry.published_id: place
        for entry in closed_ones
        if (place := places.get((entry.source, entry.key))) is not None
    }
    return marks(
        entries,
        store.decisions.on(feed.name, entries),
        featured=plan.featured | {name for name, place in filed.items() if place.is_featured},
        may_lead=_of_newest_day(plan, filed) if day is None else [entry.published_id for entry in entries],
        closed={name: closes_at(place.day, feed) for name, place in filed.items() if place.day},
    )


def _of_newest_day(plan: Plan, filed: Mapping[str, Filed]) -> list[str]:
    """Give the published ids of what stands on the newest day: yesterday's lead does not lead today."""
    if not plan.days:
        return []
    newest = plan.days[-1]
    if newest in plan.open:
        return [kept.entry.published_id for kept in plan.open[newest]]
    return [name for name, place in filed.items() if place.day == newest]
