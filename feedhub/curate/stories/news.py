"""Do two entries tell the same news? Pure."""

from datetime import timedelta
from functools import cached_property

from rapidfuzz import fuzz

from feedhub import markup
from feedhub.curate.stories.headline import (
    Headline,
    Pieces,
    Rarity,
    headline,
    is_excluded,
    numbers_agree,
    pieces,
)
from feedhub.model import Entry, Kept

WINDOW = timedelta(hours=36)  # between the publications of two entries of one story

# How alike two headlines must be, from 0 to 1: measured on tests/headlines, and looked at on real days.
_ALIKE = 0.47
_ALIKE_BY_NUMBERS = 0.42  # they share a number that says something
_ALIKE_IN_DOUBT = 0.70  # only one of them has a number
_SHORT, _STRICTER_IF_SHORT = 7, 0.06  # words
_SURE = 0.70  # from here on the texts are not asked
_NEAR = 0.30  # from here on the texts may speak for them
_TEXTS_AGAINST, _TEXTS_FOR = 0.28, 0.45  # how alike headlines and texts are together
_AT_ONCE = timedelta(hours=3)  # later, news must be told the more alike: what follows from it uses its words
_STRICTER = 1.3  # how fast that grows, over the window
_OPENING = 400  # characters of a text that are looked at
_SHORTEST = 60  # characters of a text that says anything
_SHORTEST_COPY = 120
_COPIED = 90.0  # percent


class Report:
    """An entry as its story looks at it; what costs time is found out when it is asked for."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    @cached_property
    def headline(self) -> Headline:
        """Give its headline, taken apart."""
        return headline(self.kept.entry.title)

    @cached_property
    def opening(self) -> str:
        """Give the beginning of its text, in words."""
        return opening(self.kept.entry)

    @cached_property
    def pieces(self) -> Pieces:
        """Give the pieces of its headline and of the beginning of its text."""
        return {**pieces(self.opening), **self.headline.pieces}


def opening(entry: Entry) -> str:
    """Give the beginning of an entry's text, in words."""
    return markup.plain(entry.summary or entry.content)[:_OPENING]


def is_copy(one: str, other: str) -> bool:
    """Tell whether the openings of two texts are the same, but for a word here and there."""
    # The shorter may be an excerpt of the longer.
    length = min(len(one), len(other))
    if length < _SHORTEST_COPY:
        return False
    return fuzz.ratio(one[:length], other[:length], score_cutoff=_COPIED) >= _COPIED


def is_same_news(one: Report, other: Report, rarity: Rarity) -> bool:
    """Tell whether two entries tell the same news: by their headlines, and by their texts in doubt."""
    first, second = one.headline, other.headline
    if not (first.is_telling and second.is_telling) or is_excluded(first, second):
        return False
    likeness = rarity.likeness(first.pieces, second.pieces)
    if likeness < _NEAR:
        return False
    apart = abs(one.kept.entry.published - other.kept.entry.published)
    is_alike = likeness >= _wanted(first, second, apart)
    if is_alike and likeness >= _SURE:
        return True
    if min(len(one.opening), len(other.opening)) < _SHORTEST:
        return is_alike
    if is_copy(one.opening, other.opening):
        return True
    together = rarity.likeness(one.pieces, other.pieces)
    if is_alike:
        return together >= _TEXTS_AGAINST
    return together >= _TEXTS_FOR and apart <= _AT_ONCE and numbers_agree(first, second) is not False


def _wanted(one: Headline, other: Headline, apart: timedelta) -> float:
    """Give how alike two headlines must be that were published some time apart."""
    agree = numbers_agree(one, other)
    wanted = _ALIKE_BY_NUMBERS if agree else _ALIKE if agree is None else _ALIKE_IN_DOUBT
    if min(one.length, other.length) < _SHORT:
        wanted += _STRICTER_IF_SHORT
    late = max(timedelta(), apart - _AT_ONCE) / WINDOW
    return wanted + (1 - wanted) * min(1.0, _STRICTER * late)
