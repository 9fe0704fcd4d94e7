"""How many of a source, and in what order. Pure."""

from collections import Counter
from collections.abc import Iterable

from feedhub.model import Entry, Kept


def within_quota(entries: Iterable[Kept], per_source: int | None) -> list[Kept]:
    """Keep the first of each source by when they were seen: what is in stays in as more come."""
    taken: Counter[str] = Counter()
    left = []
    for kept in sorted(entries, key=_arrival):
        taken[kept.entry.source] += 1
        if per_source is None or taken[kept.entry.source] <= per_source:
            left.append(kept)
    return left


def _arrival(kept: Kept) -> tuple[object, ...]:
    return kept.seen, kept.entry.published, kept.entry.key


def newest_first(entries: Iterable[Kept]) -> list[Kept]:
    """Sort by publication, newest first; ties ascend by published id, by code point."""
    ascending = sorted(entries, key=lambda kept: kept.entry.published_id)
    return sorted(ascending, key=_published, reverse=True)


def _published(kept: Kept) -> tuple[object]:
    return (kept.entry.published,)


def entries_of(kept: Iterable[Kept]) -> tuple[Entry, ...]:
    """Give the entries without what the store knows of them."""
    return tuple(one.entry for one in kept)
