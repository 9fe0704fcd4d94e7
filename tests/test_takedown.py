from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import finished
from desk import DAY, HOUR, START, Desk, item
from feedhub.model import Edition, Entry, Known, Site
from feedhub.publish.takedown import take_down
from feedhub.render import FORMATS
from finished import unpacked

AT = "{http://purl.org/atompub/tombstones/1.0}"
SECRET = "Slanderword"
LATER = START + 2 * HOUR
BODY = f"<p>{SECRET} in its text. It goes on.</p>"


def claim(key: str = "claim", source: str = "morning", **more: Any) -> Entry:
    """Build an entry whose title and text hold a word that must be found nowhere afterwards."""
    said = {"title": f"The {SECRET} of it", "summary": BODY, "content": BODY}
    return item(key, source, **{**said, **more})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), claim(), at=START)
    desk.arrives(item("z", "evening"), at=START)
    desk.publishes(at=START)
    return desk


def takes_down(desk: Desk, what: str, at: datetime = LATER, reason: str = "By order") -> list[Entry] | None:
    """Take down and publish."""
    gone = take_down(desk.store, desk.site, desk.folder, what, reason=reason, now=at)
    desk.publishes(at=at)
    return gone


def deleted(desk: Desk, path: str) -> list[dict[str, str]]:
    """Give what a document tells of that was taken down."""
    root = finished.ElementTree.fromstring(desk.body(path))
    return [
        {
            **each.attrib,
            "by": each.findtext(f"{AT}by/{finished.ATOM}name", ""),
            "comment": each.findtext(f"{AT}comment", ""),
        }
        for each in root.findall(f"{AT}deleted-entry")
    ]


def traces(desk: Desk, *words: str) -> list[str]:
    """Give the files, compressed ones and the manifest too, that hold one of these words."""
    found = []
    for file in sorted(desk.folder.rglob("*")):
        if file.is_file():
            body = unpacked(file)
            found += [f"{file.name}: {word}" for word in words if word.encode() in body]
    return found


def link_of(key: str, source: str = "morning") -> str:
    return f"https://{source}.example/{key}/"


# ── Gone ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "what",
    [
        link_of("claim"),
        "https://morning.example/claim?utm_source=mail",
        "http://morning.example/claim/",
    ],
)
def test_an_entry_that_is_taken_down_leaves_no_trace_in_any_file(desk: Desk, what: str) -> None:
    assert traces(desk, SECRET)
    assert takes_down(desk, what)
    assert traces(desk, SECRET) == []
    for kind in ("rss", "atom", "json"):
        assert sorted(desk.keys(f"/day.{kind}")) == ["a", "z"]


def test_an_entry_is_taken_down_by_its_published_id(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(claim(published_id="tag:morning.example,2024:1"), item("a"), at=START)
    desk.publishes(at=START)
    assert takes_down(desk, "tag:morning.example,2024:1")
    assert traces(desk, SECRET) == []


def test_a_closed_day_loses_it_and_tells_so(desk: Desk) -> None:
    later = START + 3 * DAY
    desk.publishes(at=later)
    before = desk.file("/day/2024-11-24.atom").stat().st_mtime
    takes_down(desk, link_of("claim"), at=later + HOUR)
    assert traces(desk, SECRET) == []
    assert [each["ref"] for each in deleted(desk, "/day/2024-11-24.atom")] == [link_of("claim")]
    assert desk.file("/day/2024-11-24.atom").stat().st_mtime > before


def test_atom_tells_what_was_taken_down_when_by_whom_and_why(desk: Desk) -> None:
    takes_down(desk, link_of("claim"), reason="The publisher asked for it")
    told = {
        "ref": link_of("claim"),
        "when": "2024-11-24T14:00:00Z",
        "by": "The Desk",
        "comment": "The publisher asked for it",
    }
    assert deleted(desk, "/day.atom") == [told]
    assert deleted(desk, "/day/2024-11-24.atom") == [told]


def test_the_other_formats_only_do_without_it(desk: Desk) -> None:
    takes_down(desk, link_of("claim"))
    for path in ("/day.rss", "/day.json", "/day/", "/"):
        assert link_of("claim").encode() not in desk.body(path)


def test_every_document_that_held_it_moves_its_time(desk: Desk) -> None:
    paths = ["/day.rss", "/day.atom", "/day.json", "/day/", "/", "/day/2024-11-24.rss", "/day/2024-11-24/"]
    before = {path: desk.file(path).stat().st_mtime for path in paths}
    takes_down(desk, link_of("claim"))
    assert all(desk.file(path).stat().st_mtime > before[path] for path in paths)
    updated = finished.ElementTree.fromstring(desk.body("/day.atom")).findtext(f"{finished.ATOM}updated")
    assert updated == "2024-11-24T14:00:00Z"


def test_publishing_again_changes_nothing(desk: Desk) -> None:
    takes_down(desk, link_of("claim"))
    assert not desk.publishes(at=LATER + HOUR).written


def test_it_is_told_only_as_long_as_it_would_be_listed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, limit=3)
    desk.arrives(claim(), item("a"), at=START)
    desk.publishes(at=START)
    takes_down(desk, link_of("claim"))
    desk.publishes(at=START + 2 * DAY)
    assert deleted(desk, "/day.atom")
    newer = [item(f"n{number}", published=START + 3 * DAY) for number in range(3)]
    desk.arrives(*newer, at=START + 3 * DAY)
    desk.publishes(at=START + 3 * DAY)
    assert deleted(desk, "/day.atom") == []
    assert deleted(desk, "/day/2024-11-24.atom")


