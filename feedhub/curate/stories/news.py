"""Do two entries tell the same news? Pure."""

from datetime import timedelta
from functools import cached_property

from rapidfuzz import fuzz

from feedhub import markup
from feedhub.curate.stories.headline import (
    Headline,
    Rarity,
    Weighed,
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
NEAR = 0.30  # from here on the texts may speak for them
_TEXTS_AGAINST, _TEXTS_FOR = 0.28, 0.45  # how alike headlines and texts are together
_AT_ONCE = timedelta(hours=3)  # later, news must be told the more alike: what follows from it uses its words
_STRICTER = 1.3  # how fast that grows, over the window
_OPENING = 400  # characters of a text that are looked at
_SHORTEST = 60  # characters of a text that says anything
_SHORTEST_COPY = 120
_COPIED = 90.0  # percent


class Report:
    """An entry as its story looks at it; what costs time is found out when it is asked for."""

    def __init__(self, kept: Kept, rarity: Rarity) -> None:
        self.kept = kept
        self._rarity = rarity

    @cached_property
    def headline(self) -> Headline:
        """Give its headline, taken apart."""
        return headline(self.kept.entry.title)

    @cached_property
    def weighed(self) -> Weighed:
        """Give what its headline tells, among those known when this was asked first."""
        return self._rarity.weighed(self.headline.pieces)

    @cached_property
    def opening(self) -> str:
        """Give the beginning of its text, in words."""
        return opening(self.kept.entry)

    @cached_property
    def weighed_with_text(self) -> Weighed:
        """Give what its headline and the beginning of its text tell together."""
        return self._rarity.weighed({**pieces(self.opening), **self.headline.pieces})


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


def is_same_news(one: Report, other: Report) -> bool:
    """Tell whether two entries tell the same news: by their headlines, and by their texts in doubt."""
    likeness = one.weighed.likeness(other.weighed)
    if likeness < NEAR:
        return False
    first, second = one.headline, other.headline
    if not (first.is_telling and second.is_telling) or is_excluded(first, second):
        return False
    apart = abs(one.kept.entry.published - other.kept.entry.published)
    is_alike = likeness >= _wanted(first, second, apart)
    if is_alike and likeness >= _SURE:
        return True
    if min(len(one.opening), len(other.opening)) < _SHORTEST:
        return is_alike
    if is_copy(one.opening, other.opening):
        return True
    if not is_alike and (apart > _AT_ONCE or numbers_agree(first, second) is False):
        return False
    together = one.weighed_with_text.likeness(other.weighed_with_text)
    return together >= (_TEXTS_AGAINST if is_alike else _TEXTS_FOR)


def _wanted(one: Headline, other: Headline, apart: timedelta) -> float:
    """Give how alike two headlines must be that were published some time apart."""
    agree = numbers_agree(one, other)
    wanted = _ALIKE_BY_NUMBERS if agree else _ALIKE if agree is None else _ALIKE_IN_DOUBT
    if min(one.length, other.length) < _SHORT:
        wanted += _STRICTER_IF_SHORT
    late = max(timedelta(), apart - _AT_ONCE) / WINDOW
    return wanted + (1 - wanted) * min(1.0, _STRICTER * late)
