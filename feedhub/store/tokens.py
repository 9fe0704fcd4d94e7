"""Words as they are searched for, alike in every database and also in scripts without spaces. Pure.

A token is a word as it is compared (text/folding.py), with the marks in it that are vowels. Where a script
has no spaces, each two characters that stand together are one: whatever is searched for then is a row of
these.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from feedhub.text.folding import folded

VERSION = 2  # of how texts are cut: what was cut in another way is cut again
# Han, kana, bopomofo, Thai, Lao, Tibetan, Burmese and Khmer.
_UNSPACED = (
    r"\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_ASKED = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_LONGEST = 60  # characters of a token
_QUESTION = 200  # characters that are read of what is asked
_TERMS = 10
_ROW = 30  # tokens of a term


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A row of tokens that must stand together, or must not."""

    tokens: tuple[str, ...]
    is_begun: bool = False  # the last token may go on
    is_barred: bool = False


def tokens(text: str) -> list[str]:
    """Give the tokens of a text, in its order."""
    return [token for run in _runs(text) for token in _of_run(run)]


def _runs(text: str) -> Iterator[str]:
    for word in folded(text).translate(_PARTS).split():
        yield from _RUN.findall(word)


class _Parts(dict[int, str]):
    """What is part of a word, as it is; all else as a space. Found once."""

    def __missing__(self, code: int) -> str:
        found = self[code] = chr(code) if _is_part(chr(code)) else " "
        return found


_PARTS = _Parts()


def _is_part(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where each word of a text begins and ends; what folding leaves out of a word is in it."""
    return (match.span() for match in re.finditer(r"\S+", text.translate(_SHAPE)))


class _Shape(dict[int, str]):
    """For each character one that tells whether it stands in words."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        is_in = _is_part(char) or (not char.isspace() and not folded(char))
        found = self[code] = "x" if is_in else " "
        return found


_SHAPE = _Shape()


def _of_run(run: str) -> list[str]:
    if not _IS_UNSPACED.match(run):
        return [run[:_LONGEST]]
    # The last character stands alone, so that each begins a token.
    return [*map("".join, pairwise(run)), run[-1]]


def terms(question: str) -> list[Term]:
    """Read what is asked: words, "phrases", prefix*, -not. What says nothing falls away: nothing is wrong."""
    found = []
    for match in _ASKED.finditer(question[:_QUESTION]):
        words = match["phrase"] if match["word"] is None else match["word"]
        if term := _term(words, is_barred=bool(match["not"]), is_begun=words.endswith("*")):
            found.append(term)
    return found[:_TERMS]


def _term(words: str, *, is_barred: bool, is_begun: bool) -> Term | None:
    runs = list(_runs(words))
    if not runs:
        return None
    row = [token for run in runs for token in _of_run(run)]
    is_unspaced = bool(_IS_UNSPACED.match(runs[-1]))
    if is_unspaced and len(runs[-1]) > 1:
        del row[-1]  # the text may go on after it
    # A single character begins tokens, and is one only at the end of a run.
    is_single = is_unspaced and len(runs[-1]) == 1
    is_begun = is_single or (is_begun and len(row[-1]) > 1)
    return Term(tokens=tuple(row[:_ROW]), is_begun=is_begun and len(row) <= _ROW, is_barred=is_barred)