def test_a_day_of_which_nothing_is_left_keeps_its_documents(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("old", published=START - 2 * DAY), claim(), at=START)
    desk.publishes(at=START)
    takes_down(desk, link_of("claim"))
    assert desk.ids("/day/2024-11-24.atom") == []
    assert deleted(desk, "/day/2024-11-24.atom")
    desk.publishes(at=START + 3 * DAY)
    assert deleted(desk, "/day/2024-11-24.atom")
    assert b"Title of" in desk.body("/day/")


def test_what_was_never_published_is_not_told(desk: Desk) -> None:
    desk.site = replace(
        desk.site, feeds=(*desk.site.feeds, replace(desk.feed, name="few", limit=1, per_source=1))
    )
    desk.publishes(at=START)
    listed = set(desk.ids("/few.atom"))
    takes_down(desk, link_of("claim"))
    assert bool(deleted(desk, "/few.atom")) == (link_of("claim") in listed)


def test_a_take_down_by_a_clock_that_was_ahead_dates_nothing_ahead(desk: Desk) -> None:
    take_down(desk.store, desk.site, desk.folder, link_of("claim"), reason="By order", now=START + DAY)
    desk.publishes(at=LATER)
    assert sorted(desk.keys("/day.atom")) == ["a", "z"]
    root = finished.ElementTree.fromstring(desk.body("/day.atom"))
    assert root.findtext(f"{finished.ATOM}updated") == LATER.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert desk.file("/day.atom").stat().st_mtime == LATER.timestamp()


def test_a_document_that_cannot_be_made_does_not_stay_with_it(desk: Desk) -> None:
    def broken(edition: Edition, site: Site) -> bytes:
        raise ValueError("broken")

    take_down(desk.store, desk.site, desk.folder, link_of("claim"), reason="By order", now=LATER)
    done = desk.publishes(at=LATER, formats={**FORMATS, "rss": broken})
    assert done.problems
    assert traces(desk, SECRET) == []
    assert not desk.file("/day.rss").exists()
    desk.publishes(at=LATER + HOUR)
    assert sorted(desk.keys("/day.rss")) == ["a", "z"]


# ── For good ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(claim(), id="the same"),
        pytest.param(claim(updated=LATER, rights="Ours"), id="changed"),
        pytest.param(claim(url=link_of("moved")), id="at another address"),
        pytest.param(claim(published_id="urn:x-new:1"), id="with another id"),
        pytest.param(claim(source="evening", url=link_of("claim")), id="a copy with its link"),
        pytest.param(
            claim(source="evening", published_id=link_of("claim")), id="a copy with its id and another link"
        ),
    ],
)
def test_what_was_taken_down_does_not_come_back(desk: Desk, again: Entry) -> None:
    takes_down(desk, link_of("claim"))
    desk.arrives(again, at=LATER + HOUR)
    desk.publishes(at=LATER + HOUR)
    assert traces(desk, SECRET) == []


def test_a_copy_of_what_has_moved_since_does_not_bring_it_back(desk: Desk) -> None:
    takes_down(desk, link_of("claim"))
    desk.arrives(claim(url=link_of("moved")), at=LATER + HOUR)
    desk.arrives(claim("copy", "evening", url=link_of("moved")), at=LATER + 2 * HOUR)
    desk.publishes(at=LATER + 2 * HOUR)
    assert traces(desk, SECRET) == []


def test_a_copy_that_stood_behind_it_does_not_take_its_place(desk: Desk) -> None:
    desk.arrives(claim("copy", "evening", url=link_of("claim")), at=START + HOUR)
    takes_down(desk, link_of("claim"))
    assert traces(desk, SECRET) == []


def test_nothing_of_its_text_stays_in_the_store(desk: Desk) -> None:
    desk.arrives(claim(updated=START + HOUR, content=f"<p>{SECRET}, corrected.</p>"), at=START + HOUR)
    takes_down(desk, link_of("claim"))
    desk.arrives(claim(updated=LATER + HOUR, content=f"<p>{SECRET}, once more.</p>"), at=LATER + HOUR)
    with desk.store._database.reading() as connection:
        told = connection.exec_driver_sql(
            "SELECT entry FROM entries UNION ALL SELECT entry FROM revisions"
        ).all()
    assert not [row for row in told if SECRET in row[0]]


