"""`feedhub poll`: one round, with its progress on a terminal and a table at its end."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from feedhub.cli.publishing import tell
from feedhub.config import Config
from feedhub.fetch import Fetcher
from feedhub.poll import Ours, Polled, Poller
from feedhub.publish import publish
from feedhub.store import Store
from feedhub.workers import Workers

_LOOK = 0.5  # seconds


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


def _ours(config: Config, store: Store) -> Ours:
    ids = frozenset(store.publishing.feed(feed.name).id for feed in config.site.feeds)
    return Ours(site_url=config.site.url, ids=ids)


def poll_once(config: Config, names: tuple[str, ...]) -> None:
    """Poll the sources that are named, or all that are not paused; then publish."""
    known = {source.name for source in config.sources}
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"config.toml has no source named {', '.join(unknown)}")
    wanted = list(names) or [source.name for source in config.sources if not source.paused]
    store = Store(config.store_url)
    try:
        store.polling.set_sources(config.sources, now())
        ended = list(_with_progress(_round(config, store, wanted), len(wanted)))
        _table(ended, len(wanted))
        tell(publish(store, config.site, config.feeds, now=now()))
    finally:
        store.close()


def _round(config: Config, store: Store, wanted: list[str]) -> Iterator[Polled]:
    began, workers = now(), Workers(config.limits)
    poller = poller_of(config, store, workers)
    waiting = list(reversed(wanted))
    try:
        while waiting or poller.active:
            batch = [waiting.pop() for _ in range(min(poller.free, len(waiting)))]
            if batch:
                poller.take(batch, began=began)
            yield from poller.step(_LOOK)
    finally:
        poller.close()
        workers.close()


def poller_of(config: Config, store: Store, workers: Workers) -> Poller:
    """Make a poller of all sources of a configuration."""
    sources = {source.name: source for source in config.sources}
    fetcher = Fetcher(config.limits)
    return Poller(
        store,
        sources,
        config.limits,
        fetcher=fetcher,
        reader=workers,
        clock=now,
        ours=_ours(config, store),
    )


def _with_progress(ended: Iterator[Polled], total: int) -> Iterator[Polled]:
    console = Console(stderr=True)
    if not console.is_terminal:
        for polled in ended:
            click.echo(f"{polled.source.name}: {_words(polled)}", err=True)
            yield polled
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("polling", total=total)
        for polled in ended:
            progress.advance(task)
            yield polled


def _words(polled: Polled) -> str:
    if polled.problem:
        return polled.problem
    if polled.saved is None:
        return "another process has polled it"
    if not polled.saved.new and not polled.saved.changed:
        return "nothing new"
    return f"{polled.saved.new} new, {polled.saved.changed} changed"


def _table(ended: list[Polled], total: int) -> None:
    table = Table("source", "new", "changed", "problem", box=None, pad_edge=False)
    for polled in sorted(ended, key=lambda polled: polled.source.name):
        saved = polled.saved
        numbers = (str(saved.new), str(saved.changed)) if saved and not polled.problem else ("", "")
        table.add_row(*(Text(cell) for cell in (polled.source.name, *numbers, polled.problem)))
    Console().print(table)
    failed = sum(bool(polled.problem) for polled in ended)
    new = sum(polled.saved.new for polled in ended if polled.saved)
    changed = sum(polled.saved.changed for polled in ended if polled.saved)
    click.echo(f"{len(ended)} sources polled, {failed} failed, {new} entries new, {changed} changed")
    if len(ended) < total:
        click.echo(f"{total - len(ended)} sources are being polled by another process", err=True)
