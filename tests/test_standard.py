import io
import json
import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from desk import DAY, HOUR, START, Desk, item
from feedhub.config import load
from feedhub.errors import ConfigError
from feedhub.health import is_ready
from feedhub.model import Feed, Site
from feedhub.render import wellknown
from feedhub.render.favicon import favicon
from feedhub.render.sitemap import Place, sitemap
from hubs import Hub

SITE = Site(
    title="Լուրեր",
    url="https://news.example/hub",
    feeds=(Feed(name="day", title="Day newsfeed", about="What matters."), Feed(name="all", title="All")),
)
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.arrives(item("old", published=START - 2 * DAY), item("new"), at=START)
    desk.publishes(START)
    return desk


# ── The feed menu, robots.txt, security.txt ──────────────────────────────────────────────────────


def test_the_menu_lists_every_feed_in_its_order_and_with_its_addresses() -> None:
    assert json.loads(wellknown.feed_menu(SITE)) == {
        "feed-menu": "Լուրեր",
        "items": [
            {
                "feed-title": "Day newsfeed",
                "description": "What matters.",
                "rss": "https://news.example/hub/day.rss",
                "atom": "https://news.example/hub/day.atom",
            },
            {
                "feed-title": "All",
                "rss": "https://news.example/hub/all.rss",
                "atom": "https://news.example/hub/all.atom",
            },
        ],
    }


def test_robots_are_let_in_and_shown_the_sitemap() -> None:
    lines = wellknown.robots(SITE).decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /" not in lines
    assert "Sitemap: https://news.example/hub/sitemap.xml" in lines


@pytest.mark.parametrize(
    ("now", "expires"),
    [("2024-11-24", "2025-06-01"), ("2024-12-31", "2025-07-01"), ("2025-01-01", "2025-08-01")],
)
def test_security_txt_is_good_for_half_a_year_and_the_rest_of_a_month(now: str, expires: str) -> None:
    site = replace(SITE, security="desk@news.example")
    lines = wellknown.security(site, datetime.fromisoformat(now).replace(tzinfo=UTC)).decode().splitlines()
    assert lines == [
        "Contact: mailto:desk@news.example",
        f"Expires: {expires}T00:00:00Z",
        "Canonical: https://news.example/hub/.well-known/security.txt",
    ]


def test_security_txt_leads_to_a_page_too() -> None:
    site = replace(SITE, security="https://news.example/report")
    assert wellknown.security(site, NOW).startswith(b"Contact: https://news.example/report\n")


