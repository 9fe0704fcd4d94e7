"""How alike two headlines are, in any script: shared rare pieces of words, numbers, patterns. Pure.

Knows no words of any language: what is rare is what few headlines of these days hold.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

Pieces = Mapping[str, float]  # of a text: each with its share of the word that it is of

_LONG = 4  # characters of a piece; a word's first piece begins with a space, and a short one ends with it
_ADDRESS = re.compile(r"https?://\S+", re.I)
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DIGITS = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Scripts that set no spaces between words: kana, CJK, and Hangul too, whose words are short and change.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBER_SIGN = "#"  # a piece that is a number begins with it
_NUMBER_TELLS = 1.2  # as much as a word, and a little more
_BEGINNING = 2  # pieces that a name is known by, whatever its ending
_TELLING = 4  # words that a headline needs to tell news


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """A headline taken apart."""

    pieces: Pieces
    beginnings: tuple[str, ...]  # pieces that words begin with, all of words not set apart, and numbers
    tokens: tuple[str, ...]  # its words, and single characters where words are not set apart
    length: float  # in words; where they are not set apart, two characters count as one
    numbers: frozenset[str]
    names: tuple[frozenset[str], ...]  # of words with a capital, beside the first: the pieces they begin with

    @property
    def is_telling(self) -> bool:
        """Tell whether it says enough to be known by: not `Weather`, `Horoscope` or `Live updates`."""
        return self.length >= _TELLING


@lru_cache(maxsize=8192)
def headline(title: str) -> Headline:
    """Take a title apart; addresses in it are no words."""
    title = _ADDRESS.sub(" ", title)
    folded = _folded(title)
    tokens = tuple(_tokens(folded))
    unspaced = sum(_UNSPACED.match(token) is not None for token in tokens) if _UNSPACED.search(folded) else 0
    found = _weighed_by_word(folded)
    return Headline(
        pieces=found,
        beginnings=tuple(piece for piece in found if piece[0] in (" ", _NUMBER_SIGN) or len(piece) < _LONG),
        tokens=tokens,
        length=len(tokens) - unspaced / 2,
        numbers=_numbers(folded),
        names=tuple(_names(title)),
    )


def _weighed_by_word(folded: str) -> Pieces:
    found: dict[str, float] = {}
    for word in _WORD.findall(folded):
        own, share = _pieces(word)
        for piece in own:
            found[piece] = max(found.get(piece, 0.0), share)
    return found | {_as_piece(number): _NUMBER_TELLS for number in _numbers(folded)}


def pieces(text: str) -> set[str]:
    """Give the pieces of a text's words, and its numbers."""
    folded = _folded(text)
    found: set[str] = set()
    for word in _WORD.findall(folded):
        found.update(_pieces(word)[0])
    found.update(map(_as_piece, _numbers(folded)))
    return found


def _as_piece(number: str) -> str:
    return _NUMBER_SIGN + number


def numbers(text: str) -> frozenset[str]:
    """Give the numbers in a text, as they are compared."""
    return _numbers(_folded(text))


def _names(title: str) -> Iterable[frozenset[str]]:
    for word in _WORD.findall(title)[1:]:
        if word[0].isupper() and len(word) > 1:
            yield frozenset(_pieces(_folded(word))[0][:_BEGINNING])


@lru_cache(maxsize=16384)
def _pieces(word: str) -> tuple[tuple[str, ...], float]:
    """Give the pieces of a word, and the share of each: long words tell more than short ones, a little."""
    found: dict[str, None] = {}
    is_unspaced = _UNSPACED.search(word) is not None
    for run in filter(None, _DIGITS.split(word)):
        begun = run if is_unspaced else f" {run}" if len(run) >= _LONG else f" {run} "
        long = 2 if is_unspaced else _LONG
        found |= {begun[start : start + long]: None for start in range(max(1, len(begun) - long + 1))}
    return tuple(found), 1.0 if is_unspaced or not found else 1 / math.sqrt(len(found))


def _tokens(folded: str) -> Iterable[str]:
    for word in _WORD.findall(folded):
        if _UNSPACED.search(word):
            yield from word
        else:
            yield word


