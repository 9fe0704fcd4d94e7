"""python -m bench.searching: how long it takes to find words among 100,000 entries, in four languages.

Each entry has a title and an excerpt of about 300 characters, of words that are as unequally frequent as
those of real texts. Asks for rare and common words, prefixes, phrases; prints medians on SQLite.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from feedhub.model import Entry, Origin, Source
from feedhub.store import Findable, Store
from feedhub.store.codec import encode
from feedhub.store.tables import entries as table

ALPHABETS = {
    "Armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցուփքօֆ",
    "Russian": "абвгдежзийклмнопрстуфхцчшщыьэюя",
    "English": "abcdefghijklmnopqrstuvwxyz",
    "Chinese": "".join(map(chr, range(0x4E00, 0x4E00 + 2500))),
}
_WORDS = 20_000  # of a language
_NEWEST = datetime(2024, 11, 24, tzinfo=UTC)
_BATCH = 2000


class _Language:
    def __init__(self, name: str, chance: random.Random) -> None:
        self._chance, self._is_spaced = chance, name != "Chinese"
        longest = 12 if self._is_spaced else 3
        letters = ALPHABETS[name]
        self.words = ["".join(chance.choices(letters, k=chance.randint(2, longest))) for _ in range(_WORDS)]
        # As in texts: a word is as frequent as its place in the list is early (Zipf).
        self._weights = [1 / place for place in range(1, _WORDS + 1)]

    def text(self, count: int) -> str:
        chosen = self._chance.choices(self.words, self._weights, k=count)
        return (" " if self._is_spaced else "").join(chosen)

    def questions(self) -> dict[str, str]:
        common, middle, rare = self.words[0], self.words[300], self.words[-1]
        phrase = f'"{self.words[0]}{" " if self._is_spaced else ""}{self.words[1]}"'
        return {
            "a common word": common,
            "a word": middle,
            "a rare word": rare,
            "a prefix": f"{middle[:2]}*",
            "a phrase": phrase,
            "two words, and not a third": f"{common} {self.words[1]} -{middle}",
            "a word that nothing holds": "ջջջքքք",
        }


def _made(count: int, languages: Sequence[_Language]) -> Iterator[Entry]:
    base = Entry(
        source="paper",
        key="",
        published_id="",
        url="https://paper.example/",
        title="",
        published=_NEWEST,
        origin=Origin(id="https://paper.example/feed/", title="The Paper"),
    )
    for number in range(count):
        language = languages[number % len(languages)]
        url = f"https://paper.example/{number}"
        yield replace(
            base,
            key=url,
            published_id=url,
            url=url,
            title=language.text(8),
            summary=f"<p>{language.text(50)}</p>",
            published=_NEWEST - timedelta(minutes=number),
        )


def _filled(store: Store, engine: sa.Engine, count: int, languages: Sequence[_Language]) -> float:
    """Fill a store; gives how long making them findable took, in seconds."""
    store.polling.set_sources([Source(name="paper", url="https://paper.example/feed/")], _NEWEST)
    lasted, batch, day = 0.0, [], date(2000, 1, 1)
    for entry in _made(count, languages):
        batch.append(entry)
        if len(batch) == _BATCH:
            _save(engine, batch)
            began = time.perf_counter()
            found = [_findable(one) for one in batch]
            store.searching.fill("day", day, found)
            lasted += time.perf_counter() - began
            batch, day = [], day + timedelta(days=1)
    return lasted


def _findable(entry: Entry) -> Findable:
    return Findable(entry=entry, digest="d", text=lambda: f"{entry.title}\n{entry.summary}")


def _save(engine: sa.Engine, batch: Sequence[Entry]) -> None:
    rows = [
        {
            "source": one.source,
            "key": one.key,
            "published_id": one.published_id,
            "canonical": one.url,
            "title": one.title,
            "published": one.published,
            "seen": one.published,
            "changed": one.published,
            "round": one.published,
            "digest": "",
            "entry": encode(one),
        }
        for one in batch
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(table), rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    chance = random.Random(1)
    languages = {name: _Language(name, chance) for name in ALPHABETS}
    with tempfile.TemporaryDirectory(prefix="feedhub-bench-") as temporary:
        path = Path(temporary) / "hub.db"
        store = Store(f"sqlite:///{path}")
        lasted = _filled(
            store, sa.create_engine(f"sqlite:///{path}"), options.entries, list(languages.values())
        )
        print(
            f"{options.entries:,} entries made findable in {lasted:.0f} s,"
            f" the database has {path.stat().st_size / 1e6:,.0f} MB"
        )
        for name, language in languages.items():
            medians = []
            for words, question in language.questions().items():
                runs = []
                for _ in range(options.times):
                    began = time.perf_counter()
                    found = len(store.searching.search(question, feed="day", most=30))
                    runs.append(1000 * (time.perf_counter() - began))
                medians.append(statistics.median(runs))
                print(f"{name:10}{words:28}{found:4} found{medians[-1]:9.2f} ms")
            print(f"{name:10}{'median of all':28}{'':10}{statistics.median(medians):9.2f} ms")
        store.close()


if __name__ == "__main__":
    main()
