"""What a source brought is published soon after it was saved, whatever else is going on."""

import time
from collections import defaultdict
from pathlib import Path

from bench.soak.origin import FAST, Answers, Changing, Process, quantile, sources
from hubs import Hub
from loopback import Loopback

PROMISE = 2.0  # seconds from saving to publishing
_GLANCE = 0.02  # seconds between two looks


def trial(
    folder: Path, *, count: int = 20, hung: int = 10, seconds: float = 120.0, most: float = PROMISE
) -> dict[str, object]:
    """Watch the document to subscribe to while sources change and others hang."""
    with Loopback() as web:
        changing, answers = Changing(web, count, steady=5), Answers(web)
        bad = [f"bad{number}" for number in range(hung)]
        for name in bad:
            answers.hangs(f"/{name}")
        hub = Hub(folder, web)
        feed = {"title": "Day", "limit": 100_000}
        hub.configure(
            *sources(web, [*bad, *changing.names], "2s"), fetch={"pause": "0s"} | FAST, feeds={"day": feed}
        )
        with Process(hub, "run") as running:
            shown = watched(hub, running, seconds)
            visits = running.visits()
            assert running.end()[0] == 0
    late = lateness(visits, shown, until=max(max(times) for times in shown.values()))
    assert len(late) >= 2 * count, f"only {len(late)} visits brought something"
    assert max(late) <= most, f"p50 {quantile(late, 0.5):.2f} s, max {max(late):.2f} s"
    return {
        "visits that brought something": len(late),
        "published after p50": f"{quantile(late, 0.5):.2f} s",
        "published after p99": f"{quantile(late, 0.99):.2f} s",
        "published after at most": f"{max(late):.2f} s",
    }


def watched(hub: Hub, running: Process, seconds: float) -> dict[str, list[float]]:
    """Give when each entry of a source came into the document, by source."""
    shown, known, last = defaultdict[str, list[float]](list), set[str](), b""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        assert running.process.poll() is None, running.output[-2000:]
        file = hub.feeds / "day.atom"
        body = file.read_bytes() if file.exists() else b""
        if body != last:
            at, last = time.time(), body
            for link in set(links(body)) - known:
                known.add(link)
                shown[link.removeprefix("https://").partition(".")[0]].append(at)
        time.sleep(_GLANCE)
    return shown


def links(body: bytes) -> list[str]:
    """Give the ids of a document's entries: their links."""
    ids = [piece.partition(b"</id>")[0].decode() for piece in body.split(b"<id>")[1:]]
    return [each for each in ids if ".example/" in each and each.rpartition("/")[2].isdecimal()]


def lateness(visits: list[dict[str, str]], shown: dict[str, list[float]], *, until: float) -> list[float]:
    """Give how many seconds after it was told each visit's entries stood in the document."""
    brought, late = defaultdict[str, int](int), []
    for visit in visits:
        name, new, at = visit["source"], int(visit["new"]), float(visit["at"])
        brought[name] += new
        if new and at < until - PROMISE:
            assert len(shown[name]) >= brought[name], f"{name} is not published {until - at:.1f} s after"
            late.append(sorted(shown[name])[brought[name] - 1] - at)
    return late
