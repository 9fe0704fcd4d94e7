from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import FEED_URL, HOUR, MINUTE, SOURCES, Files, item, kept, lease, poll, rows, statements
from editions import MORNING, NOON, source
from feedhub.model import Known, NotTaken, Reading, Saved, Source, Terms, Visit
from feedhub.store import Store
from test_codec import values

LATER = NOON + HOUR
MOVED = "https://morning.example/new/"


def end(store: Store, following: Visit, *, token: str = "poller") -> bool:
    """End a visit that told something new and gave nothing to read; False if it was another's."""
    return following.source in store.polling.save_quiet([(told(following), following)], token=token)


def told(visit: Visit) -> Visit:
    """Give a visit before one that told something new."""
    return replace(visit, known=Known(seen="before"))


def due(store: Store, now: datetime = NOON, *, token: str = "poller", most: int = 10) -> list[str]:
    """Lease what is due; give the names."""
    taken = store.polling.lease(now, most=most, most_failing=most, lasts=MINUTE, token=token)
    return [visit.source for visit in taken]


def visits(store: Store) -> dict[str, Visit]:
    return {visit.source: visit for visit in store.polling.visits()}


# ── What config.toml says ────────────────────────────────────────────────────────────────────────


def test_a_new_source_is_due_at_once(empty: Store) -> None:
    empty.polling.set_sources(SOURCES, NOON)
    assert empty.polling.visits() == [Visit(source=name, due=NOON) for name in ("evening", "morning", "wire")]


def test_saying_the_same_again_writes_nothing(store: Store) -> None:
    before = rows(store, "sources"), rows(store, "visits")
    store.polling.set_sources(SOURCES, LATER)
    assert (rows(store, "sources"), rows(store, "visits")) == before


def test_a_removed_source_is_polled_no_more_but_known_as_it_was_last(store: Store) -> None:
    poll(store, item("1"))
    store.polling.set_sources(SOURCES[1:], LATER)
    assert due(store, LATER) == ["evening", "wire"]
    assert set(visits(store)) == {"evening", "wire"}
    assert store.polling.lease_named(["morning"], LATER, began=LATER, lasts=MINUTE, token="t") == []
    assert store.polling.removed_sources(["evening", "wire"]) == {"morning": SOURCES[0]}
    assert store.polling.sources(["morning"]) == {"morning": SOURCES[0]}
    assert set(kept(store)) == {"1"}


def test_a_returned_source_goes_on_where_it_was(store: Store) -> None:
    visit = lease(store, "morning")
    known = replace(visit, known=Known(etag='"a"'), polled=NOON, due=LATER)
    end(store, known)
    store.polling.set_sources(SOURCES[1:], LATER)
    store.polling.set_sources(SOURCES, LATER)
    assert visits(store)["morning"] == replace(known, leased=None)
    assert store.polling.removed_sources([each.name for each in SOURCES]) == {}


def test_a_paused_source_is_leased_only_by_name(store: Store) -> None:
    store.polling.set_sources([replace(SOURCES[0], paused=True), *SOURCES[1:]], LATER)
    assert due(store, LATER) == ["evening", "wire"]
    assert lease(store, "morning", LATER).source == "morning"


def test_validators_are_forgotten_when_the_url_changes(store: Store) -> None:
    visit = lease(store, "morning")
    end(store, replace(visit, known=replace(KNOWN, url=MOVED), due=LATER))
    store.polling.set_sources([replace(SOURCES[0], url=FEED_URL + "v2"), *SOURCES[1:]], LATER)
    assert visits(store)["morning"] == Visit(source="morning", due=LATER)


KNOWN = Known(etag='"a"', last_modified="Sun", digest="d")


