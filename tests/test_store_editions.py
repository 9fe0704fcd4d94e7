import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from databases import HOUR, item, kept, poll, rows, statements
from editions import DAY, NOON
from feedhub import urls
from feedhub.model import Entry, Kept, NotTaken
from feedhub.store import EditionState, FeedState, Store

A = "https://morning.example/a/"
LATER = NOON + HOUR
ONE_DAY = timedelta(days=1)
NEXT = DAY + ONE_DAY
STATE = EditionState(day=DAY, closed=True, updated=NOON, fingerprint="f")


def entries(store: Store, name: str = "morning") -> dict[str, Entry]:
    return {key: one.entry for key, one in kept(store, name).items()}


def keys(found: list[Kept]) -> list[str]:
    return [one.entry.key for one in found]


def close(store: Store, *filed: tuple[date | None, Entry], open_from: date = NEXT, **more: Any) -> bool:
    store.publishing.feed("day")
    return store.publishing.close("day", open_from, filed, **{"was": None, **more})


# ── Feeds ────────────────────────────────────────────────────────────────────────────────────────


def test_a_feed_has_one_id_for_ever(store: Store, store_url: str) -> None:
    first = store.publishing.feed("day")
    assert urls.is_iri(first.id)
    assert first == FeedState(id=first.id, started=None, filled_from=None, open_from=None)
    again = Store(store_url)
    assert again.publishing.feed("day") == first
    assert again.publishing.feed("newsfeed").id != first.id
    again.close()


def test_the_first_round_ends_once(store: Store) -> None:
    store.publishing.feed("day")
    store.publishing.start("day", NOON, DAY)
    store.publishing.start("day", LATER, NEXT)
    state = store.publishing.feed("day")
    assert (state.started, state.filled_from) == (NOON, DAY)


def test_a_round_is_open_while_a_source_has_not_been_polled(store: Store) -> None:
    poll(store, name="morning")
    assert store.publishing.is_round_open(["morning", "wire"])
    assert not store.publishing.is_round_open(["morning"])
    assert not store.publishing.is_round_open([])


# ── Entries ──────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_come_first_and_ties_ascend_by_published_id(store: Store) -> None:
    tied = [item(f"https://morning.example/?p={letter}") for letter in "bBa"]
    poll(store, *tied, item("https://morning.example/?p=new", published=NOON + HOUR / 2), now=LATER)
    poll(store, item("https://wire.example/?p=newest", published=LATER), name="wire", now=LATER)
    assert [key[-3:] for key in keys(store.publishing.newest(["morning"], 3))] == ["new", "p=B", "p=a"]


@pytest.mark.parametrize("others", [0, 3, 30])
def test_the_newest_of_many_sources_are_the_same_however_many_others_are_newer(
    store: Store, others: int
) -> None:
    poll(store, *(item(str(n), published=NOON - n * HOUR) for n in range(6)))
    poll(store, *(item(f"w{n}", published=NOON + n * HOUR) for n in range(others)), name="wire", now=LATER)
    for most in (1, 3, 6, 9):
        assert store.publishing.newest([*MANY, "morning"], most) == store.publishing.newest(["morning"], most)


def test_entries_are_found_by_when_they_were_published(store: Store) -> None:
    poll(store, item("old", published=NOON - ONE_DAY), item("new"))
    assert keys(store.publishing.published_since(["morning", "wire"], NOON)) == ["new"]
    assert store.publishing.published_since(["wire"], NOON - ONE_DAY) == []


def test_what_is_on_no_closed_day_is_found_by_when_it_was_seen(store: Store) -> None:
    poll(store, item("filed"), item("left out"), item("1"), now=NOON - HOUR)
    poll(store, item("2", published=NOON - ONE_DAY))
    held = entries(store)
    close(store, (DAY, held["filed"]), left_out=[held["left out"]])
    assert keys(store.publishing.unfiled_since("day", ["morning"], NOON)) == ["2"]
    assert set(keys(store.publishing.unfiled_since("day", ["morning"], NOON - HOUR))) == {"1", "2"}
    assert len(store.publishing.unfiled_since("other", ["morning"], NOON - HOUR)) == 4
    assert store.publishing.unfiled_since("day", ["wire"], NOON - HOUR) == []


def test_of_what_was_seen_until_a_time_only_what_was_published_since_another_is_read(store: Store) -> None:
    poll(store, item("first, old", published=NOON - 9 * ONE_DAY), item("first, new"), now=NOON)
    poll(store, item("later, old", published=NOON - 9 * ONE_DAY), now=LATER)
    older = NOON, NOON - ONE_DAY
    found = store.publishing.unfiled_since("day", ["morning"], NOON, older=older)
    assert set(keys(found)) == {"first, new", "later, old"}


