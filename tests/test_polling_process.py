"""The trials of bench/soak in their short forms, and a hub whose store, files and clock fail it."""

import fcntl
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.soak import budget, hung, kill, rounds, sigterm, two
from bench.soak.origin import FAST, Answers, Changing, Process, sources
from hubs import Hub, Item, rss
from loopback import Loopback
from processes import descendants, parents, readers, until

ITEM = Item(
    id="1",
    title="Gates open",
    link="https://paper.example/1",
    at=datetime(2024, 11, 24, 10, tzinfo=UTC),
)


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    return Hub(tmp_path, web)


# ── Trials ───────────────────────────────────────────────────────────────────────────────────────


def test_kill_9_loses_nothing_that_was_saved_and_doubles_nothing(tmp_path: Path) -> None:
    assert kill.trial(tmp_path, times=3, count=10)["kills"] == 3


def test_sources_that_hang_do_not_keep_healthy_ones_from_being_polled(tmp_path: Path) -> None:
    limits = {"at_once": 8, "first_byte": "1s", "timeout": "2s"}
    told = hung.trial(tmp_path, hung=12, healthy=4, seconds=6.0, fetch=limits, most=20.0)
    assert told["starts of healthy ones"]


def test_two_hubs_and_a_poll_on_one_store_poll_each_due_source_once(tmp_path: Path) -> None:
    assert two.trial(tmp_path, count=10, seconds=6.0, after=18.0)["polled twice"] == 0


def test_documents_beyond_their_budget_leave_nothing_behind(tmp_path: Path) -> None:
    assert budget.trial(tmp_path, documents=10, growth=1.5)["processes left"] == 0


def test_sigterm_ends_a_hub_in_the_midst_of_all_that_with_exit_0(tmp_path: Path) -> None:
    assert sigterm.trial(tmp_path, times=3, most=30.0)["exit 0"] == 3


def test_round_after_round_leaves_nothing_open(tmp_path: Path) -> None:
    assert rounds.trial(tmp_path, times=20, publish_each=5, samples=4, growth=1.5)["polls"] == 400


# ── A hub that is failed ─────────────────────────────────────────────────────────────────────────


def test_a_store_that_fails_for_a_while_ends_neither_polling_nor_publishing(hub: Hub, web: Loopback) -> None:
    changing = Changing(web, 3)
    hub.configure(*sources(web, changing.names, "1s"), fetch=FAST)
    with Process(hub, "run") as running:
        running.until(running.visits)
        hub.ask_database("alter table visits rename to away")
        running.until(lambda: "no such table" in running.output)
        hub.ask_database("alter table away rename to visits")
        before = len(running.visits())
        running.until(lambda: len(running.visits()) > before)
        newest = f"s0 {changing.newest('s0')}".encode()
        running.until(lambda: newest in hub.document("/day.atom"))
        assert "Traceback" not in running.output
        assert running.end()[0] == 0


def test_what_nobody_foresaw_is_told_and_polling_begins_anew(hub: Hub, web: Loopback) -> None:
    changing = Changing(web, 3)
    hub.configure(*sources(web, changing.names, "1s"), fetch=FAST)
    with Process(hub, "run") as running:
        running.until(running.visits)
        before = hub.ask_database("select known from answers where source = 's0'")[0][0]

        def is_told() -> bool:  # a visit that was under way may put the row right again
            hub.ask_database("update answers set known = '[nonsense' where source = 's0'")
            return "begins anew" in running.output

        running.until(is_told)
        hub.ask_database(f"update answers set known = '{before}' where source = 's0'")
        seen = len(running.visits())
        running.until(lambda: "s0" in {visit["source"] for visit in running.visits()[seen:]})
        assert running.end()[0] == 0


