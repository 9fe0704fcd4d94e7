import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from hubs import ROOT, WAIT, Hub
from nginx import FILE, under_nginx
from servers import in_process

DEPLOY = ROOT / "deploy"
OF_THE_CONNECTION = {"date", "server", "connection", "content-length", "etag"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


def served(hub: Hub) -> list[str]:
    """Give the address of every document."""
    files = [path for path in hub.files() if not re.search(r"\.(gz|br)$|^\.(?!well-known)", path)]
    return ["/" + path.removesuffix("index.html") for path in files]


# ── nginx ────────────────────────────────────────────────────────────────────────────────────────


def test_nginx_sends_with_every_document_what_the_hub_sends(hub: Hub) -> None:
    with in_process(hub) as ours, under_nginx(hub) as theirs:
        for path in served(hub):
            for method in ("GET", "OPTIONS"):
                told = {"Accept-Encoding": "gzip"}
                mine, other = ours.ask(method, path, told), theirs.ask(method, path, told)
                assert (mine.status, mine.body) == (other.status, other.body), path
                for name in (mine.headers.keys() | other.headers.keys()) - OF_THE_CONNECTION:
                    assert other.headers.get(name) == mine.headers.get(name), (path, name)


def test_nginx_serves_a_document_that_is_replaced_at_once(hub: Hub) -> None:
    with under_nginx(hub) as server:
        before = server.ask("GET", "/day.atom", {})
        hub.path.write_text(hub.path.read_text().replace("Day newsfeed", "Evening newsfeed"))
        assert hub.invoke("publish").exit_code == 0
        after = server.ask("GET", "/day.atom", {"If-None-Match": before.headers["etag"]})
        assert after.status == 200
        assert b"Evening newsfeed" in after.body


def test_nginx_serves_a_hub_under_a_path(hub: Hub) -> None:
    text = FILE.read_text(encoding="utf-8")
    line = "# rewrite ^/news(/.*)$ $1;"
    assert line in text
    with under_nginx(hub, text.replace(line, line[2:])) as server:
        page = server.ask("GET", "/news/day/", {})
        assert page.status == 200
        assert etree.HTML(page.body).findtext("head/title")
        assert server.ask("GET", "/news/day.rss", {}).body == hub.document("/day.rss")
        assert server.ask("GET", "/news/day", {}).headers["location"] == "day/"
        assert server.ask("GET", "/news/feed", {}).headers["location"] == "day.rss"


# ── systemd and containers ───────────────────────────────────────────────────────────────────────


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    text, count = re.subn(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", (DEPLOY / "feedhub.service").read_text())
    assert count == 1
    unit = tmp_path / "feedhub.service"
    unit.write_text(text)
    ended = subprocess.run(
        [program, "verify", str(unit)], capture_output=True, text=True, timeout=WAIT, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_image_copies_what_there_is_and_lets_through() -> None:
    lines = (DEPLOY / "Containerfile").read_text()
    copied = {name for line in re.findall(r"(?m)^COPY (?!--from)(.*) \S+$", lines) for name in line.split()}
    assert copied == {"requirements.txt", "requirements-dev.txt", "feedhub"}
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_the_extras_that_the_image_takes_are_pinned() -> None:
    (names,) = re.findall(r"\^\(([\w|-]+)\)==", (DEPLOY / "Containerfile").read_text())
    pinned = (ROOT / "requirements-dev.txt").read_text()
    assert all(re.search(rf"(?m)^{name}==", pinned) for name in names.split("|"))
