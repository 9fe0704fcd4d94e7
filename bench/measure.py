"""What a command costs with all that it begins: wall time, processor time, peak memory. Linux only.

The command runs below a process of its own that adopts whatever outlives its parent, so that the kernel
counts the processor time of all of them.

    python bench/measure.py FIGURES.json SECONDS COMMAND…
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SET_CHILD_SUBREAPER = 36  # prctl(2)
_LEAST_PAUSE = 0.05  # seconds between two looks at the memory
_SHARE = 25  # looking costs at most one part in so many of the time
_TICK = os.sysconf("SC_CLK_TCK")
_GRACE = 15.0  # seconds beyond the limit, for the process that measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command cost."""

    wall: float  # seconds
    cpu: float  # seconds of all its processes
    pss: int = 0  # bytes, of all its processes together, at the worst moment that was seen


def cost_of(
    words: Sequence[str], folder: Path, *, limit: float, env: Mapping[str, str] | None = None
) -> Cost:
    """Run a command and tell its cost; RuntimeError, with its last words, if that fails or lasts too long."""
    figures, log = folder / "figures.json", folder / "log"
    figures.unlink(missing_ok=True)
    command = [sys.executable, str(Path(__file__)), str(figures), str(limit), *words]
    with log.open("wb") as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env, timeout=limit + _GRACE
        )
    if done.returncode:
        last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(words)[:200]}: exit code {done.returncode}: {last}")
    return Cost(**json.loads(figures.read_text()))


def tree(root: int) -> list[int]:
    """Give a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        if told := _stat(int(file.parent.name)):
            children.setdefault(int(told[1]), []).append(int(file.parent.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat from the state on; none if the process has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def tree_cpu(root: int) -> float:
    """Give the processor time of a process, of what it began, and of those of them that have ended."""
    ticks = sum(sum(map(int, told[11:15])) for pid in tree(root) if (told := _stat(pid)))
    return ticks / _TICK


def _pss(pid: int) -> int:
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open(encoding="ascii") as lines:
            return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    except OSError:  # it has gone, or is ending
        return 0


# ── In the process that measures ─────────────────────────────────────────────────────────────────


class _Memory(threading.Thread):
    """Looks at the memory of all descendants every now and then."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        pause = _LEAST_PAUSE
        while not self.stopping.wait(pause):
            began = time.thread_time()
            self.peak = max(self.peak, sum(_pss(pid) for pid in tree(os.getpid())[1:]))
            pause = max(_LEAST_PAUSE, _SHARE * (time.thread_time() - began))


def _kill_all(*_: object) -> None:
    for pid in tree(os.getpid())[1:]:
        os.kill(pid, signal.SIGKILL)


def _run(words: Sequence[str]) -> tuple[int, Cost]:
    memory = _Memory()
    memory.start()
    began = time.monotonic()
    child = os.posix_spawnp(words[0], list(words), os.environ)
    wall, status = 0.0, 1
    while True:
        try:
            pid, ended = os.wait()
        except ChildProcessError:
            break  # all have ended
        if pid == child:
            wall, status = time.monotonic() - began, os.waitstatus_to_exitcode(ended)
    memory.stopping.set()
    memory.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return status, Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, pss=memory.peak)


def main() -> int:
    """Run the command that is named; its figures go into a file."""
    figures, limit, *words = sys.argv[1:]
    ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGALRM, _kill_all)
    signal.setitimer(signal.ITIMER_REAL, float(limit), 1.0)
    status, cost = _run(words)
    Path(figures).write_text(json.dumps({"wall": cost.wall, "cpu": cost.cpu, "pss": cost.pss}))
    return abs(status)


if __name__ == "__main__":
    sys.exit(main())
