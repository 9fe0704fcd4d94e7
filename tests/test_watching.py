"""What of a configuration is watched, and that it is the same when the file system is another."""

import http.client
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

from editions import NOON
from feedhub.cli.threads import Threads
from feedhub.cli.watching import ConfigFile
from feedhub.config import Config, load
from hubs import Hub, Item, free_port, rss
from loopback import HOST
from processes import until
from servers import Listening, closing_process


class Watched:
    """A configuration that is watched, as a hub does it."""

    def __init__(self, path: Path, threads: Threads) -> None:
        self.file = ConfigFile(load(path, {}))
        self.failing = threads.failing
        self.taken_up: list[Config] = []
        threads.keep_watching(self.file, self.taken_up.append)

    @property
    def title(self) -> str:
        return self.file.config.site.title

    @property
    def style(self) -> str:
        return dict(self.file.config.site.theme_files).get("style.css", "")


@pytest.fixture
def watching() -> Iterator[Callable[[Path], Watched]]:
    threads = Threads()
    yield lambda path: Watched(path, threads)
    threads.end()
    assert not threads.are_alive


def write_theme(folder: Path, color: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "style.css").write_text(f"body {{ color: {color} }}", encoding="utf-8")


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Put a folder in the place of another, as git and rsync do."""
    new, old = folder.with_name("new"), folder.with_name("old")
    new.mkdir()
    yield new
    folder.rename(old)
    new.rename(folder)
    rmtree(old)


def test_a_theme_that_is_named_later_is_watched(tmp_path: Path, watching: Callable[[Path], Watched]) -> None:
    hub = Hub(tmp_path).configure()
    watched = watching(hub.path)
    write_theme(tmp_path / "theme", "red")
    hub.configure(site={"theme": "theme"})
    until(lambda: "red" in watched.style)
    write_theme(tmp_path / "theme", "green")
    until(lambda: "green" in watched.style)


def test_a_theme_whose_folder_is_replaced_is_watched_on(
    tmp_path: Path, watching: Callable[[Path], Watched]
) -> None:
    theme = tmp_path / "theme"
    write_theme(theme, "red")
    watched = watching(Hub(tmp_path).configure(site={"theme": "theme"}).path)
    for color in ("green", "blue"):
        with replaced(theme) as new:
            write_theme(new, color)
        until(lambda color=color: color in watched.style)  # type: ignore[misc]
    write_theme(theme, "black")
    until(lambda: "black" in watched.style)
    rmtree(theme)
    until(lambda: watched.file.problems)
    write_theme(theme, "white")
    until(lambda: "white" in watched.style and not watched.file.problems)


def test_a_file_behind_links_is_seen_each_time_that_they_lead_elsewhere(
    tmp_path: Path, watching: Callable[[Path], Watched]
) -> None:
    """As Kubernetes mounts one: config.toml is a link through a link to a folder, which is replaced."""
    text = Hub(tmp_path).configure().path.read_text(encoding="utf-8")
    (tmp_path / "config.toml").unlink()

    def lead_to(version: str) -> None:
        (tmp_path / version).mkdir()
        (tmp_path / version / "config.toml").write_text(text.replace("The Hub", version), encoding="utf-8")
        (tmp_path / "..next").symlink_to(version)
        (tmp_path / "..next").rename(tmp_path / "..data")

    lead_to("..v1")
    (tmp_path / "config.toml").symlink_to("..data/config.toml")
    watched = watching(tmp_path / "config.toml")
    for version, last in (("..v2", "..v1"), ("..v3", "..v2"), ("..v4", "..v3")):
        lead_to(version)
        rmtree(tmp_path / last)
        until(lambda version=version: watched.title == version)  # type: ignore[misc]


def test_a_file_that_cannot_be_watched_is_told_and_taken_up_when_it_can_be(
    tmp_path: Path, watching: Callable[[Path], Watched]
) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    watched = watching(Hub(folder).configure().path)
    rmtree(folder)
    until(lambda: "config" in watched.failing and watched.file.problems)
    folder.mkdir()
    Hub(folder).configure(site={"title": "Here again"})
    until(lambda: watched.title == "Here again" and not watched.failing)


def test_the_address_that_links_start_from_is_where_the_hub_listens(
    tmp_path: Path, watching: Callable[[Path], Watched]
) -> None:
    """What [server] listen says takes effect at the next start: until then nobody answers there."""
    before = Hub(tmp_path).configure()
    watched = watching(before.path)
    Hub(tmp_path).configure(site={"title": "Elsewhere"})
    until(lambda: watched.title == "Elsewhere")
    assert watched.file.config.site.url == before.url("").rstrip("/")
    assert watched.file.config.limits.user_agent.endswith(f"(+{watched.file.config.site.url})")
    Hub(tmp_path).configure(site={"url": "https://hub.example"})
    until(lambda: watched.file.config.site.url == "https://hub.example")


def test_what_waits_for_the_next_start_is_told_until_it_is_as_it_began(
    tmp_path: Path, watching: Callable[[Path], Watched], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "feedhub")
    hub = Hub(tmp_path).configure()
    watched = watching(hub.path)
    elsewhere = {"listen": f"{HOST}:{free_port()}"}
    for number, server in enumerate((elsewhere, elsewhere, {}, {}), 1):
        hub.configure(site={"title": f"Version {number}"}, server=server)
        # It is told what waits after this: of the last but one, before the last is taken up.
        until(lambda number=number: sum("taken_up" in told for told in caplog.messages) == number)  # type: ignore[misc]
    assert watched.title == "Version 4"
    waits = [told for told in caplog.messages if "next start" in told]
    assert waits == ["config problem='[server] takes effect at the next start'"]


# ── Processes that only serve ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("workers", [0, 2])
def test_what_only_serves_quotes_on_the_terms_that_stand_in_the_file_now(
    tmp_path: Path, workers: int
) -> None:
    words = "The bakers of Orlan say that bread is dear."
    item = Item(id="urn:x-paper:1", title="Bread", link="https://paper.example/bread/", at=NOON, text=words)
    (tmp_path / "feed.xml").write_bytes(rss(item))
    source = {"name": "paper", "url": "feed.xml"}
    hub = Hub(tmp_path).configure(source)
    assert hub.invoke("poll").exit_code == 0

    def found() -> bytes:
        return Listening(hub.port).ask("GET", "/search.json?q=bread", {}).body

    serving = closing_process(hub, workers) if workers else hub.process("serve")
    with serving:
        until(lambda: is_answered(hub.port))
        assert b"bakers" in found()
        hub.configure(source | {"terms": {"show": "title"}})
        until(lambda: all(b"bakers" not in found() for _ in range(10)))  # of every process
        assert b"paper.example/bread" in found()
        hub.path.write_text("ulr = 1", encoding="utf-8")
        until(lambda: b'"wrong"' in Listening(hub.port).ask("GET", "/health", {}).body)
        assert b"paper.example/bread" in found()


def is_answered(port: int) -> bool:
    try:
        return Listening(port).ask("GET", "/health", {}).status == 200
    except (ConnectionError, http.client.HTTPException):
        return False
