from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import DAY, HOUR, START, item, kept, paper
from feedhub.curate import curate
from feedhub.curate.day import Calendar
from feedhub.model import Entry, Feed, Kept, Origin

PAPERS = ("agency", "evening", "morning")
SOURCES = {name: paper(name) for name in PAPERS}
ARTICLE = "https://morning.example/article/"
_MICROSECOND = timedelta(microseconds=1)


def standing(*candidates: Kept, closed: tuple[Kept, ...] = (), **feed: Any) -> list[Entry]:
    """Give what stands, the first taken first."""
    said = {"name": "day", "title": "Day", "timezone": "UTC", **feed}
    calendar = Calendar(
        feed=Feed(**said), started=START - 99 * DAY, filled_from=date(2024, 1, 1), open_from=None
    )
    days = curate(calendar, candidates, standing=closed, sources=SOURCES).days
    return [one.entry for found in days.values() for one in found]


def copy(source: str, link: str = ARTICLE, **more: Any) -> Entry:
    """Build an entry of a source that leads to an article."""
    return item(f"of-{source}", source, url=link, **more)


def test_the_same_link_from_two_sources_is_one_entry_and_the_first_seen_stands() -> None:
    first, second = kept(copy("agency")), kept(copy("evening"), START + HOUR)
    assert standing(second, first) == [first.entry]


def test_the_same_published_id_is_one_entry_whatever_else_it_says() -> None:
    first = kept(item("a", "agency", published_id="urn:x-test:1"))
    second = kept(item("b", "evening", published_id="urn:x-test:1", published=START - 30 * DAY), START + DAY)
    assert standing(first, second) == [first.entry]


@pytest.mark.parametrize(
    "link",
    [
        "http://morning.example/article",
        "https://morning.example/article/?utm_source=agency",
        "https://MORNING.example:443/article/",
    ],
)
def test_links_are_the_same_if_they_lead_to_one_article(link: str) -> None:
    assert len(standing(kept(copy("morning")), kept(copy("agency", link)))) == 1


def test_other_parameters_are_other_articles() -> None:
    assert len(standing(kept(copy("agency", f"{ARTICLE}?p=1")), kept(copy("evening", f"{ARTICLE}?p=2")))) == 2


@pytest.mark.parametrize(("apart", "count"), [(7 * DAY, 1), (7 * DAY + _MICROSECOND, 2)])
def test_one_link_is_one_article_within_seven_days(apart: timedelta, count: int) -> None:
    first, second = kept(copy("agency", published=START - apart)), kept(copy("evening"))
    assert len(standing(first, second)) == count


def test_entries_of_one_source_are_never_one() -> None:
    pages = [kept(item(key, url=ARTICLE)) for key in ("a", "b", "c")]
    assert len(standing(*pages)) == 3


def test_in_one_round_the_one_at_home_stands_though_another_was_seen_first() -> None:
    of_agency = kept(copy("agency"), START, round=START)
    at_home = kept(copy("morning"), START + HOUR, round=START)
    assert standing(of_agency, at_home) == [at_home.entry]


def test_a_later_round_at_home_takes_nothing_away() -> None:
    of_agency, at_home = kept(copy("agency"), START), kept(copy("morning"), START + HOUR)
    assert standing(of_agency, at_home) == [of_agency.entry]


def test_a_source_that_hands_on_is_at_home_nowhere() -> None:
    handed_on = Origin(site_url="https://morning.example/", via=(Origin(title="Agency"),))
    of_agency = kept(copy("agency", origin=handed_on), START, round=START)
    at_home = kept(copy("morning"), START + HOUR, round=START)
    assert standing(of_agency, at_home) == [at_home.entry]


def test_www_is_the_same_home() -> None:
    of_agency = kept(copy("agency", "https://www.morning.example/article/"), START, round=START)
    at_home = kept(copy("morning", "https://www.morning.example/article/"), START + HOUR, round=START)
    assert standing(of_agency, at_home) == [at_home.entry]


def test_a_copy_of_what_stands_on_a_closed_day_does_not_come_in() -> None:
    assert not standing(kept(copy("evening")), closed=(kept(copy("agency"), START - DAY),))


def test_a_copy_of_what_a_rule_drops_or_a_full_quota_leaves_out_stands_itself() -> None:
    full = [kept(item(str(number))) for number in range(2)]
    left_out, of_agency = kept(copy("morning"), START + HOUR), kept(copy("agency"), START + 2 * HOUR)
    entries = standing(*full, left_out, of_agency, per_source=2)
    assert of_agency.entry in entries
    assert left_out.entry not in entries


_KEPT = st.builds(
    lambda number, source, article, days, seen, round_, at_home: kept(
        item(
            f"{number}",
            source,
            url=f"https://{source if at_home else 'morning'}.example/{article}/",
            published=START - days * DAY,
        ),
        START + seen * HOUR,
        round=START + min(seen, round_) * HOUR,
    ),
    number=st.integers(0, 10**6),
    source=st.sampled_from(PAPERS),
    article=st.integers(0, 3),
    days=st.integers(0, 20),
    seen=st.integers(0, 5),
    round_=st.integers(0, 5),
    at_home=st.booleans(),
)
_ARRIVALS = st.lists(_KEPT, max_size=12, unique_by=lambda one: one.entry.published_id)


@given(data=st.data(), arrivals=_ARRIVALS)
def test_what_stands_does_not_depend_on_the_order_of_arrival(
    data: st.DataObject, arrivals: list[Kept]
) -> None:
    shuffled = data.draw(st.permutations(arrivals))
    assert sorted(standing(*arrivals), key=str) == sorted(standing(*shuffled), key=str)


@given(arrivals=_ARRIVALS)
def test_every_article_stands_and_no_two_that_stand_are_one(arrivals: list[Kept]) -> None:
    def is_one(one: Entry, other: Entry) -> bool:
        return (
            one.url == other.url
            and one.source != other.source
            and abs(one.published - other.published) <= 7 * DAY
        )

    left = standing(*arrivals)
    for arrival in arrivals:
        assert arrival.entry in left or any(is_one(arrival.entry, other) for other in left)
    assert not any(is_one(one, other) for one in left for other in left)


@given(arrivals=_ARRIVALS, cut=st.integers(0, 5))
def test_what_stands_goes_on_standing_as_later_rounds_come(arrivals: list[Kept], cut: int) -> None:
    before = [one for one in arrivals if one.round < START + cut * HOUR]
    assert set(map(str, standing(*before))) <= set(map(str, standing(*arrivals)))
