"""What the proof refuses is held back, what cannot be made stays as it was, and the rest is published."""

from dataclasses import replace
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item
from feedhub.health import health
from feedhub.model import Edition, Site
from feedhub.publish.documents import Formats
from feedhub.publish.folder import manifest
from feedhub.render import FORMATS

PATHS = ("/day.rss", "/day.atom", "/day.json", "/day/2024-11-24.rss", "/day/2024-11-24.json")
# What reading a source never lets through, each caught in another place.
HOSTILE = {
    "a control character": {"title": "a\x01b"},
    "a script": {"summary": "<p>a</p><script>alert(1)</script>"},
    "a link that runs": {"summary": '<p>a <a href="javascript:alert(1)">b</a></p>'},
    "no web address": {"url": "javascript:alert(1)"},
    "a time before there were feeds": {"published": START.replace(year=1971)},
    "no title": {"title": ""},
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), item("b", "evening"), at=START)
    desk.publishes(START)
    return desk


def broken(**renders: object) -> Formats:
    """Give the formats with some that make something else."""
    return {**FORMATS, **renders}  # type: ignore[dict-item]


def _cut_off(made: Edition, site: Site) -> bytes:
    return FORMATS["rss"](made, site)[:200]


def _trips(made: Edition, site: Site) -> bytes:
    raise ZeroDivisionError("by nothing")


def _trips_over_c(made: Edition, site: Site) -> bytes:
    if any(entry.url.endswith("/c/") for entry in made.entries):
        raise KeyError("c")
    return FORMATS["rss"](made, site)


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_entry_that_fails_is_held_back_everywhere_and_the_rest_is_published(desk: Desk, kind: str) -> None:
    bad = replace(item("bad"), **HOSTILE[kind])  # type: ignore[arg-type]
    desk.arrives(bad, item("c"), at=START + HOUR)
    done = desk.publishes(START + HOUR)
    assert done.held.keys() == {bad.published_id}
    assert not done.problems
    for path in PATHS:
        assert desk.keys(path) == ["b", "a", "c"]
    assert b"/bad/" not in desk.body("/day/")
    ((source, told),) = desk.store.faults.all()
    assert (source, told.id) == ("morning", bad.published_id)
    assert told.reason == done.held[bad.published_id] != ""
    assert health(desk.store, desk.folder)["held"] == 1


def test_the_reason_does_not_repeat_the_id(desk: Desk) -> None:
    bad = replace(item("bad"), **HOSTILE["a control character"])  # type: ignore[arg-type]
    desk.arrives(bad, at=START)
    assert desk.publishes(START).held[bad.published_id].startswith("it cannot be written")


def test_many_entries_that_fail_are_all_held_back_at_once(desk: Desk) -> None:
    bad = [replace(item(f"bad{n}"), title="a\x01b") for n in range(20)]
    desk.arrives(*bad, at=START)
    made: list[int] = []

    def counted(made_of: Edition, site: Site) -> bytes:
        made.append(len(made_of.entries))
        return FORMATS["rss"](made_of, site)

    done = desk.publishes(START, formats=broken(rss=counted))
    assert len(done.held) == 20
    assert desk.keys("/day.rss") == ["b", "a"]
    # Of the day and of the document to subscribe to: once whole, empty and each alone, then what is left.
    assert made.count(22) == 2
    assert len(made) == 2 * (1 + 1 + 22 + 1)


def test_an_entry_that_is_corrected_at_its_source_comes_back(desk: Desk) -> None:
    bad = item("c", title="a\x01b")
    desk.arrives(bad, at=START)
    desk.publishes(START)
    desk.arrives(item("c"), at=START + HOUR)
    assert not desk.publishes(START + HOUR).held
    assert "c" in desk.keys("/day.rss")
    assert not list(desk.store.faults.all())


def test_an_entry_that_is_held_back_is_not_told_for_ever_when_its_day_is_gone(desk: Desk) -> None:
    desk.arrives(item("c", "evening", title="a\x01b", published=START - 2 * DAY), at=START + DAY)
    desk.publishes(START + DAY)
    assert list(desk.store.faults.all())
    desk.configures(desk.site.sources["morning"])
    desk.publishes(START + DAY)
    assert not list(desk.store.faults.all())


@pytest.mark.parametrize("render", [_cut_off, _trips])
def test_a_document_that_fails_stays_as_it_was_and_the_others_go_on(desk: Desk, render: object) -> None:
    before = desk.body("/day.rss")
    desk.arrives(item("c"), at=START + HOUR)
    done = desk.publishes(START + HOUR, formats=broken(rss=render))
    assert desk.body("/day.rss") == before
    assert "c" in desk.keys("/day.atom")
    assert not done.held
    assert [problem.partition(": ")[0] for problem in done.problems] == ["/day.rss", "/day/2024-11-24.rss"]
    assert all(problem.partition(": ")[2] for problem in done.problems)
    assert manifest(desk.folder).problems == tuple(done.problems)
    told = health(desk.store, desk.folder)
    assert (told["status"], told["publishing"]) == ("degraded", "failing")


def test_a_document_that_fails_is_tried_again_each_time_and_heals(desk: Desk) -> None:
    desk.arrives(item("c"), at=START + HOUR)
    desk.publishes(START + HOUR, formats=broken(rss=_trips))
    assert desk.publishes(START + HOUR, formats=broken(rss=_trips)).problems
    done = desk.publishes(START + HOUR)
    assert not done.problems
    assert done.written == ["/day.rss", "/day/2024-11-24.rss"]
    assert "c" in desk.keys("/day.rss")
    assert health(desk.store, desk.folder)["status"] == "ok"


def test_an_entry_that_trips_a_renderer_in_a_way_nobody_foresaw_is_held_back(desk: Desk) -> None:
    desk.arrives(item("c"), at=START + HOUR)
    done = desk.publishes(START + HOUR, formats=broken(rss=_trips_over_c))
    assert done.held == {"https://morning.example/c/": "KeyError: 'c'"}
    assert not done.problems
    assert desk.keys("/day.atom") == ["b", "a"]


def test_a_title_of_ours_that_cannot_be_written_holds_no_entry_back(desk: Desk) -> None:
    before = desk.body("/day.rss")
    desk.sets(about="a\x01b")
    done = desk.publishes(START + HOUR)
    assert not done.held
    assert {problem.partition(": ")[0] for problem in done.problems} == {
        "/day.rss",
        "/day.atom",
        "/day/2024-11-24.rss",
        "/day/2024-11-24.atom",
        "/feeds.opml",
    }
    assert desk.body("/day.rss") == before


def test_a_list_of_sources_that_cannot_be_written_stops_nothing_else(desk: Desk) -> None:
    before = desk.body("/subscriptions.opml")
    named = replace(desk.site.sources["evening"], title="a\x01b", groups=("x",))
    desk.site = replace(desk.site, sources={**desk.site.sources, "evening": named})
    desk.arrives(item("c"), at=START + HOUR)
    done = desk.publishes(START + HOUR)
    assert done.problems[0].startswith("/subscriptions.opml: ")
    assert desk.body("/subscriptions.opml") == before
    assert "c" in desk.keys("/day.atom")


def test_a_document_that_never_stood_there_is_a_problem_and_no_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning")
    desk.arrives(item("a"), at=START)
    done = desk.publishes(START, formats=broken(rss=_trips))
    assert "/day.rss: ZeroDivisionError: by nothing" in done.problems
    assert not desk.file("/day.rss").exists()
    assert "/day.rss" not in manifest(desk.folder).marks
