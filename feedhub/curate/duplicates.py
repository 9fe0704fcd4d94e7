"""The same article once, whichever sources hand it on. Pure.

Between sources alone: the entries of one source are told apart by their keys.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedhub import urls
from feedhub.model import Kept

WINDOW = timedelta(days=7)  # between the publications of two entries that are one article


def once(candidates: Iterable[Kept], standing: Iterable[Kept] = ()) -> list[Kept]:
    """Leave out entries that have a standing one's published id or link, and every second of a kind.

    The first seen stands. In one round it is the one whose link is on its own source's site, so that an
    aggregator's copy does not push out the original. The result does not depend on the order given.
    """
    taken: dict[str, list[tuple[str, datetime]]] = {}
    for kept in standing:
        _take(kept, taken)
    left = []
    for kept in sorted(candidates, key=_precedence):
        if not any(_is_copy(kept, holder) for mark in _marks(kept) for holder in taken.get(mark, ())):
            _take(kept, taken)
            left.append(kept)
    return left


def _precedence(kept: Kept) -> tuple[object, ...]:
    entry = kept.entry
    return kept.round, not _is_at_home(kept), kept.seen, entry.source, entry.key


def _is_at_home(kept: Kept) -> bool:
    """Tell whether an entry's link is on the site of the source that it was read in."""
    entry = kept.entry
    if entry.origin.via:
        return False
    return _site(entry.url) == _site(entry.origin.site_url or entry.origin.feed_url)


def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _marks(kept: Kept) -> tuple[str, ...]:
    return f"id {kept.entry.published_id}", f"link {urls.canonical(kept.entry.url)}"


def _take(kept: Kept, taken: dict[str, list[tuple[str, datetime]]]) -> None:
    for mark in _marks(kept):
        taken.setdefault(mark, []).append((kept.entry.source, kept.entry.published))


def _is_copy(kept: Kept, holder: tuple[str, datetime]) -> bool:
    source, published = holder
    return source != kept.entry.source and abs(kept.entry.published - published) <= WINDOW
