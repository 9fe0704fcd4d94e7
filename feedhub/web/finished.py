"""The folder of finished documents: what stands at an address, read once and kept while it is unchanged."""

import hashlib
import os
import re
import stat
import zlib
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO

MEDIA_TYPES = {
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
# No dot at the start: what publishing keeps for itself begins with one. No colon: a relative Location
# made of such a name would be another scheme.
_SEGMENT = re.compile(r"[\w~-][\w.~-]{0,200}")
_INDEX = "index.html"
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe must not hold us up
_ROOM = 64_000_000  # bytes of documents kept in memory

Mark = tuple[int, int, int, int]  # inode, mtime and ctime in ns, size: a replaced file has another


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished document, in the forms that it can be sent in."""

    media_type: str
    body: bytes
    compressed: bytes | None  # gzip; None = there is no such form of these very bytes
    digest: str  # of the body; other builds of zlib compress it to other bytes
    modified: datetime  # the file's mtime, in whole seconds


class FinishedDocuments:
    """Reads documents from a folder that is laid out as its addresses are."""

    def __init__(self, folder: Path, *, room: int = _ROOM) -> None:
        self._folder = folder
        self._room = room  # bytes
        self._kept: OrderedDict[str, tuple[tuple[Mark | None, ...], Document]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, path: str) -> Document | None:
        """Give the document at the path of a URL; None if none stands there for others to read."""
        name = _name(path)
        if name is None:
            return None
        with ExitStack() as files:
            plain = self._open(name, files)
            if plain is None:
                return None
            packed = self._open(name + ".gz", files)
            marks = (_mark(plain), _mark(packed) if packed else None)
            return self._recall(name, marks) or self._keep(name, marks, _document(name, plain, packed))

    def has_page(self, path: str) -> bool:
        """Tell whether a page stands at a path that ends with a slash."""
        name = _name(path)
        with ExitStack() as files:
            return name is not None and self._open(name, files) is not None

    def _open(self, name: str, files: ExitStack) -> BinaryIO | None:
        """Open a file once: all that is then asked of it is asked of the same one, whatever replaces it."""
        try:
            place = os.path.join(os.path.realpath(self._folder), name)  # noqa: PTH118 - the quicker way
            if os.path.realpath(place) != place:
                return None  # a symbolic link leads elsewhere
            file = files.enter_context(os.fdopen(os.open(place, _READ), "rb"))
        except OSError:
            return None  # not there, or not for us: the same to who asks
        return file if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None

    def _recall(self, name: str, marks: tuple[Mark | None, ...]) -> Document | None:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] != marks:
                return None
            self._kept.move_to_end(name)
            return kept[1]

    def _keep(self, name: str, marks: tuple[Mark | None, ...], document: Document) -> Document:
        with self._lock:
            if name in self._kept:
                self._size -= _size(self._kept.pop(name)[1])
            self._kept[name] = (marks, document)
            self._size += _size(document)
            while self._size > self._room:
                self._size -= _size(self._kept.popitem(last=False)[1][1])
        return document


def _name(path: str) -> str | None:
    """Give the file that stands for a path, from the folder on; None if no such file can be ours."""
    if not path.startswith("/"):
        return None
    name = path[1:] + _INDEX if path.endswith("/") else path[1:]
    segments = name.split("/")
    if not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return None
    suffix = os.path.splitext(name)[1]  # noqa: PTH122 - a name, not a place
    is_page = suffix == ".html"
    return name if suffix in MEDIA_TYPES and is_page == path.endswith("/") else None


def _mark(file: BinaryIO) -> Mark:
    status = os.fstat(file.fileno())
    # ctime too: publishing sets the mtime, which two versions of one size may share.
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _document(name: str, plain: BinaryIO, packed: BinaryIO | None) -> Document:
    body = plain.read()
    return Document(
        media_type=MEDIA_TYPES[os.path.splitext(name)[1]],  # noqa: PTH122
        body=body,
        compressed=_same(packed.read(), body) if packed else None,
        digest=hashlib.sha256(body).hexdigest()[:32],
        modified=datetime.fromtimestamp(int(os.fstat(plain.fileno()).st_mtime), UTC),
    )


def _same(compressed: bytes, body: bytes) -> bytes | None:
    """Give the compressed form if it holds this body; it is replaced a moment before the plain file is."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(compressed, len(body) + 1)
    except zlib.error:
        return None
    return compressed if unpacked == body and unpacking.eof else None


def _size(document: Document) -> int:
    return len(document.body) + len(document.compressed or b"")
