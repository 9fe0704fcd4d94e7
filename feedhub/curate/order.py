"""In what order entries stand. Pure."""

from collections.abc import Iterable

from feedhub.model import Kept


def newest_first(entries: Iterable[Kept]) -> list[Kept]:
    """Sort by publication, newest first; ties ascend by published id, by code point."""
    ascending = sorted(entries, key=lambda kept: kept.entry.published_id)
    return sorted(ascending, key=lambda kept: kept.entry.published, reverse=True)
