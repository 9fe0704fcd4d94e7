"""SIGTERM in the midst of polling, reading and publishing: exit 0 within five seconds, no process left."""

import random
import time
from pathlib import Path

from bench.soak.origin import ENDLESS, FAST, HUGE, Answers, Changing, Process, sources
from hubs import Hub
from loopback import Given, Loopback
from processes import descendants, parents


def trial(folder: Path, *, times: int = 20, most: float = 5.0, seed: int = 1) -> dict[str, object]:
    """Stop a hub whose sources change, hang, drip, or cost more than they may."""
    chance = random.Random(seed)
    with Loopback() as web:
        changing = Changing(web, 20, steady=2)
        answers = Answers(web)
        for number in range(10):
            answers.hangs(f"/hung{number}")
            answers.drips(f"/drip{number}")
            web.answers(f"/endless{number}", lambda _: Given(body=ENDLESS))
        web.answers("/huge", lambda _: Given(body=HUGE))
        bad = [f"{kind}{number}" for kind in ("hung", "drip", "endless") for number in range(10)]
        hub = Hub(folder, web)
        hub.configure(*sources(web, [*changing.names, *bad, "huge"], "1s"), fetch=FAST)
        took, left = [], 0
        for _ in range(times):
            if took:  # else those that failed would wait for a minute and more
                hub.ask_database("update visits set due = coalesce(polled, due), failures = 0")
            asked = len(changing.asked)
            with Process(hub, "run") as running:
                running.until(lambda asked=asked: len(changing.asked) > asked)  # type: ignore[misc]
                time.sleep(chance.uniform(0.0, 4.0))
                begun = descendants(running.process.pid)
                code, seconds = running.end()
                assert code == 0, f"exit code {code}: {running.output[-1000:]}"
                assert seconds < most, f"it took {seconds:.1f} s"
                assert "Traceback" not in running.output, running.output[-3000:]
                took.append(seconds)
                time.sleep(0.3)
                left += len(begun & parents().keys())
            held = hub.ask_database("select count(*) from leases")
            assert held == [(0,)], f"leases that were not given back: {held}"
        assert not left, f"{left} processes are left behind"
        return {
            "exit 0": len(took),
            "seconds": ", ".join(f"{seconds:.2f}" for seconds in took),
            "processes left": left,
        }
