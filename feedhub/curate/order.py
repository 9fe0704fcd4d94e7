"""In what order entries stand. Pure."""

from collections.abc import Collection, Iterable, Sequence

from feedhub.model import Edition, Entry, Feed, Kept


def newest_first(entries: Iterable[Kept]) -> list[Kept]:
    """Sort by publication, newest first; ties ascend by published id, by code point."""
    return sorted(entries, key=lambda kept: _age(kept.entry))


def arranged(kept: Sequence[Kept], feed: Feed, *, lead: str, featured: Collection[str]) -> Sequence[Kept]:
    """Put first, where the feed wants it so, which entry leads and then what is featured: published ids."""
    if feed.order == "time":
        return kept
    return sorted(kept, key=lambda one: prominence(one.entry, lead=lead, featured=featured))


def in_order(entries: Iterable[Entry], edition: Edition) -> list[Entry]:
    """Sort as the entries of an edition stand."""
    newest = sorted(entries, key=_age)
    if edition.feed.order == "time":
        return newest
    return sorted(newest, key=lambda one: prominence(one, lead=edition.lead, featured=edition.featured))


def prominence(entry: Entry, *, lead: str, featured: Collection[str]) -> tuple[bool, bool]:
    """Give what sorts the lead before what is featured, and that before all else: published ids."""
    return entry.published_id != lead, entry.published_id not in featured


def _age(entry: Entry) -> tuple[float, str]:
    return -entry.published.timestamp(), entry.published_id
