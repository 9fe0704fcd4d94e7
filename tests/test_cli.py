import json
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedhub import __version__
from feedhub.cli import main
from hubs import ROOT, SAMPLES, Hub
from loopback import HOST

COMMANDS = sorted(main.commands)
DECISION = ["https://paper.example/1", "day"]
ARGUMENTS = {
    "add": ["page.opml"],
    **dict.fromkeys(("include", "feature", "lead", "hold", "drop", "undo"), DECISION),
    "note": [*DECISION, "Words"],
    "preview": ["day"],
    "why": ["https://paper.example/1"],
    "pause": ["paper"],
    "remove": ["paper"],
    "resume": ["paper"],
    "takedown": ["paper", "--reason", "as asked"],
}
BROKEN = """
[site]
title = 7
colour = "red"

[[sources]]
ulr = "https://paper.example/feed/"

[feeds.static]
limit = "many"
"""


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


# ── The program ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command_and_needs_no_config(flag: str) -> None:
    told = CliRunner().invoke(main, [flag])
    assert told.exit_code == 0
    assert {"check", "poll", "publish", "run", "serve", "sources"} <= set(COMMANDS)
    assert all(f"\n  {command} " in told.output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_ends_with_an_example(command: str) -> None:
    told = CliRunner().invoke(main, [command, "--help"])
    assert told.exit_code == 0
    assert "Example: feedhub" in told.output


def test_the_version_is_told() -> None:
    told = CliRunner().invoke(main, ["--version"], prog_name="feedhub")
    assert (told.exit_code, told.output) == (0, f"feedhub, version {__version__}\n")


@pytest.mark.parametrize(
    "words",
    [[], ["pol"], ["--colour", "check"], ["check", "now"], ["sources", "--jsn"], ["-c"]],
    ids=" ".join,
)
def test_a_wrong_command_line_exits_with_2_and_tells_on_stderr(words: list[str]) -> None:
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 2
    assert "Usage:" in told.stderr or "Error:" in told.stderr
    assert told.stdout == ""


def test_the_program_runs_as_a_module_too(hub: Hub) -> None:
    hub.take_samples()
    words = [sys.executable, "-m", "feedhub", "-c", str(hub.path), "check"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_output_that_nobody_reads_any_more_is_no_error_of_ours(hub: Hub) -> None:
    hub.take_samples()
    words = [sys.executable, "-m", "feedhub", "-c", str(hub.path), "sources", "--json"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(60)


# ── A wrong config ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "init"])
def test_every_command_checks_the_config_first_and_tells_all_problems_on_stderr(
    command: str, hub: Hub
) -> None:
    hub.path.write_text(BROKEN, encoding="utf-8")
    told = hub.invoke(command, *ARGUMENTS.get(command, []))
    assert told.exit_code == 2
    assert told.stdout == ""
    lines = told.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "config.toml:3",
        "config.toml:4",
        "config.toml:6",
        "config.toml:7",
        "config.toml:9",
        "config.toml:10",
    ]
    assert 'did you mean "url"' in lines[3]
    assert "Traceback" not in told.stderr
    assert sorted(path.name for path in hub.folder.iterdir()) == ["config.toml"]


def test_a_config_that_is_not_there_is_told_with_its_path(hub: Hub) -> None:
    told = hub.invoke("check")
    assert told.exit_code == 2
    assert told.stderr == (
        f"config.toml: there is no such file: {hub.path};"
        " `feedhub init` makes a new hub, `feedhub -c FILE` takes another file\n"
    )


def test_without_c_the_config_of_the_current_folder_is_read(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.take_samples()
    monkeypatch.chdir(hub.folder)
    assert CliRunner().invoke(main, ["check"]).exit_code == 0
    monkeypatch.chdir(hub.folder / "feedhub")
    assert CliRunner().invoke(main, ["check"]).exit_code == 2


def test_a_wrong_secret_is_told_without_the_secret(hub: Hub) -> None:
    hub.configure({"url": "https://${USER_AND_HOST}/feed/", "name": "a"})
    told = hub.invoke("check", USER_AND_HOST="in valid:hunter2")
    assert told.exit_code == 2
    assert "hunter2" not in told.output


# ── check ────────────────────────────────────────────────────────────────────────────────────────


def test_check_tells_how_much_a_right_config_holds_and_writes_nothing(hub: Hub) -> None:
    hub.take_samples()
    told = hub.invoke("check")
    assert (told.exit_code, told.stderr) == (0, "")
    assert f"{len(SAMPLES['sources'])} sources" in told.stdout
    assert f"{len(SAMPLES['feeds'])} feeds" in told.stdout
    assert sorted(path.name for path in hub.folder.iterdir()) == ["config.toml", "feedhub"]
    hub.configure({"name": "desk", "url": "desk.xml"})
    assert hub.invoke("check").stdout == f"{hub.path}: right; 1 source, 1 feed\n"


def test_the_config_that_comes_with_the_project_is_right() -> None:
    told = CliRunner().invoke(main, ["-c", str(ROOT / "config.toml"), "check"])
    assert (told.exit_code, told.stderr) == (0, "")


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["poll", "publish", "sources"])
def test_a_database_that_cannot_be_opened_is_told_in_words(command: str, hub: Hub) -> None:
    hub.take_samples(store={"url": "sqlite:///feedhub"})
    told = hub.invoke(command)
    assert told.exit_code == 1
    assert "unable to open database" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize("command", ["poll", "publish"])
def test_a_file_that_cannot_be_written_is_told_with_its_path(command: str, hub: Hub) -> None:
    hub.take_samples()
    (hub.feeds / "day.rss").mkdir(parents=True)
    told = hub.invoke(command)
    assert told.exit_code == 1
    assert f"{hub.feeds / 'day.rss'}: Is a directory" in told.stderr
    assert "Traceback" not in told.output


def test_debug_shows_where_an_error_came_from_and_keeps_the_exit_code(hub: Hub) -> None:
    missing = hub.invoke("--debug", "check")
    assert missing.exit_code == 2
    assert "Traceback (most recent call last)" in missing.stderr
    assert "no such file" in missing.stderr
    hub.take_samples(store={"url": "sqlite:///feedhub"})
    failed = hub.invoke("--debug", "publish")
    assert failed.exit_code == 1
    assert "Traceback (most recent call last)" in failed.stderr


@pytest.mark.parametrize("command", ["run", "serve"])
def test_an_address_that_is_taken_is_told_in_words(command: str, hub: Hub) -> None:
    hub.take_samples()
    with closing(socket.create_server((HOST, hub.port))), hub.process(command) as running:
        assert running.process.wait(60) == 1
        assert f"cannot listen at {hub.address}" in running.output
        assert "Traceback" not in running.output


# ── publish, serve ───────────────────────────────────────────────────────────────────────────────


def test_publish_before_any_poll_makes_the_feeds_that_are_still_empty(hub: Hub) -> None:
    hub.take_samples()
    told = hub.invoke("publish")
    assert (told.exit_code, told.stderr) == (0, "")
    assert hub.atom().findall("{*}entry") == []
    again = hub.invoke("publish")
    assert again.stdout == "0 documents written, 0 removed\n"


def test_serve_serves_what_was_published_and_polls_nothing(hub: Hub) -> None:
    hub.take_samples()
    assert hub.invoke("publish").exit_code == 0
    with hub.process("serve") as running:
        running.until_serving()
        assert running.get("/day.json").body == hub.document("/day.json")
        assert hub.url("/day/") in running.output
        assert running.end(signal.SIGTERM)[0] == 0
    assert hub.ask_database("select count(*) from entries") == [(0,)]


def test_serve_before_anything_was_published_says_so(hub: Hub) -> None:
    hub.take_samples()
    with hub.process("serve") as running:
        running.until_serving()
        health = running.get("/health")
        assert (health.status, json.loads(health.body)["status"]) == (503, "down")
        assert running.get("/day.atom").status == 404
