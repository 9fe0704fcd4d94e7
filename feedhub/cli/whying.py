"""`feedhub why`: the whole way of an entry, in words or as JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from feedhub.cli.sources import moment, printable_json
from feedhub.cli.terminal import printable
from feedhub.config import Config
from feedhub.config.lines import lines
from feedhub.model import Decision
from feedhub.publish.explain import Explained, InFeed, Refused, explain, refused
from feedhub.store import Store

_VERBS = {"include": "includes it", "feature": "features it", "hold": "holds it", "drop": "drops it"}


def why(config: Config, what: str, *, as_json: bool) -> None:
    """Print why an entry is in or out; exits with 1 if nobody ever brought it."""
    store = Store(config.store_url)
    try:
        found = explain(store, config.site, config.feeds, what, now=datetime.now(UTC))
        turned_away = [] if found else refused(store, what)
    finally:
        store.close()
    where = Where(config)
    if as_json:
        told = {
            "entries": [_entry(one, where) for one in found],
            "refused": [_refused(one) for one in turned_away],
        }
        click.echo(printable_json(told))
    else:
        text = "\n\n".join("\n".join(_lines(one, where)) for one in found)
        refusals = "\n".join(f"refused in {one.source}: {one.item.reason}" for one in turned_away)
        click.echo(printable(text or refusals or "never seen: no source has brought that id or link"))
    if not found:
        raise click.exceptions.Exit(1)


class Where:
    """Where a configuration says what decides."""

    def __init__(self, config: Config) -> None:
        self.feeds = {feed.name: feed for feed in config.site.feeds}
        self._file = config.path.name
        self._lines = lines(config.path.read_text(encoding="utf-8-sig"))

    def line(self, feed: str, *key: str | int) -> int | None:
        """Give the line of a key of a feed; None if it is not written there."""
        return self._lines.get(("feeds", feed, *key))

    def rule(self, feed: str, number: int | None) -> int | None:
        """Give the line of a rule, counted from 1; None without one."""
        return self.line(feed, "rules", number - 1) if number else None

    def told(self, line: int | None) -> str:
        """Give how a line is told; "" without one."""
        return f"{self._file}:{line}" if line else ""


# ── In words ──


def _lines(one: Explained, where: Where) -> Iterator[str]:
    entry = one.kept.entry
    yield entry.title or entry.published_id
    yield f"  {entry.url}"
    if entry.published_id != entry.url:
        yield f"  {entry.published_id}"
    changed = "" if one.kept.changed == one.kept.seen else f", changed {moment(one.kept.changed)}"
    yield f"  from {entry.source}, first seen {moment(one.kept.seen)}{changed}"
    if one.taken_down:
        yield f"  taken down {moment(one.taken_down)}: {one.reason}"
        return
    for told in one.feeds:
        yield f"  {told.feed}: {_words(told, where)}"
        for reason in told.held:
            yield f"    held back by the proof: {reason}"
        if told.note:
            yield f"    noted {_by(told.note)}: {told.note.text}"
        if told.documents:
            yield f"    in {' '.join(told.documents)}"


def _words(told: InFeed, where: Where) -> str:
    """Say what became of an entry in a feed, and of what is published of that as yet."""
    said = f"{'in' if told.is_in else 'out'}: {cause(told, told.feed, where)}"
    if told.is_in and told.day:
        said += f"; on {told.day}" + (", which is closed" if told.is_closed else "")
    if told.told_by:
        said += f"; told under {told.told_by}"
    elif told.is_in and not told.documents and not told.held:
        said += "; published next time" if told.day else "; older than the feed's days, and beyond its limit"
    if not told.is_in and told.documents:
        said += "; until the next publishing it is still"
    return said


def cause(told: InFeed, feed: str, where: Where) -> str:
    """Say what decided."""
    copied = f" {told.copy_of.source} ({told.copy_of.published_id})" if told.copy_of else ""
    match told.cause:
        case "editor" if told.copy_of and told.decision:
            return f"a copy of that of{copied}, which {_decided(told.decision)}"
        case "editor" if told.decision:
            return _decided(told.decision)
        case "editor":
            return "an editor's decision was undone"
        case "rule":
            return _rule(told, feed, where)
        case "per_source" | "share":
            return _quota(told, feed, where)
        case "copy":
            return f"a copy of that of{copied}, which stands"
        case "filed":
            decided = f"; {_decided(told.decision)}" if told.decision else ""
            return "its day was closed with it" + decided
        case "past":
            return "its day was closed without it; what decided then is not kept"
        case other:
            return _CAUSES.get(other, other)


_CAUSES = {
    "nothing": "no rule fits it, and all that no rule keeps out is published",
    "mode": "no rule fits it, and a curated feed waits for an editor",
    "take": "it is none of those that the feed takes",
    "removed": "its source is not in the configuration",
    "takedown": "it is taken down",
    "awaited": "it was taken down, and comes back when its source lists it again",
}


def _rule(told: InFeed, feed: str, where: Where) -> str:
    stands = where.told(where.rule(feed, told.rule))
    return f"rule {told.rule}{f' ({stands})' if stands else ''} {_VERBS[told.verdict]}"


def _quota(told: InFeed, feed: str, where: Where) -> str:
    is_number = told.cause == "per_source"
    enough = "its source had enough on" if is_number else "its source had its share of"
    if told.is_closed:
        return f"{enough} its day, which is closed"  # how much that was then is not kept
    quota = where.feeds[feed].per_source if is_number else where.feeds[feed].share
    stands = where.told(where.line(feed, told.cause))
    wanted = f", though {_rule(told, feed, where)}" if told.rule else ""
    return f"{enough} {told.day} ({told.cause} = {quota}{f', {stands}' if stands else ''}){wanted}"


def _decided(decision: Decision) -> str:
    why = f": {decision.text}" if decision.text else ""
    return f"{decision.act} {_by(decision)}{why}"


def _by(decision: Decision) -> str:
    return f"by {decision.by}, {moment(decision.made)}"


# ── As JSON ──


def _entry(one: Explained, where: Where) -> dict[str, object]:
    entry = one.kept.entry
    gone = {"when": moment(one.taken_down), "reason": one.reason} if one.taken_down else None
    return {
        "id": entry.published_id,
        "url": entry.url,
        "title": entry.title,
        "source": entry.source,
        "seen": moment(one.kept.seen),
        "changed": moment(one.kept.changed),
        "taken_down": gone,
        "feeds": [_feed(told, where) for told in one.feeds],
    }


def _feed(told: InFeed, where: Where) -> dict[str, object]:
    line = where.rule(told.feed, told.rule)
    rule = {"number": told.rule, "line": line, "then": told.verdict} if told.rule else None
    copied = told.copy_of
    return {
        "feed": told.feed,
        "in": told.is_in,
        "cause": told.cause,
        "why": _words(told, where),
        "day": told.day.isoformat() if told.day else None,
        "closed": told.is_closed,
        "featured": told.is_featured,
        "rule": rule if told.cause == "rule" else None,
        "decision": _decision(told.decision),
        "note": _decision(told.note),
        "copy_of": {"id": copied.published_id, "url": copied.url, "source": copied.source}
        if copied
        else None,
        "held": list(told.held),
        "documents": list(told.documents),
        "told_by": told.told_by or None,
    }


def _decision(decision: Decision | None) -> dict[str, object] | None:
    if decision is None:
        return None
    return {
        "act": decision.act,
        "by": decision.by,
        "made": moment(decision.made),
        "text": decision.text,
    }


def _refused(one: Refused) -> dict[str, object]:
    item = one.item
    return {
        "source": one.source,
        "id": item.id,
        "title": item.title,
        "link": item.link,
        "reason": item.reason,
    }
