"""`feedhub publish`, and what `poll` says of publishing."""

from datetime import UTC, datetime

import click

from feedhub.cli.terminal import printable
from feedhub.config import Config
from feedhub.publish import Published, publish
from feedhub.store import Store


def publish_once(config: Config) -> None:
    """Publish, and tell what was done."""
    store = Store(config.store_url)
    try:
        now = datetime.now(UTC)
        store.polling.set_sources(config.sources, now)
        tell(publish(store, config.site, config.feeds, now=now))
    finally:
        store.close()


def tell(done: Published, *, aside: bool = False) -> None:
    """Tell what publishing did, on stderr alone if `aside`; exits with 1 if a document could not be made."""
    click.echo(f"{len(done.written)} documents written, {len(done.removed)} removed", err=aside)
    for published_id, reason in done.held.items():
        click.echo(printable(f"held back: {published_id}: {reason}"), err=True)
    for problem in done.problems:
        click.echo(printable(f"not published: {problem}"), err=True)
    if done.problems:
        raise click.exceptions.Exit(1)
