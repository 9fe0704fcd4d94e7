"""A clock that jumps ahead or behind and is mended: nothing is lost, and days go on."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item, paper
from feedhub.errors import StoreError

LATER = START + timedelta(minutes=10)


@pytest.mark.parametrize("jump", [HOUR, 13 * HOUR, DAY, 2 * DAY, 40 * DAY, 400 * DAY])
def test_a_clock_that_was_ahead_loses_no_entry_and_holds_up_no_day(jump: timedelta, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("before"), at=START - HOUR)
    desk.publishes(at=START - HOUR)
    desk.arrives(item("wrong"), at=START + jump)
    desk.publishes(at=START + jump)
    desk.arrives(item("after", published=LATER), at=LATER)
    desk.publishes(at=LATER)
    assert set(desk.keys("/day.atom")) == {"after", "before", "wrong"}
    for number in range(1, 4):
        at = START + number * DAY
        desk.arrives(item(f"later-{number}", published=at), at=at)
        desk.publishes(at=at)
        assert desk.keys("/day.atom")[0] == f"later-{number}"
    days = desk.days()
    assert sorted(key for keys in days.values() for key in keys) == sorted(
        ["before", "wrong", "after", "later-1", "later-2", "later-3"]
    )
    assert max(days) == "2024-11-27"
    assert days["2024-11-27"] == ["later-3"]


def test_days_that_a_clock_ahead_has_closed_open_again_though_a_few_date_what_is_to_come(
    tmp_path: Path,
) -> None:
    papers = [f"paper{number}" for number in range(5)]
    desk = Desk(tmp_path, *papers)
    desk.arrives(item("before", papers[0]), at=START - HOUR)
    desk.publishes(at=START - HOUR)
    ahead = START + 40 * DAY
    desk.arrives(*(item(name, name) for name in papers), at=ahead)
    desk.arrives(item("fair", papers[4], published=START + 20 * DAY), at=ahead)
    desk.publishes(at=ahead)
    desk.arrives(item("after", papers[0], published=LATER), at=LATER)
    desk.publishes(at=LATER)
    assert "after" in desk.days()["2024-11-24"]


# ── Behind ──


BEHIND = START + 6 * DAY
FAR = [
    DAY + 12 * HOUR + HOUR,
    2 * DAY,
    5 * DAY,
    40 * DAY,
    400 * DAY,
    BEHIND - datetime(1970, 1, 1, tzinfo=UTC),
]


@pytest.fixture
def week(tmp_path: Path) -> Desk:
    """Give a hub with closed days: on one an article that was published long before, and a correction."""
    desk = Desk(tmp_path, "morning", "evening", per_source=2)
    desk.configures(paper("morning"), paper("evening"))
    desk.arrives(item("first"), item("other", "evening"), at=START)
    desk.publishes(START)
    for number in range(1, 6):
        at = START + number * DAY
        new = [item(f"{number}-{name}", published=at - HOUR) for name in "abc"]
        desk.arrives(*new, item(f"old-{number}", "evening", published=START - 100 * DAY), at=at)
        desk.publishes(at)
    desk.publishes(BEHIND)
    kept = desk.store.decisions.meant("https://morning.example/2-a/")[0]
    desk.store.decisions.make("drop", kept.entry, feed="day", by="Ani", now=BEHIND)
    desk.publishes(BEHIND)
    return desk


def record(desk: Desk) -> list[tuple[object, ...]]:
    """Give what is written down for good of entries and closed days, and when sources are due."""
    with sqlite3.connect(desk.database) as database:
        return [
            row
            for table in ("entries", "members", "feeds", "visits")
            for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        ]


@pytest.mark.parametrize("back", FAR)
def test_a_clock_that_is_behind_destroys_nothing(back: timedelta, week: Desk) -> None:
    before, days, documents = record(week), week.days(), week.snapshot()
    at = BEHIND - back
    with pytest.raises(StoreError, match=f"the clock is behind: it says {at:%Y-%m-%d}"):
        week.publishes(at)
    assert record(week) == before
    assert week.snapshot() == documents
    week.arrives(item("new", published=BEHIND), at=BEHIND + HOUR)
    week.publishes(BEHIND + HOUR)
    assert week.days() == {**days, "2024-11-30": ["new"]}


@pytest.mark.parametrize("back", [back for back in FAR if back > 2 * DAY])
def test_nothing_is_polled_by_a_clock_that_is_behind(back: timedelta, week: Desk) -> None:
    """What came would be dated by it, and be older than every open day when it is right again."""
    before, at = record(week), BEHIND - back
    with pytest.raises(StoreError, match="the clock is behind"):
        week.arrives(item("new", published=BEHIND), at=at)
    with pytest.raises(StoreError, match="the clock is behind"):
        week.store.polling.heal_times(at)
    assert record(week) == before


@pytest.mark.parametrize("back", [timedelta(minutes=5), HOUR, 6 * HOUR, 13 * HOUR])
def test_a_clock_that_is_set_back_by_hours_stops_nobody(back: timedelta, week: Desk) -> None:
    before, days = record(week), week.days()
    week.publishes(BEHIND - back)
    assert record(week) == before
    week.arrives(item("new", published=BEHIND - back), at=BEHIND - back)
    week.publishes(BEHIND - back)
    assert week.keys("/day.atom")[0] == "new"
    week.publishes(BEHIND + HOUR)
    assert {
        day: [key for key in keys if key != "new"] for day, keys in week.days().items() if keys != ["new"]
    } == days


def test_a_clock_that_is_behind_is_known_by_entries_alone(tmp_path: Path) -> None:
    """Where nothing has been published, what is polled would still be dated by it."""
    desk = Desk(tmp_path)
    desk.arrives(item("a", published=START - HOUR), at=START)
    with pytest.raises(StoreError, match="up to 2024-11-24 11:00 UTC"):
        desk.arrives(item("b"), at=START - 30 * DAY)


def test_entries_that_nobody_dated_tell_nothing_of_the_clock(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("a", dated=False), at=START + 30 * DAY)
    desk.arrives(item("b"), at=START)
    desk.publishes(START)
    assert "b" in desk.keys("/day.atom")