# ── Closed days ──────────────────────────────────────────────────────────────────────────────────


def test_closed_days_are_those_with_entries_the_oldest_first(store: Store) -> None:
    poll(store, *(item(str(number)) for number in range(5)))
    held = list(entries(store).values())
    close(store, (NEXT, held[0]), (DAY, held[1]), (DAY, held[2]), (None, held[3]), left_out=held[4:])
    assert store.publishing.closed_days("day") == [DAY, NEXT]
    assert store.publishing.closed_days("other") == []


def test_an_entry_stays_on_the_day_where_it_was_filed(store: Store) -> None:
    poll(store, item("1"), item("2"))
    held = entries(store)
    assert close(store, (DAY, held["1"]))
    assert close(store, (NEXT, held["1"]), (NEXT, held["2"]), open_from=NEXT + ONE_DAY, was=NEXT)
    assert keys(store.publishing.filed_on("day", DAY)) == ["1"]
    assert keys(store.publishing.filed_on("day", NEXT)) == ["2"]


def test_of_two_that_close_a_day_one_does(store: Store) -> None:
    poll(store, item("1"), item("2"))
    held = entries(store)
    assert close(store, (DAY, held["1"]))
    assert not close(store, (DAY, held["2"]))
    assert keys(store.publishing.filed_on("day", DAY)) == ["1"]
    assert store.publishing.feed("day").open_from == NEXT


def test_the_newest_of_closed_days_follow_a_corrected_date(store: Store) -> None:
    document = [item(str(number), published=NOON - number * HOUR) for number in range(4)]
    poll(store, *document)
    held = entries(store)
    close(store, (DAY, held["0"]), (DAY, held["1"]), (None, held["2"]), left_out=[held["3"]])
    assert keys(store.publishing.newest_filed("day", 9)) == ["0", "1", "2"]
    poll(store, replace(document[0], published=NOON - 9 * HOUR), *document[1:], now=LATER)
    assert keys(store.publishing.newest_filed("day", 2)) == ["1", "2"]


def test_copies_of_closed_days_entries_are_found_by_id_and_by_link(store: Store) -> None:
    poll(store, item("https://morning.example/?p=1", A), item("2", f"{A}2"), item("3", f"{A}3"))
    held = list(entries(store).values())
    close(store, *((DAY, one) for one in held[:2]), left_out=held[2:])
    same_id = item("https://morning.example/?p=1", "https://wire.example/")
    same_link = item("9", f"{A}2?utm_source=wire")
    left_out = item("8", f"{A}3")
    found = store.publishing.filed_like("day", [same_id, same_link, left_out])
    assert set(keys(found)) == {"https://morning.example/?p=1", "2"}
    assert store.publishing.filed_like("day", []) == []
    assert store.publishing.filed_like("other", [same_id]) == []


# ── Editions ─────────────────────────────────────────────────────────────────────────────────────


def test_editions_are_remembered_by_day(store: Store) -> None:
    store.publishing.feed("day")
    current = replace(STATE, day=None, closed=False)
    store.publishing.remember("day", STATE, was=None)
    store.publishing.remember("day", current, was=None)
    assert store.publishing.editions("day") == {DAY: STATE, None: current}
    newer = replace(STATE, updated=LATER, fingerprint="g")
    store.publishing.remember("day", newer, was=STATE)
    assert store.publishing.editions("day")[DAY] == newer


def test_a_slower_publisher_does_not_overwrite_what_is_remembered(store: Store) -> None:
    store.publishing.feed("day")
    newer = replace(STATE, fingerprint="g")
    store.publishing.remember("day", STATE, was=None)
    store.publishing.remember("day", newer, was=STATE)
    store.publishing.remember("day", replace(STATE, fingerprint="h"), was=STATE)
    store.publishing.remember("day", replace(STATE, fingerprint="h"), was=None)
    assert store.publishing.editions("day") == {DAY: newer}


def test_a_correction_unsettles_the_days_of_its_entry_and_no_other(store: Store) -> None:
    poll(store, item("1"), item("2"))
    held = entries(store)
    close(store, (DAY, held["1"]), (NEXT, held["2"]))
    after = replace(STATE, day=NEXT, fingerprint="n")
    store.publishing.remember("day", STATE, was=None)
    store.publishing.remember("day", after, was=None)
    poll(store, item("1", title="Corrected"), item("2"), now=LATER)
    told = store.publishing.editions("day")
    assert told == {DAY: replace(STATE, fingerprint=told[DAY].fingerprint), NEXT: after}
    assert told[DAY].fingerprint != STATE.fingerprint


