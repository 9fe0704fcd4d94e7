"""kill -9 in the midst of polls: nothing that was saved is lost, nothing is doubled, all files are whole."""

import random
import signal
import time
from pathlib import Path

from bench.soak import whole
from bench.soak.origin import FAST, Changing, Process, sources
from hubs import Hub
from loopback import Loopback


def trial(folder: Path, *, times: int = 50, count: int = 60, seed: int = 1) -> dict[str, object]:
    """Kill a hub again and again at moments that nobody chose; then let one go on in peace."""
    chance = random.Random(seed)
    known: set[tuple[str, str, str]] = set()
    with Loopback() as web:
        changing = Changing(web, count, steady=4)
        hub = Hub(folder, web)
        hub.configure(*sources(web, changing.names, "1s"), fetch=FAST)
        began = time.monotonic()
        with_leases = with_files = 0
        for _ in range(times):
            before = len(changing.asked)
            with Process(hub, "run") as running:
                running.until(lambda before=before: len(changing.asked) > before)  # type: ignore[misc]
                time.sleep(chance.uniform(0.0, 2.5))
                running.end(signal.SIGKILL)
            whole.check(hub)
            now = whole.saved(hub)
            assert known <= now, f"lost: {known - now}"
            known = now
            with_leases += hub.ask_database("select count(*) from leases")[0][0] > 0
            with_files += any(name.endswith(".new") for name in hub.files())
        changing.freezes()
        with Process(hub, "run") as running:
            running.until(running.visits, 60)
            # Those that were leased when it was killed wait for their leases to run out.
            running.until(lambda: links(hub) >= changing.links(), 90)
            running.until(lambda: len(whole.published(hub)) >= len(changing.links()), 30)
            code, _ = running.end()
            assert code == 0, f"exit code {code}: {running.output[-3000:]}"
        whole.check(hub)
        listed, handed_out = whole.published(hub), changing.links()
        assert links(hub) == handed_out
        assert len(listed) == len(set(listed)), "doubled in what was published"
        assert set(listed) == handed_out
        ids = [published_id for _, _, published_id in whole.saved(hub)]
        assert len(ids) == len(set(ids)), "doubled in the store"
        return {
            "kills": times,
            "of them with leases held": with_leases,
            "of them with unfinished files": with_files,
            "requests": len(changing.asked),
            "entries handed out, saved and published once": len(handed_out),
            "seconds": round(time.monotonic() - began),
        }


def links(hub: Hub) -> set[str]:
    """Give the keys of all entries: in these sources, their links."""
    return {key for _, key, _ in whole.saved(hub)}
