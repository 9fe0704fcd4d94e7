"""config.toml edited by a program: sources come, go and pause, and all else stays byte for byte.

An edit is written as a whole, after its result has proved right, or not at all.
"""

import fcntl
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feedhub.config import Config, load, parse, values
from feedhub.config.splices import Splices
from feedhub.config.words import meant, quoted
from feedhub.errors import ConfigError

_MARK = "\ufeff"  # what some editors put before a text in UTF-8
_NO_NAMES = frozenset(
    "feed feeds rss rss2 atom xml json index default category categories tag section www en".split()
)
_Tables = list[dict[str, Any]]  # what stands under [[sources]], as tomllib gives it


@dataclass(frozen=True, slots=True)
class NewSource:
    """A [[sources]] table that is to come; what is empty is not written."""

    name: str  # slug
    url: str
    title: str = ""
    groups: tuple[str, ...] = ()
    language: str = ""  # BCP 47

    @property
    def table(self) -> dict[str, Any]:
        """Give what is to be written."""
        said: dict[str, Any] = {"name": self.name, "title": self.title, "url": self.url}
        said |= {"groups": list(self.groups), "language": self.language}
        return {key: value for key, value in said.items() if value}


def add_sources(
    path: Path, sources: Sequence[NewSource], *, environ: Mapping[str, str] | None = None
) -> None:
    """Write sources after the last one of a file.

    Raises ConfigError, and writes nothing, if the file is not right or would not be. `environ` holds the
    secrets, by default those of the environment.
    """
    tables = [source.table for source in sources]

    def change(splices: Splices, _: Config) -> _Tables:
        splices.append(tables)
        return [*splices.tables, *tables]

    _edit(path, change, environ)


def remove_source(path: Path, name: str, *, environ: Mapping[str, str] | None = None) -> None:
    """Take a source's tables out of a file; comments above and below them stay. Raises as `add_sources`."""

    def change(splices: Splices, config: Config) -> _Tables:
        number = _number(config, name)
        splices.remove(number)
        return [*splices.tables[:number], *splices.tables[number + 1 :]]

    _edit(path, change, environ)


def set_paused(path: Path, name: str, paused: bool, *, environ: Mapping[str, str] | None = None) -> None:
    """Pause a source, or let it be polled again. Raises as `add_sources`."""

    def change(splices: Splices, config: Config) -> _Tables:
        number = _number(config, name)
        table = splices.set_paused(number, paused)
        return [*splices.tables[:number], table, *splices.tables[number + 1 :]]

    _edit(path, change, environ)


def free_name(taken: Collection[str], url: str) -> str:
    """Make a name for a source at an address (or a path), which none of those taken is."""
    parts = urlsplit(url)
    host = values.slugged((parts.hostname or "").removeprefix("www."))
    words = [values.slugged(word) for word in parts.path.split("/")]
    words = [re.sub(r"-(?:xml|rss|atom|json)$", "", word) for word in words]
    telling = [word for word in words if word and word not in _NO_NAMES]
    first = host or (telling[-1] if telling else "source")
    longer = f"{first}-{telling[-1]}" if host and telling else first
    for name in (first, longer):
        if name not in taken:
            return name
    number = 2
    while f"{longer}-{number}" in taken:
        number += 1
    return f"{longer}-{number}"


def _number(config: Config, name: str) -> int:
    names = [source.name for source in config.sources]
    if name not in names:
        hint = meant(name, names)
        raise ConfigError([f"{config.path.name}: no source has the name {quoted(name)}{hint}"])
    return names.index(name)


def _edit(
    path: Path, change: Callable[[Splices, Config], _Tables], environ: Mapping[str, str] | None
) -> None:
    """Change a file: `change` makes the splices, and gives the sources that must come of them."""
    environ = os.environ if environ is None else environ
    file = path.resolve()  # a link stays one, and paths in it start from where the link stands
    with _alone(file.parent):
        config = load(path, environ)
        written = file.read_bytes().decode("utf-8")
        before = written.removeprefix(_MARK)
        splices = Splices(before)
        sources = change(splices, config)
        after = splices.text
        if after == before:
            return
        _check(before, after, sources, path)
        try:
            parse(after, path=path, environ=environ, stands=before)
        except ConfigError as error:
            words = f"{path.name}: nothing was changed, since it would no longer be right:"
            raise ConfigError([words, *error.problems]) from None
        _replace(file, (_MARK if written.startswith(_MARK) else "") + after)


def _check(before: str, after: str, sources: _Tables, path: Path) -> None:
    """See that an edit does what it should, and nothing else."""
    wanted = {"sources": [], **tomllib.loads(before)} | {"sources": sources}
    try:
        found = {"sources": [], **tomllib.loads(after)}
    except tomllib.TOMLDecodeError:
        found = {}
    if found != wanted:
        raise ConfigError(
            [f"{path.name}: cannot be changed by a program, as it is written; nothing was changed"]
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other edits out: of two at once, one would undo the other."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    """Write a file in one step, with the permissions and the owner that it has."""
    told = path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if (new.stat().st_uid, new.stat().st_gid) != (told.st_uid, told.st_gid):
            os.chown(new, told.st_uid, told.st_gid)
        new.chmod(stat.S_IMODE(told.st_mode))
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
