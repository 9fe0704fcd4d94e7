"""`feedhub takedown`: out of every document for good, or back again."""

from datetime import UTC, datetime

import click

from feedhub.cli.publishing import publish_and_say
from feedhub.cli.terminal import counted, printable
from feedhub.config import Config
from feedhub.publish.takedown import take_down
from feedhub.store import Store


def take(config: Config, what: str, reason: str) -> None:
    """Take down a source, or the entries with a published id or a link, and publish without them."""
    store = Store(config.store_url)
    try:
        now = datetime.now(UTC)
        store.polling.set_sources(config.sources, now)
        said = " ".join(printable(reason).split())
        gone = take_down(store, config.site, config.feeds, what, reason=said, now=now)
        if gone is None:
            raise click.ClickException(printable(f"there is no entry and no source {what!r}"))
        told = [f"taken down: {entry.title} ({entry.published_id})" for entry in gone]
        told = told or [f"taken down: {what}; nothing of it is published"]
        publish_and_say(lambda: click.echo(printable("\n".join(told))), store, config, now=now)
    finally:
        store.close()


def let_back(config: Config, what: str) -> None:
    """Let back what was taken down; an entry is published again once its source lists it."""
    store = Store(config.store_url)
    try:
        now = datetime.now(UTC)
        store.polling.set_sources(config.sources, now)
        count = store.takedowns.undo(what, now)
        if count is None:
            raise click.ClickException(printable(f"nothing has been taken down as {what!r}"))
        entries = counted(count, "entry", "entries")
        told = f"{entries} may come back at the next poll that finds what was taken down"
        publish_and_say(lambda: click.echo(told), store, config, now=now)
    finally:
        store.close()
