"""Whether the clock can be right, by what the store holds.

A clock that was ahead and one that is behind look alike: entries were seen at times that are still to come.
What tells them apart is when publishers dated these entries: while a clock was ahead they dated them before
the time that it is now; now that a clock is behind they have dated them after it.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from feedhub.errors import StoreError
from feedhub.store.tables import entries

# That a clock may be behind without any harm: by so much publishers err too, who say a time without its zone.
DOUBT = timedelta(days=1)
_LATEST = 1000  # entries that are looked at, of those seen last
_FEW = 4  # one of more sources than these may date what it brings ahead: events, and errors

_SEEN_LAST = (
    sa.select(entries.c.source, entries.c.published, entries.c.seen)
    .where(entries.c.seen > sa.bindparam("ahead"))
    .order_by(entries.c.seen.desc())
    .limit(_LATEST)
)


def check_clock(connection: sa.Connection, now: datetime, doubt: timedelta = DOUBT) -> None:
    """Raise StoreError if the clock is behind by more than `doubt`, as far as entries tell."""
    ahead = now + doubt
    rows = connection.execute(_SEEN_LAST, {"ahead": ahead}).all()
    # What its publisher did not date has the time at which we saw it.
    dated = {row.source: row.published for row in rows if ahead < row.published < row.seen}
    if dated and _FEW * len(dated) >= len({row.source for row in rows}):
        latest = max(dated.values())
        raise StoreError(
            f"the clock is behind: it says {now:%Y-%m-%d %H:%M} UTC, and sources have dated what they brought"
            f" up to {latest:%Y-%m-%d %H:%M} UTC; nothing is polled or published until it is right"
        )
