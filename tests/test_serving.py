import gzip
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from lxml import etree
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ, run_wsgi_app

from feedhub.web.proxies import believing
from hubs import ROOT, WAIT, Hub
from loopback import HOST
from processes import descendants, until
from servers import (
    WAYS,
    Answer,
    Listening,
    answer_to,
    closing_process,
    in_process,
    serving_command,
    under_granian,
    under_waitress,
    write,
)

SITE = "https://host.example/hub"
BODY = b"<rss>" + b"a day of news " * 400 + b"</rss>"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path).configure()
    write(hub.feeds, "/day.rss", BODY)
    return hub


# ── Requests that only a socket can carry ────────────────────────────────────────────────────────


@pytest.fixture(scope="module", params=["waitress", "granian"])
def listening(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Listening]:
    hub = Hub(tmp_path_factory.mktemp("hub")).configure()
    write(hub.feeds, "/day.rss", BODY)
    with (under_waitress if request.param == "waitress" else under_granian)(hub) as server:
        yield server


def raw(server: Listening, *lines: str, method: str = "GET") -> Answer:
    return answer_to(server.port, method, "\r\n".join([*lines, "Connection: close", "", ""]).encode())


def test_tags_on_several_lines_are_one_list(listening: Listening) -> None:
    tag = raw(listening, "GET /day.rss HTTP/1.1", "Host: x").headers["etag"]
    for tags in ([tag, '"other"'], ['"other"', f"W/{tag}"]):
        told = [f"If-None-Match: {one}" for one in tags]
        answer = raw(listening, "GET /day.rss HTTP/1.1", "Host: x", *told)
        assert answer.status in (200, 304)
        assert answer.body == (BODY if answer.status == 200 else b"")


def test_http_1_0_is_answered(listening: Listening) -> None:
    answer = raw(listening, "GET /day.rss HTTP/1.0")
    assert (answer.status, answer.body) == (200, BODY)


def test_an_unchanged_document_has_neither_body_nor_length_on_the_wire(listening: Listening) -> None:
    answer = raw(listening, "GET /day.rss HTTP/1.1", "Host: x", "If-None-Match: *")
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers.get("content-length") in (None, "0", str(len(BODY)))


@pytest.mark.parametrize("target", ["day.rss", "*", "//day.rss", "http://", "/day.rss#x", "/%", "/%zz"])
def test_a_target_that_no_url_has_does_no_harm(listening: Listening, target: str) -> None:
    try:
        answer = raw(listening, f"GET {target} HTTP/1.1", "Host: x")
    except (http.client.HTTPException, ConnectionError):
        return
    assert answer.status in (200, 308, 400, 404)
    assert answer.body in (BODY, b"") or answer.status >= 400


def test_a_connection_is_kept_from_answer_to_answer(listening: Listening) -> None:
    with closing(http.client.HTTPConnection(HOST, listening.port, timeout=WAIT)) as talk:
        for method, told, status in (
            ("GET", {}, 200),
            ("HEAD", {"Accept-Encoding": "gzip"}, 200),
            ("GET", {"If-None-Match": "*"}, 304),
            ("OPTIONS", {}, 204),
            ("GET", {"Accept-Encoding": "gzip"}, 200),
        ):
            talk.request(method, "/day.rss", headers=told)
            kept = talk.sock
            answer = talk.getresponse()
            answer.read()
            assert answer.status == status
            # waitress closes after every answer without a length, also after those that have no body.
            assert talk.sock is kept or (status in (204, 304) and answer.headers["Server"] != "granian")


# ── Documents that are replaced under load ───────────────────────────────────────────────────────


def content(number: int) -> bytes:
    """Give bytes of which a mixture of two versions, or a part of one, can be told."""
    return b"<rss>%06d" % number * (200 + number % 7) + b"</rss>"


