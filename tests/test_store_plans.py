"""What the store asks is answered by its indexes, however much it holds; in SQLite, which tells its plans."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from databases import FEED_URL, HOUR, MINUTE, item, lease, poll, statements
from editions import MORNING, NOON, source
from feedhub.model import Entry, Known, Limits, Reading, Saved, Visit
from feedhub.store import Findable, Store

NAMES = [f"source{number}" for number in range(20)]
LATER = NOON + HOUR


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('plans') / 'hub.db'}")
    store.polling.set_sources(map(source, NAMES), NOON)
    for name in NAMES:
        poll(store, *(item(f"{name} {number}") for number in range(20)), name=name)
    store.publishing.feed("day")
    found = [Findable(entry=item("1"), digest="1", text=lambda: "words")]
    store.searching.fill("day", date(2024, 11, 24), found)
    yield store
    store.close()


def lines(store: Store, act: Callable[[Store], object]) -> list[str]:
    """Give the plans of all that is asked of the database while something is done."""
    with statements(store) as seen:
        act(store)
    found = []
    with store._database.reading() as connection:
        for told, parameters in seen:
            if re.match(r"SELECT|UPDATE|DELETE|WITH", told):
                given = parameters[0] if isinstance(parameters, list) else parameters
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", given)
                found += [row.detail for row in plan]
    assert found
    return found


def saving(store: Store, name: str = NAMES[0], *read: Entry) -> object:
    """Save a reading, of entries that are new, changed and the same if none are named."""
    now = LATER
    visit = lease(store, name, now)
    told = read or (item(f"{name} 1"), item(f"{name} 2", title="Changed"), item("new"))
    reading = Reading(origin=MORNING, entries=told, minted_from=FEED_URL)

    def following(_: Saved) -> Visit:
        return visit

    return store.polling.save(visit, reading, following, token="poller", now=now, limits=Limits())


def taking(store: Store) -> list[Visit]:
    """Take what is due, and give it back."""
    visits = store.polling.lease(LATER, most=64, most_failing=16, lasts=MINUTE, token="x")
    store.polling.release("x")
    assert visits
    return visits


def ending(store: Store, known: Known | None = None) -> None:
    """End visits that gave nothing to read, but may have told something new."""
    visits = store.polling.lease_named(NAMES[5:8], LATER, began=LATER, lasts=MINUTE, token="x")
    ended = [(visit, replace(visit, known=known or visit.known)) for visit in visits]
    assert len(store.polling.save_quiet(ended, token="x")) == len(visits) == 3


ASKED: dict[str, Callable[[Store], object]] = {
    "what is due": taking,
    "named": lambda store: lease(store, NAMES[1], NOON + timedelta(days=1)),
    "nothing new": ending,
    "told anew": lambda store: ending(store, Known(etag='"a"')),
    "saving": saving,
    "newest": lambda store: store.publishing.newest(NAMES, 10),
    "newest of many": lambda store: store.publishing.newest([*NAMES, *map(str, range(200))], 10),
    "published since": lambda store: store.publishing.published_since(NAMES, LATER),
    "unfiled since": lambda store: store.publishing.unfiled_since("day", NAMES, LATER),
    "filed": lambda store: store.publishing.filed_on("day", date(2024, 11, 24)),
    "filed like": lambda store: store.publishing.filed_like("day", [item("1")]),
    "closed days": lambda store: store.publishing.closed_days("day"),
    "found in editions": lambda store: store.searching.keep_only([("day", date(2024, 11, 24))]),
    "a take-down": lambda store: store.takedowns.take(f"{FEED_URL}?nothing", [], reason="asked", now=LATER),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_table_that_grows_is_read_from_end_to_end(store: Store, name: str) -> None:
    scans = [
        line
        for line in lines(store, ASKED[name])
        if re.match(r"SCAN (entries|visits|answers|members|revisions|findable_in)\b", line)
    ]
    assert [line for line in scans if not line.endswith("USING INDEX entries_published")] == []


def test_failing_sources_are_found_without_passing_over_healthy_ones(store: Store) -> None:
    asked = lines(store, ASKED["what is due"])
    assert {"visits_due", "visits_failing"} <= {word for line in asked for word in line.split()}


@pytest.mark.parametrize("name", ["newest", "newest of many", "what is due"])
def test_what_is_wanted_in_order_stands_in_order(store: Store, name: str) -> None:
    assert not [line for line in lines(store, ASKED[name]) if line.endswith("B-TREE FOR ORDER BY")]


def test_what_a_source_brought_lately_is_found_without_passing_over_what_others_did(store: Store) -> None:
    """At each saving: it is counted, and where nearly all is new its last entry tells what it was called."""
    store.polling.lease_named([], LATER, began=LATER, lasts=MINUTE, token="x")  # the clock has been checked
    asked = lines(store, lambda store: saving(store, NAMES[2], item("another")))
    told = [line.partition(" USING ")[2] for line in asked if "entries_seen" in line]
    assert told == [
        "INDEX entries_seen_of (source=?)",
        "COVERING INDEX entries_seen_of (source=? AND seen>?)",
    ]


def test_the_clock_is_checked_by_what_was_seen_at_a_time_that_is_still_to_come(store: Store) -> None:
    asked = lines(store, lambda store: lease(store, NAMES[1], LATER + timedelta(days=2)))
    told = [line.partition(" USING ")[2] for line in asked if "entries_seen" in line]
    assert told == ["INDEX entries_seen (seen>?)"]
