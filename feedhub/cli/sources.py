"""`feedhub sources`: how every source is."""

import json
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedhub import urls
from feedhub.config import Config
from feedhub.health import state
from feedhub.model import NotTaken, Source, Visit
from feedhub.store import Store


def show(config: Config, *, as_json: bool) -> None:
    """Print every source of the configuration, as a table or as JSON."""
    store = Store(config.store_url)
    try:
        visits = {visit.source: visit for visit in store.polling.visits()}
        counts = store.polling.counts()
        held: dict[str, list[NotTaken]] = {}
        for name, fault in store.publishing.faults():
            held.setdefault(name, []).append(fault)
    finally:
        store.close()
    rows = [
        _row(source, visits.get(source.name), counts.get(source.name, 0), held.get(source.name, []))
        for source in config.sources
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print(rows)


def _row(source: Source, visit: Visit | None, entries: int, held: list[NotTaken]) -> dict[str, object]:
    refused = [*(visit.refused if visit else ()), *held]
    return {
        "name": source.name,
        "title": source.title,
        "url": _address(source, visit),
        "state": state(visit, is_paused=source.paused),
        "problem": visit.problem if visit else "",
        "polled": _time(visit.polled if visit else None),
        "succeeded": _time(visit.succeeded if visit else None),
        "due": _time(visit.due if visit else None),
        "every": int((visit.interval if visit and visit.interval else source.every).total_seconds()),
        "failures": visit.failures if visit else 0,
        "entries": entries,
        "refused": [
            {"id": item.id, "title": item.title, "link": item.link, "reason": item.reason} for item in refused
        ],
    }


def _address(source: Source, visit: Visit | None) -> str:
    if visit and visit.url:
        return urls.without_user(visit.url)
    return urls.root(source.url) + "***" if source.is_secret else urls.without_user(source.url)


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None


def _print(rows: list[dict[str, object]]) -> None:
    columns = ("source", "state", "entries", "refused", "polled", "due", "problem")
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        refused = row["refused"]
        cells = [row["name"], row["state"], row["entries"], len(refused) if isinstance(refused, list) else 0]
        cells += [row["polled"] or "", row["due"] or "", row["problem"]]
        table.add_row(*(Text(_printable(str(cell))) for cell in cells))
    Console().print(table)


def _printable(text: str) -> str:
    """Leave out what a terminal would obey instead of show."""
    return "".join(character if character.isprintable() else " " for character in text)
