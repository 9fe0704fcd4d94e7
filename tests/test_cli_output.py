"""What commands do where they are: a full disk, an encoding without the letters, odd names."""

import errno
import io
import json
import os
import pwd
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedhub.cli import main
from feedhub.cli.beginning import begin
from feedhub.cli.configuring import put
from feedhub.cli.curating import decide_on
from feedhub.cli.polling import poll_once
from feedhub.cli.taking import let_back, take
from feedhub.config import Config, load
from hubs import ROOT, Hub

LINK = "https://morning.example/2024/11/24/three-roads/"
ARMENIAN = "Առաւօտ 🗞"


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def deed(work: Callable[[Config], None], hub: Hub) -> None:
    with redirect_stdout(Full()), pytest.raises(OSError, match="No space"):
        work(load(hub.path, {}))


def holds(hub: Hub) -> bool:
    return LINK.encode() in hub.document("/day.rss")


def test_what_a_command_has_done_is_published_though_what_it_says_cannot_be_written(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    deed(lambda config: poll_once(config, (), as_json=False), hub)
    assert holds(hub)
    deed(lambda config: decide_on(config, "drop", LINK, "day", text="", by="ani"), hub)
    assert not holds(hub)
    deed(lambda config: decide_on(config, None, LINK, "day", text="", by="ani"), hub)
    assert holds(hub)
    deed(lambda config: take(config, LINK, "The publisher asked for it"), hub)
    assert not holds(hub)
    assert b"The publisher asked for it" in hub.document("/day.atom")
    deed(lambda config: let_back(config, LINK), hub)
    assert b"The publisher asked for it" not in hub.document("/day.atom")


def test_a_round_goes_on_and_is_published_though_nobody_reads_how_it_goes(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "feedhub", "-c", str(hub.path), "poll"]
    try:
        told = subprocess.run(
            words, cwd=ROOT, stdout=subprocess.PIPE, stderr=write, text=True, timeout=60, check=False
        )
    finally:
        os.close(write)
    assert told.returncode == 0
    assert "6 sources polled, 0 failed" in told.stdout
    assert holds(hub)


# ── Encodings ──


def invoke_in(encoding: str, hub: Hub, *words: str) -> Result:
    return CliRunner(charset=encoding).invoke(main, ["-c", str(hub.path), *words], prog_name="feedhub")


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": ARMENIAN, "home_page_url": LINK}
    item = {"id": LINK, "url": LINK, "title": ARMENIAN, "content_text": ARMENIAN}
    (tmp_path / "feed.json").write_text(json.dumps(document | {"items": [item]}), encoding="utf-8")
    hub = Hub(tmp_path).configure({"name": "paper", "url": "feed.json", "title": ARMENIAN[:6]})
    assert hub.invoke("poll").exit_code == 0
    return hub


@pytest.mark.parametrize("encoding", ["koi8-r", "latin-1"])
def test_letters_that_the_encoding_lacks_end_no_command(encoding: str, hub: Hub) -> None:
    why = invoke_in(encoding, hub, "why", LINK)
    assert (why.exit_code, why.stdout.splitlines()[0]) == (0, json.dumps(ARMENIAN)[1:-1])
    dropped = invoke_in(encoding, hub, "drop", LINK, "day", ARMENIAN)
    assert (dropped.exit_code, dropped.stderr) == (0, "")
    assert ARMENIAN in hub.invoke("log").stdout


def test_json_stays_json_in_every_encoding(hub: Hub) -> None:
    for words in (("why", LINK), ("sources",), ("config",)):
        told = invoke_in("koi8-r", hub, *words, "--json")
        assert told.exit_code == 0
        assert ARMENIAN[:6] in str(json.loads(told.stdout))


def test_what_the_encoding_has_is_printed_as_it_is(hub: Hub) -> None:
    assert ARMENIAN in invoke_in("utf-8", hub, "why", LINK).stdout


# ── Files ──


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let nobody write more, as a disk that is full; Python ignores the signal, so that writing fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_of_a_new_hub(tmp_path: Path) -> None:
    with files_of_at_most(1000), pytest.raises(OSError, match="too large"):
        begin(tmp_path / "hub")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    begin(tmp_path / "hub")


def test_a_full_disk_costs_no_older_export(tmp_path: Path) -> None:
    list_ = tmp_path / "sources.opml"
    list_.write_bytes(b"older")
    with files_of_at_most(1000), pytest.raises(OSError, match="too large"):
        put(list_, b"newer" * 1000)
    assert (list_.read_bytes(), [*tmp_path.iterdir()]) == (b"older", [list_])
    put(list_, b"newer")
    assert list_.read_bytes() == b"newer"


def test_a_source_that_is_taken_down_is_not_exported(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure({"name": "paper", "url": "https://paper.example/feed"})
    assert "https://paper.example/feed" in hub.invoke("opml").stdout
    assert hub.invoke("takedown", "paper", "--reason", "It asked for it").exit_code == 0
    assert "https://paper.example/feed" not in hub.invoke("opml").stdout


def test_an_editor_whose_number_has_no_name_is_known_by_it(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def has_none(number: int) -> None:
        raise KeyError(number)

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", has_none)
    assert hub.invoke("drop", LINK, "day").exit_code == 0
    assert f"uid {os.getuid()}" in hub.invoke("log").stdout


@pytest.mark.parametrize("name", ["what?now", "per%20cent", "100%", "a#b@c"])
def test_a_hub_may_stand_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    hub = Hub(tmp_path / name).configure()
    assert hub.invoke("publish").exit_code == 0
    assert (hub.folder / "feedhub.db").is_file()
    assert [file.name for file in tmp_path.iterdir()] == [name]
