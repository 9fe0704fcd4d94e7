"""Who may frame what, and what a page of ours may do, by the headers of its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubs import Hub
from servers import InProcess, in_process, write

PAGES = ("/", "/day/", "/day/2024-11-24/", "/day/subscribe/", "/day/embed/", "/day/fragment/")


@contextmanager
def hub(folder: Path, *allow: str) -> Iterator[InProcess]:
    made = Hub(folder).configure({"url": "https://a.example/feed"}, embed={"allow": list(allow)})
    for path in (*PAGES, "/day/frame/", "/frame/", "/frame/frame/"):
        write(made.feeds, path + "index.html", b"<p>x</p>")
    write(made.feeds, "/day.json", b"{}")
    with in_process(made) as server:
        yield server


def policy(server: InProcess, path: str) -> dict[str, str]:
    told = server.ask("GET", path, {}).headers["content-security-policy"]
    return dict(part.strip().partition(" ")[::2] for part in told.split(";"))


@pytest.mark.parametrize("path", [*PAGES, "/frame/", "/day.json", "/health", "/nowhere"])
def test_nothing_but_the_frame_can_be_framed(path: str, tmp_path: Path) -> None:
    with hub(tmp_path, "*") as server:
        assert policy(server, path)["frame-ancestors"] == "'none'"
        assert server.ask("GET", path, {}).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("allow", "ancestors"),
    [
        (["*"], None),  # anybody, also a page without an origin of its own
        (["https://a.example", "*"], None),
        ([], "'self'"),
        (["https://a.example"], "'self' https://a.example"),
        (["https://*.a.example", "b.example:8443"], "'self' https://*.a.example b.example:8443"),
    ],
)
def test_embed_allow_decides_who_may_frame(allow: list[str], ancestors: str | None, tmp_path: Path) -> None:
    with hub(tmp_path, *allow) as server:
        for path in ("/day/frame/", "/frame/frame/"):
            assert policy(server, path).get("frame-ancestors") == ancestors
            for status in ("GET", "HEAD"):
                assert "x-frame-options" not in server.ask(status, path, {}).headers


def test_only_the_pages_that_need_it_may_run_our_scripts(tmp_path: Path) -> None:
    with hub(tmp_path, "*") as server:
        assert policy(server, "/day/frame/")["script-src"] == "'self'"
        assert policy(server, "/day/subscribe/")["script-src"] == "'self'"
        assert policy(server, "/day/embed/") | {"script-src": "'self'", "frame-src": "'self'"} == policy(
            server, "/day/embed/"
        )
        for path in ("/", "/day/", "/day/2024-11-24/", "/day/fragment/"):
            assert "script-src" not in policy(server, path)
            assert policy(server, path)["default-src"] == "'none'"


def test_an_answer_from_memory_tells_the_same(tmp_path: Path) -> None:
    with hub(tmp_path, "https://a.example") as server:
        first, second = (server.ask("GET", "/day/frame/", {}) for _ in range(2))
        known = server.ask("GET", "/day/frame/", {"If-None-Match": first.headers["etag"]})
        assert known.status == 304
        assert (
            first.headers["content-security-policy"]
            == second.headers["content-security-policy"]
            == known.headers["content-security-policy"]
        )
