import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.cli.polling import _with_progress
from feedhub.model import Saved, Source, Visit
from feedhub.poll import Polled
from hubs import SAMPLES, Hub, Item, rss
from loopback import Given, Loopback

ITEM = Item(
    id="urn:x-paper:1",
    title="Gates of the old town open",
    link="https://paper.example/gates/",
    at=datetime(2024, 11, 24, 10, 0, tzinfo=UTC),
)
ESCAPES = "\x1b[31m\x9b2J\x07\x08"  # red, clear the screen, ring, go back


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/feed", rss(ITEM))
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    return Hub(tmp_path, web)


def test_the_samples_are_polled_and_published_in_one_round(hub: Hub) -> None:
    hub.take_samples()
    told = hub.invoke("poll")
    assert (told.exit_code, "Traceback" in told.output) == (0, False)
    every = len(SAMPLES["sources"])
    assert re.search(
        rf"^{every} sources polled, 0 failed, [3-9]\d entries new, 0 changed$", told.stdout, re.M
    )
    assert b"Horoscope" in hub.document("/newsfeed.rss")
    assert b"Horoscope" not in hub.document("/day.rss")  # by a rule
    assert b"After the vote: three roads for the region" in hub.document("/day.rss")
    again = hub.invoke("poll")
    assert f"{every} sources polled, 0 failed, 0 entries new, 0 changed" in again.stdout
    assert hub.invoke("publish").stdout == "0 documents written, 0 removed\n"


