"""What a hub reads at each publishing in its first days."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desk import DAY, HOUR, START, Desk, item


def test_what_the_first_round_brought_from_before_its_first_day_is_read_no_more(tmp_path: Path) -> None:
    """Shown by an entry that cannot be read: nobody tries to."""
    desk = Desk(tmp_path, limit=1)
    old = [item(f"old-{number}", published=START - number * 40 * DAY) for number in (1, 2)]
    desk.arrives(item("first"), *old, at=START)
    desk.publishes(at=START)
    desk.publishes(at=START + DAY)
    with closing(sqlite3.connect(desk.database)) as connection, connection:
        damaged = connection.execute("UPDATE entries SET entry = 'x' WHERE key LIKE '%old-2%'").rowcount
    assert damaged == 1
    desk.arrives(item("second"), at=START + DAY + HOUR)
    desk.publishes(at=START + DAY + HOUR)
    assert desk.keys("/day.atom") == ["second"]
