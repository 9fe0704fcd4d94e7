"""`feedhub publish`, and how other commands publish what they have done."""

from collections.abc import Callable
from datetime import UTC, datetime

import click

from feedhub.cli.terminal import aside, counted
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


def publish_and_say(
    say: Callable[[], None], store: Store, config: Config, *, now: datetime, is_aside: bool = False
) -> None:
    """Publish what a command has done, then `say` what that is, and tell of publishing as `tell` does.

    In this order: nobody may be there to be told, and what was done must take effect all the same.
    """
    try:
        done = publish(store, config.site, config.feeds, now=now)
    finally:
        say()
    tell(done, is_aside=is_aside)


def tell(done: Published, *, is_aside: bool = False) -> None:
    """Tell what publishing did, on stderr alone if `is_aside`; exits with 1 if a document was not made."""
    written = counted(len(done.written), "document")
    (aside if is_aside else click.echo)(f"{written} written, {len(done.removed)} removed")
    for published_id, reason in done.held.items():
        aside(f"held back: {published_id}: {reason}")
    for problem in done.problems:
        aside(f"not published: {problem}")
    if done.problems:
        raise click.exceptions.Exit(1)
