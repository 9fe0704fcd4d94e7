"""The calendar that leads to all days of a feed."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from editions import FEED, site
from feedhub.model import Feed
from feedhub.render.archive import archive

HERE = "https://news.example/day/archive/"


def links(feed: Feed, *days: date) -> list[tuple[str, str]]:
    """Give the days that a calendar links, each with where it leads."""
    document = html.document_fromstring(archive(feed, days, site()).decode())
    return [
        (link.find("time").get("datetime"), urljoin(HERE, link.get("href")))
        for link in document.xpath("//table//a")
    ]


@given(st.sets(st.dates(date(2019, 12, 1), date(2024, 12, 31)), max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_day_with_an_edition_is_linked_once_and_no_other(days: set[date]) -> None:
    found = links(FEED, *days)
    assert sorted(found) == sorted((f"{day}", f"https://news.example/day/{day}/") for day in days)


@pytest.mark.parametrize(("language", "first"), [("en-US", "Sun"), ("en", "Mon"), ("ru", "пн")])
def test_the_weeks_of_a_month_stand_under_their_days(language: str, first: str) -> None:
    feed = replace(FEED, language=language)
    document = html.document_fromstring(archive(feed, [date(2024, 11, 24)], site()).decode())
    (table,) = document.iter("table")
    assert table.findtext(".//th") == first
    rows = [[cell.text_content() for cell in row.findall("td")] for row in table.find("tbody")]
    assert {len(row) for row in rows} == {7}
    sunday = 0 if first == "Sun" else 6
    assert [row[sunday] for row in rows if row[sunday]] == ["3", "10", "17", "24"]
    assert [int(cell) for row in rows for cell in row if cell] == list(range(1, 31))


def test_the_newest_month_comes_first() -> None:
    found = links(FEED, date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29))
    assert [day for day, _ in found] == ["2024-02-29", "2024-01-01", "2023-12-31"]


def test_a_feed_without_days_says_so() -> None:
    assert b"Nothing has been published here yet." in archive(FEED, [], site())


def test_ten_years_of_days_stay_a_page_that_a_phone_takes() -> None:
    days = [date(2015, 1, 1) + timedelta(days=number) for number in range(3653)]
    assert len(archive(FEED, days, site())) < 400_000
