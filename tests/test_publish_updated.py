"""When documents say that they changed, and that the same store gives the same bytes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from desk import DAY, HOUR, START, Desk, item, paper
from feedhub.cli import running
from feedhub.model import Rule, Take, Terms, When
from feedhub.publish.deciding import Editor, decide
from feedhub.web import create_app
from finished import unpacked

SECOND = timedelta(seconds=1)
CLOSED = "/day/2024-11-22.atom"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Make a hub with a closed day, an open one and two sources."""
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("old", published=START - 2 * DAY), item("b", "evening"), at=START)
    desk.publishes(START + HOUR)
    return desk


def updated(desk: Desk, path: str = "/day.atom") -> datetime:
    told = ElementTree.fromstring(desk.body(path)).findtext("{http://www.w3.org/2005/Atom}updated", "")
    return datetime.fromisoformat(told)


def modified(desk: Desk, path: str) -> datetime:
    return datetime.fromtimestamp(desk.file(path).stat().st_mtime, UTC)


def test_the_time_of_a_document_is_that_of_its_newest_arrival_and_not_of_publishing(desk: Desk) -> None:
    desk.arrives(item("a"), at=START + 2 * HOUR)
    desk.publishes(START + 3 * HOUR)
    assert updated(desk) == updated(desk, "/day/2024-11-24.atom") == START + 2 * HOUR


def test_the_time_of_a_document_never_moves_when_nothing_has_changed(desk: Desk) -> None:
    before = desk.snapshot()
    for minutes in (0, 1, 60):
        assert not desk.publishes(START + HOUR + timedelta(minutes=minutes)).written
    desk.polls("morning", item("old", published=START - 2 * DAY), at=START + 3 * HOUR)
    assert not desk.publishes(START + 3 * HOUR).written
    assert desk.snapshot() == before


def _changes_an_entry(desk: Desk, at: datetime) -> None:
    desk.arrives(item("b", "evening", title="Changed"), at=at)


def _removes_a_source(desk: Desk, at: datetime) -> None:
    desk.configures(paper("morning"), at=at)


def _retitles_the_feed(desk: Desk, at: datetime) -> None:
    desk.sets(title="Another title")


def _retitles_the_site(desk: Desk, at: datetime) -> None:
    desk.site = replace(desk.site, title="Another desk")


def _changes_terms(desk: Desk, at: datetime) -> None:
    desk.configures(paper("morning"), paper("evening", terms=Terms(show="title")), at=at)


def _changes_groups(desk: Desk, at: datetime) -> None:
    desk.configures(paper("morning"), paper("evening", groups=("night",)), at=at)


@pytest.mark.parametrize(
    "change",
    [
        _changes_an_entry,
        _removes_a_source,
        _retitles_the_feed,
        _retitles_the_site,
        _changes_terms,
        _changes_groups,
    ],
)
def test_every_change_that_shows_moves_the_time_of_a_document(
    desk: Desk, change: Callable[[Desk, datetime], None]
) -> None:
    before, body = updated(desk), desk.body("/day.atom")
    change(desk, START + 4 * HOUR)
    desk.publishes(START + 4 * HOUR)
    assert desk.body("/day.atom") != body
    assert updated(desk) == START + 4 * HOUR > before
    assert modified(desk, "/day.atom") == updated(desk)
    assert not desk.publishes(START + 5 * HOUR).written


def _takes_more(desk: Desk) -> None:
    desk.sets(take=Take())


def _lets_in(desk: Desk) -> None:
    desk.sets(rules=())


def _is_automatic(desk: Desk) -> None:
    desk.sets(mode="automatic")


@pytest.mark.parametrize(
    ("feed", "change"),
    [
        ({"take": Take(sources=("evening",))}, _takes_more),
        ({"rules": (Rule(when=When(source=("morning",)), then="hold"),)}, _lets_in),
        ({"mode": "curated"}, _is_automatic),
    ],
)
@pytest.mark.parametrize("path", ["/day.atom", "/day/2024-11-24.atom"])
def test_settings_that_let_in_what_came_long_before_move_the_time_of_documents(
    tmp_path: Path, feed: dict[str, Any], change: Callable[[Desk], None], path: str
) -> None:
    desk = Desk(tmp_path, "morning", "evening", **feed)
    desk.publishes(START)
    desk.arrives(item("a"), at=START + HOUR)
    desk.publishes(START + HOUR)
    change(desk)
    desk.publishes(START + 3 * HOUR)
    assert desk.keys(path) == ["a"]
    assert updated(desk, path) == modified(desk, path) == START + 3 * HOUR
    assert modified(desk, "/day/") == START + 3 * HOUR
    lastmod = r"/day/</loc>\s*<lastmod>2024-11-24T15:00:00Z<"
    assert re.search(lastmod, desk.body("/sitemap.xml").decode())
    desk.arrives(item("b"), at=START + 4 * HOUR)
    desk.publishes(START + 5 * HOUR)
    assert updated(desk, path) == START + 4 * HOUR


