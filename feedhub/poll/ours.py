"""No echoes: what came through us is not taken in again. Two hubs may read each other."""

from dataclasses import dataclass, field, replace

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import MOST_REFUSED, Entry, NotTaken, Reading


@dataclass(frozen=True, slots=True)
class Ours:
    """How to know what we published ourselves."""

    site_url: str = ""
    ids: frozenset[str] = frozenset()  # of our feeds

    _root: str = field(init=False, repr=False)  # canonical, with a slash at its end; "" = none

    def __post_init__(self) -> None:
        """Bring the site's address into the form that others are compared with."""
        root = urls.canonical(self.site_url).rstrip("/") + "/" if self.site_url else ""
        object.__setattr__(self, "_root", root)

    def without_echoes(self, reading: Reading) -> Reading:
        """Leave out entries that came through us; raises ReadError for a document that is our own."""
        if self._is_ours(reading.origin.id, reading.self_url):
            raise ReadError("this is a feed of our own")
        entries, refused = [], list(reading.refused)
        for entry in reading.entries:
            if self._came_through_us(entry):
                refused.append(_echo(entry))
            else:
                entries.append(entry)
        if len(entries) == len(reading.entries):
            return reading
        # Nothing is known then: the operator is told of the echoes at each reading.
        return replace(reading, entries=tuple(entries), refused=tuple(refused[:MOST_REFUSED]), seen="")

    def _came_through_us(self, entry: Entry) -> bool:
        hops = (entry.origin, *entry.origin.via)
        return any(self._is_ours(hop.id, hop.feed_url, hop.site_url) for hop in hops)

    def _is_ours(self, *names: str) -> bool:
        if not self._root:
            return False
        return any(
            name in self.ids or (name and (urls.canonical(name) + "/").startswith(self._root))
            for name in names
        )


def _echo(entry: Entry) -> NotTaken:
    return NotTaken(id=entry.key, title=entry.title, link=entry.url, reason="it came through us already")
