"""Who tells a story, and who is credited, when an editor or a rule has a word on one of its entries."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item
from feedhub.model import Act, Entry, Rule, When
from feedhub.publish.deciding import Editor, decide, undo
from feedhub.publish.explain import explain

TITLES = {
    "morning": "Fire at Karband copper mine: all 34 miners brought to the surface",
    "evening": "All 34 miners rescued after fire at Karband copper mine",
    "wire": "Karband copper mine fire: all 34 miners brought out alive",
}
OPEN, CLOSED = START + 3 * HOUR, START + 3 * DAY
DATED = "/day/2024-11-24"


def news(source: str, hours: int) -> Entry:
    return item("mine", source, title=TITLES[source], published=START + hours * HOUR, summary="")


@pytest.fixture(params=[OPEN, CLOSED], ids=["open", "closed"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """Give a desk whose sources tell one story, on an open or on a closed day."""
    desk = Desk(tmp_path, *TITLES, group="story")
    for source in TITLES:
        desk.polls(source, at=START - DAY)
    desk.publishes(at=START - DAY)
    for hours, source in enumerate(TITLES):
        desk.arrives(news(source, hours), at=START + hours * HOUR)
    desk.publishes(at=OPEN)
    desk.publishes(at=request.param)
    return desk


def link(source: str) -> str:
    return f"https://{source}.example/mine/"


def when(hub: Desk) -> datetime:
    """Give a time at which the day is as it is now."""
    return CLOSED if hub.store.publishing.closed_days("day") else OPEN


def decides(hub: Desk, act: Act, source: str, minutes: int = 1) -> None:
    at = when(hub) + minutes * HOUR / 60
    editor = Editor(name="ani", feed=hub.feed, now=at)
    decide(hub.store, hub.site, hub.folder, act, link(source), editor=editor, text="Said so.")
    hub.publishes(at=at)


def undoes(hub: Desk, source: str, minutes: int = 2) -> None:
    at = when(hub) + minutes * HOUR / 60
    undo(hub.store, hub.site, hub.folder, link(source), editor=Editor(name="ani", feed=hub.feed, now=at))
    hub.publishes(at=at)


def told(hub: Desk) -> list[str]:
    """Give who tells the story and who is named under it, after a look at who is credited in every format."""
    (one,) = json.loads(hub.body(f"{DATED}.json"))["items"]
    extension = one["_feedhub"]
    names = [one["url"], *(other["url"] for other in extension.get("story", ()))]
    sources = [name.removeprefix("https://").partition(".")[0] for name in names]
    for path in (f"{DATED}.rss", f"{DATED}.atom", f"{DATED}.json", f"{DATED}/", "/day.rss", "/day.atom"):
        document = hub.body(path).decode()
        credited = [source for source in TITLES if link(source) in document]
        assert sorted(credited) == sorted(sources), path
        assert document.index(link(sources[0])) == min(document.index(link(source)) for source in sources)
    return sources


ALL = ["morning", "evening", "wire"]


@pytest.mark.parametrize("act", ["drop", "hold"])
def test_the_next_tells_a_story_whose_first_entry_an_editor_keeps_out(hub: Desk, act: Act) -> None:
    assert told(hub) == ALL
    before = hub.body(f"{DATED}.atom")
    decides(hub, act, "morning")
    assert told(hub) == ["evening", "wire"]
    assert hub.body(f"{DATED}.atom") != before
    undoes(hub, "morning")
    assert told(hub) == ALL


@pytest.mark.parametrize("act", ["drop", "hold"])
def test_whoever_is_only_named_and_kept_out_is_named_no_more(hub: Desk, act: Act) -> None:
    decides(hub, act, "evening")
    assert told(hub) == ["morning", "wire"]
    undoes(hub, "evening")
    assert told(hub) == ALL


@pytest.mark.parametrize("act", ["feature", "lead"])
def test_whoever_is_featured_tells_the_story_until_that_is_undone(hub: Desk, act: Act) -> None:
    decides(hub, act, "wire")
    assert told(hub) == ["wire", "morning", "evening"]
    undoes(hub, "wire")
    assert told(hub) == ALL


def test_the_lead_tells_before_whoever_is_featured_and_gives_way_when_it_is_dropped(hub: Desk) -> None:
    decides(hub, "feature", "wire")
    decides(hub, "lead", "evening", minutes=2)
    assert told(hub) == ["evening", "morning", "wire"]
    decides(hub, "drop", "evening", minutes=3)
    assert told(hub) == ["wire", "morning"]
    undoes(hub, "evening", minutes=4)
    assert told(hub) == ["evening", "morning", "wire"]


def test_two_who_are_kept_out_leave_one_who_tells_it_alone(hub: Desk) -> None:
    decides(hub, "drop", "morning")
    decides(hub, "hold", "evening", minutes=2)
    assert told(hub) == ["wire"]


def test_why_names_who_tells_the_story_then(hub: Desk) -> None:
    decides(hub, "drop", "morning")
    ((out,), (named,)) = (
        explain(hub.store, hub.site, hub.folder, link(source), now=when(hub))
        for source in ("morning", "wire")
    )
    assert (out.feeds[0].is_in, out.feeds[0].cause, out.feeds[0].documents) == (False, "editor", ())
    assert (named.feeds[0].is_in, named.feeds[0].told_by) == (True, link("evening"))


def test_a_rule_that_drops_who_tells_a_story_counts_on_open_days_alone(hub: Desk) -> None:
    hub.sets(rules=(Rule(when=When(source=("morning",)), then="drop"),))
    hub.publishes(at=when(hub) + HOUR)
    assert told(hub) == (["evening", "wire"] if when(hub) == OPEN else ALL)


def test_a_note_stands_with_its_entry_as_soon_as_that_tells_the_story(hub: Desk) -> None:
    decides(hub, "note", "evening")
    assert told(hub) == ALL
    decides(hub, "drop", "morning", minutes=2)
    assert told(hub) == ["evening", "wire"]
    (one,) = json.loads(hub.body(f"{DATED}.json"))["items"]
    assert one["_feedhub"]["note"] == "Said so."
