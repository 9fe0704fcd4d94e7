"""Serving side by side: nginx, our layer under granian and waitress, an idiomatic Flask view under granian.

Asks for one document of 60 KB and for a thousand, by 304 and by 200 in gzip, with wrk, all on the loopback
address and interleaved; prints medians, and ratios beside the goals. Needs nginx, wrk and granian.

    python -m bench.serving [--rounds 5] [--seconds 1] [--workers 2] [--connections 16]
"""

import argparse
import gzip
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).parent.parent
MANY = 1000
SIZE = 60_000  # bytes of a document
WAIT = 20.0  # seconds for a server to begin

NGINX = """\
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    types {{ application/rss+xml rss; }}
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    gzip_static on;
    gzip_vary on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen {host}:{port}; root {folder}/feeds; }}
}}
"""
CONFIG = """\
[site]
title = "Bench"
[server]
listen = "{host}:{port}"
[[sources]]
url = "nothing.xml"
[feeds.day]
title = "Day"
"""
OURS = """
import sys
from pathlib import Path
from feedhub.cli.serving import serve_until_stopped
from feedhub.config import load
serve_until_stopped(load(Path(sys.argv[1]), {}), workers=int(sys.argv[2]) or None)
"""
FLASK = """
import sys
from flask import Flask, request, send_from_directory
from granian.constants import Interfaces
from granian.server import Server

app = Flask(__name__, static_folder=None)

@app.get("/<path:name>")
def document(name):
    is_packed = "gzip" in request.accept_encodings
    answer = send_from_directory(
        sys.argv[1], name + ".gz" * is_packed, mimetype="application/rss+xml", conditional=True, max_age=60
    )
    if is_packed and answer.status_code == 200:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer

Server(
    "app", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=int(sys.argv[3]), blocking_threads=2
).serve(target_loader=lambda: app, wrap_loader=False)
"""
LUA = """
local requests, last = {{}}, 0
init = function()
  for line in io.lines("{asked}") do
    local path, tag = line:match("^(%S+) (.*)$")
    local headers = {{ ["Accept-Encoding"] = "gzip" }}
    if tag ~= "" then headers["If-None-Match"] = tag end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end
request = function()
  last = last % #requests + 1
  return requests[last]
end
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What wrk measured."""

    rate: float  # requests a second
    p50: float  # ms
    p99: float


# ── Documents and servers ────────────────────────────────────────────────────────────────────────


def make_documents(folder: Path) -> list[str]:
    """Write documents that compress as feeds do; gives their paths."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwy", k=chance.randint(2, 11))) for _ in range(4000)]
    (folder / "day").mkdir(parents=True)
    paths = ["/day.rss", *(f"/day/{number:04}.rss" for number in range(MANY))]
    for path in paths:
        text = ""
        while len(text) < SIZE:
            text += f"<item><title>{' '.join(chance.choices(words, k=8))}</title><description>"
            text += " ".join(chance.choices(words, k=90)) + "</description></item>\n"
        body = f"<rss>{text[:SIZE]}</rss>".encode()
        (folder / f"{path[1:]}.gz").write_bytes(gzip.compress(body, 6, mtime=0))
        (folder / path[1:]).write_bytes(body)
    return paths


def free_port() -> int:
    """Give a port that nobody listens at."""
    with closing(socket.socket()) as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


@contextmanager
def process(words: list[str], folder: Path) -> Iterator[None]:
    """Run a command; what it prints goes into a file."""
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield
    finally:
        started.terminate()
        started.wait(WAIT)


@contextmanager
def server(name: str, folder: Path, workers: int) -> Iterator[int]:
    """Run a server over `folder`/feeds; gives its port."""
    port, own = free_port(), folder / name.replace(" ", "-")
    own.mkdir()
    (own / "feeds").symlink_to(folder / "feeds")
    python = [sys.executable, "-c"]
    match name:
        case "nginx":
            (own / "nginx.conf").write_text(NGINX.format(folder=own, host=HOST, port=port, workers=workers))
            words = [_nginx(), "-p", str(own), "-c", str(own / "nginx.conf")]
        case "Flask granian":
            words = [*python, FLASK, str(folder / "feeds"), str(port), str(workers)]
        case _:
            (own / "config.toml").write_text(CONFIG.format(host=HOST, port=port))
            count = workers if name == "ours granian" else 0
            words = [*python, OURS, str(own / "config.toml"), str(count)]
    with process(words, own):
        ends = time.monotonic() + WAIT
        while True:
            try:
                tag_of(port, "/day.rss")
                break
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)
        yield port


def _nginx() -> str:
    return shutil.which("nginx") or "/usr/sbin/nginx"


def tag_of(port: int, path: str) -> str:
    """Ask for a document, and give the tag of its gzip form."""
    asked = urllib.request.Request(f"http://{HOST}:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=WAIT) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", answer.headers
        return str(answer.headers["ETag"])


# ── Measuring ────────────────────────────────────────────────────────────────────────────────────


def run(port: int, script: Path, seconds: int, connections: int) -> Run:
    """Load a server for some seconds."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
    told = subprocess.run(
        [*words, f"http://{HOST}:{port}/"], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    return Run(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]),  # type: ignore[index]
        p50=_milliseconds(told, "50%"),
        p99=_milliseconds(told, "99%"),
    )