def replaced_under_load(server: Listening, hub: Hub, times: int) -> int:
    """Replace documents while they are asked for; fails on a wrong answer, gives how many were right."""
    kinds = {"/day.rss": "application/rss+xml", "/day.atom": "application/atom+xml"}
    latest = dict.fromkeys(kinds, 0)
    for path in kinds:
        write(hub.feeds, path, content(0))
    ended, faults, counts = threading.Event(), [], [0, 0]

    def asking(worker: int) -> None:
        with closing(http.client.HTTPConnection(HOST, server.port, timeout=WAIT)) as talk:
            tags: dict[tuple[str, str], tuple[str, int]] = {}
            while not ended.is_set():
                for path, media_type in kinds.items():
                    for coding in ("gzip", "identity"):
                        at_least = latest[path]
                        told = {"Accept-Encoding": coding}
                        if known := tags.get((path, coding)):
                            told["If-None-Match"] = known[0]
                        talk.request("GET", path, headers=told)
                        answer = talk.getresponse()
                        body = answer.read()
                        tag = answer.headers["ETag"]
                        if answer.status == 304 and known and tag == known[0]:
                            number = known[1]
                        elif answer.status == 200 and answer.headers["Content-Type"].startswith(media_type):
                            plain = gzip.decompress(body) if "Content-Encoding" in answer.headers else body
                            number = int(plain[5:11])
                            if plain != content(number):
                                faults.append(f"torn: {plain[:40]!r}")
                        else:
                            faults.append(f"wrong: {answer.status} {answer.headers}")
                            return
                        if number < at_least:
                            faults.append(f"stale: {number}, though {at_least} was there before")
                        tags[path, coding] = tag, number
                        counts[worker] += 1

    threads = [threading.Thread(target=asking, args=(worker,)) for worker in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, times + 1):
            for path in kinds:
                write(hub.feeds, path, content(number))
                latest[path] = number
            time.sleep(0.001)
    finally:
        ended.set()
        for thread in threads:
            thread.join(WAIT)
    assert not faults, faults[:3]
    return sum(counts)


@pytest.mark.parametrize("way", ["waitress", "granian"])
def test_a_document_that_is_replaced_under_load_is_never_torn_stale_or_of_another_kind(
    hub: Hub, way: str
) -> None:
    times = int(os.environ.get("FEEDHUB_REPLACEMENTS", "600")) // 2
    with (under_waitress if way == "waitress" else under_granian)(hub) as server:
        assert replaced_under_load(server, hub, times) > 20


# ── Processes ────────────────────────────────────────────────────────────────────────────────────


def test_workers_answer_and_all_end_with_the_first_process(hub: Hub) -> None:
    with closing_process(hub, 2) as process:
        children = descendants(process.pid)
        assert len(children) >= 2
        assert Listening(hub.port).ask("GET", "/day.rss", {}).body == BODY
        assert Listening(hub.port).ask("GET", "/health", {}).status == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT) == 0
        until(lambda: not children & descendants(1))
    assert hub.url("/day/") in (hub.folder / "serve.log").read_text()
    with pytest.raises(ConnectionRefusedError), socket.create_connection((HOST, hub.port), timeout=WAIT):
        pass


def test_workers_never_poll(hub: Hub) -> None:
    hub.configure({"name": "desk", "url": "desk.xml", "every": "1s"})
    with closing_process(hub, 1):
        time.sleep(1.5)
    with closing(sqlite3.connect(hub.folder / "feedhub.db")) as database:
        assert database.execute("select count(*) from visits where polled is not null").fetchone() == (0,)


def test_an_address_that_is_taken_is_told(hub: Hub) -> None:
    with closing_process(hub, 1):
        second = subprocess.run(
            serving_command(hub, 1), cwd=ROOT, capture_output=True, text=True, timeout=WAIT, check=False
        )
    assert second.returncode == 1
    assert f"cannot listen at {hub.address}" in second.stderr


def test_without_granian_it_says_what_to_install(hub: Hub) -> None:
    python, option, script, *words = serving_command(hub, 1)
    without = "import sys; sys.modules['granian'] = None" + script
    command = [python, option, without, *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT, check=False)
    assert ended.returncode == 1
    assert "pip install 'feedhub[fast]'" in ended.stderr


# ── A hub that stands under a path ───────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def under_a_path(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    text = hub.path.read_text(encoding="utf-8")
    hub.path.write_text(re.sub(r"(?m)^\[site\]$", f'[site]\nurl = "{SITE}"', text), encoding="utf-8")
    assert hub.invoke("poll").exit_code == 0
    return hub


def test_every_link_in_a_feed_to_us_starts_with_the_path(under_a_path: Hub) -> None:
    for path in ("/day.rss", "/day.atom", "/day.json", "/newsfeed.atom"):
        found = re.findall(r"https://host\.example[^\"'<>\s&,]*", under_a_path.document(path).decode())
        assert found
        assert all(url == SITE or url.startswith(f"{SITE}/") for url in found), path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", ["/hub", ""], ids=["the proxy keeps the path", "the proxy strips it"])
