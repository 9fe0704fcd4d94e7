"""Headlines as an editor of a wire sees them on one day, labelled: tests/headlines/LANGUAGE.txt.

A blank line parts one piece of news from the next. `=` tells the news, `~` is near it and yet other news:
what came before or after, the same person or place, the same pattern. Then the hours since the first report.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from desk import HOUR, START, item, kept
from feedhub.model import Kept

_FOLDER = Path(__file__).parent / "headlines"
LANGUAGES = {
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "hy": "Armenian",
    "ru": "Russian",
    "zh": "Chinese",
}
HELD_OUT = 3  # of so many pieces of news the last was not looked at while thresholds were chosen


@dataclass(frozen=True)
class Headline:
    language: str
    news: int  # its number in the language
    is_it: bool  # it tells the news, and not only something near it
    hours: int
    title: str

    @property
    def is_held_out(self) -> bool:
        return self.news % HELD_OUT == HELD_OUT - 1


@cache
def headlines() -> tuple[Headline, ...]:
    return tuple(each for language in LANGUAGES for each in _read(language))


def _read(language: str) -> list[Headline]:
    found, news, is_new = [], -1, True
    for line in (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            is_new = True
            continue
        news, is_new = news + is_new, False
        label, hours, title = line.split(" ", 2)
        found.append(
            Headline(language=language, news=news, is_it=label == "=", hours=int(hours), title=title)
        )
    return found


def pairs(language: str) -> list[tuple[Headline, Headline]]:
    """Give every pair of a language's headlines."""
    return list(combinations([each for each in headlines() if each.language == language], 2))


def label(one: Headline, other: Headline) -> str:
    """Give what two headlines are to each other."""
    if one.news != other.news:
        return "unrelated"
    return "same" if one.is_it and other.is_it else "related"


@cache
def entry(headline: Headline) -> Kept:
    """Build an entry with a headline, of a source of its own."""
    number = headlines().index(headline)
    published = START + headline.hours * HOUR
    return kept(item("a", f"source-{number}", title=headline.title, published=published, summary=""))
