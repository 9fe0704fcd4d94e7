"""Does a text show anything at all? Pure."""

import unicodedata

# Letters and symbols by name, but blank.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_visible(text: str) -> bool:
    """Tell whether a reader sees any of a text: neither spaces, formatting nor marks without a letter."""
    return any(
        character.isprintable()
        and not character.isspace()
        and character not in _BLANK
        and not unicodedata.category(character).startswith("M")
        for character in text
    )