@pytest.mark.parametrize(
    "change",
    [
        {"groups": ("city",)},
        {"every": HOUR},
        {"terms": Terms(show="full")},
        {"public": False},
        {"paused": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_validators_are_kept_when_what_changes_has_no_part_in_reading(
    store: Store, change: dict[str, Any]
) -> None:
    visit = lease(store, "morning")
    end(store, replace(visit, known=KNOWN, due=LATER))
    store.polling.set_sources([replace(SOURCES[0], **change), *SOURCES[1:]], LATER)
    assert visits(store)["morning"] == Visit(source="morning", due=LATER, known=KNOWN)


@pytest.mark.parametrize(
    "change",
    [{"timezone": "Asia/Yerevan"}, {"language": "hy"}, {"title": "Renamed"}, {"auth": "bearer:x"}],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("is_under_way", [False, True], ids=["between polls", "during a poll"])
def test_a_document_is_read_anew_when_how_to_read_it_changes(
    store: Store, change: dict[str, Any], is_under_way: bool
) -> None:
    changed = [replace(SOURCES[0], **change), *SOURCES[1:]]
    visit = lease(store, "morning")
    if is_under_way:
        store.polling.set_sources(changed, NOON)
    end(store, replace(visit, known=KNOWN, due=LATER))
    if not is_under_way:
        store.polling.set_sources(changed, NOON)
    assert visits(store)["morning"] == Visit(source="morning", due=LATER)


def test_a_visit_to_the_old_url_saves_nothing(store: Store) -> None:
    visit = lease(store, "morning")
    store.polling.set_sources([replace(SOURCES[0], url=FEED_URL + "v2"), *SOURCES[1:]], NOON)
    assert not end(store, replace(visit, known=Known(etag='"old"')))
    assert visits(store)["morning"].known.etag == ""


def test_there_may_be_tens_of_thousands_of_sources(empty: Store) -> None:
    names = [f"source{number}" for number in range(70_000)]
    empty.polling.set_sources(map(source, names[:100]), NOON)
    assert len(empty.polling.visits(names)) == 100
    assert len(empty.polling.lease_named(names, NOON, began=NOON, lasts=MINUTE, token="t")) == 100
    assert empty.publishing.is_round_open(names)
    assert empty.publishing.newest(names, 10) == []
    assert empty.publishing.published_since(names, NOON) == []
    assert empty.publishing.unfiled_since("day", names, NOON) == []


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────

SECRET = "s3cr3t-t0k3n"


@pytest.mark.parametrize(
    "secret",
    [
        source(auth=f"bearer:{SECRET}"),
        source(auth=f"basic:desk:{SECRET}"),
        source(url=f"https://morning.example/feed/?key={SECRET}", is_secret=True),
        source(url=f"https://desk:{SECRET}@morning.example/feed/"),
        source(url=f"file:///home/{SECRET}/posts.xml"),
    ],
    ids=["bearer", "basic", "url", "user information", "file"],
)
def test_no_secret_reaches_the_database_file(files: Files, tmp_path: Path, secret: Source) -> None:
    with files.fresh(tmp_path) as url:
        store = Store(url)
        store.polling.set_sources([secret], NOON)
        visit = lease(store, "morning")
        if not secret.is_open:
            led = f"{MOVED}?key={SECRET}"
            visit = replace(visit, known=Known(url=led, moving_to=led, moves=2))
        reading = Reading(origin=MORNING, entries=(item("1"),), minted_from=FEED_URL)
        store.polling.save(visit, reading, lambda _: visit, token="poller", now=NOON)
        store.polling.set_sources([], LATER)
        assert SECRET not in repr(store.polling.removed_sources([]))
        found = [path.name for path in tmp_path.iterdir() if SECRET.encode() in path.read_bytes()]
        store.close()
    assert found == []


def test_where_an_open_source_moved_to_is_remembered(store: Store) -> None:
    visit = lease(store, "morning")
    end(store, replace(visit, known=Known(url=MOVED)))
    assert visits(store)["morning"].known.url == MOVED


def test_where_a_source_moved_to_is_forgotten_once_it_has_a_secret(store: Store) -> None:
    end(store, replace(lease(store, "morning"), known=Known(url=MOVED, moving_to=MOVED, moves=2)))
    store.polling.set_sources([replace(SOURCES[0], auth="bearer:x"), *SOURCES[1:]], LATER)
    assert visits(store)["morning"].known == Known()


# ── Leases ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_is_leased_the_longest_due_first(store: Store) -> None:
    for name, minutes in (("wire", 1), ("morning", 3), ("evening", 2)):
        visit = lease(store, name)
        end(store, replace(visit, due=NOON + minutes * MINUTE))
    assert due(store, NOON) == []
    assert due(store, NOON + 2 * MINUTE) == ["wire", "evening"]
    assert due(store, LATER, most=1) == ["wire"]


def test_failing_sources_take_no_more_than_their_share(store: Store) -> None:
    for name in ("morning", "evening"):
        visit = lease(store, name)
        end(store, replace(visit, failures=1, due=NOON - HOUR))
    taken = store.polling.lease(NOON, most=10, most_failing=1, lasts=MINUTE, token="t")
    assert [visit.source for visit in taken] == ["evening", "wire"]


def test_two_stores_on_one_database_lease_each_source_once(store: Store, store_url: str) -> None:
    other = Store(store_url)
    mine, theirs = due(store, most=2, token="mine"), due(other, most=2, token="theirs")
    assert (mine, theirs) == (["evening", "morning"], ["wire"])
    assert due(other, token="theirs") == []
    assert other.polling.lease_named(["wire", "morning"], NOON, began=NOON, lasts=MINUTE, token="t") == []
    other.close()


def test_a_lease_that_ran_out_can_be_taken_and_its_first_holder_saves_nothing(store: Store) -> None:
    visit = lease(store, "morning", token="slow")
    assert "morning" not in due(store, NOON + MINUTE / 2, token="quick")
    again = lease(store, "morning", NOON + MINUTE, token="quick")
    reading = Reading(origin=MORNING, entries=(item("1"),), minted_from=FEED_URL)
    assert store.polling.save(visit, reading, lambda _: visit, token="slow", now=NOON + MINUTE) is None
    assert kept(store) == {}
    assert store.polling.save(again, reading, lambda _: again, token="quick", now=NOON + MINUTE) is not None
    assert set(kept(store)) == {"1"}


def test_a_lease_that_ran_out_and_nobody_took_still_saves(store: Store) -> None:
    lease(store, "morning")
    assert end(store, Visit(source="morning", due=LATER))


def test_saving_ends_the_lease(store: Store) -> None:
    visit = lease(store, "morning")
    assert end(store, visit)
    assert not end(store, visit)
    assert "morning" in due(store)


def test_released_sources_can_be_leased_again(store: Store) -> None:
    assert due(store, token="mine", most=2) == ["evening", "morning"]
    assert due(store, token="theirs") == ["wire"]
    store.polling.release("mine")
    assert due(store, token="other") == ["evening", "morning"]


def test_renewed_leases_last_longer(store: Store) -> None:
    due(store, token="mine", most=2)
    lease(store, "wire", token="theirs")
    store.polling.renew(["evening", "wire"], LATER, token="mine")
    assert due(store, NOON + MINUTE, token="other") == ["morning", "wire"]
    assert due(store, LATER - MINUTE, token="next") == ["morning", "wire"]
    assert "evening" in due(store, LATER, token="last")


def test_a_clock_that_was_wrong_once_does_not_hold_a_source_for_ever(store: Store) -> None:
    ahead = NOON + timedelta(days=4000)
    visit = lease(store, "morning", ahead)
    end(store, replace(visit, polled=ahead, due=ahead + HOUR))
    lease(store, "evening", ahead)
    store.polling.heal_times(NOON)
    assert set(due(store)) == {"evening", "wire"}
    assert set(due(store, NOON + HOUR, token="later")) >= {"morning"}


def test_all_that_one_round_leases_carries_its_beginning(store: Store) -> None:
    taken = store.polling.lease_named(["morning", "wire"], LATER, began=NOON, lasts=MINUTE, token="poller")
    assert {visit.leased for visit in taken} == {NOON}
    reading = Reading(origin=MORNING, entries=(item("1"),), minted_from=FEED_URL)
    for visit in taken:
        store.polling.save(visit, reading, lambda _, visit=visit: visit, token="poller", now=LATER)
    (one,) = kept(store).values()
    assert (one.seen, one.round) == (LATER, NOON)


# ── Saving ───────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values(Visit), st.integers(0, 10_000), st.timedeltas(timedelta(), timedelta(days=10_000)))
def test_a_visit_is_remembered_whole(store: Store, drawn: Visit, failures: int, interval: timedelta) -> None:
    store.polling.release("poller")
    told = replace(drawn, source="morning", failures=failures, interval=drawn.interval and interval)
    lease(store, "morning")
    assert end(store, told)
    assert visits(store)["morning"] == replace(told, leased=None)


def test_what_follows_is_told_what_was_saved(store: Store) -> None:
    visit = lease(store, "morning")
    told: list[Saved] = []

    def following(saved: Saved) -> Visit:
        told.append(saved)
        return replace(visit, known=Known(refused=(NotTaken(reason="it has no link"),)))

    reading = Reading(origin=MORNING, entries=(item("1"), item("2")), minted_from=FEED_URL)
    done = store.polling.save(visit, reading, following, token="poller", now=NOON)
    assert done == (replace(visit, known=Known(refused=(NotTaken(reason="it has no link"),))), Saved(new=2))
    assert told == [Saved(new=2)]


def test_an_exception_leaves_nothing_half_saved(store: Store) -> None:
    visit = lease(store, "morning")
    before = rows(store, "visits")

    def following(_: Saved) -> Visit:
        raise RuntimeError("the cadence failed")

    reading = Reading(origin=MORNING, entries=(item("1"),), minted_from=FEED_URL)
    with pytest.raises(RuntimeError, match="the cadence failed"):
        store.polling.save(visit, reading, following, token="poller", now=NOON)
    assert rows(store, "entries") == []
    assert rows(store, "visits") == before
    assert end(store, visit)


def test_entries_are_counted_by_source(store: Store) -> None:
    poll(store, item("1"), item("2"))
    poll(store, item("3"), name="wire")
    assert store.polling.counts() == {"morning": 2, "wire": 1}


# ── Visits that gave nothing to read ─────────────────────────────────────────────────────────────


def test_visits_that_gave_nothing_are_saved_in_one_statement_and_end_their_leases(store: Store) -> None:
    due(store, token="poller")
    before = [Visit(source=name, due=NOON) for name in ("evening", "morning", "wire")]
    after = [replace(visit, due=LATER) for visit in before]
    with statements(store) as seen:
        kept_ = store.polling.save_quiet(list(zip(before, after, strict=True)), token="poller")
    (update,) = [told for told, _ in seen if told.startswith("UPDATE")]
    assert "known" not in update  # what was told before stands as it was written
    assert kept_ == visits(store) == {visit.source: visit for visit in after}
    assert due(store, LATER, token="next") == ["evening", "morning", "wire"]


def test_what_another_process_has_taken_over_is_left_to_it(store: Store) -> None:
    due(store, token="mine", most=2)
    lease(store, "morning", LATER, token="theirs")
    after = [Visit(source=name, due=LATER + HOUR) for name in ("evening", "morning", "wire")]
    ended = [(visit, visit) for visit in after]
    assert set(store.polling.save_quiet(ended, token="mine")) == {"evening"}
    assert visits(store)["morning"].due == NOON
    assert store.polling.save_quiet(ended, token="nobody's") == {}
    told_anew = [(told(visit), visit) for visit in after]
    assert set(store.polling.save_quiet(told_anew, token="theirs")) == {"morning"}


def test_where_a_source_with_a_secret_has_moved_to_is_not_kept(empty: Store) -> None:
    secret = replace(source("morning"), auth="bearer:x")
    empty.polling.set_sources([secret, source("wire")], NOON)
    due(empty, token="poller")
    moved = [Visit(source=name, due=LATER, known=Known(url=MOVED)) for name in ("morning", "wire")]
    empty.polling.save_quiet([(told(visit), visit) for visit in moved], token="poller")
    assert {name: visit.known.url for name, visit in visits(empty).items()} == {"morning": "", "wire": MOVED}


# ── Take-downs ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gives", ["a reading", "nothing"])
def test_a_take_down_that_is_undone_while_its_source_is_polled_has_it_read_anew(
    store: Store, gives: str
) -> None:
    poll(store, item("1"), item("2"))
    store.takedowns.take(item("1").published_id, [], reason="asked", now=NOON)
    visit = lease(store, "morning", NOON + HOUR)
    store.takedowns.undo(item("1").published_id, NOON + HOUR)
    after = replace(visit, due=NOON + 2 * HOUR, known=replace(KNOWN, etag='"1"'))
    if gives == "nothing":
        store.polling.save_quiet([(visit, after)], token="poller")
    else:
        reading = Reading(origin=MORNING, entries=(item("2"),), minted_from=FEED_URL)
        store.polling.save(visit, reading, lambda _: after, token="poller", now=NOON + HOUR)
    again = lease(store, "morning", NOON + 2 * HOUR)
    assert (again.known.etag, again.known.last_modified, again.known.digest) == ("", "", "")
    store.polling.save_quiet([(visit, after)], token="poller")
    assert lease(store, "morning", NOON + 2 * HOUR).known.etag == '"1"'
