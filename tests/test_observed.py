import contextlib
import http.client
import io
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from desk import HOUR, START, Desk, item
from feedhub.config import load
from feedhub.errors import ConfigError
from feedhub.metrics import Metrics, listen
from feedhub.store import Counts
from feedhub.web.accesslog import AccessLog, line
from feedhub.web.observed import Answered, observed
from hubs import ROOT, WAIT, Hub, free_port
from loopback import HOST
from processes import descendants, until
from servers import Listening, closing_process, write

NOW = datetime(2024, 11, 24, 9, 5, 3, tzinfo=UTC)
COMBINED = re.compile(
    r'(\S+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "([^"\\]|\\x[0-9a-f]{2})*" \d{3} (\d+|-)'
    r' "([^"\\]|\\x[0-9a-f]{2})*" "([^"\\]|\\x[0-9a-f]{2})*"'
)


def answered(status: int = 200, length: int | None = 12, **environ: str) -> Answered:
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/day.rss",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
    }
    return Answered(environ=asked | environ, status=status, length=length)


# ── What is told ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/day.rss", "rss"),
        ("/day/2024-11-24.atom", "atom"),
        ("/day.json", "json"),
        ("/subscriptions.opml", "opml"),
        ("/", "page"),
        ("", "page"),
        ("/day/2024-11-24/", "page"),
        ("/static/style-0123456789abcdef.css", "static"),
        ("/hub/static/icon.svg", "static"),
        ("/health", "other"),
        ("/x.php", "other"),
        ("/a.\x00", "other"),
    ],
)
def test_there_are_few_kinds_of_requests(path: str, kind: str) -> None:
    assert answered(PATH_INFO=path).kind == kind


def test_each_answer_is_told_with_what_was_asked_whatever_the_application_does_to_it() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["PATH_INFO"] = "/another"
        start_response("404 Not Found", [])
        return [b"no", b"thing"]

    told: list[Answered] = []
    body, status, _ = run_wsgi_app(observed(app, [told.append, told.append]), answered().environ)
    assert (b"".join(body), status) == (b"nothing", "404 Not Found")
    assert [(one.kind, one.status, one.length) for one in told] == [("rss", 404, 7)] * 2


