"""Documents on disk, answered as if a server had sent them."""

import errno
import os
import stat
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedhub.errors import FetchError, Refused, Unreachable
from feedhub.model import Request, Response, Unchanged

from .words import size

_WORDS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EACCES: "the file may not be read",
    errno.EISDIR: "that is a folder, not a file",
}


def is_on_disk(url: str) -> bool:
    """Tell whether a URL names a document on disk."""
    return url[:5].lower() == "file:"


def read_from_disk(request: Request, max_size: int) -> Response | Unchanged | FetchError:
    """Read a file: URL; what it held the last time is told by the time and size of the file."""
    parts = urlsplit(request.url)
    if parts.netloc not in ("", "localhost"):
        return Refused("a file on another machine cannot be read")
    try:
        return _read(request, Path(unquote(parts.path)), max_size)
    except OSError as error:
        return Unreachable(_WORDS.get(error.errno or 0) or f"the file cannot be read: {error.strerror}")
    except ValueError:
        return Refused("the address names no file")  # a NUL in it


def _read(request: Request, path: Path, max_size: int) -> Response | Unchanged | FetchError:
    with open(path, "rb", opener=_open) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            return Refused("that is not a file")
        headers = {
            "etag": f'"{found.st_mtime_ns:x}-{found.st_size:x}"',
            "last-modified": formatdate(found.st_mtime, usegmt=True),
        }
        if _is_known(request, headers):
            return Unchanged(headers=headers)
        body = file.read(max_size + 1)
    if len(body) > max_size:
        return Refused(f"a file of more than {size(max_size)}")
    if not body:
        return Refused("the file is empty")
    return Response(url=request.url, headers=headers, body=body)


def _open(path: str, flags: int) -> int:
    # Not to wait for the other end of a pipe.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_known(request: Request, headers: dict[str, str]) -> bool:
    if request.etag:
        return request.etag == headers["etag"]
    return request.last_modified == headers["last-modified"]
