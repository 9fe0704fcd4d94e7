"""The archive walked through by a reader: over documents as RFC 5005 says, over pages by their links."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html

from desk import DAY, HOUR, Desk, item
from hubs import Hub

ATOM = "{http://www.w3.org/2005/Atom}"
Get = Callable[[str], bytes]


# ── The readers ──────────────────────────────────────────────────────────────────────────────────


def in_xml(document: bytes) -> tuple[list[str], str]:
    """Give the ids of an RSS or Atom document, and where the one before it stands; "" = nowhere."""
    root = etree.fromstring(document)
    ids = [found.text or "" for found in root.iter("guid")]
    ids += [entry.findtext(f"{ATOM}id", "") for entry in root.iter(f"{ATOM}entry")]
    head = root if root.tag == f"{ATOM}feed" else root[0]
    earlier = [link.get("href", "") for link in head.findall(f"{ATOM}link[@rel='prev-archive']")]
    return ids, "".join(earlier)


def in_json(document: bytes) -> tuple[list[str], str]:
    told = json.loads(document)
    return [each["id"] for each in told["items"]], told.get("next_url", "")


READERS = {".rss": in_xml, ".atom": in_xml, ".json": in_json}


def collected(get: Get, path: str) -> list[str]:
    """Collect ids from the document to subscribe to, and on over its archives, each of them once."""
    read, seen, ids = READERS[path[path.rindex(".") :]], set(), []
    while path:
        assert path not in seen
        seen.add(path)
        found, earlier = read(get(path))
        ids += found
        path = urlsplit(earlier).path
    return ids


def walked(get: Get, path: str, relation: str) -> Iterator[str]:
    """Go from page to page by a relation of their heads."""
    while path:
        yield path
        links = html.document_fromstring(get(path).decode()).xpath(f"//head/link[@rel='{relation}']/@href")
        path = urljoin(path, links[0]) if links else ""


def calendar(get: Get, path: str) -> set[str]:
    """Give the pages that a calendar leads to."""
    links = html.document_fromstring(get(path).decode()).xpath("//table//a/@href")
    return {urljoin(path, link) for link in links}


def assert_every_day_is_linked(get: Get, name: str, days: list[date]) -> None:
    pages = [f"/{name}/{day}/" for day in days]
    assert list(walked(get, pages[0], "next")) == pages
    assert list(walked(get, pages[-1], "prev")) == pages[::-1]
    assert calendar(get, f"/{name}/archive/") == set(pages)


# ── A month in which the clocks change ───────────────────────────────────────────────────────────

FIRST = datetime(2024, 3, 10, tzinfo=UTC)  # a Sunday, three weeks before summer time begins in Paris
LATER = (timedelta(0), HOUR, 9 * HOUR, 30 * HOUR)  # how long entries take until they are here


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, set[str]]:
    """A hub that has run for five weeks, published once a day, with what it was given."""
    desk = Desk(tmp_path_factory.mktemp("month"), "morning", "evening", timezone="Europe/Paris", limit=5)
    given = {}
    for number in range(35 * 4):
        # At every quarter of a day, and on the edges of days and of the hour that there is twice or never.
        at = FIRST + number * 6 * HOUR + timedelta(minutes=(number % 3) * 59, seconds=number % 7)
        made = item(f"e{number}", ("morning", "evening")[number % 2], published=at)
        given[made.published_id] = (at + LATER[number % len(LATER)], made)
    clock, waiting = FIRST, dict(given)
    for _ in range(35 + 2):
        clock += DAY
        here = [made for arrives, made in waiting.values() if arrives <= clock]
        waiting = {id_: one for id_, one in waiting.items() if one[0] > clock}
        desk.polls("morning", *(each for each in here if each.source == "morning"), at=clock)
        desk.polls("evening", *(each for each in here if each.source == "evening"), at=clock)
        assert desk.publishes(clock).problems == []
    return desk, set(given)


@pytest.mark.parametrize("form", READERS)
def test_a_reader_collects_every_entry_of_a_month_whose_clocks_change(
    month: tuple[Desk, set[str]], form: str
) -> None:
    desk, given = month
    assert set(collected(desk.body, f"/day{form}")) == given


def test_no_entry_of_the_month_stands_on_two_days(month: tuple[Desk, set[str]]) -> None:
    desk, given = month
    days = desk.days()
    assert len(days) >= 35
    assert sum(map(len, days.values())) == len(given)


def test_the_days_of_the_month_lead_from_the_first_to_the_last_and_back(
    month: tuple[Desk, set[str]],
) -> None:
    desk, _ = month
    assert_every_day_is_linked(desk.body, "day", sorted(map(date.fromisoformat, desk.days())))


# ── The samples ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("samples")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


def getting(hub: Hub) -> Get:
    return lambda path: hub.document(path + "index.html" if path.endswith("/") else path)


@pytest.mark.parametrize("form", READERS)
def test_a_reader_collects_every_entry_of_the_samples(hub: Hub, form: str) -> None:
    taken = {id_ for (id_,) in hub.ask_database("SELECT published_id FROM entries")}
    found = set(collected(getting(hub), f"/newsfeed{form}"))
    assert (len(taken), len(found)) == (47, 46)
    (copy,) = taken - found  # the agency's, of an article of The Morning
    told = hub.ask_database(f"SELECT source, canonical FROM entries WHERE published_id = '{copy}'")
    assert [source for source, _ in told] == ["agency"]
    assert "morning.example/2024/11/24/three-roads" in told[0][1]


@pytest.mark.parametrize("name", ["day", "newsfeed", "young-leaders-school"])
def test_the_days_of_the_samples_lead_from_the_first_to_the_last_and_back(hub: Hub, name: str) -> None:
    days = sorted(date.fromisoformat(file.stem) for file in (hub.feeds / name).glob("*.atom"))
    assert len(days) >= 2
    assert_every_day_is_linked(getting(hub), name, days)


def test_the_sample_day_and_its_style_weigh_little(hub: Hub) -> None:
    page = hub.document("/index.html")
    (style,) = (hub.feeds / "static").glob("style-*.css")
    assert len(page) + style.stat().st_size <= 60_000


def test_a_day_that_comes_leaves_the_pages_before_yesterday_as_they_are(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(6):
        now = FIRST + number * DAY + 12 * HOUR
        desk.arrives(item(f"e{number}", published=now - HOUR), at=now)
        done = desk.publishes(now)
    rewritten = sorted(path for path in done.written if path.startswith("/day/2024"))
    assert {path[:15] for path in rewritten} == {"/day/2024-03-14", "/day/2024-03-15"}
    assert "/day/archive/" in done.written
