"""The store remembers which story an entry is in, on both databases alike."""

from databases import NOON, item, kept, poll
from feedhub.model import Placed
from feedhub.store import Store


def test_where_an_entry_is_placed_is_kept_changed_and_forgotten_feed_by_feed(store: Store) -> None:
    poll(store, item("a"))
    ((key, found),) = kept(store).items()
    entry, name = found.entry, (found.entry.source, key)
    for feed in ("day", "other"):
        store.publishing.feed(feed)
        store.stories.place(feed, {name: Placed(story="x", changed=NOON)})
    store.stories.place("day", {name: Placed(story="y", changed=NOON)})
    assert store.stories.placed("day", [entry]) == {name: Placed(story="y", changed=NOON)}
    assert store.stories.placed("other", [entry]) == {name: Placed(story="x", changed=NOON)}
    store.stories.forget("day", [entry])
    assert store.stories.placed("day", [entry]) == {}
    assert store.stories.placed("other", [entry])
