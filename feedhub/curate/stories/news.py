"""Do two entries tell the same news? Pure."""

import math
from collections.abc import Set
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
    names_differ,
    numbers,
    numbers_agree,
    pieces,
)
from feedhub.model import Entry, Kept

WINDOW = timedelta(hours=36)  # between the publications of two entries of one story

# How much of each headline the other entry must tell, from 0 to 1: measured on tests/headlines, and looked at
# on real days.
_ALIKE, _ALIKE_WITH_TEXTS = 0.40, 0.46  # texts tell some of it by chance
_BY_NUMBERS = 0.10  # less, if headlines share a number that says something
_NAMES_DIFFER = 0.55
_NUMBERS_DIFFER = 0.60  # only one of them has a number
_SHORT, _BY_WORD = 7, 0.04  # more, for each word that a headline has less
_AT_ONCE = timedelta(hours=2)  # later, news must be told the more alike: what follows from it uses its words
_LATER = 1.10  # how fast that grows, over the window
_NEAR = 0.20  # of the words of headlines alone: from here on numbers and texts are asked
_LIFT = 0.30  # by which texts may make up for headlines
_SURE = 0.70  # from here on the texts need not agree
_TEXTS_AGREE = 0.15  # how much of the words of each headline the other's text must tell
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
    def words(self) -> Weighed:
        """Give what the words of its headline tell, without its numbers."""
        return self.weighed.without_numbers()

    @cached_property
    def begins(self) -> float:
        """Give what the beginnings of its headline's words tell."""
        told = self.weighed.pieces
        return sum([told[piece] for piece in self.headline.beginnings])

    @cached_property
    def opening(self) -> str:
        """Give the beginning of its text, in words."""
        return opening(self.kept.entry)

    @cached_property
    def text(self) -> Set[str]:
        """Give the pieces of the beginning of its text."""
        return pieces(self.opening)

    @cached_property
    def told(self) -> Set[str]:
        """Give the pieces of its headline and of the beginning of its text."""
        return self.text | self.headline.pieces.keys()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Give the numbers in its headline and in the beginning of its text."""
        return self.headline.numbers | numbers(self.opening)


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


def is_same_news(one: Report, other: Report, *, part: float = 1.0) -> bool:
    """Tell whether two entries tell the same news: by their headlines, and by their texts in doubt.

    With `part` that part of what is wanted is enough: whether they are near each other.
    """
    # Where a headline's words are those of many, a number tells the most, which another may have by chance.
    if one.words.likeness(other.words) < _NEAR or _languages_differ(one.kept.entry, other.kept.entry):
        return False
    likeness = one.weighed.likeness(other.weighed)
    late = _late(abs(one.kept.entry.published - other.kept.entry.published))
    if likeness < part * _stricter(_ALIKE, late) - _LIFT:
        return False
    first, second = one.headline, other.headline
    if not (first.is_telling and second.is_telling) or is_excluded(first, second):
        return False
    if likeness >= max(_SURE, _stricter(_NUMBERS_DIFFER, late)):
        return True
    if is_copy(one.opening, other.opening):
        return True
    has_texts = min(len(one.opening), len(other.opening)) >= _SHORTEST
    wanted = _ALIKE_WITH_TEXTS if has_texts else _ALIKE
    wanted = part * _stricter(_wanted(one, other, wanted), late)
    if _told(one.weighed, other.weighed, one.told, other.told) < wanted:
        return False
    if likeness >= _SURE or not has_texts:
        return True
    return _told(one.words, other.words, one.text, other.text) >= _TEXTS_AGREE


def _languages_differ(one: Entry, other: Entry) -> bool:
    """Tell whether two entries say that they are in two languages."""
    first, second = (_primary(entry.language or entry.origin.language) for entry in (one, other))
    return bool(first and second) and first != second


def _primary(tag: str) -> str:
    return tag.partition("-")[0].casefold()


def _told(one: Weighed, other: Weighed, told: Set[str], told_there: Set[str]) -> float:
    """Give how much of each headline the other entry tells, from 0 to 1.

    Of both the geometric mean: what follows from an event tells of the event, and not the other way round.
    """
    return math.sqrt(one.told_by(told_there) * other.told_by(told))


def _wanted(one: Report, other: Report, wanted: float) -> float:
    """Give how much of each headline the other entry must tell if both were published at once."""
    first, second = one.headline, other.headline
    if names_differ(first, one.told, second, other.told):
        wanted = _NAMES_DIFFER
    elif numbers_agree(first, second):
        wanted -= _BY_NUMBERS
    elif not (first.numbers <= other.numbers and second.numbers <= one.numbers):
        wanted = _NUMBERS_DIFFER
    return wanted + _BY_WORD * max(0.0, _SHORT - min(first.length, second.length))


def _late(apart: timedelta) -> float:
    """Give how far apart two publications are, from 0 (at once) to 1; the first hours count the most."""
    return math.sqrt(min(1.0, max(timedelta(), apart - _AT_ONCE) / WINDOW))


def _stricter(wanted: float, late: float) -> float:
    return wanted + (1 - wanted) * min(1.0, _LATER * late)
