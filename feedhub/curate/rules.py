"""Whether an entry comes in: what a feed takes, and its rules from the top, the first that fits. Pure."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from feedhub.curate.facts import Facts, labels
from feedhub.model import Entry, Feed, Kept, Rule, Source, Take, Verdict, When
from feedhub.text.folding import folded
from feedhub.text.patterns import pattern

Condition = Callable[[Facts], bool]


def may_take(take: Take, source: Source) -> bool:
    """Tell whether a feed takes entries of a source, as far as that does not depend on the entry."""
    return (not take.sources or source.name in take.sources) and (
        not take.groups or not set(take.groups).isdisjoint(source.groups)
    )


def takes(take: Take, entry: Entry, source: Source) -> bool:
    """Tell whether a feed takes an entry: one of each kind of thing that it names."""
    if not may_take(take, source):
        return False
    if not take.categories:
        return True
    return not set(map(folded, labels(entry))).isdisjoint(map(folded, take.categories))


def verdict(feed: Feed, kept: Kept, source: Source) -> tuple[Verdict | None, int | None]:
    """Give what the first rule that fits says, and its number, counted from 1; None where none does."""
    conditions = _conditions_of(feed.rules)
    if conditions:
        facts = Facts(kept, source)
        for number, (rule, fits_rule) in enumerate(zip(feed.rules, conditions, strict=True), 1):
            if fits_rule(facts):
                return rule.then, number
    return None, None


def fits(rule: Rule, kept: Kept, source: Source) -> bool:
    """Tell whether a rule fits: all that it names, and of each list any."""
    return _condition(rule.when)(Facts(kept, source))


@lru_cache(maxsize=256)
def _conditions_of(rules: tuple[Rule, ...]) -> tuple[Condition, ...]:
    return tuple(_condition(rule.when) for rule in rules)


def _condition(when: When) -> Condition:
    parts = tuple(_parts(when))
    return lambda facts: all(part(facts) for part in parts)


def _parts(when: When) -> Iterator[Condition]:
    """Give what an entry must be, what is found out most easily first."""
    if (age := when.age) is not None:
        yield lambda facts: facts.kept.seen - facts.entry.published >= age
    for field in ("source", "group", "language", "host", "title", "category", "author"):
        if patterns := getattr(when, field):
            yield _matching(field, patterns)
    if (image := when.image) is not None:
        yield lambda facts: facts.image == image
    if when.text:
        yield _matching("text", when.text)
    if (words := when.words) is not None:
        yield lambda facts: facts.words >= words
    if when.not_ is not None:
        inner = _condition(when.not_)
        yield lambda facts: not inner(facts)
    yield from map(_condition, when.all)
    if when.any:
        choices = tuple(map(_condition, when.any))
        yield lambda facts: any(choice(facts) for choice in choices)


def _matching(field: str, written: tuple[str, ...]) -> Condition:
    """Make the condition that one of a field's texts has one of these patterns."""
    is_label = field not in ("title", "text")
    patterns = [pattern(one, is_label=is_label) for one in written]
    return lambda facts: any(one(text) for text in getattr(facts, field) for one in patterns)
