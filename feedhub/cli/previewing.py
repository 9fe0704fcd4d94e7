"""`feedhub preview`: what a change of rules would change, before anything is published."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from feedhub.cli.curating import named
from feedhub.cli.loading import loaded
from feedhub.cli.sources import printable_json
from feedhub.cli.tables import print_table
from feedhub.cli.terminal import printable
from feedhub.cli.whying import Where, cause
from feedhub.config import Config
from feedhub.publish.explain import of_outcome
from feedhub.publish.preview import Change, What, pending, preview
from feedhub.store import Store


def show_preview(config: Config, name: str, other: Path | None, *, days: int, as_json: bool) -> None:
    """Print what would come in and go out: with another configuration, or as the documents stand."""
    feed = named(config, name)
    then = loaded(other) if other else config
    store = Store(config.store_url)
    try:
        now = datetime.now(UTC)
        if other:
            after = then.site, named(then, name)
            changes = preview(store, (config.site, feed), after, now=now, days=days)
        else:
            changes = pending(store, config.site, feed, config.feeds, now=now)
    finally:
        store.close()
    where = Where(then)
    if as_json:
        click.echo(printable_json([_row(change, name, where) for change in changes]))
    else:
        _print(changes, name, where)


def _print(changes: Sequence[Change], name: str, where: Where) -> None:
    now = [change for change in changes if not change.is_closed]
    past = [change for change in changes if change.is_closed]
    counts = Counter(change.what for change in now)
    told = ", ".join(f"{counts[what]} {what}" for what in get_args(What) if counts[what])
    click.echo(printable(f"{name}: the next publishing changes {told or 'nothing'}"))
    _print_changes(now, name, where)
    if past:
        click.echo("Closed days stay as they are; on them the rules would have decided otherwise of")
        _print_changes(past, name, where)


def _print_changes(changes: Sequence[Change], name: str, where: Where) -> None:
    rows = [_row(change, name, where) for change in changes]
    if rows:
        cells = [[row[key] or "" for key in ("day", "what", "title", "why", "url")] for row in rows]
        print_table(("day", "change", "entry", "why", "link"), cells)


def _why(change: Change, name: str, where: Where) -> str:
    """Say why: of an entry that stays in, who tells its story."""
    match change.what:
        case "under":
            return f"told under {change.told_by}"
        case "alone":
            return "told under no other any more"
        case _:
            return cause(of_outcome(change.by), name, where)


def _row(change: Change, name: str, where: Where) -> dict[str, object]:
    entry = change.kept.entry
    return {
        "feed": name,
        "day": change.day.isoformat() if change.day else None,
        "closed": change.is_closed,
        "what": change.what,
        "id": entry.published_id,
        "url": entry.url,
        "title": entry.title,
        "source": entry.source,
        "cause": change.by.cause,
        "rule": change.by.rule if change.by.cause == "rule" else None,
        "why": _why(change, name, where),
        "told_by": change.told_by or None,
    }
