import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.cli.running import Hub as HubHere
from feedhub.config import Config, load
from hubs import ROOT, Hub, Item, Running, rss
from loopback import Loopback

GATES = Item(
    id="urn:x-paper:gates",
    title="Gates of the old town open",
    link="https://paper.example/gates/",
    at=datetime(2024, 11, 24, 10, 0, tzinfo=UTC),
)
BRIDGE = replace(
    GATES, id="urn:x-wire:bridge", title="A bridge is counted", link="https://wire.example/bridge/"
)
FEEDS = {"day": {"title": "Day newsfeed"}}


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/paper", rss(GATES))
        web.serves("/wire", rss(BRIDGE, link="https://wire.example/"))
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    return Hub(tmp_path, web).configure(one(web, "paper"))


@pytest.fixture
def running(hub: Hub) -> Iterator[Running]:
    with hub.process("run") as running:
        running.until(lambda: b"Gates" in running.get("/day.atom").body)
        yield running


def one(web: Loopback, name: str, **more: object) -> dict[str, object]:
    return {"name": name, "url": web.url(f"/{name}"), "every": "1s"} | more


def health(running: Running) -> dict[str, object]:
    told: dict[str, object] = json.loads(running.get("/health").body)
    return told


def test_a_source_that_is_added_is_polled_without_a_restart(
    hub: Hub, running: Running, web: Loopback
) -> None:
    hub.configure(one(web, "paper"), one(web, "wire"))
    running.until(lambda: b"A bridge is counted" in running.get("/day.atom").body)


def test_a_source_that_is_removed_leaves_the_open_day_at_once_and_is_not_polled_any_more(
    hub: Hub, running: Running, web: Loopback
) -> None:
    web.serves("/wire", rss(replace(BRIDGE, at=datetime.now(UTC)), link="https://wire.example/"))
    hub.configure(one(web, "paper"), one(web, "wire"))
    running.until(lambda: b"A bridge is counted" in running.get("/day.atom").body)
    hub.configure(one(web, "paper"))
    running.until(lambda: b"A bridge is counted" not in running.get("/day.atom").body)
    asked = web.paths.count("/wire")
    before = web.paths.count("/paper")
    running.until(lambda: web.paths.count("/paper") > before + 1)
    assert web.paths.count("/wire") <= asked + 1  # one may have been on its way


def test_a_feed_that_is_added_is_published_and_one_that_is_removed_is_gone(
    hub: Hub, running: Running, web: Loopback
) -> None:
    hub.configure(one(web, "paper"), feeds=FEEDS | {"all": {"title": "All of it"}})
    running.until(lambda: running.get("/all.rss").status == 200)
    assert b"All of it" in running.get("/day/").body
    hub.configure(one(web, "paper"))
    running.until(lambda: running.get("/all.rss").status == 410)


def test_a_theme_is_taken_up_as_soon_as_one_of_its_files_is_saved(hub: Hub, web: Loopback) -> None:
    (hub.folder / "theme").mkdir()
    template = hub.folder / "theme" / "page.html"
    ours = (ROOT / "feedhub" / "render" / "templates" / "page.html").read_text(encoding="utf-8")
    template.write_text(ours.replace("<h1", "<p>At first</p><h1"), encoding="utf-8")
    hub.configure(one(web, "paper"), site={"theme": "theme"})
    with hub.process("run") as running:
        running.until(lambda: b"At first" in running.get("/day/").body)
        template.write_text(ours.replace("<h1", "<p>And then</p><h1"), encoding="utf-8")
        running.until(lambda: b"And then" in running.get("/day/").body)
        template.write_text("{% if %}", encoding="utf-8")
        running.until(lambda: health(running)["config"] == "wrong")
        assert b"And then" in running.get("/day/").body


def test_a_bad_configuration_is_told_and_the_last_good_one_goes_on(
    hub: Hub, running: Running, web: Loopback
) -> None:
    good = hub.path.read_text(encoding="utf-8")
    hub.path.write_text(good.replace("[[sources]]", "[[sources]]\nulr = 1"), encoding="utf-8")
    running.until(lambda: health(running)["config"] == "wrong")
    assert health(running)["status"] == "degraded"
    assert 'did you mean "url"' in running.output
    assert re.search(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z config problem=", running.output, re.MULTILINE)
    web.serves("/paper", rss(GATES, replace(BRIDGE, id="urn:x-paper:late", title="Late news")))
    running.until(lambda: b"Late news" in running.get("/day.atom").body)
    hub.path.write_text(good, encoding="utf-8")
    running.until(lambda: health(running)["config"] == "ok")


def test_a_new_title_of_the_site_is_on_its_pages(hub: Hub, running: Running, web: Loopback) -> None:
    hub.configure(one(web, "paper"), site={"title": "Another name"})
    running.until(lambda: b"Another name" in running.get("/day/").body)


def test_a_file_that_is_replaced_as_editors_do_is_seen(hub: Hub, running: Running, web: Loopback) -> None:
    aside = hub.path.with_name("config.toml.new")
    text = hub.path.read_text(encoding="utf-8")
    aside.write_text(text.replace("Day newsfeed", "Evening newsfeed"), encoding="utf-8")
    aside.replace(hub.path)
    running.until(lambda: b"Evening newsfeed" in running.get("/day.rss").body)


def test_a_source_that_is_added_by_command_is_taken_up_without_a_restart(
    hub: Hub, running: Running, web: Loopback
) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{to}">' for to in ("gone", "wire")
    )
    web.serves("/", f"<html><head>{links}</head><body></body></html>", type="text/html")
    told = hub.invoke("add", web.url("/"), "--yes")
    assert told.exit_code == 0
    assert "gone" in told.stderr
    running.until(lambda: b"A bridge is counted" in running.get("/day.atom").body)


class Poller:
    """A poller that polls nothing."""

    free = active = 0

    def close(self) -> None:
        """There is nothing to give back."""


def test_what_is_saved_while_a_poller_is_made_takes_effect_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(tmp_path)
    before = load(hub.configure({"url": "https://paper.example/feed"}).path, {})
    after = load(hub.configure({"url": "https://wire.example/feed"}).path, {})
    running = HubHere(before)
    made: list[Config] = []
    polled: list[Config] = []

    def poller_of(config: Config, *_: object) -> Poller:
        made.append(config)
        running._file.config = after
        return Poller()

    def poll(_: Poller) -> None:
        polled.append(made[-1])
        running._stopping.set()

    monkeypatch.setattr("feedhub.cli.running.poller_of", poller_of)
    monkeypatch.setattr(running, "_poll", poll)
    while not running._stopping.is_set():
        running._keep_polling()
    assert polled == [after]
    running._store.close()
