"""Plain text: how long it is to a reader, where its sentences end, where it may be cut. Pure."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

ELLIPSIS = " …"

_JOINER = "\u200d"
_CLOSING = "\"'”’»›」』】）)\\]"
_STOPS = ".!?…։؟۔।॥።။។"
_SENTENCE_END = re.compile(
    rf"[。！？｡．]+[{_CLOSING}]*"  # these end a sentence without a space after them
    # A row of stops is looked at once, from its first: else a long one takes the square of its length.
    rf"|(?:(?<![{_STOPS}])[{_STOPS}]++|(?<=[\u0561-\u0587]):)[{_CLOSING}]*+(?=\s|$)"
)
_NEXT = re.compile(r"\s*(\S?)")
_LAST_WORD = re.compile(r"[^\s(«“„\"']+$")
# Titles and the like, after which a full stop ends no sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st gen col lt sgt capt gov sen rep rev hon jr sr vs etc vol approx inc ltd"
    " co corp dept est jan feb mar apr jun jul aug sep sept oct nov dec mm mme mlle bzw nr str"
    " г гг ул им тыс млн млрд руб стр проф акад".split()
)
_CLOSER_OF = {"“": "”", "«": "»", "„": "“", "‹": "›", "「": "」", "『": "』", "《": "》"}
_WIDEST = 32  # code points of a cluster: no script sets more, and else marks and joiners need not end
_DANGLING = " \t\r\n,;:–—-(«“„「『"


def clusters(text: str) -> Iterator[str]:
    """Give the characters as a reader sees them: grapheme clusters (UAX #29, without its rarer rules)."""
    start = flags = 0
    for position, char in enumerate(text):
        if position == start:
            flags = _is_flag(char)
        elif position - start < _WIDEST and (
            _continues(text[position - 1], char) or (flags == 1 and _is_flag(char))
        ):
            flags = 0
        else:
            yield text[start:position]
            start, flags = position, int(_is_flag(char))
    if text:
        yield text[start:]


def _is_flag(char: str) -> bool:
    """Tell whether a character is half of a flag (a regional indicator)."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _continues(before: str, char: str) -> bool:
    if char < "\u0300":
        return char == "\n" and before == "\r"
    return _extends(char) or (before == _JOINER and unicodedata.category(char) == "So")


@lru_cache(maxsize=4096)
def _extends(char: str) -> bool:
    """Tell whether a character only changes the one before it."""
    return (
        char in "\u200c\u200d\uff9e\uff9f"
        or "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # the tags of regional flags
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def length(text: str) -> int:
    """Count the characters of a text as a reader sees them."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in clusters(text))


def index_after(text: str, count: int) -> int:
    """Give the index at which the first `count` characters, as a reader sees them, end."""
    if count <= 0:
        return 0
    if len(text) <= count:
        return len(text)
    if text.isascii() and "\r" not in text:
        return count
    index = 0
    for number, cluster in enumerate(clusters(text), 1):
        index += len(cluster)
        if number == count:
            break
    return index


def sentence_ends(text: str) -> list[int]:
    """Give the indexes at which sentences end, behind their closing marks."""
    return list(_sentence_ends(text))


def _sentence_ends(text: str) -> Iterator[int]:
    return (match.end() for match in _SENTENCE_END.finditer(text) if _is_end(text, match))


def _is_end(text: str, match: re.Match[str]) -> bool:
    following = _NEXT.match(text, match.end())
    if not following or not following[1]:
        return True
    if is_small(following[1]):
        return False
    return match[0] != "." or not _is_abbreviated(text[max(0, match.start() - 40) : match.start()])


def is_small(char: str) -> bool:
    """Tell whether a letter is a small one, of a script whose sentences begin with others (not Georgian)."""
    return char.title() != char


def _is_abbreviated(before: str) -> bool:
    """Tell whether a full stop after this text belongs to an abbreviation, an initial or an ordinal."""
    word = _LAST_WORD.search(before)
    if not word:
        return False
    last = word[0]
    if last.isdigit():
        return len(last) <= 2
    return (len(last) == 1 and last.isalpha()) or "." in last or last.lower() in _ABBREVIATIONS


def quotations(text: str) -> list[tuple[int, int]]:
    """Give where the quotations of a text begin and end; a mark without its partner makes none."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    straight = -1
    for index, char in enumerate(text):
        if char == '"':
            if straight >= 0:
                found.append((straight, index + 1))
            straight = index if straight < 0 else -1
        elif opened and char in (opened[-1][0], "”" if opened[-1][0] == "“" else ""):
            found.append((opened.pop()[1], index + 1))
        elif char in _CLOSER_OF:
            opened.append((_CLOSER_OF[char], index))
    return found


def cut(text: str, limit: int, *, whole: Sequence[tuple[int, int]] = ()) -> tuple[int, bool]:
    """Find where to end a text so that it has at most `limit` characters, an ellipsis included.

    Gives the index, and whether a sentence ends there; if not, ELLIPSIS is to follow. Index 0: no part
    of it can stand. Quotations and the stretches `whole` are not cut through.
    """
    longest = index_after(text, limit)
    if longest >= len(text):
        return len(text), True
    kept_whole = _joined([*quotations(text), *whole])
    within = list(takewhile(lambda end: end <= longest, _sentence_ends(text)))
    end = next((end for end in reversed(within) if not _inside(end, kept_whole)), 0)
    if end:
        return end, True
    return _word_end(text, index_after(text, limit - len(ELLIPSIS)), kept_whole), False


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give stretches in order, those as one that share more than an end."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _inside(index: int, stretches: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Give which of some stretches, in order and apart, an index stands inside of."""
    place = bisect_left(stretches, (index, 0)) - 1  # the last that begins before it
    return stretches[place] if place >= 0 and index < stretches[place][1] else None


def _word_end(text: str, index: int, whole: Sequence[tuple[int, int]]) -> int:
    """Give the last index, up to the one given, at which a word ends."""
    while True:
        if not (text[index : index + 1].isspace() or is_unspaced(text[index - 1 : index])):
            start = next((at for at in range(index - 1, -1, -1) if text[at].isspace()), -1)
            if start >= 0:
                index = start
        index = len(text[:index].rstrip(_DANGLING))
        stretch = _inside(index, whole)
        if not stretch:
            return index
        index = stretch[0]


def count_words(text: str) -> int:
    """Count the words of a text; where none are set apart by spaces, each letter is one, as editors count."""
    if text.isascii():
        return sum(1 for word in text.split() if any(map(str.isalnum, word)))
    count = 0
    for word in text.split():
        letters = [char for char in word if char.isalnum()]
        alone = sum(map(is_unspaced, letters))
        count += alone + (alone < len(letters))
    return count


def is_unspaced(char: str) -> bool:
    """Tell whether a character is of a script that sets no spaces between words."""
    return (
        "\u0e00" <= char <= "\u0eff"  # Thai, Lao
        or "\u1000" <= char <= "\u109f"  # Myanmar
        or "\u1780" <= char <= "\u17ff"  # Khmer
        or "\u3000" <= char <= "\u9fff"  # kana, CJK
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uff9f"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def shorten(text: str, limit: int) -> str:
    """Give the first words of a text, at most `limit` characters: whole sentences if one fits."""
    text = " ".join(text.split())
    index, is_sentence = cut(text, limit)
    if not index:
        return ""
    return text[:index] + ("" if is_sentence else ELLIPSIS)
