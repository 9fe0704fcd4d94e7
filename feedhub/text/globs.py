"""Globs: patterns for the whole of a text. Pure."""

import re
from collections.abc import Callable

from feedhub.text.folding import folded

_PARTS = re.compile(r"\\(.)|([*?])|([^\\*?]+)|\\", re.S)
_ONE = object()  # any one character
_ANY = object()  # any characters


def is_glob(written: str) -> bool:
    """Tell whether a pattern has a star or a question mark that stands for others.

    Raises ValueError for a backslash that makes nothing literal.
    """
    return any(part is _ONE or part is _ANY for part in _parts(written))


def literal(written: str) -> str:
    """Give the words of a pattern that is no glob."""
    return "".join(str(part) for part in _parts(written))


def glob(written: str) -> Callable[[str], bool]:
    """Make the test whether a glob fits the whole of a folded text, in time in proportion to the text."""
    parts = _parts(written)
    # What stands before and after a star is not stripped of its spaces by folding.
    pieces, lengths, piece, length = [], [], "", 0
    for part in parts:
        if part is _ANY:
            pieces.append(re.compile(piece, re.S))
            lengths.append(length)
            piece, length = "", 0
        elif part is _ONE:
            piece, length = piece + ".", length + 1
        else:
            words = _folded(str(part))
            piece, length = piece + re.escape(words), length + len(words)
    first, *middle = [*pieces, re.compile(piece, re.S)]
    if not middle:
        return lambda text: bool(first.fullmatch(text))
    last = middle.pop()

    def fits(text: str) -> bool:
        found = first.match(text)
        for each in middle:
            found = found and each.search(text, found.end())
        # The last piece has one length: `?` is one character, and there is no `*` in it.
        begin = len(text) - length
        return bool(found and found.end() <= begin and last.match(text, begin))

    return fits


def _folded(words: str) -> str:
    """Fold a part of a glob; a space at its ends is a part of it."""
    before = " " if words[:1].isspace() else ""
    after = " " if words[-1:].isspace() and words.strip() else ""
    return before + folded(words) + after


def _parts(written: str) -> list[object]:
    found: list[object] = []
    for match in _PARTS.finditer(written.strip()):
        made_literal, wild, words = match.groups()
        if wild:
            found.append(_ANY if wild == "*" else _ONE)
        elif words is not None:
            found.append(words)
        elif made_literal is not None and made_literal in "\\*?/":
            found.append(made_literal)
        else:
            raise ValueError(
                r'holds a backslash that stands before no "*", "?", "/" or "\"; write "\\" for one'
            )
    return found
