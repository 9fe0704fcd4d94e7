"""Words and phrases: whole words, wherever they stand in a text. Pure."""

from collections.abc import Callable

from feedhub.text import is_unspaced


def phrase(words: str) -> Callable[[str], bool]:
    """Make the test whether folded words stand in a folded text as words of their own."""

    def fits(text: str) -> bool:
        start = text.find(words)
        while start >= 0:
            end = start + len(words)
            if not _runs_on(text, start) and (_is_hangul(text[end - 1]) or not _runs_on(text, end)):
                return True
            start = text.find(words, start + 1)
        return False

    return fits


def _runs_on(text: str, index: int) -> bool:
    """Tell whether one word goes on over an index."""
    return 0 < index < len(text) and _is_letter(text[index - 1]) and _is_letter(text[index])


def _is_letter(char: str) -> bool:
    """Tell whether a character is one of those that make a word by standing together.

    Where words are set without spaces, any part of a text may be one.
    """
    return (char.isalnum() or char == "_") and not is_unspaced(char)


def _is_hangul(char: str) -> bool:
    """Tell whether a character is Korean: particles follow a word there without a space."""
    return "\uac00" <= char <= "\ud7a3"
