"""Days over simulated time: what is published where, and that nothing is lost or published twice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import DAY, HOUR, START, Desk, item, links, paper, walk
from feedhub.model import Category, Entry, Feed, Rule, Take, Terms, When

MIDNIGHT = datetime(2024, 11, 25, tzinfo=UTC)  # the end of the first day


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "morning", "evening")


@pytest.fixture
def running(desk: Desk) -> Desk:
    """A hub whose first round is over: one entry on each of the two days before, which are closed."""
    desk.arrives(item("old", published=START - 2 * DAY), at=START - HOUR)
    desk.arrives(item("older", "evening", published=START - 3 * DAY), at=START - HOUR)
    desk.publishes(START - HOUR)
    return desk


# ── The first round ──


def test_the_first_round_fills_a_month_and_closes_it(desk: Desk) -> None:
    ages = {"now": 0, "yesterday": 1, "month": 31, "older": 32, "ancient": 900}
    desk.arrives(*(item(key, published=START - days * DAY) for key, days in ages.items()), at=START)
    desk.polls("evening", at=START)
    desk.publishes(START)
    assert desk.days() == {"2024-10-24": ["month"], "2024-11-23": ["yesterday"], "2024-11-24": ["now"]}
    assert desk.keys("/day.atom") == ["now", "yesterday", "month", "older", "ancient"]
    assert b"archive/>" in desk.body("/day/2024-10-24.atom")
    desk.arrives(item("later", "evening", published=START - DAY), at=START + HOUR)
    desk.publishes(START + HOUR)
    assert desk.days()["2024-11-23"] == ["yesterday"]
    assert desk.days()["2024-11-24"] == ["now", "later"]


def test_no_day_is_closed_before_every_source_has_been_polled_once(desk: Desk) -> None:
    desk.arrives(item("a", published=START - 5 * DAY), at=START)
    desk.publishes(START)
    assert b"archive/>" not in desk.body("/day/2024-11-19.atom")
    desk.arrives(item("b", "evening", published=START - 5 * DAY), at=START + HOUR)
    desk.publishes(START + HOUR)
    assert desk.days() == {"2024-11-19": ["b", "a"]}
    assert b"archive/>" in desk.body("/day/2024-11-19.atom")


def test_a_paused_source_that_was_never_polled_is_not_waited_for(desk: Desk) -> None:
    desk.configures(paper("morning"), paper("evening", paused=True))
    desk.arrives(item("a", published=START - 5 * DAY), at=START)
    desk.publishes(START)
    assert b"archive/>" in desk.body("/day/2024-11-19.atom")


def test_what_was_saved_while_publishing_began_is_still_of_the_first_round(desk: Desk) -> None:
    desk.polls("evening", at=START)
    desk.arrives(item("a", published=START - 5 * DAY), at=START + timedelta(seconds=2))
    desk.publishes(START)  # it had to wait for another publisher
    assert desk.days() == {"2024-11-19": ["a"]}


def test_a_feed_that_is_added_to_a_running_hub_fills_its_own_month(running: Desk) -> None:
    running.arrives(item("new"), at=START)
    running.publishes(START)
    other = Feed(name="other", title="Other", take=Take(sources=("morning",)))
    running.site = replace(running.site, feeds=(running.feed, other))
    before = running.days()
    running.publishes(START + HOUR)
    assert running.keys("/other.atom") == ["new", "old"]
    assert running.keys("/other/2024-11-22.atom") == ["old"]
    assert b"archive/>" in running.body("/other/2024-11-22.atom")
    assert running.days() == before


def test_an_empty_hub_publishes_empty_documents_and_a_page(desk: Desk) -> None:
    desk.publishes(START)
    assert desk.ids("/day.atom") == desk.ids("/day.rss") == desk.ids("/day.json") == []
    assert desk.body("/day/")
    assert desk.body("/")
    assert not desk.days()


# ── Days open and close ──


def test_a_day_closes_six_hours_after_its_end(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(MIDNIGHT + 6 * HOUR - timedelta(seconds=1))
    assert b"archive/>" not in running.body("/day/2024-11-24.atom")
    running.publishes(MIDNIGHT + 6 * HOUR)
    assert b"archive/>" in running.body("/day/2024-11-24.atom")
    assert running.days()["2024-11-24"] == ["a"]


def test_a_late_entry_joins_its_day_while_that_is_open_and_then_the_open_day(running: Desk) -> None:
    late = [item(key, published=START - HOUR) for key in ("in-time", "too-late")]
    running.arrives(late[0], at=MIDNIGHT + 5 * HOUR)
    running.arrives(late[1], at=MIDNIGHT + 6 * HOUR)
    running.publishes(MIDNIGHT + 6 * HOUR)
    assert running.days()["2024-11-24"] == ["in-time"]
    assert running.days()["2024-11-25"] == ["too-late"]
    (entry,) = running.entries("/day/2024-11-25.atom")
    assert entry.published == START - HOUR  # its own date


def test_what_is_saved_after_its_day_was_closed_joins_the_open_day(running: Desk) -> None:
    running.publishes(MIDNIGHT + 6 * HOUR)
    running.arrives(
        item("a"), at=MIDNIGHT + 6 * HOUR - timedelta(minutes=10)
    )  # a poll that was long about it
    running.publishes(MIDNIGHT + 6 * HOUR)
    assert running.days()["2024-11-25"] == ["a"]
    running.publishes(MIDNIGHT + 3 * DAY)
    assert Counter(running.keys("/day/2024-11-25.atom")) == {"a": 1}


def test_a_day_that_closes_without_waiting_loses_nothing_that_is_saved_late(desk: Desk) -> None:
    desk.sets(closes=timedelta(0))
    desk.arrives(item("first"), item("first", "evening"), at=START)
    desk.publishes(START)
    desk.publishes(MIDNIGHT)
    late = MIDNIGHT - timedelta(seconds=1)
    desk.arrives(item("a", published=late), at=late)
    desk.publishes(MIDNIGHT + HOUR)
    assert desk.days()["2024-11-25"] == ["a"]


def test_a_closed_day_changes_only_by_a_correction(running: Desk) -> None:
    running.arrives(item("a"), item("b"), at=START)
    running.publishes(START + 2 * DAY)
    before = running.snapshot()
    running.arrives(item("b", title="Corrected"), at=START + 2 * DAY)
    running.arrives(item("c"), at=START + 2 * DAY)
    running.publishes(START + 2 * DAY)
    titles = [each.title for each in running.entries("/day/2024-11-24.atom")]
    assert titles == ["Title of a", "Corrected"]
    after = running.snapshot()
    assert after["day/2024-11-22.atom"] == before["day/2024-11-22.atom"]


def test_an_entry_whose_date_is_corrected_into_an_open_day_keeps_its_place(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(START + DAY)
    running.arrives(item("a", published=START + 12 * HOUR, title="Moved"), at=START + DAY)
    running.publishes(START + DAY)
    assert running.days()["2024-11-24"] == ["a"]
    assert "2024-11-25" not in running.days()
    assert running.keys("/day.atom").count("a") == 1


def test_an_entry_whose_date_is_corrected_into_a_closed_day_stays_where_it_is(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(START)
    running.arrives(item("a", published=START - DAY, title="Moved"), at=START + HOUR)
    running.publishes(START + HOUR)
    assert running.days()["2024-11-24"] == ["a"]
    running.publishes(START + 3 * DAY)
    assert running.days()["2024-11-24"] == ["a"]


def test_a_hub_that_was_off_for_three_days_loses_nothing(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(START)
    back = START + 3 * DAY
    running.arrives(*(item(str(n), published=back - n * DAY) for n in range(4)), at=back)
    running.publishes(back)
    assert running.days()["2024-11-24"] == ["a"]
    assert running.days()["2024-11-27"] == ["0", "1", "2", "3"]


def test_a_publisher_that_was_off_for_three_days_closes_each_of_them_with_what_came_on_it(
    running: Desk,
) -> None:
    for day in range(4):
        running.arrives(item(str(day), published=START + day * DAY), at=START + day * DAY)
    running.publishes(START + 3 * DAY)
    days = {day: keys for day, keys in running.days().items() if day >= "2024-11-24"}
    assert days == {f"2024-11-{24 + day}": [str(day)] for day in range(4)}


def test_a_clock_that_goes_back_a_bit_neither_opens_a_day_again_nor_loses_an_entry(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(MIDNIGHT + 6 * HOUR)
    back = MIDNIGHT + 5 * HOUR
    running.arrives(item("b", published=back), at=back)
    running.arrives(item("c"), at=back)
    running.publishes(back)
    running.publishes(back + 2 * HOUR)
    assert running.days()["2024-11-24"] == ["a"]
    assert running.days()["2024-11-25"] == ["b", "c"]


def test_another_time_zone_loses_no_entry(running: Desk) -> None:
    running.sets(timezone="Pacific/Kiritimati")  # fourteen hours ahead
    running.arrives(item("a"), at=START)
    running.publishes(START)
    assert running.days()["2024-11-25"] == ["a"]
    running.sets(timezone="Pacific/Midway")  # eleven behind
    running.arrives(item("b", published=START + HOUR), at=START + HOUR)
    for day in range(4):
        running.publishes(START + HOUR + day * DAY)
    found = Counter(key for keys in running.days().values() for key in keys)
    assert found == {"a": 1, "b": 1, "old": 1, "older": 1}


def test_a_removed_source_leaves_open_days_at_once_and_keeps_its_place_in_closed_ones(running: Desk) -> None:
    running.arrives(item("a", "evening"), item("b"), at=START)
    running.publishes(START)
    running.configures(paper("morning"))
    running.publishes(START)
    assert running.days() == {"2024-11-21": ["older"], "2024-11-22": ["old"], "2024-11-24": ["b"]}
    assert running.keys("/day.atom") == ["b", "old", "older"]
    assert {each.publisher for each in running.entries("/day/2024-11-21.atom")} == {"Evening"}
    assert b"evening" not in running.body("/subscriptions.opml")


def test_a_source_that_leaves_the_configuration_keeps_its_terms_before_the_store_is_told(
    running: Desk,
) -> None:
    running.configures(running.site.sources["morning"], paper("evening", terms=Terms(show="title")))
    running.publishes(START)
    before = running.entries("/day/2024-11-21.rss")
    running.site = replace(running.site, title="Other", sources={"morning": paper("morning")})
    running.publishes(START)
    assert running.entries("/day/2024-11-21.rss") == before


def test_a_day_without_entries_goes_away_with_its_page(running: Desk) -> None:
    running.arrives(item("a", "evening"), at=START)
    running.publishes(START)
    running.configures(paper("morning"))
    done = running.publishes(START)
    assert "/day/2024-11-24.atom" in done.removed
    assert not (running.folder / "day/2024-11-24").exists()
    assert "2024-11-24" not in running.days()


def test_a_rule_that_is_lifted_lets_in_what_it_kept_out_of_the_last_day(running: Desk) -> None:
    running.sets(rules=(Rule(when=When(title=("*of a",)), then="drop"),))
    running.arrives(item("a", published=MIDNIGHT - HOUR), item("b", published=MIDNIGHT - HOUR), at=MIDNIGHT)
    running.publishes(MIDNIGHT + 7 * HOUR)
    assert running.days()["2024-11-24"] == ["b"]
    running.sets(rules=())
    running.publishes(MIDNIGHT + 8 * HOUR)
    assert running.days()["2024-11-24"] == ["b"]
    assert running.days()["2024-11-25"] == ["a"]


def test_what_was_over_the_quota_of_a_closed_day_does_not_come_in_on_the_next(running: Desk) -> None:
    running.sets(per_source=2)
    running.arrives(*(item(str(n), published=START + n * HOUR) for n in range(4)), at=START + 9 * HOUR)
    running.publishes(START + 9 * HOUR)
    assert running.days()["2024-11-24"] == ["1", "0"]
    for hours in (18, 24, 48):
        running.publishes(START + hours * HOUR)
    assert running.days()["2024-11-24"] == ["1", "0"]
    assert not {"2024-11-25", "2024-11-26"} & running.days().keys()


def test_a_copy_does_not_come_in_days_after_its_article_however_old_that_is(running: Desk) -> None:
    old = START - 300 * DAY
    running.arrives(item("a", published=old), at=START)
    running.publishes(START)
    for days in (1, 2, 9):
        copy = item(f"copy{days}", "evening", url="https://morning.example/a/", published=old)
        running.arrives(copy, at=START + days * DAY)
        running.publishes(START + days * DAY)
    keys = [each.id for path in running.days() for each in running.entries(f"/day/{path}.atom")]
    assert not [key for key in keys if "copy" in key]


def test_a_feed_by_category_holds_only_what_carries_it(running: Desk) -> None:
    running.sets(take=Take(categories=("Young Leaders School",)))
    school = item("a", categories=(Category(term="young leaders school"),))
    running.arrives(school, item("b"), at=START)
    running.publishes(START)
    assert running.days()["2024-11-24"] == ["a"]


# ── The document to subscribe to ──


def test_the_document_to_subscribe_to_holds_the_whole_open_day_whatever_the_limit(running: Desk) -> None:
    running.sets(limit=3)
    running.arrives(*(item(str(n), published=START - n * HOUR) for n in range(5)), at=START)
    running.publishes(START)
    assert running.keys("/day.atom") == ["0", "1", "2", "3", "4"]


def test_the_document_to_subscribe_to_has_the_newest_beside_the_open_day(running: Desk) -> None:
    running.sets(limit=3)
    running.arrives(*(item(str(n), published=START - n * HOUR) for n in range(2)), at=START)
    running.publishes(START)
    assert running.keys("/day.atom") == ["0", "1", "old"]
    running.publishes(START + 9 * DAY)
    assert running.keys("/day.atom") == ["0", "1", "old"]


def test_two_days_that_are_open_at_once_are_both_whole(running: Desk) -> None:
    running.sets(limit=1)
    night = MIDNIGHT + HOUR
    running.arrives(item("a"), item("b", published=night), at=night)
    running.publishes(night)
    assert running.keys("/day.atom") == ["b", "a"]


def test_the_open_day_has_its_own_address_without_being_an_archive(running: Desk) -> None:
    running.arrives(item("a"), at=START)
    running.publishes(START)
    today = running.body("/day/2024-11-24.atom")
    assert b"archive/>" not in today
    assert links(today, "prev-archive") == ["https://news.example/day/2024-11-22.atom"]
    assert links(today, "current") == ["https://news.example/day.atom"]
    assert links(running.body("/day.atom"), "prev-archive") == ["https://news.example/day/2024-11-22.atom"]


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_every_format_has_the_same_entries(running: Desk, form: str) -> None:
    running.arrives(item("a"), item("b", "evening", published=START - HOUR), at=START)
    running.publishes(START)
    assert running.keys(f"/day.{form}") == ["a", "b", "old", "older"]
    assert running.keys(f"/day/2024-11-24.{form}") == ["a", "b"]


# ── Pages ──


def test_the_newest_day_is_the_page_of_its_feed_and_that_of_the_first_feed_the_front_page(
    running: Desk,
) -> None:
    other = Feed(name="other", title="Other feed", take=Take(sources=("evening",)))
    running.site = replace(running.site, feeds=(running.feed, other))
    running.arrives(item("a"), item("b", "evening"), at=START)
    running.publishes(START)
    for path in ("/", "/day/", "/day/2024-11-24/"):
        assert b"Title of a" in running.body(path)
        assert b"Title of old" not in running.body(path)
    assert b"Title of a" not in running.body("/other/")
    assert b"Title of b" in running.body("/other/")


def test_a_new_day_takes_over_the_front_page(running: Desk) -> None:
    assert b"Title of old<" in running.body("/")
    running.arrives(item("a"), at=START)
    running.publishes(START)
    assert b"Title of a<" in running.body("/")
    assert b"Title of old<" not in running.body("/")
    assert b'day/2024-11-24/"' in running.body("/day/2024-11-22/")


# ── Properties ──


def test_a_walk_over_the_archives_collects_every_entry(running: Desk) -> None:
    running.sets(limit=2)
    for number in range(12):
        at = START + number * 9 * HOUR
        running.arrives(item(str(number), published=at - (number % 3) * 7 * HOUR), at=at)
        running.publishes(at)
        collected = {one.rstrip("/").rpartition("/")[2] for one in walk(running)}
        assert collected == {"old", "older", *map(str, range(number + 1))}


# Each step: some hours pass, entries of some ages (hours) arrive at a source, and perhaps it is published.
_STEPS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["morning", "evening"]),
        st.lists(st.integers(0, 90), max_size=3),
        st.booleans(),
    ),
    max_size=10,
)


def _happens(desk: Desk, steps: list[tuple[int, str, list[int], bool]]) -> tuple[list[Entry], datetime]:
    arrived: list[Entry] = []
    now = START
    for number, (hours, source, ages, is_published) in enumerate(steps):
        now += hours * HOUR
        polled = [
            item(f"{number}-{index}", source, published=now - age * HOUR) for index, age in enumerate(ages)
        ]
        desk.polls(source, *polled, at=now)
        arrived += polled
        if is_published:
            desk.plans(now)
    return arrived, now


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=_STEPS, closes=st.sampled_from([0, 6, 30]))
def test_every_entry_is_on_exactly_one_day_whenever_it_came_and_whenever_it_was_published(
    steps: list[tuple[int, str, list[int], bool]], closes: int
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), "morning", "evening", timezone="Asia/Yerevan", closes=closes * HOUR)
        desk.polls("evening", at=START)
        arrived, now = _happens(desk, [(0, "morning", [], True), *steps])
        desk.plans(now)
        ended = desk.plans(now + 9 * DAY)
        filed = [
            (day, one.entry.published_id)
            for day in ended.closed
            for one in desk.store.publishing.filed_on("day", day)
        ]
        assert Counter(key for _, key in filed) == Counter(entry.published_id for entry in arrived)
        assert not ended.open
        desk.store.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=_STEPS)
def test_a_day_that_is_closed_stays_as_it_is_whatever_comes(
    steps: list[tuple[int, str, list[int], bool]],
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), "morning", "evening", per_source=2)
        desk.arrives(item("a"), item("b", "evening"), at=START)
        known: dict[date, list[str]] = {}
        now = START
        for number, step in enumerate(steps):
            now += step[0] * HOUR
            ages = enumerate(step[2])
            desk.polls(
                step[1],
                *(item(f"{number}-{n}", step[1], published=now - age * HOUR) for n, age in ages),
                at=now,
            )
            closed = desk.plans(now).closed
            days = {
                day: [one.entry.key for one in desk.store.publishing.filed_on("day", day)] for day in closed
            }
            assert days == {**days, **known}
            known = days
        desk.store.close()
