"""`feedhub poll`: one round, with its progress on a terminal and a table at its end."""

import json
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from feedhub.cadence import is_told_to_wait
from feedhub.cli.pollers import now, poller_of
from feedhub.cli.publishing import publish_and_say
from feedhub.cli.tables import print_table
from feedhub.cli.terminal import aside, counted, printable
from feedhub.cli.turns import in_turns
from feedhub.config import Config
from feedhub.model import Saved
from feedhub.poll import Polled
from feedhub.store import Store
from feedhub.workers import Workers

_LOOK = 0.5  # seconds
_COLUMNS = ("source", "new", "changed", "problem")


def poll_once(config: Config, names: tuple[str, ...], *, as_json: bool) -> None:
    """Poll the sources that are named, or all but those that are paused or told us to wait; then publish.

    Exits with 1 if every one of them failed.
    """
    known = {source.name for source in config.sources}
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"{config.path.name} has no source named {', '.join(unknown)}")
    store = Store(config.store_url)
    try:
        store.polling.set_sources(config.sources, now())
        wanted = _wanted(config, store, names)
        with _stopping() as stopping:
            ended = list(_with_progress(_round(config, store, wanted, stopping), len(wanted)))
        say = partial(_tell_round, ended, len(wanted), as_json=as_json)
        publish_and_say(say, store, config, now=now(), is_aside=as_json)
    finally:
        store.close()
    if ended and all(polled.outcome == "failed" for polled in ended):
        raise click.exceptions.Exit(1)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give what Ctrl-C and SIGTERM set; the second of them ends the program at once.

    An exception in the midst of anything, as Ctrl-C is else, could leave a transaction open.
    """
    stopping = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, stop)
    try:
        yield stopping
    finally:
        restore()


def _wanted(config: Config, store: Store, names: tuple[str, ...]) -> list[str]:
    """Give whom to poll, hosts in turns, and those last whose last visit failed: they may take long."""
    visits = {visit.source: visit for visit in store.polling.visits()}
    if names:
        wanted = list(dict.fromkeys(names))
    else:
        unpaused = [source.name for source in config.sources if not source.paused]
        began = now()
        wanted = [name for name in unpaused if not is_told_to_wait(visits[name], began)]
        if waiting := len(unpaused) - len(wanted):
            them = "it" if waiting == 1 else "them"
            aside(f"{counted(waiting, 'source')} told us to wait; name {them} to poll {them} now")
    urls = {source.name: source.url for source in config.sources}
    wanted = in_turns(wanted, lambda name: visits[name].known.url or urls[name])
    return sorted(wanted, key=lambda name: visits[name].failures > 0)


def _round(config: Config, store: Store, wanted: list[str], stopping: threading.Event) -> Iterator[Polled]:
    began, workers = now(), Workers(config.limits)
    poller = poller_of(config, store, workers)
    waiting = list(reversed(wanted))
    try:
        while waiting or poller.active:
            if stopping.is_set():
                raise click.Abort
            batch = [waiting.pop() for _ in range(min(poller.free, len(waiting)))]
            if batch:
                poller.take(batch, began=began)
            yield from poller.step(_LOOK)
    finally:
        poller.close()
        workers.close()


# ── What is told ─────────────────────────────────────────────────────────────────────────────────


def _with_progress(ended: Iterator[Polled], total: int) -> Iterator[Polled]:
    console = Console(stderr=True)
    if not console.is_terminal:
        for polled in ended:
            aside(f"{polled.source.name}: {_words(polled)}")
            yield polled
        return
    columns = (
        TextColumn("polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(
            "{task.fields[sums][new]} new, {task.fields[sums][changed]} changed,"
            " {task.fields[sums][failed]} failed"
        ),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        sums: Counter[str] = Counter()
        task = progress.add_task("", total=total, sums=sums)
        for polled in ended:
            sums.update(_counts(polled))
            progress.advance(task)
            yield polled


def _counts(polled: Polled) -> dict[str, int]:
    """Give the new and changed entries of a source, and whether it failed."""
    saved = polled.saved or Saved()
    return {"new": saved.new, "changed": saved.changed, "failed": int(polled.outcome == "failed")}


def _words(polled: Polled) -> str:
    if polled.saved is None:
        return "another process has polled it"
    if polled.outcome == "changed":
        return f"{polled.saved.new} new, {polled.saved.changed} changed"
    return polled.problem or "nothing new"


def _tell_round(ended: list[Polled], total: int, *, as_json: bool) -> None:
    rows = [_row(polled) for polled in sorted(ended, key=lambda polled: polled.source.name)]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    print_table(_COLUMNS, ([*row.values()] for row in rows))
    sums: Counter[str] = Counter()
    for polled in ended:
        sums.update(_counts(polled))
    click.echo(
        f"{counted(len(ended), 'source')} polled, {sums['failed']} failed,"
        f" {counted(sums['new'], 'entry', 'entries')} new, {sums['changed']} changed"
    )
    if len(ended) < total:
        aside(f"another process is polling {counted(total - len(ended), 'source')}")


def _row(polled: Polled) -> dict[str, str | int]:
    saved = polled.saved or Saved()
    problem = printable(polled.problem)
    return {"source": polled.source.name, "new": saved.new, "changed": saved.changed, "problem": problem}
