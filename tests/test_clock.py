"""A clock that jumps ahead by days and is mended: nothing is lost, and days go on."""

from datetime import timedelta
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item

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