def test_a_file_that_cannot_be_written_is_told_and_is_written_once_it_can(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", rss(ITEM))
    hub.configure({"name": "paper", "url": web.url("/feed")})
    stone = hub.feeds / "day.rss"
    stone.mkdir(parents=True)
    with Process(hub, "run") as running:
        running.until(lambda: "Is a directory" in running.output)
        running.until(running.visits)
        stone.rmdir()
        running.until(lambda: stone.is_file() and ITEM.title.encode() in stone.read_bytes())
        assert running.end()[0] == 0


def test_a_hub_whose_folder_another_publisher_holds_polls_and_ends_all_the_same(
    hub: Hub, web: Loopback
) -> None:
    web.serves("/feed", rss(ITEM))
    hub.configure({"name": "paper", "url": web.url("/feed")})
    hub.feeds.mkdir()
    with (hub.feeds / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Process(hub, "run") as running:
            running.until(running.visits)
            code, seconds = running.end()
    assert code == 0
    assert seconds < 30
    assert not (hub.feeds / "day.atom").exists()


def test_sources_that_wait_for_a_time_of_a_wrong_clock_are_polled(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", rss(ITEM), etag='"1"')
    hub.configure({"name": "paper", "url": web.url("/feed"), "every": "1s"})
    assert hub.invoke("poll").exit_code == 0
    hub.ask_database("update visits set polled = polled + 9e9, due = due + 9e9")
    hub.ask_database("insert into leases select source, due, 'a process of the future', false from visits")
    with Process(hub, "run") as running:
        running.until(lambda: len(web.paths) >= 3)
        assert running.end()[0] == 0


def test_readers_that_are_killed_are_replaced(hub: Hub, web: Loopback) -> None:
    changing = Changing(web, 3)
    hub.configure(*sources(web, changing.names, "1s"), fetch=FAST)
    with Process(hub, "run") as running:
        running.until(running.visits)
        for _ in range(3):
            for pid in readers(running.process.pid):
                os.kill(pid, signal.SIGKILL)
            seen = len(running.visits())
            running.until(lambda seen=seen: changed(running, seen))  # type: ignore[misc]
        assert running.end()[0] == 0


def changed(running: Process, seen: int) -> list[str]:
    return [visit["source"] for visit in running.visits()[seen:] if visit["outcome"] == "changed"]


def test_a_visit_is_one_line_of_the_log(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", rss(ITEM, Item(id="2", title="No link", link="", at=ITEM.at)))
    hub.configure(
        {"name": "paper", "url": web.url("/feed")}, {"name": "gone", "url": web.url("/gone?key=hunter2")}
    )
    with Process(hub, "run") as running:
        running.until(lambda: len(running.visits()) == 2)
        told = {visit["source"]: visit for visit in running.visits()}
        lines = [line for line in running.output.splitlines() if " poll source=" in line]
        assert running.end()[0] == 0
    paper, gone = told["paper"], told["gone"]
    assert (paper["outcome"], paper["new"], paper["changed"]) == ("changed", "1", "0")
    assert (paper["refused"], gone["outcome"]) == ("1", "failed")
    assert datetime.fromisoformat(paper["next"]) > datetime.now(UTC)
    assert any("problem='answered 404 Not Found'" in line for line in lines)
    assert not any("hunter2" in line for line in lines)


# ── poll ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_poll_that_is_broken_off_gives_its_leases_back_and_leaves_no_process(
    number: signal.Signals, hub: Hub, web: Loopback
) -> None:
    web.serves("/feed", rss(ITEM))
    Answers(web).hangs("/hung")
    hub.configure({"name": "hung", "url": web.url("/hung")}, {"name": "paper", "url": web.url("/feed")})
    with Process(hub, "poll") as running:
        running.until(lambda: "paper: 1 new" in running.output and "/hung" in web.paths)
        begun = descendants(running.process.pid)
        code, _ = running.end(number)
        assert code == 1
        assert "Traceback" not in running.output
    until(lambda: not begun & parents().keys())
    assert hub.ask_database("select count(*) from leases") == [(0,)]
    web.serves("/hung", rss(ITEM))
    assert "2 sources polled, 0 failed" in hub.invoke("poll").stdout


@pytest.mark.parametrize("command", ["poll", "run"])
def test_ctrl_c_in_a_terminal_goes_to_all_processes_and_is_quiet(
    command: str, hub: Hub, web: Loopback
) -> None:
    Answers(web).hangs("/hung")
    hub.configure({"name": "hung", "url": web.url("/hung")})
    for turn in range(1, 4):
        hub.ask_database("update visits set due = 0") if turn > 1 else None
        with Process(hub, command, terminal=True) as running:
            running.until(lambda turn=turn: len(web.paths) == turn)  # type: ignore[misc]
            os.killpg(running.process.pid, signal.SIGINT)
            assert running.process.wait(60) == int(command == "poll")
            assert "Traceback" not in running.output
            assert "KeyboardInterrupt" not in running.output
        assert hub.ask_database("select count(*) from leases") == [(0,)]


def test_a_second_poll_at_the_same_time_leaves_the_sources_to_the_first(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", rss(ITEM), delay=3.0)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    with Process(hub, "poll") as first:
        first.until(lambda: web.paths)
        told = hub.invoke("poll")
        assert told.exit_code == 0
        assert "0 sources polled" in told.stdout
        assert "another process is polling 1 source\n" in told.stderr
        assert first.process.wait(60) == 0
        assert "1 source polled, 0 failed, 1 entry new" in first.output
    assert web.paths == ["/feed"]


def test_nothing_is_polled_before_it_is_due_after_a_restart(hub: Hub, web: Loopback) -> None:
    web.serves("/feed", rss(ITEM))
    web.serves("/soon", rss(ITEM))
    hub.configure(
        {"name": "paper", "url": web.url("/feed"), "every": "30m"},
        {"name": "soon", "url": web.url("/soon"), "every": "1s"},
    )
    for turn in range(1, 3):
        with Process(hub, "run") as running:
            running.until(lambda turn=turn: web.paths.count("/soon") > 2 * turn)  # type: ignore[misc]
            assert running.end()[0] == 0
    assert web.paths.count("/feed") == 1