def test_entries_of_one_source_that_share_a_link_are_taken_down_one_by_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one, other = (
        item(key, published_id=f"urn:x-test:{key}", url="https://morning.example/live/") for key in "ab"
    )
    desk.arrives(one, other, at=START)
    desk.publishes(at=START)
    takes_down(desk, "urn:x-test:a")
    desk.arrives(one, other, at=LATER + HOUR)
    desk.publishes(at=LATER + HOUR)
    assert desk.ids("/day.atom") == ["urn:x-test:b"]


# ── A source ─────────────────────────────────────────────────────────────────────────────────────


def test_a_source_goes_with_all_its_entries_and_what_it_brings_later(desk: Desk) -> None:
    desk.publishes(at=START + 3 * DAY)
    takes_down(desk, "morning", at=START + 3 * DAY + HOUR)
    desk.arrives(item("new", published=START + 4 * DAY), at=START + 4 * DAY)
    desk.arrives(claim("copy", "evening", url=link_of("new")), at=START + 4 * DAY + HOUR)
    desk.publishes(at=START + 4 * DAY + HOUR)
    assert desk.keys("/day.atom") == ["z"]
    assert traces(desk, SECRET, "Title of a") == []
    assert {each["ref"] for each in deleted(desk, "/day/2024-11-24.atom")} == {link_of("a"), link_of("claim")}


def test_a_copy_that_came_first_goes_when_the_source_brings_the_article(desk: Desk) -> None:
    takes_down(desk, "morning")
    desk.arrives(claim("copy", "evening", url=link_of("new")), at=LATER + HOUR)
    desk.arrives(item("new"), at=LATER + 2 * HOUR)
    desk.publishes(at=LATER + 2 * HOUR)
    assert desk.keys("/day.atom") == ["z"]


def test_a_source_that_is_taken_down_is_not_in_our_list_of_sources(desk: Desk) -> None:
    assert b"morning.example" in desk.body("/subscriptions.opml")
    takes_down(desk, "morning")
    assert b"morning.example" not in desk.body("/subscriptions.opml")
    assert b"evening.example" in desk.body("/subscriptions.opml")


# ── Undone ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", [link_of("claim"), "morning"])
def test_what_is_let_back_comes_back_when_its_source_lists_it(desk: Desk, what: str) -> None:
    takes_down(desk, what)
    desk.arrives(claim(), item("a"), at=LATER + HOUR)
    assert desk.store.takedowns.undo(what, LATER + HOUR)
    desk.publishes(at=LATER + HOUR)
    assert deleted(desk, "/day.atom") == []
    assert traces(desk, SECRET) == []
    desk.arrives(claim(), item("a"), at=LATER + 2 * HOUR)
    desk.publishes(at=LATER + 2 * HOUR)
    assert sorted(desk.keys("/day.atom")) == ["a", "claim", "z"]
    back = next(each for each in desk.entries("/day.atom") if each.link == link_of("claim"))
    assert (back.id, back.published, back.updated) == (link_of("claim"), START, START)


def test_what_is_let_back_returns_to_its_closed_day(desk: Desk) -> None:
    later = START + 3 * DAY
    desk.publishes(at=later)
    takes_down(desk, link_of("claim"), at=later)
    desk.store.takedowns.undo(link_of("claim"), later)
    desk.arrives(claim(), at=later + HOUR)
    desk.publishes(at=later + HOUR)
    assert "claim" in desk.keys("/day/2024-11-24.atom")


def test_what_is_let_back_after_its_day_was_closed_comes_to_the_open_one(desk: Desk) -> None:
    takes_down(desk, link_of("claim"))
    later = START + 3 * DAY
    desk.publishes(at=later)
    desk.store.takedowns.undo(link_of("claim"), later)
    desk.arrives(claim(), at=later + HOUR)
    desk.publishes(at=later + HOUR)
    assert desk.keys("/day/2024-11-27.atom") == ["claim"]


def test_the_document_of_a_source_is_read_once_more(desk: Desk) -> None:
    lasts = timedelta(minutes=1)
    (visit,) = desk.store.polling.lease_named(["morning"], START, began=START, lasts=lasts, token="t")
    known = Known(etag='"1"', last_modified="then", digest="abc")
    desk.store.polling.save_quiet([(visit, replace(visit, known=known))], token="t")
    takes_down(desk, link_of("claim"))
    desk.store.takedowns.undo(link_of("claim"), LATER)
    (after,) = desk.store.polling.visits(["morning"])
    assert (after.known.etag, after.known.last_modified, after.known.digest) == ("", "", "")


def test_letting_an_entry_back_does_not_let_back_its_source(desk: Desk) -> None:
    takes_down(desk, "morning")
    assert desk.store.takedowns.undo(link_of("claim"), LATER) is None


def test_what_nobody_has_is_not_taken_down(desk: Desk) -> None:
    assert takes_down(desk, "https://nobody.example/") is None
    assert desk.store.takedowns.undo("https://nobody.example/", LATER) is None
