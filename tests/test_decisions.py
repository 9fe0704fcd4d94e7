"""What editors decide, on open days and on closed ones."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import finished
from databases import item as stored
from databases import poll
from desk import DAY, HOUR, START, Desk, item
from editions import NOON
from feedhub.curate.words import words
from feedhub.errors import DecisionError
from feedhub.model import Act, Decision, Entry, Rule, When
from feedhub.publish.deciding import Editor, decide, undo
from feedhub.store import Store

LATER = START + 2 * HOUR
NEXT_WEEK = START + 7 * DAY
DAY_FILE = "/day/2024-11-24.atom"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), item("b", published=START - HOUR), at=START)
    desk.arrives(item("z", "evening"), at=START)
    desk.publishes(at=START)
    return desk


def link(key: str, source: str = "morning") -> str:
    return f"https://{source}.example/{key}/"


def decides(desk: Desk, act: Act, what: str, at: datetime = LATER, text: str = "", by: str = "ani") -> Entry:
    """Decide and publish."""
    editor = Editor(name=by, feed=desk.feed, now=at)
    entry, _ = decide(desk.store, desk.site, desk.folder, act, what, editor=editor, text=text)
    desk.publishes(at=at)
    return entry


def undoes(desk: Desk, what: str, at: datetime = LATER) -> Decision:
    """Take the last decision back and publish."""
    editor = Editor(name="bella", feed=desk.feed, now=at)
    _, undone = undo(desk.store, desk.site, desk.folder, what, editor=editor)
    desk.publishes(at=at)
    return undone


def extension(desk: Desk, key: str, path: str = "/day.json") -> dict[str, Any]:
    (found,) = [one for one in json.loads(desk.body(path))["items"] if f"/{key}/" in one["url"]]
    told: dict[str, Any] = found["_feedhub"]
    return told


def labels(desk: Desk, key: str, path: str) -> list[str]:
    """Give the categories of ours that mark an entry."""
    root = finished.ElementTree.fromstring(desk.body(path))
    of_atom = [
        (link.get("href", ""), category.get("term", ""), category.get("scheme", ""))
        for entry in root.findall(f"{finished.ATOM}entry")
        for link in entry.findall(f"{finished.ATOM}link[@rel='alternate']")
        for category in entry.findall(f"{finished.ATOM}category")
    ]
    of_rss = [
        (entry.findtext("link", ""), category.text or "", category.get("domain", ""))
        for entry in root.findall("channel/item")
        for category in entry.findall("category")
    ]
    scheme = f"{desk.site.url}/marks"
    return [term for url, term, own in (*of_atom, *of_rss) if own == scheme and f"/{key}/" in url]


def updated(desk: Desk, path: str = DAY_FILE) -> str:
    return finished.ElementTree.fromstring(desk.body(path)).findtext(f"{finished.ATOM}updated", "")


def file_time(desk: Desk, path: str) -> datetime:
    return datetime.fromtimestamp(desk.file(path).stat().st_mtime, UTC)


# ── On an open day ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("act", ["hold", "drop"])
def test_what_is_kept_out_leaves_every_document_at_once(desk: Desk, act: Act) -> None:
    decides(desk, act, link("a"))
    for kind in ("rss", "atom", "json"):
        assert desk.keys(f"/day.{kind}") == ["z", "b"]
        assert desk.keys(f"/day/2024-11-24.{kind}") == ["z", "b"]
    assert link("a").encode() not in desk.body("/day/")


@pytest.mark.parametrize("what", [link("a"), "http://morning.example/a?utm_source=mail"])
def test_an_entry_is_named_by_its_id_or_its_link_however_it_is_written(desk: Desk, what: str) -> None:
    assert decides(desk, "drop", what).url == link("a")


def test_it_survives_polls_and_changes_of_rules(desk: Desk) -> None:
    decides(desk, "drop", link("a"))
    desk.arrives(item("a", title="Changed"), item("c"), at=LATER + HOUR)
    desk.sets(rules=(Rule(when=When(), then="include"),))
    desk.publishes(at=LATER + HOUR)
    assert desk.keys("/day.atom") == ["z", "c", "b"]


@pytest.mark.parametrize("act", ["include", "feature", "lead"])
def test_what_an_editor_wants_is_in_whatever_a_rule_or_a_quota_says(tmp_path: Path, act: Act) -> None:
    drop = Rule(when=When(title=("Title of b",)), then="drop")
    desk = Desk(tmp_path, per_source=2, rules=(drop,))
    desk.arrives(*(item(key) for key in "abcd"), at=START)
    desk.publishes(at=START)
    assert desk.keys("/day.atom") == ["a", "c"]
    decides(desk, act, link("b"))
    assert desk.keys("/day.atom") == ["a", "b", "c"]
    decides(desk, act, link("d"))
    assert desk.keys("/day.atom") == ["a", "b", "c", "d"]  # nothing gives way


def test_what_an_editor_wants_is_in_whatever_the_feed_takes(tmp_path: Path) -> None:
    from feedhub.model import Take

    desk = Desk(tmp_path, "morning", "evening", take=Take(sources=("morning",)))
    desk.arrives(item("a"), at=START)
    desk.arrives(item("z", "evening"), at=START)
    desk.publishes(at=START)
    assert desk.keys("/day.atom") == ["a"]
    decides(desk, "include", link("z", "evening"))
    assert sorted(desk.keys("/day.atom")) == ["a", "z"]


def test_a_curated_feed_publishes_only_what_an_editor_or_a_rule_lets_in(tmp_path: Path) -> None:
    rules = (Rule(when=When(title=("Title of a",)), then="include"),)
    desk = Desk(tmp_path, mode="curated", rules=rules)
    desk.arrives(*(item(key) for key in "abc"), at=START)
    desk.publishes(at=START)
    assert desk.keys("/day.atom") == ["a"]
    decides(desk, "include", link("c"))
    assert desk.keys("/day.atom") == ["a", "c"]


def test_featured_entries_and_the_lead_are_marked_in_every_format(desk: Desk) -> None:
    decides(desk, "feature", link("b"))
    decides(desk, "lead", link("z", "evening"))
    assert extension(desk, "b")["featured"] is True
    assert "lead" not in extension(desk, "b")
    assert extension(desk, "z")["lead"] is extension(desk, "z")["featured"] is True
    assert "featured" not in extension(desk, "a")
    for path in ("/day.atom", DAY_FILE, "/day.rss"):
        assert labels(desk, "z", path) == ["lead", "featured"]
        assert labels(desk, "b", path) == ["featured"]
        assert labels(desk, "a", path) == []


def test_the_last_that_was_made_the_lead_leads(desk: Desk) -> None:
    decides(desk, "lead", link("b"))
    decides(desk, "lead", link("a"))
    assert labels(desk, "a", "/day.atom") == ["lead", "featured"]
    assert labels(desk, "b", "/day.atom") == ["featured"]


def test_the_lead_of_a_day_before_does_not_lead_the_next(desk: Desk) -> None:
    decides(desk, "lead", link("b"))
    desk.arrives(item("n", published=START + DAY), at=START + DAY)
    desk.publishes(at=START + DAY)
    assert labels(desk, "b", "/day.atom") == ["featured"]
    assert labels(desk, "b", DAY_FILE) == ["lead", "featured"]


def test_a_note_stands_beside_the_entry_and_a_later_one_takes_its_place(desk: Desk) -> None:
    decides(desk, "note", link("a"), text="The count goes on.")
    assert extension(desk, "a")["note"] == "The count goes on."
    decides(desk, "note", link("a"), text="It is over.", at=LATER + HOUR)
    assert extension(desk, "a", "/day/2024-11-24.json")["note"] == "It is over."
    assert desk.keys("/day.atom") == ["z", "a", "b"]


def test_a_rule_features_and_an_editor_has_the_last_word(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rules=(Rule(when=When(title=("title",)), then="feature"),))
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    assert labels(desk, "a", "/day.atom") == ["featured"]
    decides(desk, "include", link("a"))
    assert labels(desk, "a", "/day.atom") == []
    assert labels(desk, "b", "/day.atom") == ["featured"]
    desk.sets(rules=())  # what a closed day featured stays featured
    desk.publishes(at=START + HOUR)
    assert labels(desk, "b", "/day.atom") == []


def test_a_closed_day_keeps_what_a_rule_featured(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rules=(Rule(when=When(title=("title",)), then="feature"),))
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    desk.publishes(at=NEXT_WEEK)
    desk.sets(rules=())
    decides(desk, "note", link("a"), at=NEXT_WEEK + HOUR, text="Made anew.")
    assert labels(desk, "b", DAY_FILE) == labels(desk, "b", "/day.atom") == ["featured"]


def test_each_undoing_takes_the_last_decision_back(desk: Desk) -> None:
    decides(desk, "feature", link("a"))
    decides(desk, "drop", link("a"))
    assert "a" not in desk.keys("/day.atom")
    assert undoes(desk, link("a")).act == "drop"
    assert labels(desk, "a", "/day.atom") == ["featured"]
    assert undoes(desk, link("a")).act == "feature"
    assert labels(desk, "a", "/day.atom") == []
    with pytest.raises(DecisionError, match="no decision stands"):
        undoes(desk, link("a"))


def test_who_drops_an_article_does_not_get_another_sources_copy_of_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), at=START)
    desk.publishes(at=START)
    desk.arrives(item("copy", "evening", url=link("a")), at=LATER)
    desk.publishes(at=LATER)
    assert desk.ids("/day.atom") == [link("a")]
    decides(desk, "drop", link("a"))
    assert desk.ids("/day.atom") == []
    undoes(desk, link("a"))
    assert desk.ids("/day.atom") == [link("a")]


def test_of_several_copies_the_one_that_is_chosen_stands(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), at=START)
    desk.arrives(item("copy", "evening", url=link("a")), at=LATER)
    desk.publishes(at=LATER)
    assert decides(desk, "feature", "https://evening.example/copy/").source == "evening"
    assert desk.ids("/day.atom") == ["https://evening.example/copy/"]


def test_a_link_that_several_entries_of_a_source_share_names_none(desk: Desk) -> None:
    desk.arrives(item("c", url=link("a")), at=LATER)
    with pytest.raises(DecisionError, match="several entries of 'morning'"):
        decides(desk, "drop", link("a").removesuffix("/"))
    assert decides(desk, "drop", link("c")).published_id == link("c")


def test_what_is_not_there_cannot_be_decided_on(desk: Desk) -> None:
    with pytest.raises(DecisionError, match="there is no entry"):
        decides(desk, "drop", "https://nobody.example/")


def test_publishing_again_changes_nothing(desk: Desk) -> None:
    decides(desk, "lead", link("a"))
    decides(desk, "note", link("z", "evening"), text="A note")
    assert not desk.publishes(at=LATER + HOUR).written


@pytest.mark.parametrize("path", ["/day.atom", DAY_FILE])
def test_what_is_let_in_long_after_it_came_moves_the_time_to_when_it_was_let_in(
    tmp_path: Path, path: str
) -> None:
    desk = Desk(tmp_path, "morning", "evening", mode="curated")
    desk.publishes(at=START)
    desk.arrives(item("a"), item("b"), at=START + HOUR)
    desk.publishes(at=START + HOUR)
    before = file_time(desk, "/day/")
    for hours, key in ((2, "a"), (4, "b")):
        # What comes meanwhile is not what lets it in.
        desk.arrives(item(str(hours), "evening"), at=START + (hours + 1) * HOUR - HOUR / 2)
        decides(desk, "include", link(key), at=START + (hours + 1) * HOUR)
        assert updated(desk, path) == f"2024-11-24T{13 + hours}:00:00Z"
        assert file_time(desk, path) == file_time(desk, "/day/") == START + (hours + 1) * HOUR
    assert file_time(desk, "/day/") > before


def test_what_is_dropped_and_taken_back_moves_the_time_to_when_it_was(desk: Desk) -> None:
    for hours, change in ((3, decides), (5, None)):
        desk.arrives(item(str(hours)), at=START + hours * HOUR - HOUR / 2)
        if change:
            change(desk, "drop", link("a"), at=START + hours * HOUR)
        else:
            undoes(desk, link("a"), at=START + hours * HOUR)
        assert updated(desk) == updated(desk, "/day.atom") == f"2024-11-24T{12 + hours}:00:00Z"


def test_a_decision_that_is_published_later_dates_documents_by_itself(desk: Desk) -> None:
    editor = Editor(name="ani", feed=desk.feed, now=START + HOUR)
    decide(desk.store, desk.site, desk.folder, "drop", link("a"), editor=editor)
    desk.publishes(at=START + 3 * HOUR)
    assert updated(desk) == "2024-11-24T13:00:00Z"
    assert not desk.publishes(at=START + 4 * HOUR).written


def test_a_decision_by_a_clock_that_was_ahead_dates_nothing_ahead(desk: Desk) -> None:
    editor = Editor(name="ani", feed=desk.feed, now=START + DAY)
    decide(desk.store, desk.site, desk.folder, "drop", link("a"), editor=editor)
    desk.publishes(at=START + HOUR)
    assert updated(desk) == "2024-11-24T13:00:00Z"


# ── On a closed day ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def closed(desk: Desk) -> Desk:
    desk.publishes(at=NEXT_WEEK)
    return desk


def test_a_closed_day_loses_what_is_dropped_as_a_correction(closed: Desk) -> None:
    before = updated(closed)
    decides(closed, "drop", link("a"), at=NEXT_WEEK + HOUR)
    assert closed.keys(DAY_FILE) == ["z", "b"]
    assert closed.keys("/day.atom") == ["z", "b"]
    assert updated(closed) == "2024-12-01T13:00:00Z" > before
    closed.publishes(at=NEXT_WEEK + DAY)
    assert closed.keys(DAY_FILE) == ["z", "b"]


def test_undone_it_is_back_on_its_day_and_marked_as_corrected(closed: Desk) -> None:
    decides(closed, "drop", link("a"), at=NEXT_WEEK + HOUR)
    undoes(closed, link("a"), at=NEXT_WEEK + 2 * HOUR)
    assert closed.keys(DAY_FILE) == ["z", "a", "b"]
    assert extension(closed, "a", "/day/2024-11-24.json")["corrected"] == "2024-12-01T14:00:00Z"
    assert "corrected" not in extension(closed, "b", "/day/2024-11-24.json")


def test_an_entry_that_a_rule_kept_off_a_closed_day_is_added_to_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rules=(Rule(when=When(title=("Title of b",)), then="drop"),))
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    desk.publishes(at=NEXT_WEEK)
    decides(desk, "feature", link("b"), at=NEXT_WEEK + HOUR)
    assert desk.days() == {"2024-11-24": ["a", "b"]}
    assert desk.keys("/day.atom") == ["a", "b"]
    assert labels(desk, "b", DAY_FILE) == ["featured"]
    assert extension(desk, "b")["corrected"] == "2024-12-01T13:00:00Z"
    undoes(desk, link("b"), at=NEXT_WEEK + 2 * HOUR)
    assert desk.days() == {"2024-11-24": ["a"]}
    desk.publishes(at=NEXT_WEEK + 3 * HOUR)
    assert desk.keys("/day.atom") == ["a"]


def test_an_entry_that_a_quota_kept_off_a_closed_day_is_added_to_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, per_source=1)
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    desk.publishes(at=NEXT_WEEK)
    decides(desk, "include", link("b"), at=NEXT_WEEK + HOUR)
    assert desk.days() == {"2024-11-24": ["a", "b"]}


def test_what_was_dropped_while_its_day_was_open_comes_back_to_that_day(desk: Desk) -> None:
    decides(desk, "hold", link("a"))
    desk.publishes(at=NEXT_WEEK)
    assert desk.days() == {"2024-11-24": ["z", "b"]}
    undoes(desk, link("a"), at=NEXT_WEEK + HOUR)
    assert desk.days() == {"2024-11-24": ["z", "a", "b"]}


def test_a_copy_does_not_take_the_place_of_what_a_closed_day_lost(closed: Desk) -> None:
    decides(closed, "drop", link("a"), at=NEXT_WEEK + HOUR)
    at = NEXT_WEEK + 2 * HOUR
    closed.arrives(item("copy", "evening", url=link("a"), published=START + DAY), at=at)
    closed.publishes(at=at)
    assert "copy" not in closed.keys("/day.atom")
    assert link("a").encode() not in closed.body("/day.atom")


def test_only_the_documents_that_it_concerns_are_made_again(closed: Desk) -> None:
    closed.sets(limit=1)
    closed.arrives(item("n", published=NEXT_WEEK), at=NEXT_WEEK)
    closed.publishes(at=NEXT_WEEK)
    before = closed.snapshot()
    decides(closed, "note", link("b"), at=NEXT_WEEK + HOUR, text="A note")
    changed = {path for path, file in closed.snapshot().items() if before.get(path) != file}
    plain = {path for path in changed if not path.endswith((".gz", ".br", ".manifest.json"))}
    assert {path for path in plain if "2024-11-24" in path} == plain - {"sitemap.xml", "day/sitemap.xml"}
    assert any(path.endswith("2024-11-24.json") for path in plain)


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────


def test_both_databases_keep_who_decided_what_when_and_why(store: Store) -> None:
    poll(store, stored("urn:x-test:1", title="One"))
    store.publishing.feed("day")
    ((kept),) = store.decisions.meant("urn:x-test:1")
    for number, act in enumerate(("feature", "note"), 1):
        made = store.decisions.make(
            act, kept.entry, feed="day", by="ani", text=f"why {act}", now=NOON + timedelta(hours=number)
        )
        assert made.number == number
    undone = store.decisions.undo(kept.entry, feed="day", by="bella", now=NOON + timedelta(hours=3))
    assert undone is not None
    (note, title), (feature, _) = store.decisions.log("day")
    assert title == "One"
    assert (note.act, note.text, note.by, note.undone_by) == ("note", "why note", "ani", "bella")
    assert note.undone == NOON + timedelta(hours=3)
    assert (feature.act, feature.made, feature.undone) == ("feature", NOON + timedelta(hours=1), None)
    assert store.decisions.on("day", [kept.entry]) == [feature, note]
    assert store.decisions.on("other", [kept.entry]) == []
    (word,) = words([feature, note]).values()
    assert (word.verdict, word.note) == (feature, None)