def _milliseconds(told: str, line: str) -> float:
    match = re.search(rf"{line}\s+([\d.]+)(us|ms|s)\n", told)
    assert match, told
    return float(match[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[match[2]]


def scripts(folder: Path, name: str, port: int, paths: list[str]) -> dict[str, Path]:
    """Write what wrk is to ask a server for, by workload."""
    made = {}
    tags = {path: tag_of(port, path) for path in paths}
    for count, chosen in (("one", paths[:1]), ("thousand", paths[1:])):
        for kind in ("304", "200 gzip"):
            stem = f"{name}-{count}-{kind}".replace(" ", "-")
            asked, script = folder / f"{stem}.txt", folder / f"{stem}.lua"
            lines = (f"{path} {tags[path] if kind == '304' else ''}\n" for path in chosen)
            asked.write_text("".join(lines))
            script.write_text(LUA.format(asked=asked))
            made[f"{kind}, {count}"] = script
    return made


def measured(options: argparse.Namespace) -> Mapping[tuple[str, str], list[Run]]:
    """Run every workload on every server, one after the other, some times."""
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        folder.chmod(0o755)  # nginx's workers are another user
        paths = make_documents(folder / "feeds")
        asked = {}
        for name in ("nginx", "ours granian", "ours waitress", "Flask granian"):
            port = stack.enter_context(server(name, folder, options.workers))
            asked[name] = port, scripts(folder, name, port, paths)
        for turn in range(options.rounds + 1):
            for name, (port, workloads) in asked.items():
                for workload, script in workloads.items():
                    made = run(port, script, options.seconds, options.connections)
                    if turn:  # the first one warms up
                        runs[workload, name].append(made)
    return runs


# ── The table ────────────────────────────────────────────────────────────────────────────────────


def print_table(runs: Mapping[tuple[str, str], list[Run]]) -> None:
    """Print medians, and our ratios."""
    medians = {
        key: Run(
            rate=statistics.median(run.rate for run in some),
            p50=statistics.median(run.p50 for run in some),
            p99=statistics.median(run.p99 for run in some),
        )
        for key, some in runs.items()
    }
    print(f"{'':20}{'':16}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}")
    for (workload, name), median in sorted(medians.items(), key=lambda item: item[0][0]):
        print(f"{workload:20}{name:16}{median.rate:12,.0f}{median.p50:9.2f}{median.p99:9.2f}")
    print(f"\n{'ratio':44}{'measured':>9}{'goal':>9}{'stretch':>9}")
    for words, workload, other, goal, stretch in GOALS:
        ours, theirs = medians[workload, "ours granian"], medians[workload, other]
        ratio = ours.p99 / theirs.p99 if "p99" in words else ours.rate / theirs.rate
        sign = "≤" if "p99" in words else "≥"
        print(f"{words + ' (' + workload + ')':44}{ratio:9.2f}{sign:>5}{goal:4}{sign:>5}{stretch:4}")


GOALS = [
    (words, f"{kind}, {count}", other, goal, stretch)
    for words, kind, other, goal, stretch in (
        ("rate ÷ nginx", "304", "nginx", 0.30, 0.5),
        ("rate ÷ Flask", "304", "Flask granian", 4, 5),
        ("rate ÷ nginx", "200 gzip", "nginx", 0.40, 0.55),
        ("rate ÷ Flask", "200 gzip", "Flask granian", 4, 5),
        ("p99 ÷ nginx", "200 gzip", "nginx", 3, 2),
    )
    for count in ("one", "thousand")
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    for program in ("wrk", _nginx()):
        if not shutil.which(program):
            print(f"Serving is not measured: {program} is not installed.")
            return
    print_table(measured(options))


if __name__ == "__main__":
    main()
