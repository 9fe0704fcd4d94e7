"""The access log: a line for each answer, in the combined format that log analysers read."""

import logging
import os
import re
import sys
from datetime import UTC, datetime
from threading import Lock
from typing import TextIO
from urllib.parse import quote

from feedhub.web.observed import Answered

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # whatever the locale is
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\]')
_LONGEST = 1000  # characters of what a reader says

_log = logging.getLogger("feedhub")


def line(answered: Answered, now: datetime) -> str:
    """Write an answer down; what a reader says cannot end a line, a field, or steer a terminal."""
    environ = answered.environ
    query = environ.get("QUERY_STRING", "")
    target = quote(environ.get("PATH_INFO", "").encode("latin-1"), safe="/~!$&'()*+,;=:@")
    asked = f"{environ.get('REQUEST_METHOD', '')} {target}{'?' if query else ''}{query}"
    asked += f" {environ.get('SERVER_PROTOCOL', 'HTTP/1.1')}"
    when = f"{now.day:02}/{_MONTHS[now.month - 1]}/{now:%Y:%H:%M:%S %z}"
    length = "-" if answered.length is None else answered.length
    said = [_safe(environ.get(name, "-")) for name in ("HTTP_REFERER", "HTTP_USER_AGENT")]
    reader = _safe(environ.get("REMOTE_ADDR") or "-").replace(" ", "_")
    return f'{reader} - - [{when}] "{_safe(asked)}" {answered.status} {length} "{said[0]}" "{said[1]}"'


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\x{min(ord(match[0]), 255):02x}", text[:_LONGEST])


class AccessLog:
    """Writes to a file, or with "-" to the standard output; raises OSError if there can be no such file.

    A file that was moved away is begun anew, so that logs can be rotated; threads and processes may share it.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._lock = Lock()
        self._is_failing = False
        self._file, self._inode = self._opened()

    def __call__(self, answered: Answered) -> None:
        """Write a line; a disk that is full stops nobody from being answered."""
        text = line(answered, datetime.now(UTC)) + "\n"
        with self._lock:
            try:
                if self._is_moved():
                    self._begin_anew()
                self._file.write(text)
                self._file.flush()
                self._is_failing = False
            # A standard output that somebody has closed raises ValueError.
            except (OSError, ValueError) as error:
                if not self._is_failing:
                    _log.error("access log problem=%r", str(error))
                self._is_failing = True

    def _begin_anew(self) -> None:
        before = self._file
        self._file, self._inode = self._opened()
        before.close()  # only now: if none can be opened, the file that was moved may come back

    def _opened(self) -> tuple[TextIO, int]:
        if self._place == "-":
            # Where there is none, typeshed does not say so, Python has None.
            if not sys.stdout:
                raise OSError("the standard output, where the access log goes, is closed")
            return sys.stdout, 0
        file = open(self._place, "a", encoding="ascii")  # noqa: PTH123, SIM115 - it stays open
        return file, os.fstat(file.fileno()).st_ino

    def _is_moved(self) -> bool:
        if self._place == "-":
            return False
        try:
            return os.stat(self._place).st_ino != self._inode  # noqa: PTH116 - half the time of Path.stat
        except FileNotFoundError:
            return True
