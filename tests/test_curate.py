from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desk import DAY, HOUR, START, item, kept, paper
from feedhub.curate import Curated, curate, first_day
from feedhub.curate.day import Calendar
from feedhub.curate.order import newest_first
from feedhub.model import Feed, Kept, Rule, Take, When

SOURCES = {name: paper(name) for name in ("evening", "morning")}
TODAY = START.date()


def curated(*candidates: Kept, **feed: Any) -> Curated:
    said = {"name": "day", "title": "Day", "timezone": "UTC", **feed}
    calendar = Calendar(
        feed=Feed(**said), started=START - 99 * DAY, filled_from=date(2024, 1, 1), open_from=None
    )
    return curate(calendar, candidates, sources=SOURCES)


def keys(found: list[Kept]) -> list[str]:
    return [one.entry.url.split("/")[3] for one in found]


def test_entries_stand_newest_first_and_at_one_time_by_published_id_by_code_point() -> None:
    ids = ["urn:x:é", "urn:x:a", "urn:x:Z", "urn:x:b"]
    together = [kept(item(str(number), published_id=name)) for number, name in enumerate(ids)]
    newer = kept(item("newer", published=START + HOUR))
    order = [one.entry.published_id for one in newest_first([*together, newer])]
    assert order == [newer.entry.published_id, "urn:x:Z", "urn:x:a", "urn:x:b", "urn:x:é"]


def test_a_source_that_config_toml_does_not_have_gives_nothing() -> None:
    assert not curated(kept(item("a", "stranger"))).days


def test_only_what_a_feed_takes_and_no_rule_keeps_out_makes_a_day() -> None:
    rules = tuple(
        Rule(when=When(title=(title,)), then=then)
        for title, then in (("drop*", "drop"), ("hold*", "hold"), ("feature*", "feature"))
    )
    candidates = [kept(item(title, title=title)) for title in ("drop", "hold", "feature", "other")]
    found = curated(*candidates, kept(item("x", "evening")), rules=rules, take=Take(sources=("morning",)))
    assert sorted(keys(found.days[TODAY])) == ["feature", "other"]


def test_a_source_has_its_first_entries_of_each_day_by_when_they_were_seen() -> None:
    arrivals = [kept(item(str(n), published=START - n * HOUR), START + n * HOUR) for n in range(4)]
    yesterday = kept(item("y", published=START - DAY), START - DAY)
    other = kept(item("z", "evening"), START + 9 * HOUR)
    found = curated(*reversed(arrivals), yesterday, other, per_source=2)
    assert keys(found.days[TODAY]) == ["z", "0", "1"]
    assert keys(found.left_out[TODAY]) == ["2", "3"]
    assert keys(found.days[TODAY - DAY]) == ["y"]


def test_of_entries_that_were_seen_together_the_first_published_are_the_first() -> None:
    together = [kept(item(str(hour), published=START - hour * HOUR)) for hour in range(4)]
    assert keys(curated(*together, per_source=2).days[TODAY]) == ["2", "3"]


_ROUNDS = st.lists(
    st.lists(st.tuples(st.sampled_from(sorted(SOURCES)), st.integers(0, 40)), max_size=4), max_size=5
)


@given(rounds=_ROUNDS, most=st.integers(1, 3))
def test_what_is_in_stays_in_as_more_comes(rounds: list[list[tuple[str, int]]], most: int) -> None:
    arrived: list[Kept] = []
    before: set[str] = set()
    for number, polled in enumerate(rounds):
        at = START + number * HOUR
        arrived += [
            kept(item(f"{number}-{index}", source, published=at - hours * HOUR), at)
            for index, (source, hours) in enumerate(polled)
        ]
        days = curated(*arrived, per_source=most).days
        now = {f"{day} {one.entry.key}" for day, found in days.items() for one in found}
        assert before <= now
        before = now


def test_the_first_round_fills_a_month_before_the_newest_entry() -> None:
    feed = Feed(name="day", title="Day", timezone="Asia/Yerevan")
    assert first_day(feed, START.replace(hour=20)) == date(2024, 10, 25)  # it is the 25th there
