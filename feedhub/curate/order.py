"""In what order entries stand. Pure."""

from collections.abc import Collection, Iterable, Sequence

from feedhub.model import Feed, Kept


def newest_first(entries: Iterable[Kept]) -> list[Kept]:
    """Sort by publication, newest first; ties ascend by published id, by code point."""
    ascending = sorted(entries, key=lambda kept: kept.entry.published_id)
    return sorted(ascending, key=lambda kept: kept.entry.published, reverse=True)


def arranged(kept: Sequence[Kept], feed: Feed, *, lead: str, featured: Collection[str]) -> Sequence[Kept]:
    """Put first, where the feed wants it so, which entry leads and then what is featured: published ids."""
    if feed.order == "time":
        return kept
    return sorted(
        kept, key=lambda one: (one.entry.published_id != lead, one.entry.published_id not in featured)
    )
