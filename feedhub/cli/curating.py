"""An editor's commands: include, feature, lead, hold, drop, note, undo, and the log of them."""

from datetime import UTC, datetime

import click

from feedhub.cli.publishing import publish_and_say
from feedhub.cli.sources import moment, printable_json
from feedhub.cli.tables import print_table
from feedhub.cli.terminal import printable
from feedhub.config import Config
from feedhub.model import Act, Decision, Feed
from feedhub.publish.deciding import Editor, decide, undo
from feedhub.store import Store

_SAID = {
    "include": "included",
    "feature": "featured",
    "lead": "leads",
    "hold": "held",
    "drop": "dropped",
    "note": "noted",
}


def decide_on(config: Config, act: Act | None, what: str, feed: str, *, text: str, by: str) -> None:
    """Keep a decision, or without an act take the last one back; then publish."""
    store = Store(config.store_url)
    try:
        now = datetime.now(UTC)
        store.polling.set_sources(config.sources, now)
        editor = Editor(name=_words(by), feed=named(config, feed), now=now)
        if act is None:
            entry, made = undo(store, config.site, config.feeds, what, editor=editor)
            said = f"undone: {made.act} of {made.made:%Y-%m-%d %H:%M} UTC by {made.by}"
        else:
            entry, made = decide(
                store, config.site, config.feeds, act, what, editor=editor, text=_words(text)
            )
            said = _SAID[act]
        told = printable(f"{said}: {entry.title} ({entry.published_id})")
        publish_and_say(lambda: click.echo(told), store, config, now=now)
    finally:
        store.close()


def show_log(config: Config, feed: str | None, *, as_json: bool) -> None:
    """Print who decided what, when and why, the newest first."""
    if feed is not None:
        named(config, feed)
    store = Store(config.store_url)
    try:
        found = store.decisions.log(feed)
    finally:
        store.close()
    if as_json:
        click.echo(printable_json([_row(made, title) for made, title in found]))
    else:
        columns = ("made", "by", "feed", "act", "entry", "text", "undone")
        print_table(columns, [_cells(_row(made, title)) for made, title in found])


def named(config: Config, name: str) -> Feed:
    """Give the feed of a name."""
    for feed in config.site.feeds:
        if feed.name == name:
            return feed
    known = ", ".join(feed.name for feed in config.site.feeds)
    raise click.BadParameter(printable(f"there is no feed {name!r}; there are: {known}"), param_hint="FEED")


def _words(text: str) -> str:
    return " ".join(printable(text).split())


def _row(made: Decision, title: str) -> dict[str, object]:
    return {
        "number": made.number,
        "made": moment(made.made),
        "by": made.by,
        "feed": made.feed,
        "act": made.act,
        "id": made.published_id,
        "source": made.source,
        "title": title,
        "text": made.text,
        "undone": moment(made.undone),
        "undone_by": made.undone_by,
    }


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    undone = f"{row['undone']} by {row['undone_by']}" if row["undone"] else ""
    return (row["made"], row["by"], row["feed"], row["act"], row["title"] or row["id"], row["text"], undone)
