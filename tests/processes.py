"""What /proc tells of processes: who descends from whom, what they hold and what memory they take."""

import os
import time
from collections.abc import Callable
from pathlib import Path

_GLANCE = 0.05  # seconds between two looks


def parents() -> dict[int, int]:
    """Give the parent of every process that is not a zombie."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in brackets and may hold anything, brackets too.
            state, parent = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(file.parent.name)] = int(parent)
    return found


def descendants(pid: int | None = None) -> set[int]:
    """Give all processes that a process (by default this one) has begun, and those that they have."""
    parent_of = parents()
    found: set[int] = set()
    wanted = {pid or os.getpid()}
    while wanted:
        wanted = {child for child, parent in parent_of.items() if parent in wanted} - found
        found |= wanted
    return found


def is_reader(pid: int) -> bool:
    """Tell whether a process is one that reads documents, by what only those do: they ignore Ctrl-C, and
    their memory is bounded."""
    try:
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    bound = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    return bound.split()[3] != "unlimited"


def readers(pid: int | None = None) -> set[int]:
    return {child for child in descendants(pid) if is_reader(child)}


def proportional_memory(pid: int) -> int:
    """Give a process's share of the memory, in bytes (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def tree_memory(pid: int) -> int:
    """Give the memory of a process and all that descend from it, in bytes."""
    return sum(proportional_memory(one) for one in {pid} | descendants(pid))


def descriptors(pid: int) -> dict[str, int]:
    """Count what a process has open, by kind."""
    counted: dict[str, int] = {}
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            kind = str(link.readlink()).partition(":")[0]
        except FileNotFoundError:
            continue
        kind = "file" if kind.startswith("/") else kind
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; fails with time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return
        time.sleep(_GLANCE)
    raise AssertionError("it never held")
