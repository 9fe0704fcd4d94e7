import json
from pathlib import Path
from typing import Any

import pytest

from hubs import Hub
from samples import LEAD


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


def told(document: bytes) -> dict[str, Any]:
    (found,) = [item for item in json.loads(document)["items"] if item["url"] == LEAD]
    extension: dict[str, Any] = found["_feedhub"]
    return extension


def test_an_editor_decides_publishes_and_is_in_the_log(hub: Hub) -> None:
    done = hub.invoke("lead", LEAD, "day", "the", "vote", "--by", "ani")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("leads: After the vote: three roads for the region")
    assert hub.invoke("note", LEAD, "day", "More follows.", "--by", "bella").exit_code == 0
    extension = told(hub.document("/day/2024-11-24.json"))
    assert (extension["lead"], extension["note"]) == (True, "More follows.")
    assert "note" not in told(hub.document("/newsfeed.json"))  # the decision is on one feed
    undone = hub.invoke("undo", LEAD, "day", "--by", "bella")
    assert undone.stdout.startswith("undone: note of ")
    assert "note" not in told(hub.document("/day/2024-11-24.json"))
    note, lead = json.loads(hub.invoke("log", "day", "--json").stdout)
    assert (lead["act"], lead["by"], lead["text"], lead["undone"]) == ("lead", "ani", "the vote", None)
    assert (note["act"], note["undone_by"], note["id"]) == ("note", "bella", lead["id"])
    assert "three roads" in hub.invoke("log").stdout
    assert json.loads(hub.invoke("log", "newsfeed", "--json").stdout) == []


def test_what_is_not_there_is_told_in_words(hub: Hub) -> None:
    nobody = hub.invoke("drop", "https://nobody.example/", "day")
    assert (nobody.exit_code, nobody.stderr) == (1, "there is no entry 'https://nobody.example/'\n")
    feed = hub.invoke("drop", LEAD, "dya")
    assert feed.exit_code == 2
    assert "there is no feed 'dya'; there are: day, newsfeed, young-leaders-school" in feed.stderr
    note = hub.invoke("note", LEAD, "day")
    assert note.exit_code == 2
    assert "ENTRY FEED TEXT" in note.stderr
    assert "Missing argument 'TEXT'" in note.stderr
    blank = hub.invoke("note", LEAD, "day", " ")
    assert (blank.exit_code, "say what to note" in blank.stderr) == (2, True)
    assert hub.invoke("undo", LEAD, "day").exit_code == 1


def test_what_is_printed_and_kept_holds_nothing_that_a_terminal_would_obey(hub: Hub) -> None:
    assert hub.invoke("drop", LEAD, "day", "\x1b[31mred", "--by", "\x07x").exit_code == 0
    assert "\x1b" not in hub.invoke("log").stdout
    (row,) = json.loads(hub.invoke("log", "--json").stdout)
    assert (row["by"], row["text"]) == ("x", "[31mred")


def test_a_hub_that_runs_beside_serves_a_decision_at_once(hub: Hub) -> None:
    with hub.process("run") as running:
        running.until_serving()
        running.until(lambda: told(running.get("/day/2024-11-24.json").body))
        assert hub.invoke("feature", LEAD, "day").exit_code == 0
        running.until(lambda: told(running.get("/day/2024-11-24.json").body).get("featured"))
        running.until(lambda: told(running.get("/day.json").body).get("featured"))
