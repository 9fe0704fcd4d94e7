"""Sources that hang and drip do not keep the healthy ones from being polled in time."""

import time
from datetime import datetime
from pathlib import Path

from bench.soak.origin import FAST, Answers, Changing, Process, quantile, sources
from hubs import Hub
from loopback import Loopback

PROMISE = 2.0  # seconds that a source may be late


def trial(
    folder: Path,
    *,
    hung: int = 100,
    healthy: int = 20,
    seconds: float = 120.0,
    fetch: dict[str, object] | None = None,
    most: float = PROMISE,
) -> dict[str, object]:
    """Poll until all that hang have failed once; then take the lateness of the healthy ones."""
    with Loopback() as web:
        changing = Changing(web, healthy, steady=5)
        bad = [f"bad{number}" for number in range(hung)]
        answers = Answers(web)
        for number, name in enumerate(bad):
            (answers.hangs if number % 2 else answers.drips)(f"/{name}")
        hub = Hub(folder, web)
        limits = {"pause": "0s", "per_host": 200} if fetch is None else FAST | fetch
        hub.configure(
            *sources(web, bad, "2s"),
            *sources(web, changing.names, "2s"),
            fetch=limits,
            feeds={"day": {"title": "Day"}},
        )
        with Process(hub, "run") as running:
            began = time.monotonic()
            running.until(running.visits)
            running.until(lambda: failed(hub) >= hung, 240)
            all_failed = time.time()
            running.until(lambda: time.time() > all_failed + seconds, seconds + 30)
            late = lateness(running, changing, all_failed)
            code, took = running.end()
        assert code == 0
        per_source = len(late) / healthy
        assert per_source > seconds / 2 / (2 + most), f"only {per_source} starts of each healthy source"
        assert max(late) <= most, f"p50 {quantile(late, 0.5):.2f}, max {max(late):.2f}"
        return {
            "hung ones have all failed once after, seconds": round(time.monotonic() - began - seconds - took),
            "starts of healthy ones": len(late),
            "late by p50": f"{quantile(late, 0.5):.2f} s",
            "late by p99": f"{quantile(late, 0.99):.2f} s",
            "late by at most": f"{max(late):.2f} s",
        }


def failed(hub: Hub) -> int:
    """Count the sources whose last visit failed."""
    return int(hub.ask_database("select count(*) from visits where failures > 0")[0][0])


def lateness(running: Process, changing: Changing, since: float) -> list[float]:
    """Give how many seconds after it was due each poll of a healthy source came."""
    due: dict[str, list[float]] = {}
    for visit in running.visits():
        due.setdefault(visit["source"], []).append(datetime.fromisoformat(visit["next"]).timestamp())
    late = []
    for name in changing.names:
        asked = [at for at, source, _ in changing.asked if source == name]
        # The first request is of the first visit; each later one follows on the visit before it.
        pairs = zip(due[name], asked[1:], strict=False)
        late += [at - when for when, at in pairs if at > since]
    return late
