"""[[sources]] and [defaults] to Sources: their addresses, names and terms. Pure."""

import os.path
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feedhub import urls
from feedhub.config import environment, values
from feedhub.config.problems import Problems
from feedhub.config.tables import File, SourceTable, TermsTable, said
from feedhub.config.words import Key, path, quoted
from feedhub.model import Site, Source, Terms

_LEAST = timedelta(minutes=1)
_LEAST_PRIVATE = timedelta(seconds=1)  # for what is ours: documents on disk and [fetch] private
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # of two letters and more: C: is a drive
_HOST_LIKE = re.compile(r"(?:www\.[^/]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?::\d+)?/.*)", re.A)
_PORTS = {"http": 80, "https": 443}


def sources(
    file: File, site: Site, folder: Path, environ: Mapping[str, str], problems: Problems
) -> tuple[Source, ...]:
    """Make the sources that a file names, in its order; note what is wrong with them."""
    inherited = {"timezone": site.timezone} | said(file.defaults, only=("every",))
    addresses = {}
    for number, table in enumerate(file.sources):
        with problems.at("sources", number, "url"):
            addresses[number] = _url(table.url, folder, environ)
    names = _names(file.sources, problems)
    made = []
    for number, table in enumerate(file.sources):
        plain = said(table, only=("title", "every", "language", "timezone", "paused", "public"))
        source = Source(
            **(inherited | plain),
            name=names[number],
            url=environment.guarded(addresses.get(number, ""), table.url or ""),
            groups=tuple(dict.fromkeys(table.groups or ())),
            terms=Terms(**(_terms(file.defaults.terms) | _terms(table.terms))),
            auth=_auth(table.auth, ("sources", number, "auth"), environ, problems),
            is_secret=environment.is_secret(table.url or ""),
        )
        if source.url:
            _check_every(source, table, number, file, problems)
        made.append(source)
    return tuple(made)


def _terms(table: TermsTable | None) -> dict[str, Any]:
    return said(table) if table else {}


def _url(written: str | None, folder: Path, environ: Mapping[str, str]) -> str:
    """Read the address of a source; what is raised never shows it, since it may hold a secret."""
    if not written or not written.strip():
        raise ValueError("is missing: an http(s) address, or the path of a document")
    if not (filled := environment.address(written, environ).strip()):
        raise ValueError("is empty: the environment gives it no value")
    if not _SCHEME.match(filled):
        return _file_url(filled, folder)
    url = values.web(filled)
    _, host = environment.authority(written)
    known = written.partition("://")[0] + host
    # A password with a slash or an @ in it would send the rest of it, and us, to another host.
    if not environment.is_secret(known) and urls.host(url) != urls.host(values.web(written)):
        raise ValueError("has another host once filled in: what variables hold must be percent-encoded")
    return url


def _file_url(written: str, folder: Path) -> str:
    if _HOST_LIKE.fullmatch(written):
        raise ValueError('has no scheme; did you mean "https://" before it? (A path may begin with "./".)')
    if not written.isprintable():
        raise ValueError("is no path: it holds a control character")
    # Path.resolve would follow links, and an id minted from the address would change with them.
    return Path(os.path.normpath(folder / written)).as_uri()


def _names(tables: list[SourceTable], problems: Problems) -> list[str]:
    """Name every source: as its table says, else after its host or its document."""
    names = [table.name or "" for table in tables]
    holders: dict[str, int] = {}
    for number, name in enumerate(names):
        if name and (first := holders.setdefault(name, number)) != number:
            words = f"{quoted(name)} is the name of {path(('sources', first))} already"
            problems.add(("sources", number, "name"), words)
    for number, table in enumerate(tables):
        key = ("sources", number, "name")
        if names[number] or not table.url or key in problems:
            continue
        names[number] = name = _default_name(table.url)
        if name and (first := holders.setdefault(name, number)) != number:
            words = f"{path(('sources', first))} is {quoted(name)} already: give each a name of its own"
            problems.add(key, f"is missing, and {words}")
        elif not name and ("sources", number, "url") not in problems:
            problems.add(key, "is missing, and cannot be made from the address")
    return names


def _default_name(written: str) -> str:
    """Make a name from an address; "" if that would tell a part of it that comes from the environment."""
    if not _SCHEME.match(written):
        return "" if environment.is_secret(written) else values.slugged(Path(written).stem)
    _, host = environment.authority(written)
    if environment.is_secret(host):
        return ""
    name = urlsplit(urls.absolute(written)).hostname or ""
    return values.slugged(name.removeprefix("www."))


def _auth(written: str | None, key: Key, environ: Mapping[str, str], problems: Problems) -> str:
    """Read what a source is to be told of us; the secret itself must come from the environment."""
    if not written:
        return ""
    kind, _, rest = written.partition(":")
    name, _, secret = rest.partition(":") if kind == "basic" else (kind, "", rest)
    with problems.at(*key):
        if kind not in ("basic", "bearer") or not name or not secret:
            raise ValueError('must be "bearer:${TOKEN}" or "basic:NAME:${PASSWORD}"')
        environment.check_outside(secret)
        auth = environment.filled(written, environ)
        if auth.isprintable() and environment.filled(secret, environ):
            return environment.guarded(auth, written)
        raise ValueError("the environment sets it to nothing, or to what cannot be sent")
    return ""


def _check_every(source: Source, table: SourceTable, number: int, file: File, problems: Problems) -> None:
    """Note an interval that is too short for a source of somebody else's."""
    least, words = _LEAST, 'must be at least "1m"'
    if source.url.startswith("file:") or _place(source.url) in (file.fetch.private or ()):
        least, words = _LEAST_PRIVATE, 'must be at least "1s"'
    if source.every >= least:
        return
    if table.every:
        problems.add(
            ("sources", number, "every"), f"{words}; less is for documents on disk and [fetch] private"
        )
    else:
        problems.add(("defaults", "every"), f"{words} for {path(('sources', number))}, which inherits it")


def _place(url: str) -> str:
    """Give host:port, as [fetch] private has it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or _PORTS[parts.scheme]}"
