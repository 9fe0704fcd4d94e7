"""How much of a day one source may fill."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import DAY, HOUR, START, Desk, item, kept, paper
from feedhub.curate import curate
from feedhub.curate.day import Calendar
from feedhub.model import Feed, Kept, Rule, When

NAMES = ("evening", "journal", "morning")
SOURCES = {name: paper(name) for name in NAMES}


def chosen(*candidates: Kept, share: float, per_source: int | None = None) -> list[Kept]:
    feed = Feed(name="day", title="Day", share=share, per_source=per_source)
    calendar = Calendar(
        feed=feed, started=START - 99 * DAY, filled_from=date(2024, 1, 1), open_from=date(2024, 1, 1)
    )
    return [one for found in curate(calendar, candidates, sources=SOURCES).days.values() for one in found]


def of(source: str, count: int, *, round_: int = 0, first: int = 0) -> list[Kept]:
    """Build entries that a source brings in a round."""
    at = START + round_ * HOUR
    return [
        kept(item(f"{source}-{number}", source), seen=at, round=at) for number in range(first, first + count)
    ]


def counts(found: list[Kept]) -> Counter[str]:
    return Counter(one.entry.source for one in found)


@pytest.mark.parametrize(
    ("arrived", "share", "expected"),
    [
        ({"morning": 30}, 0.4, {"morning": 30}),  # alone
        ({"morning": 30, "evening": 30}, 0.4, {"morning": 30, "evening": 30}),  # an equal part each
        ({"morning": 30, "evening": 1}, 0.5, {"morning": 1, "evening": 1}),
        ({"morning": 30, "evening": 5, "journal": 5}, 0.5, {"morning": 10, "evening": 5, "journal": 5}),
        ({"morning": 30, "evening": 2, "journal": 1}, 0.4, {"morning": 2, "evening": 2, "journal": 1}),
        ({"morning": 30, "evening": 2, "journal": 1}, 1.0, {"morning": 30, "evening": 2, "journal": 1}),
        ({"morning": 3, "evening": 3, "journal": 3}, 0.1, {"morning": 3, "evening": 3, "journal": 3}),
    ],
)
def test_no_source_has_more_than_its_share_when_others_have_entries(
    arrived: dict[str, int], share: float, expected: dict[str, int]
) -> None:
    found = chosen(*(one for name, count in arrived.items() for one in of(name, count)), share=share)
    assert counts(found) == expected


def test_what_waited_comes_in_when_others_make_room_and_nothing_goes_out() -> None:
    first = [*of("morning", 10), *of("evening", 1), *of("journal", 1)]
    then = [*of("evening", 4, round_=1, first=1), *of("journal", 4, round_=1, first=1)]
    assert counts(chosen(*first, share=0.5)) == {"morning": 2, "evening": 1, "journal": 1}
    assert counts(chosen(*first, *then, share=0.5)) == {"morning": 10, "evening": 5, "journal": 5}


def test_a_copy_from_another_source_stands_for_what_had_no_room() -> None:
    busy = of("morning", 3)
    link = "https://morning.example/morning-2/"
    copy = kept(item("copy", "evening", url=link), seen=START, round=START)
    found = chosen(*busy, copy, *of("journal", 1), share=0.34)
    assert "https://evening.example/copy/" in {one.entry.published_id for one in found}


def test_both_quotas_hold() -> None:
    found = chosen(*of("morning", 9), *of("evening", 9), *of("journal", 9), share=0.9, per_source=4)
    assert counts(found) == {"morning": 4, "evening": 4, "journal": 4}


_ARRIVALS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 3)), max_size=30)


@settings(deadline=None)
@given(arrivals=_ARRIVALS, share=st.floats(0.05, 1.0), data=st.data())
def test_later_rounds_take_nothing_away_and_the_order_given_does_not_matter(
    arrivals: list[tuple[str, int]], share: float, data: st.DataObject
) -> None:
    entries = [
        one for n, (name, round_) in enumerate(arrivals) for one in of(name, 1, round_=round_, first=n)
    ]
    before: set[str] = set()
    for last in range(4):
        so_far = [one for one in entries if one.round <= START + last * HOUR]
        now = {one.entry.published_id for one in chosen(*so_far, share=share)}
        assert before <= now
        before = now
    shuffled = data.draw(st.permutations(entries))
    assert {one.entry.published_id for one in chosen(*shuffled, share=share)} == before


@settings(deadline=None)
@given(arrived=st.dictionaries(st.sampled_from(NAMES), st.integers(1, 25)), share=st.floats(0.05, 1.0))
def test_within_a_round_the_share_is_kept_and_as_much_is_published_as_it_allows(
    arrived: dict[str, int], share: float
) -> None:
    found = counts(chosen(*(one for name, count in arrived.items() for one in of(name, count)), share=share))
    part = max(share, 1 / max(1, len(arrived)))
    assert all(count <= max(1.0, part * found.total() + 1e-6) for count in found.values())
    assert set(found) == set(arrived)
    highest = max(found.values(), default=0) + 1
    more = sum(min(count, highest) for count in arrived.values())
    assert more == found.total() or highest > part * more - 1e-6


def test_what_leads_and_what_is_featured_stands_first_where_the_feed_wants_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, order="featured", rules=(Rule(when=When(title=("Title of b",)), then="feature"),))
    desk.arrives(*(item(key, published=START - n * HOUR) for n, key in enumerate("abc")), at=START)
    desk.publishes(at=START)
    for path in ("/day.atom", "/day.rss", "/day.json", "/day/2024-11-24.atom"):
        assert desk.keys(path) == ["b", "a", "c"]
    desk.sets(order="time")
    desk.publishes(at=START + HOUR)
    assert desk.keys("/day.atom") == ["a", "b", "c"]
