"""What of a reading comes in now: of a flood a part, of a source that has become another nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedhub import urls
from feedhub.model import Entry, Limits, NotTaken, Origin, Reading, Visit
from feedhub.store.codec import decode
from feedhub.store.tables import entries

_DAY = timedelta(days=1)
_NEARLY_ALL = 10  # of so many entries at most one is known

_MINE = entries.c.source == sa.bindparam("named")
# Of what is taken down nobody knows any more who said it.
_STANDING = _MINE & entries.c.takedown.is_(None)
_LAST = sa.select(entries.c.entry).where(_STANDING).order_by(entries.c.seen.desc()).limit(1)
_LATELY = sa.select(sa.func.count()).where(_MINE, entries.c.seen > sa.bindparam("since"))


@dataclass(slots=True)
class Gate:
    """The gate of one source, for one reading."""

    connection: sa.Connection
    source: str
    now: datetime
    limits: Limits | None = None  # None = whatever comes may come in
    is_welcome: bool = False  # the operator has said that the source may be another now
    held: str | None = None  # why nothing comes in until the operator lets it
    waiting: str = ""  # why something is left for later

    def holds(self, reading: Reading, *, new: int, known: int) -> bool:
        """Tell whether a source has become another: title, site and nearly all ids changed at once."""
        known += reading.passed
        if self.limits is None or self.is_welcome or not new or known * _NEARLY_ALL > known + new:
            return False
        before = self._origin()
        if before is None or not _is_another(before, reading.origin):
            return False
        self.held = (
            f"its title, its site and nearly all ids changed at once (it was {before.title:.100}):"
            f" {new} new entries are kept back until `feedhub resume {self.source}`"
        )
        return True

    def let_in(self, new: Sequence[Entry]) -> list[Entry]:
        """Give those of the new entries that may come in now, the newest first; the rest waits."""
        if self.limits is None or not new:
            return list(new)
        at_once, on_a_day = self.limits.max_new, self.limits.max_day
        room = max(0, on_a_day - self._today())
        taken = min(at_once, room)
        if left := max(0, len(new) - taken):
            bound = f"{on_a_day} on one day" if room < at_once else f"{at_once} at one poll"
            self.waiting = f"{left} new entries wait for a later poll: no more than {bound} are taken"
        return sorted(new, key=lambda entry: (entry.published, entry.key), reverse=True)[:taken]

    def after(self, visit: Visit) -> Visit:
        """Have a document asked for and read again of which something was left."""
        if self.held is None and not self.waiting:
            return visit
        told = NotTaken(reason=self.held or self.waiting)
        refused = (*visit.known.refused, told)
        known = replace(visit.known, etag="", last_modified="", digest="", seen="", refused=refused)
        return replace(visit, known=known)

    def _origin(self) -> Origin | None:
        """Give what the source called itself when its last entry came."""
        found = self.connection.execute(_LAST, {"named": self.source}).scalar()
        if found is None:
            return None
        origin = decode(Entry, found).origin
        return origin.via[0] if origin.via else origin

    def _today(self) -> int:
        return (
            self.connection.execute(_LATELY, {"named": self.source, "since": self.now - _DAY}).scalar() or 0
        )


def _is_another(before: Origin, now: Origin) -> bool:
    is_renamed = before.title.casefold() != now.title.casefold()
    return is_renamed and urls.host(before.site_url) != urls.host(now.site_url)
