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
    length: int | None  # of the body, in bytes; None = it was sent piece by piece

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
        statuses: list[str] = []

        def start(status: str, *more: Any) -> Any:
            statuses.append(status)
            return start_response(status, *more)

        # Whoever answers may change what it is given: what was asked for stays.
        asked = environ.copy()
        body = app(environ, start)
        length = sum(map(len, body)) if isinstance(body, list) else None
        status = int(statuses[-1][:3]) if statuses else 0
        for tell in tells:
            tell(Answered(environ=asked, status=status, length=length))
        return body

    return observing
