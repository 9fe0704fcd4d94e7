"""The folder of finished documents: what stands at an address, read whole or not at all."""

import hashlib
import os
import re
import stat
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from feedhub.web.headers import media_type

try:
    import brotli
except ImportError:
    brotli = None

# No dot at the start but of the folder that RFC 8615 has named: what publishing keeps for itself begins
# with one. No colon: a relative Location made of such a name would be another scheme.
_SEGMENT = re.compile(r"[\w~-][\w.~-]{0,200}|\.well-known")
_FEED = re.compile(r"/([a-z0-9][a-z0-9-]{0,200})(?=[/.]|$)", re.A)
_GONE = ".gone"
_INDEX = "index.html"
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe must not hold us up
_LONGEST = 1000  # characters of a path: following links takes time with the square of its segments
_TRIES = 3
# A kernel's clock for files moves in steps of up to 10 ms: until it has moved on, a file that is replaced
# twice may come to look like the one before.
_STEP = 20_000_000  # ns

Mark = tuple[int, int, int, int]  # ctime and mtime in ns, inode, size: a replaced file has another


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished document, in the forms that it can be sent in."""

    place: str  # the file
    mark: Mark  # of the file, as it was read
    marks: tuple[Mark | None, ...]  # of the file and of those beside it
    is_settled: bool  # whoever replaces the file from now on gives it another mark
    media_type: str
    forms: Mapping[str, bytes]  # by content coding; "identity" is always there
    digest: str  # of the plain bytes; other builds of a compressor make other bytes
    modified: datetime  # the file's mtime, in whole seconds


def mark(status: os.stat_result) -> Mark:
    """Give what tells a file from the one that replaces it."""
    return status.st_ctime_ns, status.st_mtime_ns, status.st_ino, status.st_size


def read(folder: str, path: str) -> Document | None:
    """Read the document at the path of a URL; None if none stands there for others to read."""
    name = _name(path)
    if name is None:
        return None
    began = time.time_ns()
    found = _whole(folder, name)
    if found is None:
        return None
    body, status = found
    forms = {"identity": body}
    seen: list[Mark | None] = [mark(status)]
    for coding, suffix, unpacked in _COMPRESSED:
        packed = _whole(folder, name + suffix)
        # It is replaced a moment before the plain file is.
        if packed and unpacked(packed[0], len(body)) == body:
            forms[coding] = packed[0]
        seen.append(mark(packed[1]) if packed else None)
    return Document(
        place=os.path.join(folder, name),  # noqa: PTH118 - a str, as os.stat takes it quickest
        mark=mark(status),
        marks=tuple(seen),
        is_settled=abs(began - status.st_ctime_ns) > _STEP,
        media_type=media_type("/" + name) or "",
        forms=forms,
        digest=hashlib.sha256(body).hexdigest()[:32],
        modified=datetime.fromtimestamp(int(status.st_mtime), UTC),
    )


def marks(place: str) -> tuple[Mark | None, ...]:
    """Give the marks of a document's file and of its compressed forms as they are now; None = not there."""
    return tuple(_mark_at(place + suffix) for suffix in ("", *(suffix for _, suffix, _ in _COMPRESSED)))


def _mark_at(place: str) -> Mark | None:
    try:
        return mark(os.stat(place))  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return None


def has_page(folder: str, path: str) -> bool:
    """Tell whether a page stands at a path that ends with a slash."""
    name = _name(path)
    try:
        file = _opened(folder, name) if name else None
    except OSError:
        return False
    if file is None:
        return False
    file.close()
    return True


def is_gone(folder: str, path: str) -> bool:
    """Tell whether a path is that of a feed which publishing has marked as removed, or of its days."""
    match = _FEED.match(path)
    return match is not None and os.path.exists(os.path.join(folder, _GONE, match[1]))  # noqa: PTH110, PTH118


def _name(path: str) -> str | None:
    """Give the file that stands for a path, from the folder on; None if no such file can be ours."""
    if not path.startswith("/") or len(path) > _LONGEST:
        return None
    name = path[1:] + _INDEX if path.endswith("/") else path[1:]
    if not all(_SEGMENT.fullmatch(segment) for segment in name.split("/")):
        return None
    is_page = name.endswith(".html")
    return name if media_type("/" + name) and is_page == path.endswith("/") else None


def _whole(folder: str, name: str) -> tuple[bytes, os.stat_result] | None:
    """Read a file that nobody writes to meanwhile; None if there is none for others to read."""
    for _ in range(_TRIES):
        try:
            file = _opened(folder, name)
            if file is None:
                return None
            with file:
                before = os.fstat(file.fileno())
                body = file.read()
                after = os.fstat(file.fileno())
        except OSError:
            return None  # not there, or not for us: the same to who asks
        if mark(before) == mark(after) and len(body) == after.st_size:
            return body, after
    return None


def _opened(folder: str, name: str) -> BinaryIO | None:
    """Open a file; None if a symbolic link leads elsewhere, or it is no file. Raises OSError."""
    place = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
    if os.path.realpath(place) != place:
        return None
    descriptor = os.open(place, _READ)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)  # fdopen takes no folder, and leaves it open
    return None


def _gunzipped(packed: bytes, length: int) -> bytes | None:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(packed, length + 1)
    except zlib.error:
        return None
    return unpacked if unpacking.eof and not unpacking.unused_data else None


def _unbrotlied(packed: bytes, length: int) -> bytes | None:
    """Unpack brotli; None too where its library is not installed: nothing is sent unseen."""
    if brotli is None:
        return None
    unpacking = brotli.Decompressor()
    try:
        unpacked: bytes = unpacking.process(packed, output_buffer_limit=length + 1)
    except brotli.error:
        return None
    return unpacked if unpacking.is_finished() else None


_COMPRESSED = (("gzip", ".gz", _gunzipped), ("br", ".br", _unbrotlied))
