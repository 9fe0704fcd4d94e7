from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import DAY, HOUR, START, item, kept
from feedhub.curate.day import FILLED, Calendar, civil_day, closes_at, oldest_open, starts
from feedhub.model import Feed

FEED = Feed(name="day", title="Day", timezone="UTC")
# Zones that have put clocks forward or back over midnight, or left a whole day out.
ODD = (
    "America/Havana",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Casey",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Yerevan",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)
INSTANTS = st.integers(0, 48 * 365 * 86_400).map(
    lambda seconds: datetime(1990, 1, 3, tzinfo=UTC) + timedelta(seconds=seconds)
)


def local(zone: str, *told: int) -> datetime:
    return datetime(*told, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type]


def calendar(**more: object) -> Calendar:
    said = {"feed": FEED, "started": None, "filled_from": date(2024, 10, 24), "open_from": None, **more}
    return Calendar(**said)  # type: ignore[arg-type]


@given(instant=INSTANTS, zone=st.sampled_from(ODD))
def test_every_instant_belongs_to_the_one_day_that_has_begun_and_not_ended(
    instant: datetime, zone: str
) -> None:
    day = civil_day(instant, zone)
    assert starts(day, zone) <= instant < starts(day + DAY, zone)


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("America/St_Johns", datetime(2006, 10, 29, 2, 31, tzinfo=UTC)),  # 00:01 becomes 23:01 again
        ("America/Havana", datetime(2024, 3, 10, 5, tzinfo=UTC)),  # 00:00 becomes 01:00
        ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),  # 00:00 becomes 23:00 again
        ("Antarctica/Casey", datetime(2010, 3, 4, 15, tzinfo=UTC)),  # 02:00 becomes 23:00 again
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day is left out
    ],
)
def test_days_follow_one_another_without_gap_or_overlap_where_clocks_change(
    zone: str, around: datetime
) -> None:
    days = []
    for minutes in range(-2000, 2000):
        instant = around + timedelta(minutes=minutes)
        day = civil_day(instant, zone)
        assert starts(day, zone) <= instant < starts(day + DAY, zone)
        days.append(day)
    assert days == sorted(days)


@given(day=st.dates(date(1990, 1, 3), date(2037, 12, 30)), zone=st.sampled_from(ODD))
def test_a_day_begins_on_itself_unless_it_was_left_out(day: date, zone: str) -> None:
    begin = starts(day, zone)
    assert starts(day - DAY, zone) <= begin <= starts(day + DAY, zone)
    if begin < starts(day + DAY, zone):
        assert begin.astimezone(ZoneInfo(zone)).date() == day
        assert civil_day(begin, zone) == day
        assert civil_day(begin - timedelta(microseconds=1), zone) < day


def test_a_day_without_a_midnight_begins_where_clocks_jump_to() -> None:
    assert starts(date(2024, 3, 10), "America/Havana") == local("America/Havana", 2024, 3, 10, 1)


def test_a_day_with_two_midnights_begins_at_the_first() -> None:
    assert starts(date(2006, 10, 29), "America/St_Johns") == datetime(2006, 10, 29, 2, 30, tzinfo=UTC)


def test_a_day_that_was_left_out_is_empty() -> None:
    assert starts(date(2011, 12, 30), "Pacific/Apia") == starts(date(2011, 12, 31), "Pacific/Apia")


def test_an_instant_has_other_days_in_other_zones() -> None:
    instant = datetime(2024, 11, 24, 20, 30, tzinfo=UTC)
    assert civil_day(instant, "Asia/Yerevan") == date(2024, 11, 25)
    assert civil_day(instant, "America/Havana") == date(2024, 11, 24)


def test_a_day_closes_a_while_after_its_end() -> None:
    assert closes_at(date(2024, 11, 24), FEED) == datetime(2024, 11, 25, 6, tzinfo=UTC)


@given(now=INSTANTS, hours=st.integers(0, 72), zone=st.sampled_from(ODD))
def test_the_oldest_open_day_is_the_first_that_has_not_closed(now: datetime, hours: int, zone: str) -> None:
    feed = Feed(name="day", title="Day", timezone=zone, closes=timedelta(hours=hours))
    day = oldest_open(feed, now)
    assert closes_at(day - DAY, feed) <= now < closes_at(day, feed)


# ── The day of an entry ──


def test_an_entry_belongs_to_the_day_on_which_it_was_published_while_that_is_open() -> None:
    late = kept(item("a", published=START), seen=datetime(2024, 11, 25, 5, 59, 59, tzinfo=UTC))
    assert calendar(started=START - DAY).day_of(late) == date(2024, 11, 24)


def test_what_comes_for_a_closed_day_belongs_to_the_day_on_which_it_came() -> None:
    later = kept(item("a", published=START), seen=datetime(2024, 11, 25, 6, tzinfo=UTC))
    assert calendar(started=START - DAY).day_of(later) == date(2024, 11, 25)


@pytest.mark.parametrize("started", [None, START])
def test_in_the_first_round_all_days_from_the_first_on_are_open(started: datetime | None) -> None:
    first = START - FILLED
    days = calendar(started=started, filled_from=first.date())
    assert days.day_of(kept(item("a", published=first))) == first.date()
    assert days.day_of(kept(item("a", published=first - DAY))) is None


def test_an_entry_never_belongs_to_a_day_that_has_been_closed_without_it() -> None:
    days = calendar(started=START - 9 * DAY, open_from=date(2024, 11, 25))
    saved_late = kept(item("a"), seen=datetime(2024, 11, 25, 5, 59, tzinfo=UTC))
    assert days.day_of(saved_late) == date(2024, 11, 25)
    behind = kept(item("a", published=START - HOUR), seen=START)  # the clock has been put back
    assert days.day_of(behind) == date(2024, 11, 25)
