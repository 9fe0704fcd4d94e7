"""Who asked for what, and what they got: told to whoever wants to know, after each answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedhub.web.headers import FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request and how it was answered."""

    environ: WSGIEnvironment
    status: int
    length: int | None  # of the body, in bytes; None = it was sent piece by piece, and nobody said how many

    @property
    def kind(self) -> str:
        """Say what was asked for, by the address: one of few words, whatever the address is."""
        path: str = self.environ.get("PATH_INFO", "")
        if "/static/" in path:
            return "static"
        if path.endswith("/") or not path:
            return "page"
        suffix = path[path.rfind(".") :]
        return suffix[1:] if suffix in (*FORMATS, ".opml") else "other"


Tell = Callable[[Answered], None]


def observed(app: WSGIApplication, tells: Sequence[Tell]) -> WSGIApplication:
    """Wrap an application so that each of these learns of every answer."""

    def observing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *more)

        # Whoever answers may change what it is given: what was asked for stays.
        asked = environ.copy()
        body = app(environ, start)
        status, headers = started[-1] if started else ("0", [])
        answered = Answered(environ=asked, status=int(status[:3]), length=_length(body, headers))
        for tell in tells:
            tell(answered)
        return body

    return observing


def _length(body: Iterable[bytes], headers: Sequence[tuple[str, str]]) -> int | None:
    """Give the length of a body in bytes: as it stands, else as the answer tells it."""
    if isinstance(body, list | tuple):
        return sum(map(len, body))
    told = (value for name, value in headers if name.lower() == "content-length")
    return next((int(value) for value in told if value.isdecimal()), None)
