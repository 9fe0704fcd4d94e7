"""A story told once: which of its entries tells it, and who else does. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from feedhub.curate.order import in_order, prominence
from feedhub.curate.stories import Key, key_of, order
from feedhub.curate.stories.news import is_copy, opening
from feedhub.model import Edition, Entry, Kept, Placed, Story


def told(
    kept: Sequence[Kept],
    placed: Mapping[Key, Placed],
    *,
    lead: str = "",
    featured: Collection[str] = frozenset(),
) -> tuple[list[Kept], tuple[Story, ...]]:
    """Give the entries that stand for themselves, in the order given, and the stories that some of them tell.

    Of a story its first publisher leads; before it one that is featured, and before that one the `lead`:
    published ids.
    """
    members: dict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        placement = placed.get(key_of(one))
        if placement:
            members[placement.story].append(one)

    def rank(one: Kept) -> tuple[object, ...]:
        return *prominence(one.entry, lead=lead, featured=featured), order(one)

    stories: list[Story] = []
    under: set[Key] = set()
    for found in members.values():
        if len(found) > 1:
            first, *others = sorted(found, key=rank)
            others.sort(key=order)
            stories.append(_story(first.entry, [other.entry for other in others]))
            under.update(map(key_of, others))
    return [one for one in kept if key_of(one) not in under], tuple(stories)


def without(edition: Edition, published_ids: Collection[str]) -> Edition:
    """Give an edition without some of its entries; where one told a story, the next does, by its own date."""
    stories = {story.told_by: story for story in edition.stories}
    entries: list[Entry] = []
    left: list[Story] = []

    def rank(entry: Entry) -> tuple[bool, bool]:
        return prominence(entry, lead=edition.lead, featured=edition.featured)

    for entry in edition.entries:
        story = stories.get(entry.published_id)
        if entry.published_id not in published_ids:
            entries.append(entry)
            left += [story] if story else []
        elif story:
            first = min(story.others, key=rank)
            others = [other for other in story.others if other is not first]
            entries.append(first)
            left += [_story(first, others)] if others else []
    return replace(edition, entries=tuple(in_order(entries, edition)), stories=tuple(left))


def _story(first: Entry, others: Sequence[Entry]) -> Story:
    copies: set[str] = set()
    texts = [opening(first)]
    for other in others:
        text = opening(other)
        if any(is_copy(text, earlier) for earlier in texts):
            copies.add(other.published_id)
        texts.append(text)
    return Story(told_by=first.published_id, others=tuple(others), copies=frozenset(copies))
