"""Headlines as an editor of a wire sees them on one day, labelled: tests/headlines/LANGUAGE.txt.

A blank line parts one piece of news from the next. `=` tells the news, `~` is near it and yet other news:
what came before or after, the same person or place, the same pattern. Then the hours since the first report.
A line with `>` is how the text under the headline before it begins, where a feed gives one.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Literal

from desk import HOUR, START, item, kept
from feedhub.model import Kept

Part = Literal["tuned", "held out", "unseen"]

_FOLDER = Path(__file__).parent / "headlines"
_UNSEEN = _FOLDER / "unseen"  # written before the method was last changed, and looked at after that, once
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
    part: Part
    news: int  # its number in its part of the language
    is_it: bool  # it tells the news, and not only something near it
    hours: int
    title: str
    text: str = ""


@cache
def headlines() -> tuple[Headline, ...]:
    return tuple(
        each for folder in (_FOLDER, _UNSEEN) for language in LANGUAGES for each in _read(folder, language)
    )


def _read(folder: Path, language: str) -> list[Headline]:
    found: list[Headline] = []
    news, is_new = -1, True
    for line in (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            is_new = True
            continue
        if line.startswith(">"):
            found[-1] = replace(found[-1], text=line.removeprefix("> "))
            continue
        news, is_new = news + is_new, False
        label, hours, title = line.split(" ", 2)
        found.append(
            Headline(
                language=language,
                part=_part(folder, news),
                news=news,
                is_it=label == "=",
                hours=int(hours),
                title=title,
            )
        )
    return found


def _part(folder: Path, news: int) -> Part:
    if folder == _UNSEEN:
        return "unseen"
    return "held out" if news % HELD_OUT == HELD_OUT - 1 else "tuned"


def pairs(language: str, *parts: Part) -> list[tuple[Headline, Headline]]:
    """Give every pair of a language's headlines, of some parts or of all."""
    mine = [each for each in headlines() if each.language == language]
    return list(combinations([each for each in mine if not parts or each.part in parts], 2))


def label(one: Headline, other: Headline) -> str:
    """Give what two headlines are to each other."""
    if (one.part == "unseen", one.news) != (other.part == "unseen", other.news):
        return "unrelated"
    return "same" if one.is_it and other.is_it else "related"


@cache
def entry(headline: Headline) -> Kept:
    """Build an entry with a headline, of a source of its own."""
    number = headlines().index(headline)
    published = START + headline.hours * HOUR
    text = f"<p>{headline.text}</p>" if headline.text else ""
    said = {"title": headline.title, "language": headline.language, "summary": text, "published": published}
    return kept(item("a", f"source-{number}", **said))
