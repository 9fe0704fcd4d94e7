"""The finished documents, read back: which entries they hold, and under which others some are told."""

from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from feedhub.model import Feed, Site
from feedhub.publish.folder import manifest, read
from feedhub.render import FORMATS
from feedhub.render.proof import ids
from feedhub.render.proof.jsonfeed import tellings

_MANY = 50  # names, for which it takes less to read a document than to look for each in it

Documents = dict[str, dict[str, tuple[str, ...]]]  # paths, by feed and published id


def documents(folder: Path, site: Site, names: set[str]) -> Documents:
    """Find which documents hold entries that have these published ids."""
    found: Documents = {feed.name: {} for feed in site.feeds}
    for path, feed, body in _holding(folder, site, names):
        for name in names & ids(_format(path), body):
            found[feed][name] = (*found[feed].get(name, ()), path)
    return found


def told_under(folder: Path, site: Site, names: set[str]) -> dict[str, dict[str, str]]:
    """Find which entries tell the stories of others that stand nowhere themselves."""
    found: dict[str, dict[str, str]] = {feed.name: {} for feed in site.feeds}
    for path, feed, body in _holding(folder, site, names):
        if path.endswith(".json"):
            told = tellings(body)
            found[feed] |= {name: told[name] for name in names & told.keys()}
    return found


def dated(folder: Path, feed: Feed, *, since: date | None) -> dict[date, dict[str, str]]:
    """Give what the editions of days hold: published ids, with those that they are told under, or ""."""
    found = {}
    for path in manifest(folder).marks:
        written = path.removeprefix(f"/{feed.name}/").removesuffix(".json")
        if path != f"/{feed.name}/{written}.json":
            continue
        try:
            day = date.fromisoformat(written)
        except ValueError:
            continue  # another document than that of a day
        body = read(folder, path) if since is None or day >= since else None
        if body is not None:
            found[day] = dict.fromkeys(ids("json", body), "") | tellings(body)
    return found


def _holding(folder: Path, site: Site, names: set[str]) -> Iterator[tuple[str, str, bytes]]:
    """Give the documents of feeds in which one of these names is written: path, feed and bytes."""
    is_many = len(names) > _MANY
    for path in sorted(manifest(folder).marks) if names else ():
        feed = _feed_of(path, site)
        body = read(folder, path) if feed else None
        if body is not None and (is_many or any(_is_written(name, body) for name in names)):
            yield path, feed, body


def _format(path: str) -> str:
    return "page" if path.endswith("/") else path.rpartition(".")[2]


def _feed_of(path: str, site: Site) -> str:
    """Give the feed that a path is of; "" if it is of none."""
    if path == "/":
        return site.feeds[0].name
    if not path.endswith("/") and _format(path) not in FORMATS:
        return ""
    name = path[1:].partition("/")[0].partition(".")[0]
    return name if any(feed.name == name for feed in site.feeds) else ""


def _is_written(name: str, body: bytes) -> bool:
    return any(one.encode() in body for one in (name, escape(name), escape(name, quote=False)))
