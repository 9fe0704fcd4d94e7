"""No echoes: what came through us is not taken in again. Two hubs may read each other."""

from dataclasses import dataclass, replace

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Entry, NotTaken, Reading


@dataclass(frozen=True, slots=True)
class Ours:
    """How to know what we published ourselves."""

    site_url: str = ""
    ids: frozenset[str] = frozenset()  # of our feeds

    def without_echoes(self, reading: Reading) -> Reading:
        """Leave out entries that came through us; raises ReadError for a document that is our own."""
        if self._is_ours(reading.origin.id, reading.self_url):
            raise ReadError("this is a feed of our own")
        echoes = [entry for entry in reading.entries if self._came_through_us(entry)]
        if not echoes:
            return reading
        refused = (
            NotTaken(id=entry.key, title=entry.title, link=entry.url, reason="it came through us already")
            for entry in echoes
        )
        entries = tuple(entry for entry in reading.entries if entry not in echoes)
        # Nothing is known then: the operator is told of the echoes at each reading.
        return replace(reading, entries=entries, refused=(*reading.refused, *refused), seen="")

    def _came_through_us(self, entry: Entry) -> bool:
        hops = (entry.origin, *entry.origin.via)
        return any(self._is_ours(hop.id, hop.feed_url, hop.site_url) for hop in hops)

    def _is_ours(self, *names: str) -> bool:
        if not self.site_url:
            return False
        prefix = urls.canonical(self.site_url).rstrip("/") + "/"
        return any(
            name in self.ids or (name and (urls.canonical(name) + "/").startswith(prefix)) for name in names
        )