def _folded(text: str) -> str:
    """Give a text without case, accents and other forms of the same letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare)


def _numbers(folded: str) -> frozenset[str]:
    return frozenset(_number(found) for found in _NUMBER.findall(folded))


def _number(written: str) -> str:
    """Give a number as it is compared: 2,000 is 2000, and 8,25 is 8.25."""
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in written)
    if _GROUPED.fullmatch(digits):
        return re.sub("[.,]", "", digits)
    return ".".join(part.lstrip("0") or "0" for part in re.split("[.,]", digits))


class Rarity:
    """How rare each piece is among the headlines of these days."""

    def __init__(self, headlines: Iterable[Headline] = ()) -> None:
        self._holding: Counter[str] = Counter()
        self._weights: dict[str, float] = {}  # as far as they have been asked for
        self.count = 0
        for each in headlines:
            self.add(each)

    def add(self, headline: Headline) -> None:
        """Count a headline in."""
        self._holding.update(headline.pieces.keys())
        self._weights.clear()
        self.count += 1

    def weighed(self, parts: Pieces) -> "Weighed":
        """Give how much each piece of a text tells: more if few headlines hold it, nothing if none does."""
        # Squared: what few headlines hold is to tell far more than what many do.
        found = {piece: (self._weight(piece) * share) ** 2 for piece, share in parts.items()}
        return Weighed(pieces=found, size=sum(found.values()))

    def _weight(self, piece: str) -> float:
        weight = self._weights.get(piece)
        if weight is None:
            held = self._holding[piece]
            weight = self._weights[piece] = math.log1p(self.count / held) if held else 0.0
        return weight


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """How much each piece of a text tells, and all together."""

    pieces: Pieces
    size: float

    def likeness(self, other: "Weighed") -> float:
        """Give what two texts share of what their pieces tell, from 0 to 1."""
        if not (self.size and other.size):
            return 0.0
        two = other.pieces
        shared = sum([min(told, two[piece]) for piece, told in self.pieces.items() if piece in two])
        return shared / math.sqrt(self.size * other.size)

    def without_numbers(self) -> "Weighed":
        """Give the same of its words alone."""
        words = {piece: told for piece, told in self.pieces.items() if not piece.startswith(_NUMBER_SIGN)}
        return Weighed(pieces=words, size=sum(words.values()))

    def told_by(self, pieces: Container[str]) -> float:
        """Give how much of what a text's pieces tell is among some pieces, from 0 to 1."""
        if not self.size:
            return 0.0
        return sum([told for piece, told in self.pieces.items() if piece in pieces]) / self.size


def is_excluded(one: Headline, other: Headline) -> bool:
    """Tell whether two headlines cannot tell the same news, however alike they are.

    Their numbers contradict each other, or they are one pattern with another word in it: of another day,
    place or person.
    """
    return _contradict(one.numbers, other.numbers) or _is_pattern(one.tokens, other.tokens)


def _contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether each has a number that the other lacks: both a year, or neither."""
    lacking, extra = one - other, other - one
    return any(bool(_YEAR.fullmatch(a)) == bool(_YEAR.fullmatch(b)) for a in lacking for b in extra)


def _is_pattern(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two headlines differ in a word or two at one place, or in some words each in its place."""
    changes = [change for change in Levenshtein.opcodes(one, other) if change.tag != "equal"]
    if len(changes) == 1 and changes[0].tag == "replace":
        (change,) = changes
        many = max(change.src_end - change.src_start, change.dest_end - change.dest_start)
        if many <= 2 and 3 * many <= min(len(one), len(other)):
            return True
    if len(one) != len(other):
        return False
    others = [pair for pair in zip(one, other, strict=True) if not _is_one_word(*pair)]
    if not others or 2 * len(others) > len(one):
        return False
    return not any(_is_one_word(mine, theirs) for mine, _ in others for _, theirs in others)


def _is_one_word(one: str, other: str) -> bool:
    """Tell whether two words are the same, perhaps with other endings."""
    return one == other or (min(len(one), len(other)) > _LONG and one[:_LONG] == other[:_LONG])


def names_differ(one: Headline, told: Set[str], other: Headline, told_there: Set[str]) -> bool:
    """Tell whether two headlines have names, none of which stands among the pieces that the other tells."""
    return bool(one.names and other.names) and not (_any(one.names, told_there) or _any(other.names, told))


def _any(names: Iterable[frozenset[str]], told: Set[str]) -> bool:
    return any(name <= told for name in names)


def numbers_agree(one: Headline, other: Headline) -> bool | None:
    """Tell whether two headlines share numbers that say something; None if neither has one.

    A single digit and a year are of many news.
    """
    shared = {number for number in one.numbers & other.numbers if not _YEAR.fullmatch(number)}
    if len(shared) > 1 or any(len(number) > 1 for number in shared):
        return True
    return None if bool(one.numbers) == bool(other.numbers) else False