def test_every_page_leads_to_what_is_served_under_the_path(under_a_path: Hub, way: str, before: str) -> None:
    with WAYS[way](under_a_path) as server:
        seen: set[str] = set()
        waiting = ["/hub/"]
        while waiting and len(seen) < 40:
            path = waiting.pop()
            seen.add(path)
            assert path.startswith("/hub/"), path
            answer = server.ask("GET", before + path.removeprefix("/hub"), {})
            assert answer.status == 200, path
            if answer.headers["content-type"].startswith("text/html"):
                page = etree.HTML(answer.body)
                named: list[str] = page.xpath(  # type: ignore[assignment]
                    "//a/@href | //link/@href | //script/@src | //img/@src"
                )
                near = {urljoin(f"https://host.example{path}", str(name)) for name in named}
                ours = {
                    url.removeprefix("https://host.example")
                    for url in (urldefrag(each).url for each in near)
                    if url.startswith("https://host.example/")
                }
                waiting += sorted(ours - seen - set(waiting))
        assert len(seen) > 10


def test_usual_addresses_lead_on_under_the_path(under_a_path: Hub) -> None:
    with in_process(under_a_path) as server:
        for path in ("/hub", "/hub/feed", "/hub/day", "/hub/day/2024-11-24"):
            answer = server.ask("GET", path, {})
            assert answer.status == 308
            to = urljoin(path, answer.headers["location"])
            assert to.startswith("/hub/")
            assert server.ask("GET", to, {}).status == 200, to


# ── Proxies ──────────────────────────────────────────────────────────────────────────────────────

TOLD = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7, 10.0.0.2", "X-Forwarded-Proto": "https"}


def seen_behind(
    remote: str, headers: dict[str, str], proxies: tuple[str, ...] = ("10.0.0.1", "10.0.0.2")
) -> tuple[str, str, list[str]]:
    """Give what an application behind sees: who asked, by which scheme, what else was told."""
    seen: dict[str, object] = {}

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    environ = create_environ(headers=Headers(headers)) | {"REMOTE_ADDR": remote}
    run_wsgi_app(believing(app, proxies), environ)
    told = sorted(name for name in seen if "FORWARDED" in name or "REAL_IP" in name)
    return str(seen["REMOTE_ADDR"]), str(seen["wsgi.url_scheme"]), told


def test_a_proxy_of_ours_is_believed() -> None:
    assert seen_behind("10.0.0.1", TOLD) == ("198.51.100.7", "https", [])
    assert seen_behind("::ffff:10.0.0.1", TOLD) == ("198.51.100.7", "https", [])
    assert seen_behind("10.0.0.1", {"X-Forwarded-For": "2001:db8::1"})[0] == "2001:db8::1"


def test_nobody_else_is_believed() -> None:
    assert seen_behind("10.0.0.3", TOLD) == ("10.0.0.3", "http", [])
    assert seen_behind("10.0.0.1", TOLD, proxies=()) == ("10.0.0.1", "http", [])
    assert seen_behind("", TOLD) == ("", "http", [])


@pytest.mark.parametrize(
    ("told", "reader"),
    [
        ({}, "10.0.0.1"),
        ({"X-Forwarded-For": ""}, "10.0.0.1"),
        ({"X-Forwarded-For": "unknown"}, "10.0.0.1"),
        ({"X-Forwarded-For": "<script>, 198.51.100.7"}, "198.51.100.7"),
        ({"X-Forwarded-For": "198.51.100.7, nonsense, 10.0.0.2"}, "10.0.0.2"),
        ({"X-Forwarded-For": "10.0.0.2"}, "10.0.0.2"),
        ({"X-Forwarded-Proto": "javascript", "X-Real-Ip": "192.0.2.1", "Forwarded": "for=x"}, "10.0.0.1"),
    ],
)
def test_what_makes_no_sense_is_passed_over(told: dict[str, str], reader: str) -> None:
    assert seen_behind("10.0.0.1", told) == (reader, "http", [])


@pytest.mark.parametrize("way", WAYS)
def test_no_answer_depends_on_what_a_proxy_or_the_host_header_says(hub: Hub, way: str) -> None:
    hub.configure(server={"proxies": [HOST]})
    told = TOLD | {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    with WAYS[way](hub) as server:
        for path in ("/day.rss", "/feed", "/nothing", "/nothing.rss", "/"):
            plain, behind = server.ask("GET", path, {}), server.ask("GET", path, told)
            assert (plain.status, plain.body) == (behind.status, behind.body)
            assert {**plain.headers, "date": ""} == {**behind.headers, "date": ""}
            assert b"evil" not in behind.body
