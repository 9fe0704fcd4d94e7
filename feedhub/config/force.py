"""Every value in force, and where it comes from; secrets are not shown. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedhub.config.environment import VARIABLE
from feedhub.config.lines import lines
from feedhub.config.tables import FetchTable
from feedhub.config.whole import Config
from feedhub.config.words import Key, path
from feedhub.config.written import written
from feedhub.model import Feed, Source, Terms

_HIDDEN = "***"
_NEVER_SHOWN = frozenset({"auth"})
_FILLED = frozenset({"auth", "contact", "proxy"})  # keys in which ${NAME} stands for a variable
_TERMS = tuple(Terms.__dataclass_fields__)
# Where what is not written is taken from: the value of another key.
_FROM_DEFAULTS = {"every": ("defaults", "every"), "timezone": ("site", "timezone")}
_FROM_SITE = {"timezone": ("site", "timezone"), "language": ("site", "language")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value in force."""

    key: str  # "sources[2].terms.show"
    value: object  # as it would be written in TOML; None = nothing is said, and that is allowed
    origin: str  # "config.toml:14", "config.toml:14, environment TOKEN" or "default"


def in_force(config: Config, text: str) -> list[Value]:
    """Give every value of a configuration, made from a text, table by table."""
    return [*_Force(config, text.removeprefix("\ufeff")).values()]


class _Force:
    def __init__(self, config: Config, text: str) -> None:
        self._config = config
        self._raw = tomllib.loads(text)
        self._lines = lines(text)

    def values(self) -> Iterator[Value]:
        config = self._config
        site = {key: getattr(config.site, key) for key in ("title", "url", "timezone", "language")}
        site |= {"contact": config.site.contact, "icon": config.site.icon, "security": config.site.security}
        site |= {"search": config.site.search, "theme": str(config.theme or "")}
        yield from self._table(("site",), site, {"url": ("server", "listen")})
        yield from self._table(("defaults",), self._defaults())
        yield from self._table(("defaults", "terms"), asdict(Terms()) | self._said(("defaults", "terms")))
        for number, source in enumerate(config.sources):
            yield from self._source(("sources", number), source)
        for feed in config.site.feeds:
            yield from self._feed(("feeds", feed.name), feed)
        limits = {key: getattr(config.limits, key) for key in FetchTable.model_fields}
        yield from self._table(("fetch",), limits)
        server = config.server
        host = f"[{server.host}]" if ":" in server.host else server.host
        told = {"listen": f"{host}:{server.port}", "cache": server.cache, "proxies": server.proxies}
        told |= {"metrics": server.metrics, "access_log": server.access_log}
        yield from self._table(("server",), told)
        yield from self._table(("embed",), {"allow": config.embed_allow})
        yield from self._table(("store",), {"url": config.store_url, "feeds": str(config.feeds)})

    def _defaults(self) -> dict[str, object]:
        every: object = self._said(("defaults",)).get("every", Source(name="", url="").every)
        return {"every": every, "keep": "forever"}

    def _source(self, key: Key, source: Source) -> Iterator[Value]:
        keys = "name title url groups every language timezone auth paused public".split()
        yield from self._table(key, {name: getattr(source, name) for name in keys}, _FROM_DEFAULTS)
        above = {name: ("defaults", "terms", name) for name in _TERMS}
        yield from self._table((*key, "terms"), asdict(source.terms), above)

    def _feed(self, key: Key, feed: Feed) -> Iterator[Value]:
        keys = "title about mode limit closes per_source share order group timezone language".split()
        yield from self._table(key, {name: getattr(feed, name) for name in keys}, _FROM_SITE)
        take = {name: value for name, value in asdict(feed.take).items() if value}
        yield from self._table((*key, "take"), take)
        for number, section in enumerate(feed.sections):
            told = {"title": section.title, "language": section.language, **asdict(section.take)}
            yield from self._table(
                (*key, "sections", number), {name: value for name, value in told.items() if value}
            )
        for number, rule in enumerate(feed.rules):
            yield from self._table((*key, "rules", number, "when"), _said_of(asdict(rule.when)))
            yield from self._table((*key, "rules", number), {"then": rule.then})

    def _table(
        self, key: Key, table: Mapping[str, object], above: Mapping[str, Key] | None = None
    ) -> Iterator[Value]:
        """Give the values of a table; `above` says where they come from if they are not written."""
        for name, value in table.items():
            place = (*key, name)
            if place not in self._lines and above and name in above:
                place = above[name]
            shown = self._shown((*key, name), value)
            yield Value(key=path((*key, name)), value=shown, origin=self._origin(place))

    def _shown(self, key: Key, value: object) -> object:
        """Write a value, without what is secret: what came from the environment, names and passwords."""
        name, raw = str(key[-1]), self._filled_in(key)
        if "${" in raw:
            value = _HIDDEN if name in _NEVER_SHOWN else VARIABLE.sub(_HIDDEN, raw)
        if isinstance(value, str) and "://" in value:
            return _without_password(value)
        return written(name, value)

    def _origin(self, key: Key) -> str:
        if key not in self._lines:
            return "default"
        where = f"{self._config.path.name}:{self._lines[key]}"
        names = dict.fromkeys(VARIABLE.findall(self._filled_in(key)))
        return ", ".join([where, *(f"environment {name}" for name in names)])

    def _filled_in(self, key: Key) -> str:
        """Give what is written at a key, if variables in it are filled in; else nothing."""
        raw = self._at(key)
        is_filled = key[-1] in _FILLED or (key[-1] == "url" and key[0] in ("sources", "store"))
        return raw if is_filled and isinstance(raw, str) else ""

    def _said(self, key: Key) -> dict[str, Any]:
        table = self._at(key)
        return table if isinstance(table, dict) else {}

    def _at(self, key: Key) -> object:
        """Give what is written at a key; None if nothing is."""
        found: Any = self._raw
        for part in key:
            if isinstance(found, dict):
                found = found.get(str(part))
            elif isinstance(found, list) and isinstance(part, int):
                found = found[part]
            else:
                return None
        return found


def _said_of(when: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a rule asks for as it would be written, with what is nested in it."""
    said = {name: value for name, value in when.items() if value not in (None, ())}
    for name in ("any", "all"):
        if name in said:
            said[name] = tuple(map(_said_of, said[name]))
    if inner := said.pop("not_", None):
        said["not"] = _said_of(inner)
    return said


def _without_password(url: str) -> str:
    """Hide the user's name and password in an address, whatever its scheme."""
    # An @ may stand in the path of a page; in the address of a database or proxy it ends the password.
    user = r"(?<=://)[^/?#]*@" if url.startswith(("http://", "https://")) else r"(?<=://).*@"
    return re.sub(user, f"{_HIDDEN}@", url)
