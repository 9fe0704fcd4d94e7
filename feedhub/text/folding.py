"""Texts as they are compared: what readers take for the same letter is the same, script by script. Pure.

Everywhere: no regard to case, composition, width, white space, and characters that do not show.
Latin and Greek: without diacritics (a headline writes cafe, a byline café; Greek capitals have no tonos).
Cyrillic: ё is е, stress marks go; й, ї and ў are letters of their own and stay.
Armenian: և, եւ and եվ are one; the marks ՛ ՜ ՞ that stand inside a word go.
Arabic: vowel signs and tatweel go; أ إ آ ٱ are ا, ى and ی are ي, ک is ك, ة is ه. Hebrew: points go.
Other scripts keep their marks, which are vowels there, or make another letter (か and が).
"""

import unicodedata
from typing import Final

from feedhub.text.composition import normalized

_ALIKE: Final = {
    **dict.fromkeys("՛՜՞՟", ""),  # inside or above an Armenian word
    **dict.fromkeys("’‘ʼ՚`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict(zip("øđłħıŧ", "odlhit", strict=True)),
    **dict(zip("æœ", ("ae", "oe"), strict=True)),
    **dict(zip("ёѐѝ", "ееи", strict=True)),
    **dict(zip("أإآٱىیکة", "ااااييكه", strict=True)),
    "ـ": "",
}
_MARKS: Final = (  # that say how a letter sounds, not which it is
    ("\u0300", "\u036f"),  # what is left of Latin, Greek and Cyrillic ones once composed
    ("\u0591", "\u05c7"),  # Hebrew points
    ("\u0610", "\u061a"),
    ("\u064b", "\u065f"),  # Arabic vowels
    ("\u0670", "\u0670"),
    ("\u06d6", "\u06ed"),
)


def folded(text: str) -> str:
    """Give a text as it is compared, with single spaces between its words."""
    if text.isascii():
        return " ".join(text.casefold().split())
    # Folding may take a letter apart again: Greek ΐ and its capital meet only once more composed.
    text = normalized("NFKC", normalized("NFKC", text).casefold())
    text = text.translate(_LETTERS)
    return " ".join(text.replace("եւ", "և").replace("եվ", "և").split())


class _Letters(dict[int, str]):
    """What each character is compared as, found once."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _letter(chr(code))
        return found


_LETTERS = _Letters()


def _letter(char: str) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    category = unicodedata.category(char)
    if category == "Cf" or (category == "Mn" and any(first <= char <= last for first, last in _MARKS)):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and unicodedata.name(base, "").startswith(("LATIN", "GREEK")):
        return _ALIKE.get(base, base)
    return char
