"""The same article once, whichever sources hand it on. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedhub import urls
from feedhub.model import Kept

WINDOW = timedelta(days=7)  # between the publications of two entries with one link that are one article


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


def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


class Articles:
    """Articles that stand, to find copies of."""

    def __init__(self, standing: Iterable[Kept] = ()) -> None:
        self._ids: set[str] = set()
        self._links: dict[str, list[tuple[str, datetime]]] = {}
        for kept in standing:
            self.add(kept)

    def add(self, kept: Kept) -> None:
        """Let an entry stand."""
        entry = kept.entry
        self._ids.add(entry.published_id)
        self._links.setdefault(urls.canonical(entry.url), []).append((entry.source, entry.published))

    def have(self, kept: Kept) -> bool:
        """Tell whether an article that stands has an entry's published id or, within the window, its link.

        Links are compared between sources alone: the entries of one source are told apart by their keys.
        """
        entry = kept.entry
        return entry.published_id in self._ids or any(
            source != entry.source and abs(entry.published - published) <= WINDOW
            for source, published in self._links.get(urls.canonical(entry.url), ())
        )
