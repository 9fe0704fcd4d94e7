"""nginx of Debian over a hub's folder, with the file that stands in deploy/."""

import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubs import ROOT, WAIT, Hub, free_port
from loopback import HOST
from servers import Listening, under_waitress

FILE = ROOT / "deploy" / "nginx.conf"
PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"
_AROUND = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
_GLANCE = 0.05  # seconds between two looks


def filled(text: str, hub: Hub, port: int, site: str) -> str:
    """Fill in what the file leaves to the operator; each of these must stand in it."""
    for ours, theirs in {
        '"https://news.example"': f'"{site}"',
        "127.0.0.1:8000": hub.address,
        "listen 80;": f"listen {HOST}:{port};",
        "/var/lib/feedhub/feeds": str(hub.feeds),
    }.items():
        assert ours in text
        text = text.replace(ours, theirs)
    return text


@contextmanager
def under_nginx(hub: Hub, text: str = FILE.read_text(encoding="utf-8")) -> Iterator[Listening]:
    """Serve a hub's folder with nginx alone, as the file says."""
    if not Path(PROGRAM).exists():
        pytest.skip("nginx is not installed")
    port, folder = free_port(), hub.folder / "nginx"
    folder.mkdir(exist_ok=True)
    (folder / "site.conf").write_text(filled(text, hub, port, hub.url().rstrip("/")), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=log, stderr=log
        )
    try:
        _wait_for(port, process, folder)
        yield Listening(port)
    finally:
        process.terminate()
        process.wait(WAIT)


@contextmanager
def under_nginx_and_waitress(hub: Hub) -> Iterator[Listening]:
    """Serve a hub's folder with nginx, and with the hub behind it."""
    with under_waitress(hub), under_nginx(hub) as server:
        yield server


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    ends = time.monotonic() + WAIT
    while time.monotonic() < ends:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            Listening(port).ask("HEAD", "/", {})
        except (ConnectionError, http.client.HTTPException):
            time.sleep(_GLANCE)
        else:
            return
    raise AssertionError("it never served")
