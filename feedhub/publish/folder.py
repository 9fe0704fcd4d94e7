"""The folder of finished documents: written atomically, only when bytes change, cleaned by manifest."""

import fcntl
import gzip
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

try:
    import brotli
except ImportError:  # one of the extras
    brotli = None

GONE = ".gone"  # the folder of marks of what is no longer published
_MANIFEST = ".manifest.json"
_LOCK = ".lock"
_COMPRESSED = (".rss", ".atom", ".json", ".html", ".opml", ".css", ".js", ".svg", ".txt", ".xml")
# The compressed forms that stand beside a document, by what is appended to its name. Without a time or a
# name in them, the same bytes compress to the same bytes. A level more makes them 1 % smaller in half as long
# again.
_FORMS: dict[str, Callable[[bytes], bytes]] = {".gz": partial(gzip.compress, compresslevel=5, mtime=0)}
if brotli is not None:
    _FORMS[".br"] = partial(brotli.compress, quality=5)


def location(folder: Path, path: str) -> Path:
    """Give the file in which the document of a URL path stands."""
    return folder / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))


def read(folder: Path, path: str) -> bytes | None:
    """Read a document; None if there is none."""
    return _bytes(location(folder, path))


def write(folder: Path, path: str, body: bytes, updated: datetime, *, now: datetime) -> bool:
    """Write a document unless it stands there already; tell whether its bytes changed.

    The file's time is when the document was updated; if its bytes change though that has not moved on, it
    is now: a reader that asks by time alone must get them. The compressed forms are written first, so that
    none is ever older.
    """
    file = location(folder, path)
    before = _status(file)
    if before is None:
        file.parent.mkdir(parents=True, exist_ok=True)
    is_changed = before is None or before.st_size != len(body) or _bytes(file) != body
    moment = _moment(before, updated, now) if before is None or is_changed else before.st_mtime
    for form, compress in zip(_forms(file), _FORMS.values(), strict=False):
        status = None if is_changed else _status(form)
        if status and status.st_mtime == moment:
            continue  # it was made of these bytes, and nobody has touched it since
        compressed = compress(body)
        if is_changed or _bytes(form) != compressed:
            _replace(form, compressed, moment)
    if is_changed:
        _replace(file, body, moment)
    return is_changed


def _forms(file: Path) -> list[Path]:
    """Give the files of a document's compressed forms."""
    return [file.with_name(file.name + ending) for ending in _FORMS] if file.suffix in _COMPRESSED else []


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _moment(before: os.stat_result | None, updated: datetime, now: datetime) -> float:
    moment = _whole_seconds(updated)
    if before is None or moment > before.st_mtime:
        return moment
    return max(_whole_seconds(now), before.st_mtime + 1)


def _whole_seconds(time: datetime) -> float:
    return float(int(time.timestamp()))  # HTTP knows no others


def _replace(file: Path, body: bytes, moment: float) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb", buffering=0) as new:
            left = memoryview(body)
            while left:
                left = left[new.write(left) :]
            os.utime(new.fileno(), (moment, moment))
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        # Operators know the document, and not what it was to be replaced by.
        raise OSError(error.errno, error.strerror, str(file)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove(folder: Path, path: str) -> None:
    """Remove a document, its compressed forms, and the folders that are empty without it."""
    file = location(folder, path)
    for ending in ("", ".gz", ".br"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    for parent in file.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()


def stamp(folder: Path, path: str) -> str:
    """Give a mark of a document's files, another one when they are replaced; "" if they are not there."""
    file = location(folder, path)
    try:
        statuses = map(Path.stat, (file, *_forms(file)))
        return " ".join(f"{status.st_size}-{status.st_mtime_ns}" for status in statuses)
    except FileNotFoundError:
        return ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder holds."""

    # Path -> a mark of what the document was made from, and its stamp; "" = it is to be made anew.
    marks: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # documents that stayed as they were, and why
    settings: str = ""  # a mark of those that it was published by


def manifest(folder: Path) -> Manifest:
    """Give what was written there last; without it nothing is removed, and all is compared by bytes."""
    try:
        told = json.loads((folder / _MANIFEST).read_bytes())
        return Manifest(dict(told["documents"]), tuple(told["problems"]), str(told.get("settings", "")))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Manifest()


def write_manifest(folder: Path, now: Manifest) -> None:
    """Remember which documents are ours."""
    told = {
        "documents": dict(sorted(now.marks.items())),
        "problems": now.problems,
        "settings": now.settings,
    }
    text = (json.dumps(told, indent=0, ensure_ascii=False) + "\n").encode()
    file = folder / _MANIFEST
    if _bytes(file) != text:
        temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
        temporary.write_bytes(text)
        temporary.replace(file)


def mark_gone(folder: Path, feeds: Collection[str]) -> None:
    """Mark feeds that were published once and are no more, each by an empty file that any server can see."""
    marks = folder / GONE
    there = {file.name for file in marks.iterdir()} if marks.is_dir() else set()
    for name in there - set(feeds):
        (marks / name).unlink(missing_ok=True)
    for name in set(feeds) - there:
        marks.mkdir(exist_ok=True)
        (marks / name).touch()


def sweep(folder: Path) -> None:
    """Remove what a publisher that was killed had begun to write, unless another is writing just now."""
    try:
        with locked(folder, wait=False):
            for begun in folder.rglob(".*.new"):
                begun.unlink(missing_ok=True)
    except BlockingIOError:
        return


@contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Keep other publishers out of the folder, in this process and in others.

    Raises BlockingIOError if another is in it and we are not to wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