def test_reports_of_weaknesses_go_by_https(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure(site={"security": "http://news.example/report"})
    with pytest.raises(ConfigError, match="must begin with https"):
        load(hub.path, {})


def test_there_is_a_security_txt_only_where_the_operator_names_an_address(desk: Desk) -> None:
    path = desk.file("/.well-known/security.txt")
    assert not path.exists()
    desk.site = replace(desk.site, security="desk@news.example")
    desk.publishes(START + HOUR)
    assert path.exists()
    desk.site = replace(desk.site, security="")
    assert "/.well-known/security.txt" in desk.publishes(START + 2 * HOUR).removed
    assert not path.exists()


# ── The sitemap ──────────────────────────────────────────────────────────────────────────────────


def listed(document: bytes) -> list[tuple[str, str]]:
    root = etree.fromstring(document)
    assert root.nsmap == {None: MAP[1:-1]}
    return [(str(one[0].text), str(one[1].text)) for one in root]


def test_the_sitemap_lists_every_page_once_with_when_it_changed(desk: Desk) -> None:
    found = listed(desk.body("/sitemap.xml"))
    assert sorted(url for url, _ in found) == [
        f"https://news.example{path}" for path in ("/day/", "/day/2024-11-22/", "/day/2024-11-24/")
    ]
    assert {time for _, time in found} == {"2024-11-24T12:00:00Z"}


def test_a_day_that_changes_says_so_in_the_sitemap(desk: Desk) -> None:
    before = dict(listed(desk.body("/sitemap.xml")))
    desk.arrives(item("old", published=START - 2 * DAY, title="Corrected"), at=START + HOUR)
    desk.publishes(START + HOUR)
    now = dict(listed(desk.body("/sitemap.xml")))
    changed = {url: time for url, time in now.items() if before[url] != time}
    assert changed == {"https://news.example/day/2024-11-22/": "2024-11-24T13:00:00Z"}


def test_nothing_is_written_when_nothing_changed(desk: Desk) -> None:
    assert desk.publishes(START + HOUR).written == []


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20, 21])
def test_more_pages_than_a_sitemap_may_list_stand_in_several(count: int) -> None:
    pages = [Place(path=f"/day/{n}/", updated=NOW.replace(minute=n)) for n in range(count)]
    documents = sitemap(pages, SITE, most=7)
    parts = [path for path in documents if path != "/sitemap.xml"]
    assert len(parts) == (0 if count <= 7 else (count + 6) // 7)
    found = [row for path in parts or ["/sitemap.xml"] for row in listed(documents[path])]
    assert [url for url, _ in found] == [f"https://news.example/hub/day/{n}/" for n in range(count)]
    if parts:
        index = listed(documents["/sitemap.xml"])
        assert [url for url, _ in index] == [f"https://news.example/hub{path}" for path in parts]
        assert index[-1][1] == found[-1][1]


def test_a_sitemap_of_50_000_long_addresses_is_shorter_than_50_mb() -> None:
    site = replace(SITE, url=f"https://news.example/{'a' * 200}")
    (document,) = sitemap([Place(path=f"/{'b' * 60}/2024-11-24/", updated=NOW)] * 50_000, site).values()
    assert len(document) < 50 * 2**20


# ── The favicon ──────────────────────────────────────────────────────────────────────────────────


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + struct.pack(">2L", width, height) + b"the rest"


def pictured(icon: bytes) -> tuple[int, int, bytes]:
    """Give the width, height and bytes of the one picture in an icon."""
    stream = io.BytesIO(icon)
    assert struct.unpack("<3H", stream.read(6)) == (0, 1, 1)
    width, height, _, _, _, _, length, start = struct.unpack("<4B2H2L", stream.read(16))
    assert start + length == len(icon)
    return width, height, icon[start:]


@pytest.mark.parametrize(("side", "told"), [(1, 1), (48, 48), (255, 255), (256, 0)])
def test_a_picture_becomes_an_icon(side: int, told: int) -> None:
    assert pictured(favicon(png(side, side))) == (told, told, png(side, side))


@pytest.mark.parametrize("other", [b"", b"<svg/>", png(257, 16), png(0, 16), png(16, 16)[:20]])
def test_what_fits_in_no_icon_is_passed_over_for_our_own(other: bytes) -> None:
    assert favicon(other) == favicon()
    assert pictured(favicon())[:2] == (48, 48)


def test_an_icon_stays_as_it_is() -> None:
    assert favicon(favicon(png(16, 16))) == favicon(png(16, 16))


def test_the_favicon_is_the_icon_of_the_site_if_it_stands_in_the_folder(desk: Desk) -> None:
    (desk.folder / "icon.png").write_bytes(png(32, 32))
    desk.site = replace(desk.site, icon="https://news.example/icon.png")
    desk.publishes(START + HOUR)
    assert desk.body("/favicon.ico") == favicon(png(32, 32))


@pytest.mark.parametrize(
    "icon",
    [
        "https://news.example/none.png",
        "https://news.example/../secret.png",
        "https://news.example/" + "a" * 300,
        "https://other.example/icon.png",
    ],
)
def test_an_icon_that_stands_elsewhere_is_not_read(desk: Desk, icon: str) -> None:
    (desk.folder.parent / "secret.png").write_bytes(png(32, 32))
    desk.site = replace(desk.site, icon=icon)
    desk.publishes(START + HOUR)
    assert desk.body("/favicon.ico") == favicon()


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
def test_a_file_that_the_operator_puts_there_stays(desk: Desk, path: str) -> None:
    desk.file(path).write_bytes(b"our own")
    for hours in (1, 2):
        desk.publishes(START + hours * HOUR)
        assert desk.body(path) == b"our own"
    desk.file(path).unlink()
    desk.publishes(START + 3 * HOUR)
    assert desk.body(path) != b"our own"


# ── Feeds that are no more, and whether all is there ─────────────────────────────────────────────


def test_a_feed_that_is_removed_is_marked_until_it_comes_back(desk: Desk) -> None:
    feed, marks = desk.feed, desk.folder / ".gone"
    assert not marks.exists()
    desk.sets(name="news")
    desk.publishes(START + HOUR)
    assert [mark.name for mark in marks.iterdir()] == ["day"]
    desk.site = replace(desk.site, feeds=(feed,))
    desk.publishes(START + 2 * HOUR)
    assert [mark.name for mark in marks.iterdir()] == ["news"]


def test_a_hub_is_ready_once_each_feed_is_published(desk: Desk) -> None:
    assert is_ready(desk.folder, desk.site.feeds)
    desk.site = replace(desk.site, feeds=(desk.feed, replace(desk.feed, name="news")))
    assert not is_ready(desk.folder, desk.site.feeds)
    desk.publishes(START + HOUR)
    assert is_ready(desk.folder, desk.site.feeds)
