"""Whether an entry comes in: what a feed takes, and its rules from the top, the first that fits. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from feedhub import markup, urls
from feedhub.model import Entry, Feed, Kept, Person, Rule, Source, Take, Verdict, When


def may_take(take: Take, source: Source) -> bool:
    """Tell whether a feed takes entries of a source, as far as that does not depend on the entry."""
    return (not take.sources or source.name in take.sources) and (
        not take.groups or not set(take.groups).isdisjoint(source.groups)
    )


def takes(take: Take, entry: Entry, source: Source) -> bool:
    """Tell whether a feed takes an entry: one of each kind of thing that it names."""
    if not may_take(take, source):
        return False
    labels = map(_folded, _labels(entry))
    return not take.categories or not set(labels).isdisjoint(map(_folded, take.categories))


def verdict(feed: Feed, kept: Kept, source: Source) -> Verdict:
    """Give what the first rule that fits says; "include" where none does."""
    return next((rule.then for rule in feed.rules if fits(rule, kept, source)), "include")


def fits(rule: Rule, kept: Kept, source: Source) -> bool:
    """Tell whether a rule fits: all that it names, and of each list any."""
    when = rule.when
    if when.age is not None and kept.seen - kept.entry.published < when.age:
        return False
    return all(
        not globs or _matches_any(globs, texts(kept.entry, source)) for globs, texts in _conditions(when)
    )


_Texts = Callable[[Entry, Source], Iterable[str]]


def _conditions(when: When) -> Iterable[tuple[tuple[str, ...], _Texts]]:
    yield when.source, lambda _, source: (source.name,)
    yield when.group, lambda _, source: source.groups
    yield when.language, lambda entry, _: (entry.language, entry.language.partition("-")[0])
    yield when.host, lambda entry, _: (urls.host(entry.url),)
    yield when.title, lambda entry, _: (entry.title,)
    yield when.category, lambda entry, _: _labels(entry)
    yield when.author, lambda entry, _: (author.name or author.email for author in _authors(entry))
    yield when.text, lambda entry, _: (_text(entry),)


def _labels(entry: Entry) -> list[str]:
    """Give the publisher's labels, as readers see them and as machines do."""
    return [name for category in entry.categories for name in (category.term, category.label) if name]


def _authors(entry: Entry) -> Iterable[Person]:
    return entry.authors or entry.origin.authors


def _text(entry: Entry) -> str:
    return " ".join((entry.title, markup.plain(entry.summary), markup.plain(entry.content)))


def _matches_any(globs: tuple[str, ...], texts: Iterable[str]) -> bool:
    return any(_matches(glob, text) for text in map(_folded, texts) for glob in globs)


def _matches(glob: str, text: str) -> bool:
    """Tell whether a glob fits the whole of a folded text, in time that grows with the text alone."""
    first, *rest = _pieces(glob)
    if not rest:
        return bool(first.fullmatch(text))
    *middle, last = rest
    found = first.match(text)
    for piece in middle:
        found = found and piece.search(text, found.end())
    # The last piece has one length: `?` is one character, and there is no `*` in it.
    begin = len(text) - _length(glob)
    return bool(found and found.end() <= begin and last.match(text, begin))


@lru_cache(maxsize=4096)
def _pieces(glob: str) -> tuple[re.Pattern[str], ...]:
    """Cut a glob at its stars; `*` is any text, `?` any one character."""
    parts = (re.split(r"(\?)", piece) for piece in _folded(glob).split("*"))
    return tuple(
        re.compile("".join("." if part == "?" else re.escape(part) for part in piece), re.S)
        for piece in parts
    )


def _length(glob: str) -> int:
    return len(_folded(glob).rpartition("*")[2])


def _folded(text: str) -> str:
    """Give a text as it is compared: without regard to case, composition and white space."""
    # Folding may take a letter apart again: Greek ΐ and its capital meet only once more composed.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(text.split())