@pytest.mark.parametrize(
    ("told", "length"), [({"Content-Length": "7"}, 7), ({}, None), ({"Content-Length": "x"}, None)]
)
def test_a_body_that_comes_piece_by_piece_is_as_long_as_the_answer_says(
    told: dict[str, str], length: int | None
) -> None:
    def app(_: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", list(told.items()))
        return iter([b"no", b"thing"])

    answers: list[Answered] = []
    run_wsgi_app(observed(app, [answers.append]), answered().environ)
    assert [one.length for one in answers] == [length]


# ── The access log ───────────────────────────────────────────────────────────────────────────────


def test_a_line_is_in_the_combined_format() -> None:
    one = answered(
        PATH_INFO="/Õ\x95Ö\x80/",
        QUERY_STRING="a=b",
        HTTP_REFERER="https://x.example/",
        HTTP_USER_AGENT="Reader/1",
    )
    assert line(one, NOW) == (
        '192.0.2.1 - - [24/Nov/2024:09:05:03 +0000] "GET /%D5%95%D6%80/?a=b HTTP/1.1" 200 12'
        ' "https://x.example/" "Reader/1"'
    )


def test_what_is_not_said_is_a_hyphen() -> None:
    one = answered(length=None, REMOTE_ADDR="")
    assert line(one, NOW).startswith("- - - [")
    assert line(one, NOW).endswith('" 200 - "-" "-"')


@given(st.text(st.characters(max_codepoint=255)), st.text(), st.text(st.characters(max_codepoint=255)))
def test_no_reader_can_write_more_than_its_own_fields(agent: str, query: str, path: str) -> None:
    one = answered(
        HTTP_USER_AGENT=agent, HTTP_REFERER=query, QUERY_STRING=query, PATH_INFO=path, REMOTE_ADDR=agent
    )
    assert COMBINED.fullmatch(line(one, NOW))


def test_a_line_has_an_end_however_much_a_reader_says() -> None:
    long = "\x1b" * 100_000
    assert len(line(answered(HTTP_USER_AGENT=long, HTTP_REFERER=long, QUERY_STRING=long), NOW)) < 20_000


def test_lines_of_several_threads_and_logs_stand_whole_in_one_file(tmp_path: Path) -> None:
    logs = [AccessLog(str(tmp_path / "log")) for _ in range(2)]
    threads = [
        threading.Thread(
            target=lambda log=log: [log(answered(HTTP_USER_AGENT="x" * 300)) for _ in range(200)]
        )
        for log in logs * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    lines = (tmp_path / "log").read_text().splitlines()
    assert len(lines) == 800
    assert all(map(COMBINED.fullmatch, lines))


def test_a_log_that_is_moved_away_is_begun_anew(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"))
    log(answered())
    (tmp_path / "log").rename(tmp_path / "log.1")
    log(answered())
    log(answered())
    counts = [len((tmp_path / name).read_text().splitlines()) for name in ("log.1", "log")]
    assert counts == [1, 2]


def test_a_log_that_cannot_be_written_any_more_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = AccessLog(str(folder / "log"))
    (folder / "log").unlink()
    folder.rmdir()
    for _ in range(3):
        log(answered())
    assert len(caplog.records) == 1
    folder.mkdir()
    log(answered())
    assert (folder / "log").read_text().count("\n") == 1


def test_a_log_that_was_away_and_comes_back_is_written_on(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = AccessLog(str(tmp_path / "logs" / "log"))
    log(answered())
    (tmp_path / "logs").rename(tmp_path / "away")
    log(answered())
    (tmp_path / "away").rename(tmp_path / "logs")
    log(answered())
    assert (tmp_path / "logs" / "log").read_text().count("\n") == 2


def test_a_standard_output_that_somebody_closes_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    closed = io.StringIO()
    with contextlib.redirect_stdout(closed):
        log = AccessLog("-")
    closed.close()
    log(answered())
    log(answered())
    assert len(caplog.records) == 1


def test_without_a_standard_output_there_is_no_log_on_it() -> None:
    with contextlib.redirect_stdout(None), pytest.raises(OSError, match="standard output"):
        AccessLog("-")


def test_a_log_that_cannot_be_begun_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="log"):
        AccessLog(str(tmp_path / "none" / "log"))


def test_the_log_goes_to_the_standard_output_by_a_hyphen(capsys: pytest.CaptureFixture[str]) -> None:
    AccessLog("-")(answered())
    assert COMBINED.fullmatch(capsys.readouterr().out.strip())


def test_the_log_may_not_stand_among_what_is_published(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure(server={"access_log": "feeds/access.log"})
    with pytest.raises(ConfigError, match="would hold the access log"):
        load(hub.path, {})


# ── Metrics ──────────────────────────────────────────────────────────────────────────────────────


def asked(port: int) -> dict[str, float]:
    """Ask for the metrics as Prometheus does."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=WAIT)) as talk:
        talk.request("GET", "/metrics")
        answer = talk.getresponse()
        text = answer.read().decode()
        assert answer.status == 200
    rows = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows if "_created" not in name}


def test_what_is_in_the_store_is_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening", "night")
    desk.arrives(item("a"), item("b"), at=START)
    assert desk.store.counting.counts(START) == Counts(
        sources=3, failing=0, due=3, due_since=START - 400 * 24 * HOUR, entries=2, editions=0
    )
    desk.publishes(START)
    (visit,) = desk.store.polling.lease_named(["evening"], START, began=START, lasts=HOUR, token="other")
    found = desk.store.counting.counts(START)
    assert (found.due, found.editions) == (2, 2)
    assert visit.source == "evening"


def test_nothing_late_is_no_lag(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    found = desk.store.counting.counts(START - 401 * 24 * HOUR)
    assert (found.due, found.due_since) == (0, None)


def test_a_store_that_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    desk, metrics, port = Desk(tmp_path), Metrics(), free_port()
    stop = listen(metrics.registry, desk.store, HOST, port, now=lambda: START)
    try:
        metrics.answered("rss", 200)
        assert asked(port)["feedhub_store_up"] == 1
        desk.database.write_bytes(b"no database" * 1000)
        desk.store.close()
        told = asked(port)
        assert told["feedhub_store_up"] == 0
        assert told['feedhub_http_requests_total{kind="rss",status="200"}'] == 1
    finally:
        stop()


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    desk, port = Desk(tmp_path), free_port()
    stop = listen(Metrics().registry, desk.store, HOST, port, now=lambda: START)
    try:
        with pytest.raises(OSError, match=f"cannot listen at {HOST}:{port} for metrics"):
            listen(Metrics().registry, desk.store, HOST, port, now=lambda: START)
    finally:
        stop()


def test_a_hub_that_runs_tells_its_polls_its_requests_and_who_asked(tmp_path: Path) -> None:
    port = free_port()
    told: Mapping[str, Any] = {"metrics": f"{HOST}:{port}", "access_log": "access.log", "proxies": [HOST]}
    hub = Hub(tmp_path).configure({"name": "desk", "url": "desk.xml"}, server=told)
    (tmp_path / "desk.xml").write_bytes(b"no feed")
    with hub.process("run") as running:
        running.until_serving()
        until(lambda: asked(port).get('feedhub_polls_total{outcome="failed"}', 0) >= 1)
        before = asked(port).get('feedhub_http_requests_total{kind="atom",status="200"}', 0)
        Listening(hub.port).ask("GET", "/day.atom", {"X-Forwarded-For": "198.51.100.7"})
        found = asked(port)
    assert found['feedhub_http_requests_total{kind="atom",status="200"}'] == before + 1
    assert (found["feedhub_sources"], found["feedhub_failing_sources"]) == (1, 1)
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert all(map(COMBINED.fullmatch, lines))
    assert any(line.startswith("198.51.100.7 ") and " /day.atom " in line for line in lines)


def test_processes_that_only_serve_count_together(tmp_path: Path) -> None:
    port = free_port()
    hub = Hub(tmp_path).configure(server={"metrics": f"{HOST}:{port}", "access_log": "access.log"})
    write(hub.feeds, "/day.rss", b"<rss/>")
    with closing_process(hub, 2) as process:
        for _ in range(40):
            assert Listening(hub.port).ask("GET", "/day.rss", {}).status == 200
        found = asked(port)
        children = descendants(process.pid)
        process.terminate()
        process.wait(WAIT)
        until(lambda: not children & descendants(1))
    assert found['feedhub_http_requests_total{kind="rss",status="200"}'] == 40
    assert found["feedhub_store_up"] == 1
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert sum('"GET /day.rss HTTP/1.1" 200 6 ' in line for line in lines) == 40


def test_every_metric_is_documented(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(feedhub_\w+)", page, re.M))
    desk, metrics, port = Desk(tmp_path), Metrics(), free_port()
    metrics.answered("rss", 200)
    metrics.polled("changed")
    stop = listen(metrics.registry, desk.store, HOST, port, now=lambda: START)
    try:
        assert {name.partition("{")[0] for name in asked(port)} == named
    finally:
        stop()


def test_nothing_listens_and_nothing_is_written_unless_the_operator_says_so(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure()
    server = load(hub.path, {}).server
    assert (server.metrics, server.access_log) == ("", "")
