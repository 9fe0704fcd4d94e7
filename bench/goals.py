"""The goals, what was measured beside them, and the table of both."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.micro import Micro
from bench.polling import FIRST, NOTHING, PHASES, TENTH, Polling

_OURS = "FeedHub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is to be reached: at most so much."""

    name: str
    most: float
    stretch: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A goal and what was measured; `unit` is "" for ratios."""

    goal: Goal
    measured: float
    unit: str = ""

    @property
    def word(self) -> str:
        """Say whether the goal is reached."""
        if self.measured <= self.goal.stretch:
            return "stretch"
        return "reached" if self.measured <= self.goal.most else "missed"


# What, of which phase, divided by whose.
_POLLING = (
    (Goal(name="first poll ÷ reader, wall", most=0.35, stretch=0.22), FIRST, "reader", "wall"),
    (Goal(name="first poll ÷ reader, cpu", most=0.50, stretch=0.42), FIRST, "reader", "cpu"),
    (Goal(name="nothing changed ÷ reader, wall", most=0.10, stretch=0.06), NOTHING, "reader", "wall"),
    (Goal(name="nothing changed ÷ sfeed, wall", most=0.05, stretch=0.02), NOTHING, "sfeed", "wall"),
    (Goal(name="10 % changed ÷ reader, wall", most=0.12, stretch=0.06), TENTH, "reader", "wall"),
    (Goal(name="10 % changed ÷ sfeed, wall", most=0.08, stretch=0.04), TENTH, "sfeed", "wall"),
)
_MEMORY = Goal(name="memory (PSS) while polling, at most", most=200, stretch=140)
_MICRO = {
    "reading": Goal(name="reading a changed document ÷ feedparser", most=0.10, stretch=0.06),
    "cleaning": Goal(name="sanitizing and absolutizing ÷ feedparser", most=0.15, stretch=0.10),
    "edition": Goal(name="an edition of 50, proofed, compressed, written", most=40, stretch=20),
    "tick": Goal(name="tick with nothing due, 100,000 sources", most=5, stretch=1),
    "newest": Goal(name="newest 50 of 1,000,000 entries, the query", most=2, stretch=0.2),
    "start": Goal(name="start of `feedhub check`", most=300, stretch=150),
}
_RATIOS = frozenset({"reading", "cleaning"})


def median(polling: Polling, phase: str, name: str, what: str, *, whole: bool = False) -> float | None:
    """Give the median cost of a phase; None if it was not measured."""
    runs = polling.runs.get((phase, name), [])
    costs = [run.whole if whole else run.poll for run in runs]
    return statistics.median(getattr(cost, what) for cost in costs) if costs else None


def polling_rows(polling: Polling) -> Iterator[Row]:
    """Give the goals of polling; those are left out whose peer is missing."""
    for goal, phase, peer, what in _POLLING:
        ours, theirs = (median(polling, phase, name, what) for name in (_OURS, peer))
        if ours is not None and theirs:
            yield Row(goal=goal, measured=ours / theirs)
    peaks = [median(polling, phase, _OURS, "pss") for phase in PHASES]
    if found := [peak for peak in peaks if peak]:
        yield Row(goal=_MEMORY, measured=max(found) / 1e6, unit="MB")


def micro_rows(micros: Iterable[Micro]) -> Iterator[Row]:
    """Give the goals of micro measures, of those that have one."""
    return (_micro_row(micro) for micro in micros if micro.name in _MICRO)


def _micro_row(micro: Micro) -> Row:
    if micro.name in _RATIOS and micro.theirs:
        return Row(goal=_MICRO[micro.name], measured=micro.ours / micro.theirs)
    return Row(goal=_MICRO[micro.name], measured=micro.ours, unit=micro.unit)


# ── As text ──────────────────────────────────────────────────────────────────────────────────────


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown; all columns but the first stand to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(
        "| " + " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) + " |"
        for line in (lines[0], marks, *lines[1:])
    )


def goals_table(rows: Iterable[Row]) -> str:
    """Write what was measured beside goal and stretch."""
    return table(
        ("", "measured", "goal", "stretch", ""),
        (
            (
                row.goal.name,
                _number(row.measured, row.unit),
                "≤ " + _number(row.goal.most, row.unit),
                "≤ " + _number(row.goal.stretch, row.unit),
                row.word,
            )
            for row in rows
        ),
    )


def polling_table(polling: Polling) -> str:
    """Write what each program's polls cost: wall s / cpu s, and the peak of memory."""
    names = dict.fromkeys(name for _, name in polling.runs)
    rows = []
    for name in names:
        rows.append([name, *(_cost(polling, phase, name) for phase in PHASES), _peak(polling, name)])
        if median(polling, FIRST, name, "wall") != median(polling, FIRST, name, "wall", whole=True):
            whole = [_cost(polling, phase, name, whole=True) for phase in PHASES]
            rows.append([f"{name}, with its start", *whole, _peak(polling, name)])
    return table(("wall s / cpu s", *PHASES, "peak MB"), rows)


def micro_table(micros: Iterable[Micro]) -> str:
    """Write the micro measures as they are."""
    return table(
        ("", "ours", "beside it"),
        (
            (micro.name, _number(micro.ours, micro.unit), _number(micro.theirs, micro.unit))
            for micro in micros
        ),
    )


def _cost(polling: Polling, phase: str, name: str, *, whole: bool = False) -> str:
    wall, cpu = (median(polling, phase, name, what, whole=whole) for what in ("wall", "cpu"))
    return f"{wall:.2f} / {cpu:.2f}" if wall is not None and cpu is not None else ""


def _peak(polling: Polling, name: str) -> str:
    peaks = [median(polling, phase, name, "pss", whole=True) or 0 for phase in PHASES]
    return f"{max(peaks) / 1e6:.0f}"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f} {unit}".strip()
