import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubs import Hub, Item, rss
from loopback import Loopback

KEYS = [
    "name",
    "title",
    "url",
    "state",
    "problem",
    "polled",
    "succeeded",
    "due",
    "every",
    "why",
    "failures",
    "entries",
    "refused",
]
ITEM = Item(
    id="urn:x-paper:1",
    title="Gates of the old town open",
    link="https://paper.example/gates/",
    at=datetime(2024, 11, 24, 10, 0, tzinfo=UTC),
)
ESCAPES = "\x1b[31m\x9b2J\x7f\u202e"


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/feed", rss(ITEM))
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    return Hub(tmp_path, web)


def test_json_is_a_list_of_objects_with_exactly_the_designed_keys(hub: Hub, web: Loopback) -> None:
    hub.configure(
        {"name": "paper", "url": web.url("/feed"), "title": "The Paper"},
        {"name": "failing", "url": web.url("/nothing")},
        {"name": "paused", "url": web.url("/feed?paused"), "paused": True},
    )
    for _ in range(2):
        told = hub.invoke("sources", "--json")
        assert (told.exit_code, told.stderr) == (0, "")
        rows = json.loads(told.stdout)
        assert [list(row) for row in rows] == [KEYS] * 3
        assert [row["name"] for row in rows] == ["paper", "failing", "paused"]
        assert hub.invoke("poll").exit_code == 0


def test_a_source_that_was_never_polled_has_no_times(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed"), "title": "The Paper", "every": "2h"})
    assert hub.sources()["paper"] == {
        "name": "paper",
        "title": "The Paper",
        "url": web.url("/feed"),
        "state": "never polled",
        "problem": "",
        "polled": None,
        "succeeded": None,
        "due": None,
        "every": 7200,
        "why": "",
        "failures": 0,
        "entries": 0,
        "refused": [],
    }


def test_a_source_is_told_as_it_is_after_a_poll(hub: Hub, web: Loopback) -> None:
    bare = rss(ITEM, title="The Paper").replace(
        b"</channel>", b"<item><title>No link</title></item></channel>"
    )
    web.serves("/feed", bare)
    hub.configure({"name": "paper", "url": web.url("/feed"), "every": "2h"})
    before = datetime.now(UTC).replace(microsecond=0)
    hub.invoke("poll")
    row = hub.sources()["paper"]
    polled, succeeded, due = (datetime.fromisoformat(row[key]) for key in ("polled", "succeeded", "due"))
    assert before <= polled == succeeded <= datetime.now(UTC)
    assert timedelta(hours=2) <= due - polled <= timedelta(hours=5)
    assert (row["state"], row["problem"], row["failures"], row["entries"]) == ("ok", "", 0, 1)
    assert row["every"] >= 7200
    (refused,) = row["refused"]
    assert list(refused) == ["id", "title", "link", "reason"]
    assert refused["title"] == "No link"
    assert refused["reason"]


def test_failures_are_counted_until_a_success(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/later")})
    hub.invoke("poll")
    hub.invoke("poll")
    row = hub.sources()["paper"]
    assert (row["state"], row["failures"], row["succeeded"]) == ("failing", 2, None)
    assert row["problem"]
    web.serves("/later", rss(ITEM))
    hub.invoke("poll")
    row = hub.sources()["paper"]
    assert (row["state"], row["failures"], row["problem"]) == ("ok", 0, "")


def test_a_paused_source_is_told_as_paused(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed"), "paused": True})
    assert hub.sources()["paper"]["state"] == "paused"


def test_a_source_that_is_gone_is_due_at_no_time(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", "", status=410)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    hub.invoke("poll")
    row = hub.sources()["paper"]
    assert (row["state"], row["due"]) == ("paused", None)
    assert "410" in row["problem"]


def test_an_address_is_told_without_user_and_secret(hub: Hub, web: Loopback) -> None:
    hub.configure(
        {"name": "user", "url": f"http://ann@{web.address}/feed"},
        {"name": "secret", "url": web.url("/feed?key=${KEY}")},
    )
    told = hub.invoke("sources", "--json", KEY="swordfish")
    rows = {row["name"]: row["url"] for row in json.loads(told.stdout)}
    assert rows["user"] == web.url("/feed")
    assert rows["secret"] == "***"
    assert "ann@" not in told.output
    assert "swordfish" not in told.output


def test_the_table_has_a_row_for_each_source(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed")}, {"name": "failing", "url": web.url("/nothing")})
    hub.invoke("poll")
    told = hub.invoke("sources")
    assert (told.exit_code, told.stderr) == (0, "")
    head, *rows = told.stdout.splitlines()
    assert head.split() == ["source", "state", "entries", "refused", "polled", "due", "why", "problem"]
    assert [row.split()[:4] for row in rows] == [["paper", "ok", "1", "0"], ["failing", "failing", "0", "0"]]
    assert hub.sources()["failing"]["problem"] in rows[1]


def test_a_long_problem_stays_on_its_line_where_nobody_looks_at_a_terminal(hub: Hub, web: Loopback) -> None:
    name = "a-name-as-long-as-the-names-of-newspapers-sometimes-are"
    hub.configure({"name": name, "url": web.url("/nothing")})
    hub.invoke("poll")
    told = hub.invoke("sources", COLUMNS="80")
    assert len(told.stdout.splitlines()) == 2
    assert hub.sources()[name]["problem"] in told.stdout


def test_what_a_terminal_would_obey_never_comes_out(hub: Hub, web: Loopback) -> None:
    bare = (
        rss(title=f"Paper{ESCAPES[1:5]}")
        .decode()
        .replace("</channel>", "<item><title>Bad\x9b2J\u202e</title></item></channel>")
    )
    web.serves("/feed", bare)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    text = hub.path.read_text(encoding="utf-8")
    hub.path.write_text(
        text.replace('name = "paper"', 'name = "paper"\ntitle = "Red\\u202E\\u00AD"'), encoding="utf-8"
    )
    hub.invoke("poll")
    for told in (hub.invoke("sources"), hub.invoke("sources", "--json")):
        assert told.exit_code == 0
        assert all(character.isprintable() or character == "\n" for character in told.output)
    assert hub.sources()["paper"]["title"] == "Red\u202e\u00ad"


def test_sources_before_the_first_poll_makes_a_store_and_no_documents(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed")})
    assert hub.invoke("sources").exit_code == 0
    assert not hub.feeds.exists()
    assert web.paths == []
