"""The folder of finished documents: written atomically, only when bytes change, cleaned by manifest."""

import fcntl
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_MANIFEST = ".manifest.json"
_LOCK = ".lock"
_COMPRESSED = (".rss", ".atom", ".json", ".html", ".opml", ".css", ".svg")


def location(folder: Path, path: str) -> Path:
    """Give the file in which the document of a URL path stands."""
    return folder / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))


def write(folder: Path, path: str, body: bytes, updated: datetime) -> bool:
    """Write a document unless it stands there already; tell whether its bytes changed.

    The file's time is when the document was updated, but moves on whenever bytes change: a reader that
    asks by time alone must get them. The compressed form is written first, so that it is never older.
    """
    file = location(folder, path)
    try:
        before = file.read_bytes()
        is_known = before == body
    except FileNotFoundError:
        is_known = False
    if is_known and (file.suffix not in _COMPRESSED or file.with_name(file.name + ".gz").exists()):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    moment = _moment(file, updated)
    if file.suffix in _COMPRESSED:
        # Without a time or a name in it, the same bytes compress to the same bytes.
        _replace(file.with_name(file.name + ".gz"), gzip.compress(body, 6, mtime=0), moment)
    _replace(file, body, moment)
    return not is_known


def _moment(file: Path, updated: datetime) -> float:
    moment = float(int(updated.timestamp()))  # whole seconds: HTTP knows no others
    try:
        return max(moment, file.stat().st_mtime + 1)
    except FileNotFoundError:
        return moment


def _replace(file: Path, body: bytes, moment: float) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        temporary.write_bytes(body)
        os.utime(temporary, (moment, moment))
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def remove(folder: Path, path: str) -> None:
    """Remove a document, its compressed form, and the folders that are empty without it."""
    file = location(folder, path)
    file.unlink(missing_ok=True)
    file.with_name(file.name + ".gz").unlink(missing_ok=True)
    for parent in file.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()


def stands(folder: Path, path: str) -> bool:
    """Tell whether a document is there."""
    return location(folder, path).is_file()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder holds."""

    marks: dict[str, str] = field(default_factory=dict)  # path -> a mark of what the document was made from
    problems: tuple[str, ...] = ()  # documents that stayed as they were, and why


def manifest(folder: Path) -> Manifest:
    """Give what was written there last; without a manifest nothing is removed, and all is compared by bytes."""
    try:
        told = json.loads((folder / _MANIFEST).read_bytes())
        return Manifest(dict(told["documents"]), tuple(told["problems"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Manifest()


def write_manifest(folder: Path, now: Manifest) -> None:
    """Remember which documents are ours."""
    told = {"documents": dict(sorted(now.marks.items())), "problems": now.problems}
    text = json.dumps(told, indent=0, ensure_ascii=False) + "\n"
    file = folder / _MANIFEST
    if not file.exists() or file.read_text() != text:
        temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
        temporary.write_text(text)
        temporary.replace(file)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other publishers out of the folder, in this process and in others."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
