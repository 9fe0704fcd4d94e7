"""python -m bench.stories: what it costs to group the entries of a day by the news that they tell.

Headlines are made up of random words, half of them told again by another source in other words; the figures
stand in docs/curation.md.
"""

import random
import statistics
import time
from datetime import UTC, datetime, timedelta

from feedhub.curate.stories import Stories, key_of, order, place
from feedhub.model import Entry, Kept, Origin

_START = datetime(2024, 11, 24, tzinfo=UTC)
_LETTERS = "eeeeeaaaiiooouuttttnnnnsssrrrhhddllccmmffppggwybvk"
_MORE = 50  # entries that come one by one


def main() -> None:
    """Measure, and print."""
    for many in (1000, 5000, 10_000):
        entries = day(many)
        began = time.process_time()
        placed = place(entries, {})
        whole = time.process_time() - began
        stories = Stories()
        ordered = sorted(entries, key=order)
        for kept in ordered:
            stories.meet(kept)
        for kept in ordered[:-_MORE]:
            stories.stand(kept, placed[key_of(kept)].story)
        single = [_taken(stories, kept) for kept in ordered[-_MORE:]]
        told = len({each.story for each in placed.values()})
        print(
            f"{many} entries, {told} stories: {whole:.2f} s;"
            f" one more: {1000 * statistics.median(single):.1f} ms, at most {1000 * max(single):.1f} ms"
        )


def _taken(stories: Stories, kept: Kept) -> float:
    began = time.process_time()
    stories.join(kept)
    return time.process_time() - began


def day(many: int) -> list[Kept]:
    """Make up the entries of a day."""
    chance = random.Random(many)
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 11))) for _ in range(20_000)]
    news: list[list[str]] = []
    found = []
    for number in range(many):
        if news and chance.random() < 0.5:
            title = list(chance.choice(news))
            for _ in range(chance.randint(0, 4)):
                title[chance.randrange(len(title))] = _word(chance, words)
        else:
            title = [_word(chance, words) for _ in range(chance.randint(6, 12))]
            news.append(title)
        text = " ".join(title + [_word(chance, words) for _ in range(30)])
        found.append(_entry(number, " ".join(title), text, _START + timedelta(days=chance.random())))
    return found


def _word(chance: random.Random, words: list[str]) -> str:
    """Choose a word, the first ones far more often than the last."""
    return words[min(int(chance.paretovariate(0.6) * 10), len(words)) - 1]


def _entry(number: int, title: str, text: str, published: datetime) -> Kept:
    url = f"https://outlet.example/{number}"
    entry = Entry(
        source=f"outlet-{number % 400}",
        key=url,
        published_id=url,
        url=url,
        title=title,
        published=published,
        summary=f"<p>{text}</p>",
        origin=Origin(site_url="https://outlet.example/"),
    )
    return Kept(entry=entry, seen=published, changed=published, round=_START)


if __name__ == "__main__":
    main()
