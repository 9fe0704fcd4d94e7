"""The tables of config.toml to a Config. Pure, but that the files of a theme are read."""

import os.path
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin

from feedhub import __version__, urls
from feedhub.config import environment, values
from feedhub.config.feeds import feeds
from feedhub.config.problems import Problems
from feedhub.config.sources import sources
from feedhub.config.tables import File, said
from feedhub.config.theme import theme
from feedhub.model import Limits, Site, Source

_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
_PASSWORDS = ("password", "sslpassword")  # as a PostgreSQL address may name them behind its question mark
_PROXIES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how finished documents are served."""

    host: str  # without the brackets of an IPv6 address
    port: int
    cache: timedelta  # how long others may keep a document without asking again
    proxies: tuple[str, ...]  # addresses whose forwarded headers are believed
    metrics: str = ""  # host:port to ask for metrics at; "" = nowhere
    access_log: str = ""  # an absolute path, "-" for stdout, or "" for none

    @property
    def listen(self) -> str:
        """Give host:port, as an address has it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that config.toml says, with the defaults filled in; its repr shows no secret."""

    path: Path
    site: Site = field(repr=False)  # with its feeds and sources
    sources: tuple[Source, ...] = field(repr=False)
    limits: Limits = field(repr=False)  # [fetch]
    server: Server
    store_url: str = field(repr=False)  # for SQLite with an absolute path
    feeds: Path  # the folder of the finished documents; absolute
    theme: Path | None  # the folder of its files; None = the pages are ours
    embed_allow: tuple[str, ...]  # who may frame our embeds: "*", hosts or origins


def whole(
    file: File,
    raw: Mapping[str, Any],
    path: Path,
    environ: Mapping[str, str],
    problems: Problems,
    *,
    listening: str = "",
) -> Config:
    """Make the configuration from what could be read of a file (`file`) and what is written there (`raw`).

    `listening` is as in `parse`.
    """
    path = Path(os.path.normpath(path.absolute()))
    site = _site(file, path.parent, environ, problems, address=listening or file.server.listen)
    made = sources(file, site, path.parent, environ, problems)
    config = Config(
        path=path,
        site=replace(
            site,
            feeds=feeds(file, site, _known(made, raw), problems),
            sources={source.name: source for source in made},
        ),
        sources=made,
        limits=_limits(file, site, environ, problems),
        server=_server(file, path.parent),
        store_url=environment.guarded(
            _store_url(file.store.url, path.parent, environ, problems), file.store.url
        ),
        feeds=Path(os.path.normpath(path.parent / file.store.feeds)),
        theme=path.parent / file.site.theme if file.site.theme else None,
        embed_allow=file.embed.allow,
    )
    _check_folder(config, problems)
    return config


def _server(file: File, folder: Path) -> Server:
    host, port = values.split_place(file.server.listen)
    log = file.server.access_log
    return Server(
        host=host,
        port=port,
        cache=file.server.cache,
        proxies=file.server.proxies,
        metrics=file.server.metrics,
        access_log=os.path.normpath(folder / log) if log not in ("", "-") else log,
    )


def _site(file: File, folder: Path, environ: Mapping[str, str], problems: Problems, *, address: str) -> Site:
    url, contact, icon, security = f"http://{address}", "", "", ""
    with problems.at("site", "url"):
        url = _site_url(file.site.url or url)
    with problems.at("site", "contact"):
        contact = values.contact(environment.filled(file.site.contact or "", environ))
    with problems.at("site", "security"):
        security = values.report(file.site.security or "")
    if file.site.icon:
        with problems.at("site", "icon"):
            icon = values.web(urljoin(url + "/", file.site.icon))
    files: tuple[tuple[str, str], ...] = ()
    if file.site.theme:
        with problems.at("site", "theme"):
            files = theme(folder / file.site.theme)
    return Site(
        **said(file.site, only=("timezone", "language", "search")),
        title=file.site.title or "FeedHub",
        url=url,
        contact=contact,
        icon=icon,
        security=security,
        theme_files=files,
    )


def _site_url(written: str) -> str:
    url = values.web(written)
    if "?" in url or "#" in url or url != urls.without_user(url):
        raise ValueError(
            "must be an address without a user, a query or a fragment: every link starts with it"
        )
    return url.rstrip("/")


def _limits(file: File, site: Site, environ: Mapping[str, str], problems: Problems) -> Limits:
    proxy = ""
    with problems.at("fetch", "proxy"):
        written = file.fetch.proxy or ""
        proxy = environment.guarded(_proxy(environment.address(written, environ)), written)
    contact = f"; {site.contact}" if site.contact else ""
    user_agent = f"FeedHub/{__version__} (+{site.url}{contact})"
    return Limits(**(said(file.fetch) | {"proxy": proxy, "user_agent": user_agent}))


def _proxy(url: str) -> str:
    """Take the address of a proxy; what is raised never shows it, since it may hold a secret."""
    scheme, mark, place = url.partition("://")
    if not url or (mark and scheme in _PROXIES and urls.is_web(f"http://{place}")):
        return url
    raise ValueError('must be an address such as "http://proxy:3128" or "socks5h://proxy:1080"')


def _store_url(written: str, folder: Path, environ: Mapping[str, str], problems: Problems) -> str:
    """Take the address of the database; what is raised never shows it, since it may hold a secret."""
    with problems.at("store", "url"):
        for name, value in parse_qsl(written.partition("?")[2]):
            if name in _PASSWORDS:
                environment.check_outside(value)
        scheme, mark, rest = environment.address(written, environ).partition("://")
        if not mark or scheme not in _DATABASES:
            raise ValueError('must be "sqlite:///PATH" or "postgresql://USER@HOST/NAME"')
        if scheme != "sqlite":
            if rest.count("@") > 1:  # what is behind the first would be taken for the host, and be told
                raise ValueError("holds more than one @: in a name and a password it is written %40")
            return f"{scheme}://{rest}"
        database, question, options = rest.partition("?")
        if not database.startswith("/") or database.strip("/") in ("", ":memory:"):
            raise ValueError('must name a document: "sqlite:///PATH"')
        place = os.path.normpath(folder / unquote(database[1:]))
        return f"sqlite:///{place.replace('%', '%25').replace('?', '%3F')}{question}{options}"
    return ""


def _known(made: Iterable[Source], raw: Mapping[str, Any]) -> dict[str, set[str]]:
    """Give the names of all sources and groups, also of those whose tables have other mistakes."""
    known = {
        "source": {source.name for source in made if source.name},
        "group": {group for source in made for group in source.groups},
    }
    tables = raw.get("sources")
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict):
            groups = table.get("groups")
            known["source"] |= {name for name in [table.get("name")] if isinstance(name, str)}
            known["group"] |= (
                {name for name in groups if isinstance(name, str)} if isinstance(groups, list) else set()
            )
    return known


def _check_folder(config: Config, problems: Problems) -> None:
    """Note it if the folder that everybody may read would hold what nobody else should."""
    database = unquote(config.store_url.removeprefix("sqlite:///").partition("?")[0])
    places = {"this file": config.path, "the database": Path(database)}
    if config.server.access_log:
        places["the access log"] = Path(config.server.access_log)
    for words, private in places.items():
        if private.is_relative_to(config.feeds):
            problems.add(("store", "feeds"), f"would hold {words}; all that is in this folder is published")
