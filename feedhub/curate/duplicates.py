"""The same article once, whichever sources hand it on. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from feedhub import urls
from feedhub.model import Entry, Kept

WINDOW = timedelta(days=7)  # between the publications of two entries with one link that are one article

# The entries of open days come again at each publishing.
_canonical = lru_cache(maxsize=16_384)(urls.canonical)


def precedence(kept: Kept) -> tuple[object, ...]:
    """Give what to sort entries by, so that of several that are one article the first is the one to stand.

    That is the first seen; in one round the one whose link is on its own source's site, so that an
    aggregator's copy does not push out the original.
    """
    entry = kept.entry
    return kept.round, not is_at_home(kept), kept.seen, entry.published, entry.source, entry.key


def is_at_home(kept: Kept) -> bool:
    """Tell whether an entry's link is on the site of the source that it was read in."""
    entry = kept.entry
    if entry.origin.via:
        return False
    return _site(entry.url) == _site(entry.origin.site_url or entry.origin.feed_url)


@lru_cache(maxsize=16_384)
def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


class Articles:
    """Articles that stand, to find copies of."""

    def __init__(self, standing: Iterable[Kept] = ()) -> None:
        self._ids: dict[str, Kept] = {}
        self._links: dict[str, list[Kept]] = {}
        for kept in standing:
            self.add(kept)

    def add(self, kept: Kept) -> None:
        """Let an entry stand."""
        self._ids.setdefault(kept.entry.published_id, kept)
        self._links.setdefault(_canonical(kept.entry.url), []).append(kept)

    def like(self, kept: Kept) -> Kept | None:
        """Give what stands and has an entry's published id or, within the window, its link; None if nothing.

        Links are compared between sources alone: the entries of one source are told apart by their keys.
        """
        entry = kept.entry
        same = self._ids.get(entry.published_id)
        if same is not None or not self._links:
            return same
        others = self._links.get(_canonical(entry.url), ())
        return next((one for one in others if _is_copied(one.entry, entry)), None)


def _is_copied(one: Entry, other: Entry) -> bool:
    return one.source != other.source and abs(other.published - one.published) <= WINDOW
