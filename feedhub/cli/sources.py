"""`feedhub sources`: how every source is."""

import json
from datetime import datetime

import click

from feedhub import urls
from feedhub.cadence import NEVER
from feedhub.cli.tables import print_table
from feedhub.config import Config
from feedhub.health import state
from feedhub.model import NotTaken, Source, Visit
from feedhub.store import Store

_COLUMNS = ("source", "state", "entries", "refused", "polled", "due", "why", "problem")


def show(config: Config, *, as_json: bool) -> None:
    """Print every source of the configuration, as a table or as JSON."""
    store = Store(config.store_url)
    try:
        visits = {visit.source: visit for visit in store.polling.visits()}
        counts = store.polling.counts()
        not_taken = store.polling.held()
        taken_down = store.takedowns.sources()
        held: dict[str, list[NotTaken]] = {}
        for name, fault in store.faults.all():
            held.setdefault(name, []).append(fault)
    finally:
        store.close()
    rows = [
        _row(
            source,
            visits.get(source.name),
            counts.get(source.name, 0),
            held.get(source.name, []),
            not_taken.get(source.name, ""),
            is_taken_down=source.name in taken_down,
        )
        for source in config.sources
    ]
    if as_json:
        click.echo(printable_json(rows))
    else:
        print_table(_COLUMNS, map(_cells, rows))


def printable_json(rows: object) -> str:
    """Write JSON that may be looked at: what a terminal would obey is escaped, also where JSON need not."""
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    return "".join(
        character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]
        for character in text
    )


def _row(
    source: Source,
    visit: Visit | None,
    entries: int,
    held: list[NotTaken],
    not_taken: str,
    *,
    is_taken_down: bool,
) -> dict[str, object]:
    """Give what is told of a source; `not_taken` is why nothing is taken from it at present."""
    refused = [*(visit.known.refused if visit else ()), *held]
    return {
        "name": source.name,
        "title": source.title,
        "url": _address(source, visit),
        "state": state(visit, is_paused=source.paused, is_held=bool(not_taken), is_taken_down=is_taken_down),
        "problem": (visit.problem if visit else "") or not_taken,
        "polled": moment(visit.polled if visit else None),
        "succeeded": moment(visit.succeeded if visit else None),
        "due": moment(visit.due if visit and visit.due < NEVER else None),
        "every": int((visit.interval if visit and visit.interval else source.every).total_seconds()),
        "why": visit.reason if visit else "",
        "failures": visit.failures if visit else 0,
        "entries": entries,
        "refused": [
            {"id": item.id, "title": item.title, "link": item.link, "reason": item.reason} for item in refused
        ],
    }


def _address(source: Source, visit: Visit | None) -> str:
    """Give where a source is polled; nothing of an address with a secret: its host may be one."""
    url = (visit.known.url if visit else "") or source.url
    return "***" if source.is_secret else urls.without_user(url)


def moment(instant: datetime | None) -> str | None:
    """Write an instant as JSON is to have it."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    refused = row["refused"]
    count = len(refused) if isinstance(refused, list) else 0
    times = (row["polled"] or "", row["due"] or "")
    return (row["name"], row["state"], row["entries"], count, *times, row["why"], row["problem"])
