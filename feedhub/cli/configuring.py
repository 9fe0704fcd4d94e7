"""The commands that show and change config.toml: `config`, `check`, `remove`, `pause`, `resume`, `opml`."""

import json
import shutil
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from feedhub.cli.tables import print_table
from feedhub.cli.terminal import aside
from feedhub.config import Config
from feedhub.config.edit import remove_source, set_paused
from feedhub.config.force import Value, in_force
from feedhub.render.opml import opml
from feedhub.store import Store


def show_config(config: Config, *, as_json: bool) -> None:
    """Print every value in force and where it comes from; secrets as ***."""
    values = in_force(config, config.path.read_text(encoding="utf-8-sig"))
    if as_json:
        click.echo(json.dumps([asdict(value) for value in values], ensure_ascii=False, indent=1))
    else:
        print_table(("key", "value", "from"), map(_row, values))


def _row(value: Value) -> tuple[str, ...]:
    shown = "" if value.value is None else json.dumps(value.value, ensure_ascii=False)
    return value.key, shown, value.origin


def remove(config: Config, name: str) -> None:
    """Take a source out of config.toml."""
    remove_source(config.path, name)
    click.echo(f"{name} is no longer in {config.path.name}; what it gave stays in the days that are closed")


def pause(config: Config, name: str, *, paused: bool) -> None:
    """Pause a source, or let it be polled again."""
    set_paused(config.path, name, paused)
    click.echo(f"{name} is paused: it is polled only when named" if paused else f"{name} is polled again")


def resume(config: Config, name: str) -> None:
    """Let a source be polled again that was paused, and take what a source gives that was held."""
    store = Store(config.store_url)
    try:
        was_held = store.polling.resume(name, datetime.now(UTC))
    finally:
        store.close()
    if was_held:
        click.echo(f"{name} is held no longer: what it gives is taken at its next poll")
    if not was_held or any(source.name == name and source.paused for source in config.sources):
        pause(config, name, paused=False)


def export(config: Config, output: Path | None) -> None:
    """Write our public sources as OPML, on stdout or to a file."""
    store = Store(config.store_url)
    try:
        gone = store.takedowns.sources()
    finally:
        store.close()
    left = {name: source for name, source in config.site.sources.items() if name not in gone}
    document = opml(replace(config.site, sources=left))
    if output is None:
        click.echo(document, nl=False)
    else:
        put(output, document)
        aside(f"{output} is written")


def put(path: Path, body: bytes) -> None:
    """Write a file in one step: a disk that is full must not cost what stood there."""
    if path.exists() and not path.is_file():  # as /dev/stdout
        path.write_bytes(body)
        return
    path = path.resolve()
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(body)
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
