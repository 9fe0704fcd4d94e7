"""Stories on their way through the store and the documents."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk import DAY, HOUR, START, Desk, item, kept
from editions import FEED, NOON, edition, entry
from feedhub.curate.stories import place
from feedhub.curate.stories.telling import told as told_of
from feedhub.curate.stories.telling import without
from feedhub.model import Edition, Entry, Site, Story
from feedhub.publish.takedown import take_down
from feedhub.render import FORMATS

FIRE = "Fire at Karband copper mine: all 34 miners brought to the surface"
RESCUED = "All 34 miners rescued after fire at Karband copper mine"
ALIVE = "Karband copper mine fire: all 34 miners brought out alive"
SNOW = "Heavy snow closes schools in upper villages on Tuesday"
LATER = START + 3 * HOUR


def news(source: str, title: str, *, key: str = "mine", hours: float = 0, **more: Any) -> Entry:
    return item(key, source, title=title, **{"published": START + hours * HOUR, "summary": "", **more})


THREE = (news("morning", FIRE), news("evening", RESCUED, hours=1), news("wire", ALIVE, hours=2))


def arrive(hub: Desk, *entries: Entry) -> None:
    for each in entries:
        hub.arrives(each, at=each.published)


def desk(folder: Path, **feed: Any) -> Desk:
    """Build a desk with three sources whose first round is over."""
    hub = Desk(folder, "morning", "evening", "wire", **{"group": "story", **feed})
    for source in ("morning", "evening", "wire"):
        hub.polls(source, at=START - DAY)
    hub.publishes(at=START - DAY)
    return hub


def told(hub: Desk, path: str = "/day.json") -> list[str]:
    """Give, entry by entry, its source and its key, and behind them the sources that tell it as well."""
    found = []
    for each in json.loads(hub.body(path))["items"]:
        source, key = each["url"].removeprefix("https://").rstrip("/").split(".example/")
        also = [other["source"]["title"].lower() for other in each["_feedhub"].get("story", [])]
        found.append(" ".join([f"{source}/{key}", *also]))
    return found


@pytest.fixture
def hub(tmp_path: Path) -> Desk:
    """Give a desk whose three sources tell one story."""
    made = desk(tmp_path)
    arrive(made, *THREE)
    made.publishes(at=LATER)
    return made


def test_the_first_publisher_tells_a_story_and_every_format_names_and_links_the_others(hub: Desk) -> None:
    assert told(hub) == told(hub, "/day/2024-11-24.json") == ["morning/mine evening wire"]
    for path in ("/day.rss", "/day.atom", "/day.json", "/day/", "/day/2024-11-24.rss", "/day/2024-11-24/"):
        document = hub.body(path).decode()
        for source in ("morning", "evening", "wire"):
            assert f"https://{source}.example/mine/" in document
            assert source.title() in document


def test_a_feed_that_does_not_group_tells_each_entry(tmp_path: Path) -> None:
    hub = desk(tmp_path, group="none")
    arrive(hub, *THREE)
    hub.publishes(at=LATER)
    assert told(hub) == ["wire/mine", "evening/mine", "morning/mine"]


def test_a_story_grows_and_its_documents_are_as_new_as_what_came(tmp_path: Path) -> None:
    hub = desk(tmp_path)
    arrive(hub, THREE[0])
    hub.publishes(at=START)
    arrive(hub, THREE[1])
    hub.publishes(at=START + HOUR)
    assert told(hub) == ["morning/mine evening"]
    modified = hub.file("/day.atom").stat().st_mtime
    assert modified == (START + HOUR).timestamp()
    arrive(hub, THREE[2], news("wire", SNOW, key="snow", hours=2))
    hub.publishes(at=START + 2 * HOUR)
    assert told(hub) == ["wire/snow", "morning/mine evening wire"]
    before = hub.snapshot()
    hub.publishes(at=START + 4 * HOUR)
    assert hub.snapshot() == before


def test_who_is_in_a_story_stays_when_the_one_that_tells_it_is_corrected(hub: Desk) -> None:
    anew = replace(THREE[0], title="Correction: an inquiry into ventilation has begun")
    hub.arrives(anew, at=LATER + HOUR)
    hub.publishes(at=LATER + HOUR)
    assert told(hub) == ["evening/mine wire", "morning/mine"]


def test_who_has_changed_and_fits_no_more_leaves_the_story(hub: Desk) -> None:
    hub.arrives(replace(THREE[1], title=SNOW), at=LATER + HOUR)
    hub.publishes(at=LATER + HOUR)
    assert told(hub) == ["evening/mine", "morning/mine wire"]


def test_who_has_changed_and_still_fits_stays(hub: Desk) -> None:
    hub.arrives(replace(THREE[1], title=f"{RESCUED}, officials say"), at=LATER + HOUR)
    hub.publishes(at=LATER + HOUR)
    assert told(hub) == ["morning/mine evening wire"]


def test_a_source_tells_a_story_once(hub: Desk) -> None:
    again = news("morning", f"{FIRE}, says the company", key="again", hours=3)
    arrive(hub, again)
    hub.publishes(at=LATER)
    assert told(hub) == ["morning/again", "morning/mine evening wire"]


def test_a_closed_day_keeps_its_stories_whatever_the_feed_does_then(hub: Desk) -> None:
    hub.publishes(at=START + DAY)
    closed = hub.body("/day/2024-11-24.atom")
    assert b"fh:archive" in closed
    assert told(hub, "/day/2024-11-24.json") == ["morning/mine evening wire"]
    hub.sets(group="none")
    hub.publishes(at=START + 2 * DAY)
    assert hub.body("/day/2024-11-24.atom") == closed


def test_a_day_that_closes_while_its_feed_groups_no_more_tells_each_entry(hub: Desk) -> None:
    hub.sets(group="none")
    hub.publishes(at=LATER)
    hub.publishes(at=START + DAY)
    each = ["wire/mine", "evening/mine", "morning/mine"]
    assert told(hub) == told(hub, "/day/2024-11-24.json") == each


def test_what_comes_for_a_story_of_a_closed_day_is_told_anew(hub: Desk) -> None:
    hub.publishes(at=START + DAY)
    late = news("wire", f"{FIRE}, families told", key="late", hours=24)
    arrive(hub, late)
    hub.publishes(at=START + DAY)
    assert told(hub) == ["wire/late", "morning/mine evening wire"]


def test_over_midnight_each_day_tells_its_part_and_the_subscription_tells_the_story_once(
    tmp_path: Path,
) -> None:
    hub = desk(tmp_path)
    arrive(hub, news("morning", FIRE, hours=11.5), news("evening", RESCUED, hours=12.5))
    hub.publishes(at=START + 13 * HOUR)
    assert told(hub) == ["morning/mine evening"]
    assert told(hub, "/day/2024-11-24.json") == ["morning/mine"]
    assert told(hub, "/day/2024-11-25.json") == ["evening/mine"]


def test_the_others_count_as_no_entries_where_the_subscription_is_limited(tmp_path: Path) -> None:
    hub = desk(tmp_path, limit=2)
    arrive(hub, news("evening", SNOW, key="snow", hours=-1), *THREE)
    hub.publishes(at=LATER)
    hub.publishes(at=START + 2 * DAY)
    assert told(hub) == ["morning/mine evening wire", "evening/snow"]


def test_a_story_counts_once_where_a_source_may_have_only_so_many_entries_a_day(tmp_path: Path) -> None:
    hub = desk(tmp_path, per_source=1)
    # The evening is named under the morning's story: its one entry is still to come.
    arrive(
        hub, *THREE[:2], news("evening", SNOW, key="snow", hours=2), news("morning", SNOW, key="s", hours=3)
    )
    hub.publishes(at=START + 4 * HOUR)
    assert told(hub) == ["evening/snow morning", "morning/mine evening"]
    arrive(hub, news("morning", "Ski lift above Orlan to start in December", key="lift", hours=4))
    hub.publishes(at=START + 5 * HOUR)
    assert told(hub) == ["evening/snow morning", "morning/mine evening"]


# ── Take-downs and what the proof holds back ─────────────────────────────────────────────────────


def take(hub: Desk, what: str) -> None:
    take_down(hub.store, hub.site, hub.folder, what, reason="By order", now=LATER + HOUR)
    hub.publishes(at=LATER + HOUR)


@pytest.mark.parametrize("later", [LATER, START + DAY])
def test_one_of_the_others_that_is_taken_down_is_in_no_document(hub: Desk, later: Any) -> None:
    hub.publishes(at=later)
    take(hub, "https://evening.example/mine/")
    assert told(hub) == told(hub, "/day/2024-11-24.json") == ["morning/mine wire"]
    for path in ("/day.rss", "/day.json", "/day/", "/day/2024-11-24.rss", "/day/2024-11-24/"):
        assert b"evening.example" not in hub.body(path)


@pytest.mark.parametrize("later", [LATER, START + DAY])
def test_the_next_tells_a_story_whose_first_publisher_is_taken_down(hub: Desk, later: Any) -> None:
    hub.publishes(at=later)
    take(hub, "https://morning.example/mine/")
    assert told(hub) == told(hub, "/day/2024-11-24.json") == ["evening/mine wire"]
    assert b"morning.example/mine" not in hub.body("/day.rss")


def test_a_document_that_cannot_be_made_anew_does_not_stay_if_one_of_its_others_was_taken_down(
    hub: Desk,
) -> None:
    def broken(edition: Edition, site: Site) -> bytes:
        raise OSError("no")

    take_down(hub.store, hub.site, hub.folder, "https://evening.example/mine/", reason="", now=LATER + HOUR)
    hub.publishes(at=LATER + HOUR, formats={**FORMATS, "rss": broken})
    assert not hub.file("/day.rss").exists()


def test_the_next_tells_a_story_whose_first_entry_the_proof_holds_back(tmp_path: Path) -> None:
    hub = desk(tmp_path)
    bad = replace(THREE[0], categories=(), summary="<p>A text <blink>that</blink> is not clean.</p>")
    arrive(hub, bad, *THREE[1:])
    done = hub.publishes(at=LATER)
    assert list(done.held) == ["https://morning.example/mine/"]
    assert told(hub) == ["evening/mine wire"]
    assert [taken.id for _, taken in hub.store.faults.all()] == ["https://morning.example/mine/"]


def test_who_tells_a_story_in_place_of_one_held_back_stands_by_its_own_date(tmp_path: Path) -> None:
    hub = desk(tmp_path)
    bad = news("morning", FIRE, hours=2, summary="<p>A text <blink>that</blink> is not clean.</p>")
    arrive(hub, news("wire", SNOW, key="snow", hours=1), bad)
    hub.arrives(news("evening", RESCUED), at=bad.published + HOUR / 2)
    done = hub.publishes(at=LATER)
    assert list(done.held) == [bad.published_id]
    assert not done.problems
    assert told(hub) == told(hub, "/day/2024-11-24.json") == ["wire/snow", "evening/mine"]


@pytest.mark.parametrize(
    ("order", "stand"),
    [("time", ["snow", "wire", "rain"]), ("featured", ["wire", "snow", "rain"])],
)
def test_what_is_featured_tells_a_story_in_place_of_one_held_back(order: str, stand: list[str]) -> None:
    first, evening, wire = (
        entry(name, published=NOON - hours * HOUR)
        for name, hours in (("first", 0), ("evening", 4), ("wire", 2))
    )
    snow, rain = entry("snow", published=NOON - HOUR), entry("rain", published=NOON - 3 * HOUR)
    made = edition(
        first,
        snow,
        rain,
        feed=replace(FEED, order=order),  # type: ignore[arg-type]
        featured=frozenset({first.published_id, wire.published_id}),
        stories=(Story(told_by=first.published_id, others=(evening, wire)),),
    )
    left = without(made, {first.published_id})
    assert [one.key for one in left.entries] == stand
    assert left.stories == (Story(told_by=wire.published_id, others=(evening,)),)


# ── Copies ───────────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_others_print_as_it_is_counts_once() -> None:
    text = (
        "<p>Rescuers brought all 34 miners to the surface shortly before dawn on Sunday, the ministry said,"
        " after a fire broke out in the lower gallery of the Karband copper mine.</p>"
    )
    own = (
        "<p>Relatives had waited at the gates of the mine through the night. By seven in the morning the last"
        " of the thirty-four men walked out, blinking, to applause from the crowd.</p>"
    )
    entries = [
        kept(replace(each, summary=words)) for each, words in zip(THREE, (text, text, own), strict=True)
    ]
    _, (story,) = told_of(entries, place(entries, {}))
    assert story.copies == {"https://evening.example/mine/"}
    assert (len(story.others), story.reports) == (2, 2)
