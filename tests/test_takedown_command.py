from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from databases import item, kept, poll
from editions import NOON
from feedhub.store import Store
from finished import unpacked
from hubs import Hub

LINK = "https://morning.example/2024/11/24/three-roads/"
TITLE = "three roads"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


def traces(hub: Hub, words: str) -> list[str]:
    found = []
    for file in hub.feeds.rglob("*"):
        if file.is_file():
            body = unpacked(file)
            found += [str(file)] if words.casefold() in body.decode("utf-8", "replace").casefold() else []
    return found


def test_the_command_takes_down_and_publishes_at_once(hub: Hub) -> None:
    assert traces(hub, TITLE)
    told = hub.invoke("takedown", LINK, "--reason", "The publisher asked for it")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "taken down: After the vote: three roads for the region" in told.stdout
    assert traces(hub, TITLE) == []
    assert traces(hub, "The publisher asked for it")


def test_a_source_that_is_taken_down_is_told_as_such_until_it_is_let_back(hub: Hub) -> None:
    assert hub.invoke("takedown", "terrace", "--reason", "By order").exit_code == 0
    assert hub.sources()["terrace"]["state"] == "taken down"
    (row,) = [row for row in hub.invoke("sources").stdout.splitlines() if row.startswith("terrace ")]
    assert " taken down " in row
    assert [row["state"] for name, row in hub.sources().items() if name != "terrace"].count("taken down") == 0
    assert hub.invoke("takedown", "terrace", "--undo").exit_code == 0
    assert hub.sources()["terrace"]["state"] == "ok"


def test_the_command_lets_back_and_the_next_poll_brings_it(hub: Hub) -> None:
    hub.invoke("takedown", LINK, "--reason", "By mistake")
    undone = hub.invoke("takedown", LINK, "--undo")
    assert (undone.exit_code, undone.stdout.startswith("2 entries may come back")) == (0, True)
    assert traces(hub, "By mistake") == []
    assert (
        "out: it was taken down, and comes back when its source lists it again"
        in hub.invoke("why", LINK).stdout
    )
    assert hub.invoke("poll").exit_code == 0
    assert traces(hub, TITLE)
    assert "day: in: " in hub.invoke("why", LINK).stdout


@pytest.mark.parametrize("flags", [["--reason", "x"], ["--undo"]])
def test_what_is_not_there_fails_in_words(hub: Hub, flags: list[str]) -> None:
    told = hub.invoke("takedown", "https://nobody.example/", *flags)
    assert told.exit_code == 1
    assert "https://nobody.example/" in told.stderr


@pytest.mark.parametrize("flags", [[], ["--reason", " "], ["--reason", "x", "--undo"]])
def test_a_take_down_needs_a_reason_and_undoing_it_none(hub: Hub, flags: list[str]) -> None:
    assert hub.invoke("takedown", LINK, *flags).exit_code == 2


def test_a_reader_that_knows_only_the_time_gets_the_new_document(hub: Hub) -> None:
    with hub.process("serve") as running:
        running.until_serving()
        for path in ("/day.rss", "/day.atom", "/day.json", "/day/", "/day/2024-11-24.atom"):
            assert running.get(path).status == 200
        before = {path: running.get(path) for path in ("/day.rss", "/day.json", "/day/2024-11-24.atom")}
        hub.invoke("takedown", LINK, "--reason", "By order")
        for path, old in before.items():
            new = running.get(path, If_Modified_Since=old.headers["last-modified"])
            assert new.status == 200
            assert b"hree roads" not in new.body
            moved = parsedate_to_datetime(new.headers["last-modified"])
            assert moved > parsedate_to_datetime(old.headers["last-modified"])


def test_both_databases_keep_what_was_taken_down_out(store: Store) -> None:
    poll(store, item("urn:x-test:1"), item("urn:x-test:2", "https://morning.example/b/"))
    gone = store.takedowns.take("urn:x-test:1", [], reason="By order", now=NOON)
    assert gone is not None
    assert [entry.title for entry in gone] == ["Title of urn:x-test:1"]
    poll(store, item("urn:x-test:1", title="Once more"), name="evening")
    assert list(kept(store)) == ["urn:x-test:2"]
    assert kept(store, "evening") == {}
    assert store.takedowns.take("evening", [], reason="All of it", now=NOON) == []
    assert store.takedowns.sources() == {"evening"}
    assert store.takedowns.undo("urn:x-test:1", NOON) == 2
    poll(store, item("urn:x-test:1"))
    assert sorted(kept(store)) == ["urn:x-test:1", "urn:x-test:2"]
