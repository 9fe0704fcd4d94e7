"""Two hubs and `poll` on one store: each due source is polled once; of a killed hub none is lost."""

import signal
import time
from itertools import pairwise
from pathlib import Path

from bench.soak import whole
from bench.soak.origin import FAST, Changing, Process, sources
from hubs import Hub, free_port
from loopback import Loopback

EVERY = 2.0  # seconds
SLACK = 0.1  # seconds, between a poll's saving and its request's coming


def trial(folder: Path, *, count: int = 40, seconds: float = 60.0, after: float = 45.0) -> dict[str, object]:
    """Let them poll side by side, and then kill one."""
    with Loopback() as web:
        changing = Changing(web, count, steady=3)
        hub = Hub(folder, web)
        configs = []
        for name in ("first", "second", "third"):
            hub.port = free_port()
            hub.configure(
                *sources(web, changing.names, f"{EVERY:.0f}s"),
                fetch=FAST,
                site={"contact": f"{name}@hub.example"},
            )
            configs.append(hub.path.rename(folder / f"{name}.toml"))
        with (
            Process(hub, "run", config=configs[0]) as first,
            Process(hub, "run", config=configs[1]) as second,
        ):
            both = {"first": first, "second": second}
            first.until(lambda: len(changing.asked) > count)
            time.sleep(seconds / 2)
            with Process(hub, "poll", config=configs[2]) as round_:
                code = round_.process.wait(60)
                assert code == 0, round_.output
            time.sleep(seconds / 2)
            # Whose tick comes first may have all of them.
            busier = max(both, key=lambda name: len(both[name].visits()))
            both.pop(busier).end(signal.SIGKILL)
            killed = time.time()
            [(other, left)] = both.items()
            left.until(lambda: time.time() > killed + after, after + 60)
            gaps = [longest_gap(changing, name, killed) for name in changing.names]
            stopped = time.time()
            assert left.end()[0] == 0
        whole.check(hub)
        early = [pair for name in changing.names for pair in twice(changing, name)]
        assert not early, f"polled twice: {early[:5]}"
        polls = {
            name: sum(name in agent for _, _, agent in changing.asked)
            for name in ("first", "second", "third")
        }
        assert polls[busier], polls
        assert polls[other], polls
        told = len(left.visits())
        surely = sum(f"{other}@" in agent for at, _, agent in changing.asked if at < stopped - 2)
        assert surely <= told <= polls[other], f"{polls[other]} polls, of which {told} are told"
        # What the killed one held waited for its lease: twice the timeout of 5 s.
        assert max(gaps) < after, f"not polled for {max(gaps):.1f} s after the kill"
        return {
            "polls by process": polls,
            "killed": busier,
            "polled twice": len(early),
            "longest time without a poll of a source after the kill": f"{max(gaps):.1f} s",
        }


def twice(changing: Changing, name: str) -> list[tuple[str, float]]:
    """Give the polls of a source that came before it was due; `poll` itself asks for what is not due."""
    asked = [(at, agent) for at, source, agent in changing.asked if source == name]
    return [
        (name, round(later - earlier, 3))
        for (earlier, _), (later, agent) in pairwise(asked)
        if "third@" not in agent and later - earlier < EVERY - SLACK
    ]


def longest_gap(changing: Changing, name: str, since: float) -> float:
    """Give the longest time without a poll of a source."""
    asked = [at for at, source, _ in changing.asked if source == name and at > since]
    return max((later - earlier for earlier, later in pairwise([since, *asked, time.time()])), default=999.0)
