"""The store to an edition's stories, as far as its feed groups entries; remembers who is in which."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from feedhub.curate.stories import Key, key_of, place
from feedhub.curate.stories.telling import told
from feedhub.model import Feed, Kept, Placed, Story
from feedhub.store import Store

Placing = Mapping[Key, Placed]

_MANY = 3  # entries that a story may have on average, for a document to be as long as its limit


def placed(store: Store, feed: Feed, candidates: Iterable[Kept]) -> tuple[Placing, Placing]:
    """Place entries that are on no closed day in stories; gives also what of that is to be written down."""
    if feed.group == "none":
        return {}, {}
    unfiled = list(candidates)
    known = store.stories.placed(feed.name, (one.entry for one in unfiled))
    found = place(unfiled, known)
    return found, {key: each for key, each in found.items() if known.get(key) != each}


def grouped(
    store: Store,
    feed: Feed,
    kept: Sequence[Kept],
    placing: Placing,
    *,
    lead: str = "",
    featured: Collection[str] = frozenset(),
    closed: bool,
) -> tuple[Sequence[Kept], tuple[Story, ...]]:
    """Give the entries of an edition that stand for themselves, and the stories that some of them tell.

    A closed day stays as it was published, also when its feed groups no more.
    """
    if feed.group == "none" and not closed:
        return kept, ()
    elsewhere = [one.entry for one in kept if key_of(one) not in placing]
    if elsewhere:
        placing = {**placing, **store.stories.placed(feed.name, elsewhere)}
    return told(kept, placing, lead=lead, featured=featured)


def at_most(feed: Feed) -> int:
    """Give how many entries to look through for as many as the feed's document holds beyond the open day."""
    return feed.limit if feed.group == "none" else _MANY * feed.limit


def newest_told(
    store: Store, feed: Feed, whole: Sequence[Kept], older: Sequence[Kept], placing: Placing
) -> list[Kept]:
    """Give the newest of what is older than the open day, up to the feed's limit; a story counts once."""
    kept, stories = grouped(store, feed, [*whole, *older], placing, closed=False)
    now = set(map(key_of, whole))
    room = feed.limit - sum(key_of(one) in now for one in kept)
    listed = {key_of(one) for one in [one for one in kept if key_of(one) not in now][: max(0, room)]}
    names = {one.entry.published_id for one in kept if key_of(one) in listed | now}
    under = {
        (other.source, other.key) for story in stories if story.told_by in names for other in story.others
    }
    return [one for one in older if key_of(one) in listed | under]
