from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk import START, Desk, item, paper
from feedhub.cadence import NEVER
from feedhub.errors import StoreError
from feedhub.health import health, state
from feedhub.model import Known, Visit

VISIT = Visit(source="morning", due=START, polled=START, succeeded=START)


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        (None, "never polled"),
        (Visit(source="morning", due=START), "never polled"),
        (VISIT, "ok"),
        (replace(VISIT, known=Known(url="https://elsewhere.example/feed")), "moved"),
        (replace(VISIT, problem="answered 500", failures=1), "failing"),
        (replace(VISIT, problem="answered 410 Gone", failures=1, due=NEVER), "paused"),
        (
            replace(VISIT, known=Known(url="https://elsewhere.example/feed"), problem="answered 500"),
            "failing",
        ),
    ],
)
def test_a_source_has_one_state(visit: Visit | None, expected: str) -> None:
    assert state(visit) == expected
    assert state(visit, is_paused=True) == "paused"
    assert state(visit, is_paused=True, is_held=True, is_taken_down=True) == "taken down"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "morning", "evening")


def fails(desk: Desk, name: str) -> None:
    """Poll a source in vain."""
    at = datetime(2024, 11, 24, 13, tzinfo=UTC)
    lasts = at - START
    (visit,) = desk.store.polling.lease_named([name], at, began=at, lasts=lasts, token="x")
    after = replace(visit, polled=at, problem="no answer within 30 s", failures=1)
    assert desk.store.polling.save_quiet([(visit, after)], token="x")


def test_a_hub_that_has_published_nothing_is_down(desk: Desk) -> None:
    assert health(desk.store, desk.folder) == {
        "status": "down",
        "config": "ok",
        "store": "ok",
        "polling": "ok",
        "publishing": "ok",
        "sources": {"never polled": 2},
        "documents": 0,
        "held": 0,
    }


def test_a_hub_is_well_when_its_sources_and_documents_are(desk: Desk) -> None:
    desk.arrives(item("a"), item("b", "evening"), at=START)
    desk.publishes(START)
    told = health(desk.store, desk.folder)
    assert told["status"] == "ok"
    assert told["sources"] == {"ok": 2}
    files = [
        file for file in desk.folder.rglob("*.*") if file.is_file() and file.suffix not in (".gz", ".br")
    ]
    assert told["documents"] == len(files) - 2


def test_a_source_that_is_taken_down_is_told_as_such_and_nothing_is_wrong(desk: Desk) -> None:
    desk.arrives(item("a"), item("b", "evening"), at=START)
    assert desk.store.takedowns.take("evening", [], reason="By order", now=START)
    desk.publishes(START)
    told = health(desk.store, desk.folder)
    assert (told["status"], told["sources"]) == ("ok", {"ok": 1, "taken down": 1})


def test_a_source_that_fails_is_told_by_its_state_and_not_by_its_cause(desk: Desk) -> None:
    desk.arrives(item("a"), at=START)
    fails(desk, "evening")
    desk.publishes(START)
    told = health(desk.store, desk.folder)
    assert (told["status"], told["sources"]) == ("degraded", {"failing": 1, "ok": 1})
    assert "evening" not in str(told)
    assert "30 s" not in str(told)


def test_a_source_that_was_paused_because_it_fails_is_no_trouble(desk: Desk) -> None:
    desk.arrives(item("a"), at=START)
    fails(desk, "evening")
    desk.publishes(START)
    told = health(desk.store, desk.folder, paused={"evening"})
    assert (told["status"], told["sources"]) == ("ok", {"ok": 1, "paused": 1})


def test_a_source_that_is_no_longer_read_is_not_told_of(desk: Desk) -> None:
    desk.arrives(item("a"), at=START)
    fails(desk, "evening")
    desk.configures(paper("morning"))
    desk.publishes(START)
    assert health(desk.store, desk.folder)["sources"] == {"ok": 1}


def test_documents_are_served_on_when_the_store_fails(desk: Desk) -> None:
    desk.arrives(item("a"), item("b", "evening"), at=START)
    desk.publishes(START)
    desk.store.close()
    for file in desk.database.parent.glob("hub.db*"):
        file.unlink()
    desk.database.mkdir()
    with pytest.raises(StoreError):
        desk.store.polling.visits()
    told = health(desk.store, desk.folder)
    assert (told["status"], told["store"]) == ("degraded", "failing")


@pytest.mark.parametrize("part", ["store", "polling", "publishing"])
def test_a_part_that_fails_is_told(part: str, desk: Desk) -> None:
    desk.arrives(item("a"), item("b", "evening"), at=START)
    desk.publishes(START)
    told = health(desk.store, desk.folder, failing=[part])
    assert (told["status"], told[part]) == ("degraded", "failing")


def test_a_folder_that_cannot_be_read_is_down(desk: Desk) -> None:
    desk.folder.write_text("a file")
    assert health(desk.store, desk.folder)["status"] == "down"