def test_settings_that_change_nothing_move_no_time(desk: Desk) -> None:
    before = desk.snapshot()
    desk.sets(rules=(Rule(when=When(source=("nobody",)), then="drop"),), per_source=9)
    assert not desk.publishes(START + 3 * HOUR).written
    files = {name: file for name, file in desk.snapshot().items() if name != ".manifest.json"}
    assert files.items() <= before.items()


def test_the_time_of_a_document_never_goes_back(desk: Desk) -> None:
    times = [updated(desk)]
    changes = (_removes_a_source, _retitles_the_feed, _retitles_the_site)
    for number, change in enumerate(changes):
        behind = START - number * HOUR  # by a clock that is put back
        change(desk, behind)
        desk.publishes(behind)
        times.append(updated(desk))
    assert times == sorted(set(times))


def test_two_versions_of_a_document_never_share_a_second(desk: Desk) -> None:
    now = START + 2 * HOUR
    for number in range(4):
        before = updated(desk)
        desk.arrives(item(str(number)), at=now + number * timedelta(milliseconds=150))
        desk.publishes(now + number * timedelta(milliseconds=200))
        assert updated(desk) >= before + SECOND
        assert modified(desk, "/day.atom") == updated(desk)


def test_a_hub_that_publishes_again_and_again_dates_nothing_ahead(desk: Desk) -> None:
    now = START + 2 * HOUR + timedelta(milliseconds=900)
    for number in range(6):
        desk.arrives(item(str(number)), at=now)
        desk.publishes(now)
        assert modified(desk, "/day.atom") <= now
        now += timedelta(seconds=running._LEAST_REST)


@pytest.mark.parametrize("path", ["/day.rss", "/day.atom", "/day.json", "/day/2024-11-24.atom", CLOSED])
def test_a_file_has_the_time_of_its_document(desk: Desk, path: str) -> None:
    edition = path.rpartition(".")[0] + ".atom"
    assert modified(desk, path) == updated(desk, edition)
    assert modified(desk, path + ".gz") == modified(desk, path)


def test_a_page_that_leads_on_to_a_new_day_moves_only_the_page(desk: Desk) -> None:
    before, page = desk.snapshot(), modified(desk, "/day/2024-11-24/")
    desk.arrives(item("c", published=START + DAY), at=START + DAY)
    desk.publishes(START + DAY)
    assert modified(desk, "/day/2024-11-24/") == START + DAY > page
    assert desk.snapshot()[CLOSED[1:]] == before[CLOSED[1:]]


def test_a_correction_moves_its_closed_day_and_no_other(desk: Desk) -> None:
    desk.arrives(item("c", "evening", published=START - 3 * DAY), at=START + HOUR)
    desk.publishes(START + HOUR)
    before = desk.snapshot()
    corrected = item("old", published=START - 2 * DAY, title="Corrected")
    desk.arrives(corrected, at=START + 5 * HOUR)
    done = desk.publishes(START + 6 * HOUR)
    assert updated(desk, CLOSED) == START + 5 * HOUR
    its_own = {f"/day/2024-11-22{end}" for end in (".rss", ".atom", ".json", "/")}
    current = {"/day.rss", "/day.atom", "/day.json", "/day/frame/", "/day/fragment/"}
    assert set(done.written) == its_own | current | {"/sitemap.xml"}
    changed = {name for name, file in desk.snapshot().items() if before.get(name) != file}
    files = {path[1:] + ("index.html" if path.endswith("/") else "") for path in done.written}
    packed = {f"{name}.{coding}" for name in files for coding in ("gz", "br")}
    assert changed == files | packed | {".manifest.json"}


def test_a_correction_that_comes_while_its_day_is_being_published_is_published_next(desk: Desk) -> None:
    known = desk.store.publishing.editions("day")
    day = (START - 2 * DAY).date()
    desk.arrives(item("old", published=START - 2 * DAY, title="First"), at=START + 2 * HOUR)
    # A publisher that read the day before, and remembers it only now.
    desk.store.publishing.remember("day", known[day], was=known[day])
    desk.publishes(START + 2 * HOUR)
    assert desk.entries(CLOSED)[0].title == "First"