def test_a_publisher_that_read_before_a_correction_does_not_hide_it(store: Store) -> None:
    poll(store, item("1"))
    close(store, (DAY, entries(store)["1"]))
    for number, title in enumerate(("Corrected", "Corrected again"), 1):
        read = store.publishing.editions("day").get(DAY)
        poll(store, item("1", title=title), now=NOON + number * HOUR)
        store.publishing.remember("day", STATE, was=read)
        assert store.publishing.editions("day")[DAY].fingerprint != STATE.fingerprint


def test_a_correction_while_its_day_is_published_first_is_not_forgotten(store: Store) -> None:
    poll(store, item("1"))
    close(store, (DAY, entries(store)["1"]))
    assert store.publishing.editions("day") == {}
    poll(store, item("1", title="Corrected"), now=LATER)
    store.publishing.remember("day", STATE, was=None)
    assert store.publishing.editions("day")[DAY].fingerprint != STATE.fingerprint


def test_a_correction_of_what_is_on_no_day_unsettles_nothing(store: Store) -> None:
    poll(store, item("1"), item("2"), item("3"))
    held = entries(store)
    close(store, (None, held["1"]), left_out=[held["2"]])
    current = replace(STATE, day=None, closed=False)
    store.publishing.remember("day", current, was=None)
    poll(store, *(item(key, title="Corrected") for key in "123"), now=LATER)
    assert store.publishing.editions("day") == {None: current}


# ── What the proof held back ─────────────────────────────────────────────────────────────────────


def test_what_was_held_back_is_told_with_its_reason_until_it_is_not(store: Store) -> None:
    poll(store, item("1"), item("2"))
    store.publishing.feed("day")
    held = entries(store)
    store.faults.put("day", DAY, [(held["1"], "no link"), (held["1"], "no credit")])
    store.faults.put("day", None, [(held["1"], "no credit"), (held["2"], "no title")])
    told = [
        ("morning", NotTaken(id=held[key].published_id, title=held[key].title, link=A, reason=reason))
        for key, reason in (("1", "no credit"), ("2", "no title"))
    ]
    assert sorted(store.faults.all(), key=repr) == sorted(told, key=repr)
    store.faults.put("day", None, [])
    assert list(store.faults.all()) == told[:1]
    store.faults.forget([("day", None)])
    assert list(store.faults.all()) == []


def test_having_nothing_to_hold_back_writes_nothing(store: Store) -> None:
    store.publishing.feed("day")
    with statements(store) as seen:
        store.faults.put("day", DAY, [])
        store.faults.forget([])
    assert not [sql for sql, _ in seen if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert rows(store, "faults") == []


# ── Cost ─────────────────────────────────────────────────────────────────────────────────────────

MANY = [f"source{number}" for number in range(500)]
QUESTIONS: dict[str, Callable[[Store], object]] = {
    "lease": lambda store: store.polling.lease(NOON - HOUR, most=9, most_failing=3, lasts=HOUR, token="t"),
    "unfiled_since": lambda store: store.publishing.unfiled_since("day", MANY, NOON),
    "published_since": lambda store: store.publishing.published_since(MANY, NOON),
    "newest": lambda store: store.publishing.newest(MANY, 50),
    "closed_days": lambda store: store.publishing.closed_days("day"),
    "filed_on": lambda store: store.publishing.filed_on("day", DAY),
    "filed_like": lambda store: store.publishing.filed_like("day", [item("1")]),
    "newest_filed": lambda store: store.publishing.newest_filed("day", 50),
    "saving": lambda store: poll(store, item("1"), item("2", title="Changed")),
}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_reads_more_of_a_large_table_than_it_needs(store: Store, question: str) -> None:
    poll(store, item("2"))
    with statements(store) as seen:
        QUESTIONS[question](store)
    for sql, parameters in list(seen):
        if sql.split()[0] not in ("BEGIN", "PRAGMA"):
            with store._database.reading() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            steps = [row[3] for row in plan]
            # An index that gives the newest first may be walked along: the limit ends the walk.
            in_order = "LIMIT" in sql and not any("USE TEMP B-TREE FOR ORDER BY" in step for step in steps)
            for step in steps:
                scan = re.match(r"SCAN (entries|members|visits)\b(?! USING (COVERING )?INDEX)", step)
                assert not scan, (sql, steps)
                assert in_order or not re.match(r"SCAN (entries|members|visits)\b", step), (sql, steps)
                assert not re.search(r"entries_\w+ \(source=\?\)|autoindex_entries_1 \(source=\?\)$", step), (
                    sql
                )


def test_one_question_finds_many_sources(store: Store) -> None:
    with statements(store) as seen:
        store.publishing.newest(MANY, 50)
    assert len([sql for sql, _ in seen if sql.startswith("SELECT")]) == 1