def test_failing_sources_are_told_in_words_and_the_others_go_on(hub: Hub, web: Loopback) -> None:
    web.serves("/page", "<!DOCTYPE html><title>Hello</title><p>A page", type="text/html")
    web.serves("/broken", "", status=500)
    web.breaks("/cut", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>")
    with Loopback() as closed:
        nobody = closed.url("/feed")
        address = closed.address
    hub.configure(
        {"name": "gone", "url": web.url("/nothing")},
        {"name": "broken", "url": web.url("/broken")},
        {"name": "cut", "url": web.url("/cut")},
        {"name": "page", "url": web.url("/page")},
        {"name": "closed", "url": nobody},
        {"name": "missing", "url": "missing.xml"},
        {"name": "paper", "url": web.url("/feed"), "title": "The Paper"},
        fetch={"private": [web.address, address]},
    )
    told = hub.invoke("poll")
    assert told.exit_code == 0
    assert "7 sources polled, 6 failed, 1 entry new, 0 changed" in told.stdout
    assert "Traceback" not in told.output
    problems = {name: row["problem"] for name, row in hub.sources().items()}
    assert "404" in problems["gone"]
    assert "500" in problems["broken"]
    assert all(problems[name] for name in ("cut", "page", "closed", "missing"))
    assert problems["paper"] == ""
    assert all(problem in told.stdout for problem in problems.values())
    assert ITEM.title.encode() in hub.document("/day.atom")


def test_only_sources_that_are_named_are_polled(hub: Hub, web: Loopback) -> None:
    web.serves("/other", rss(ITEM))
    hub.configure({"name": "paper", "url": web.url("/feed")}, {"name": "other", "url": web.url("/other")})
    told = hub.invoke("poll", "other", "other")
    assert told.exit_code == 0
    assert "1 source polled, 0 failed, 1 entry new, 0 changed" in told.stdout
    assert web.paths == ["/other"]


def test_names_that_no_source_has_are_told_and_nothing_is_polled(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed")})
    told = hub.invoke("poll", "paper", "papre", "nobody")
    assert told.exit_code == 2
    assert told.stdout == ""
    assert "papre" in told.stderr
    assert "nobody" in told.stderr
    assert web.paths == []


def test_a_paused_source_is_polled_only_when_it_is_named(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed"), "paused": True})
    assert hub.invoke("poll").exit_code == 0
    assert web.paths == []
    assert hub.invoke("poll", "paper").exit_code == 0
    assert web.paths == ["/feed"]


@pytest.mark.parametrize(
    ("status", "headers"), [(429, {"Retry-After": "3600"}), (503, {"Retry-After": "3600"}), (410, {})]
)
def test_a_source_that_told_us_to_wait_is_polled_only_when_it_is_named(
    status: int, headers: dict[str, str], hub: Hub, web: Loopback
) -> None:
    web.serves("/feed", "", status=status, headers=headers)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    assert hub.invoke("poll").exit_code == 1
    told = hub.invoke("poll")
    assert told.exit_code == 0
    assert web.paths == ["/feed"]
    assert hub.invoke("poll", "paper").exit_code == 1
    assert web.paths == ["/feed", "/feed"]


def test_a_source_that_just_failed_is_polled_again_at_once(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", "", status=500)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    assert hub.invoke("poll").exit_code == 1
    web.serves("/feed", rss(ITEM))
    assert "1 entry new" in hub.invoke("poll").stdout
    assert hub.sources()["paper"]["state"] == "ok"


@pytest.mark.parametrize("terminal", [{}, {"FORCE_COLOR": "1"}], ids=["piped", "terminal"])
def test_what_a_terminal_would_obey_never_comes_out(
    terminal: dict[str, str], hub: Hub, web: Loopback
) -> None:
    hostile = Item(
        id=f"1{ESCAPES}", title=f"Red{ESCAPES}", link=f"https://paper.example/{ESCAPES}", at=ITEM.at
    )
    web.serves("/feed", rss(hostile, title=f"Paper{ESCAPES}"))
    phrase = f"HTTP/1.1 500 Oh{ESCAPES}\r\nContent-Length: 0\r\n\r\n"
    web.breaks("/phrase", phrase.encode("latin-1"))
    web.answers("/away", lambda _: Given(status=302, headers={"Location": f"http://x.example/{ESCAPES}"}))
    web.serves("/page", f"<html><{ESCAPES}a>{ESCAPES}", headers={"Content-Type": f"text/{ESCAPES}"})
    names = ("feed", "phrase", "away", "page")
    hub.configure(*({"name": name, "url": web.url(f"/{name}")} for name in names))
    for told in (hub.invoke("poll", **terminal), hub.invoke("sources", **terminal)):
        assert told.exit_code == 0
        assert not {"\x9b", "\x07", "\x08"} & set(told.output)
        assert "\x1b[31m" not in told.stdout
        assert terminal or "\x1b" not in told.output


def test_on_a_terminal_it_is_told_how_far_the_round_is(hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed")}, {"name": "failing", "url": web.url("/nothing")})
    told = hub.invoke("poll", FORCE_COLOR="1", NO_COLOR="1", COLUMNS="120")
    assert "2/2 1 new, 0 changed, 1 failed" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.stderr)


def test_the_progress_of_a_long_round_costs_each_source_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    visit = Visit(source="paper", due=ITEM.at)
    source = Source(name="paper", url="https://paper.example/feed")
    ended = [Polled(source=source, visit=visit, saved=Saved(new=1))] * 6000
    began = time.process_time()
    assert list(_with_progress(iter(ended), len(ended))) == ended
    assert time.process_time() - began < 2  # 0.2 s; summed from the start each time it took 3 s


@pytest.mark.parametrize("command", ["poll", "sources"])
def test_no_color_means_no_color_on_a_terminal(command: str, hub: Hub, web: Loopback) -> None:
    hub.configure({"name": "paper", "url": web.url("/feed")}, {"name": "failing", "url": web.url("/nothing")})
    told = hub.invoke(command, FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color")
    assert told.exit_code == 0
    colors = [f"\x1b[{number}" for number in (*range(30, 39), *range(40, 49), *range(90, 98))]
    assert not any(color in told.stdout for color in colors)


def test_a_secret_never_comes_out(hub: Hub, web: Loopback) -> None:
    web.redirects("/feed", "/moved?key=hunter2", status=301)
    web.serves("/moved", rss(ITEM))
    hub.configure(
        {"name": "paper", "url": web.url("/feed?key=${KEY}")},
        {"name": "failing", "url": web.url("/nothing?key=${KEY}"), "auth": "bearer:${KEY}"},
    )
    for words in (["check"], ["poll"], ["poll"], ["poll"], ["poll"], ["sources"], ["sources", "--json"]):
        told = hub.invoke(*words, KEY="hunter2")
        assert told.exit_code == 0
        assert "hunter2" not in told.output
    assert "key=hunter2" in web.paths[0]
    assert not any(b"hunter2" in body for _, _, body in hub.files().values())


def test_a_round_in_which_every_source_failed_has_failed(tmp_path: Path) -> None:
    with Loopback() as web:
        hub = Hub(tmp_path, web).configure({"name": "paper", "url": web.url("/nothing")})
        assert hub.invoke("poll").exit_code == 1


def test_a_round_can_be_told_as_json(tmp_path: Path) -> None:
    with Loopback() as web:
        hub = Hub(tmp_path, web).configure({"name": "paper", "url": web.url("/nothing")})
        (row,) = json.loads(hub.invoke("poll", "--json").stdout)
    assert (row["source"], row["new"], row["changed"]) == ("paper", 0, 0)
    assert "404" in row["problem"]
