"""Texts composed and folded by Unicode's normal forms, in a time that grows as they do. Pure.

A normal form sorts the marks on a letter, which takes the square of their number. No language sets more
than a few on one; UAX #15 (its stream-safe format) bounds a row of them at 30.
"""

import re
import unicodedata
from typing import Final, Literal

MOST_MARKS: Final = 30  # in a row
# No mark is a letter or a digit, but for the halfwidth voicing signs of kana.
_MAY_BE_MARKS = re.compile(rf"(?:[^\w\s\x00-\u02ff]|[\uff9e\uff9f]){{{MOST_MARKS + 1},}}")


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Give a text in a normal form; of more than MOST_MARKS marks in a row the first ones."""
    return text if text.isascii() else unicodedata.normalize(form, _stream_safe(text))


def _stream_safe(text: str) -> str:
    return _MAY_BE_MARKS.sub(_thinned, text)


def _thinned(row: re.Match[str]) -> str:
    kept = []
    marks = 0
    for char in row[0]:
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_mark(char: str) -> bool:
    """Tell whether a character joins the row of marks before it, as it is or taken apart."""
    return (
        unicodedata.combining(char) > 0 or unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) > 0
    )
