"""The patterns of rules: words and phrases, globs and regular expressions. Pure; the only user of google-re2.

    vote, prime minister    words: as they stand in a text, not inside of others; of a label the whole
    *vote*, h?roscope*      globs: of the whole text; `*` is any characters, `?` is one, `\\*` is a star
    /vot(e|ing)/            a regular expression, anywhere in the text

Words and globs are compared as `folding` says. Nothing here takes longer than in proportion to the text.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache

import re2

from feedhub.text.composition import normalized
from feedhub.text.folding import folded
from feedhub.text.globs import glob, is_glob, literal
from feedhub.text.words import phrase

Fits = Callable[["Text"], bool]

_LARGEST = 800  # states that a regular expression may have
# Bytes of a text times states: the first part of a text that a regular expression sees is at least 1000.
_EFFORT = 800_000


class Text:
    """A text that patterns are tried on: what they compare is made of it once, and only if one asks."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    @cached_property
    def folded(self) -> str:
        """The text as words and globs compare it."""
        return folded(self.raw)

    @cached_property
    def bytes(self) -> bytes:
        """The text as regular expressions see it: composed, with single spaces, in UTF-8."""
        return " ".join(normalized("NFC", self.raw).split()).encode("utf-8", "replace")


@lru_cache(maxsize=4096)
def pattern(written: str, *, is_label: bool = False) -> Fits:
    """Make a pattern of what was written; of a label, a word must be the whole.

    Raises ValueError, in the operator's words, for what is none.
    """
    if written.startswith("/"):
        return _expression(written)
    if is_glob(written):
        fits_glob = glob(written)
        return lambda text: fits_glob(text.folded)
    words = folded(literal(written))
    if not words:
        raise ValueError("holds no letter, digit or sign that could be compared")
    if is_label:
        return lambda text: text.folded == words
    fits_phrase = phrase(words)
    return lambda text: fits_phrase(text.folded)


def _expression(written: str) -> Fits:
    if len(written) < 3 or not written.endswith("/"):
        raise ValueError('begins with "/" as a regular expression does, and does not end with "/"')
    source = written[1:-1]
    options = _options()
    try:
        compiled = re2.compile(source, options)
        states = _states(source)
    except re2.error as error:
        words = error.args[0]
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        raise ValueError(f"is no regular expression that RE2 takes: {said}") from None
    if states > _LARGEST:
        raise ValueError(f"is too large a regular expression: {states} states, {_LARGEST} are allowed")
    seen = _EFFORT // states
    return lambda text: compiled.search(text.bytes[:seen]) is not None


def _states(source: str) -> int:
    """Give how many states an expression has, each character, whatever its script, counted as one."""
    options = _options()
    options.encoding = re2.Options.Encoding.LATIN1
    alike = "".join(char if char.isascii() else "z" for char in source).encode("ascii")
    return max(1, int(re2.compile(alike, options).programsize))


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options