def test_a_correction_by_a_clock_that_is_behind_is_published_all_the_same(desk: Desk) -> None:
    desk.arrives(item("old", published=START - 2 * DAY, title="Corrected"), at=START - HOUR)
    desk.publishes(START + 2 * HOUR)
    assert desk.entries(CLOSED)[0].title == "Corrected"


def test_who_asks_by_a_time_before_the_change_gets_the_new_document(tmp_path: Path) -> None:
    desk = Desk(tmp_path, mode="curated")
    desk.publishes(START)
    desk.arrives(item("a"), at=START + HOUR)
    desk.publishes(START + HOUR)
    editor = Editor(name="ani", feed=desk.feed, now=START + 3 * HOUR)
    decide(desk.store, desk.site, desk.folder, "include", "https://morning.example/a/", editor=editor)
    desk.publishes(START + 3 * HOUR)
    app = create_app(
        desk.folder, site_url=desk.site.url, first_feed="day", cache=timedelta(minutes=5), health=dict
    )
    between, after = (format_datetime(START + hours * HOUR, usegmt=True) for hours in (2, 3))
    for path in ("/day.rss", "/day.atom", "/day.json", "/day/", "/", "/day/2024-11-24/", "/sitemap.xml"):
        answers = [
            app.test_client().get(path, headers={"If-Modified-Since": since}) for since in (between, after)
        ]
        assert [answer.status_code for answer in answers] == [200, 304], path


# ── The same store gives the same bytes ──


def _documents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


_PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from desk import paper
from feedhub.model import Feed, Site
from feedhub.publish import publish
from feedhub.store import Store
sources = {name: paper(name) for name in ("morning", "evening")}
feed = Feed(name="day", title="Day newsfeed", timezone="UTC")
site = Site(title="The Desk", url="https://news.example", feeds=(feed,), sources=sources)
publish(Store(sys.argv[1]), site, Path(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]))
"""


def _publishing(desk: Desk, folder: Path, at: datetime, zone: str = "UTC") -> "subprocess.Popen[bytes]":
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": paths, "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, desk.url, str(folder), at.isoformat()], env=environment
    )


def test_one_store_gives_the_same_bytes_on_machines_in_other_time_zones(desk: Desk, tmp_path: Path) -> None:
    folders = {zone: tmp_path / zone.replace("/", "-") for zone in ("Asia/Yerevan", "America/Havana")}
    for hours, (zone, folder) in enumerate(folders.items()):
        assert _publishing(desk, folder, START + (2 + hours) * HOUR, zone).wait(60) == 0
    here, there = map(_documents, folders.values())
    assert here == there
    assert here == _documents(desk.folder)
    assert "day.atom.gz" in here


def test_two_publishers_at_once_leave_whole_and_equal_files(desk: Desk) -> None:
    desk.arrives(*(item(str(number)) for number in range(30)), at=START + 2 * HOUR)
    running = [_publishing(desk, desk.folder, START + 2 * HOUR) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    packed = [file for file in desk.folder.rglob("*") if file.suffix in (".gz", ".br")]
    assert packed
    for file in packed:
        assert unpacked(file) == file.with_suffix("").read_bytes()
    assert len(desk.ids("/day.atom")) == 32
    assert not desk.publishes(START + 2 * HOUR).written
    assert not list(desk.folder.rglob("*.new"))


def test_hosts_that_met_a_removal_at_other_times_agree_in_the_end(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    here = desk.folder
    desk.folder = other
    desk.publishes(START + HOUR)
    desk.sets(title="Another title")
    desk.publishes(START + 3 * HOUR)
    desk.folder = here
    desk.publishes(START + 2 * HOUR)
    assert _documents(here) == _documents(other)


def test_a_host_that_was_too_late_to_remember_when_a_document_changed_takes_over_the_time(desk: Desk) -> None:
    known = desk.store.publishing.editions("day")[None]
    quicker = replace(known, updated=known.updated + 5 * SECOND)
    desk.store.publishing.remember("day", quicker, was=known)
    desk.publishes(START + HOUR)
    assert updated(desk) == quicker.updated == modified(desk, "/day.atom")


def test_two_hosts_that_close_a_day_at_once_close_it_alike(desk: Desk, tmp_path: Path) -> None:
    desk.arrives(*(item(str(number)) for number in range(5)), at=START + 2 * HOUR)
    folders = [tmp_path / "here", tmp_path / "there"]
    for _ in range(2):  # who was too late to remember what he published does so the next time
        running = [_publishing(desk, folder, START + DAY) for folder in folders]
        assert [process.wait(60) for process in running] == [0, 0]
    here, there = map(_documents, folders)
    assert here == there
    desk.publishes(START + DAY)
    assert desk.days()["2024-11-24"] == ["b", *"01234"]
