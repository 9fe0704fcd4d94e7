"""The web as a dict, with the methods of Fetcher: for tests that need no sockets."""

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Event

from feedhub import urls
from feedhub.errors import FetchError, Rejected
from feedhub.fetch import Outcome
from feedhub.model import Request, Response, Unchanged

_IDLE = 0.01  # seconds


class FakeWeb:
    """Answers from what it was told; every request is remembered in `requests`.

    web = FakeWeb({"https://morning.example/feed": body})
    web.serves("https://evening.example/feed", body, etag='"1"')
    web.fails("https://night.example/feed", TimedOut("no answer within 30 s"))
    """

    def __init__(
        self, pages: Mapping[str, bytes | str | Outcome] | None = None, *, at_once: int = 64
    ) -> None:
        self.requests: list[Request] = []
        self.is_closed = False
        self.awake = Event()
        self._at_once = at_once
        self._pages: dict[str, Outcome] = {}
        self._waiting: deque[Request] = deque()
        self._held: set[str] = set()
        for url, page in (pages or {}).items():
            self.gives(url, page)

    def serves(
        self,
        url: str,
        body: bytes | str,
        *,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        moved: str = "",
    ) -> None:
        """Answer a URL with a body; Unchanged to a request that carries its etag, else its last_modified."""
        validators = {"etag": etag, "last-modified": last_modified}
        sent = {name: value for name, value in validators.items() if value} | dict(headers or {})
        content = body.encode() if isinstance(body, str) else body
        self.gives(url, Response(url=moved or url, status=status, headers=sent, body=content, moved=moved))

    def fails(self, url: str, error: FetchError) -> None:
        """Answer a URL with an error."""
        self.gives(url, error)

    def gives(self, url: str, page: bytes | str | Outcome) -> None:
        """Answer a URL with a body or with an outcome as it is."""
        if isinstance(page, bytes | str):
            self.serves(url, page)
        else:
            self._pages[url] = page

    def holds(self, urls: Iterable[str]) -> None:
        """Leave requests for these URLs without an answer, until others are named."""
        self._held = set(urls)

    @property
    def urls(self) -> list[str]:
        """Give the URLs that were asked for, in order."""
        return [request.url for request in self.requests]

    @property
    def active(self) -> int:
        return len(self._waiting)

    @property
    def free(self) -> int:
        return max(0, self._at_once - self.active)

    def line(self, url: str) -> int:
        return sum(urls.host(request.url) == urls.host(url) for request in self._waiting)

    def add(self, request: Request) -> None:
        self.requests.append(request)
        self._waiting.append(request)

    def perform(self, wait: float) -> list[tuple[Request, Outcome]]:
        """Answer everything that waits and is not held."""
        ready = [request for request in self._waiting if request.url not in self._held]
        self._waiting = deque(request for request in self._waiting if request.url in self._held)
        if not ready:
            self.awake.wait(min(max(wait, 0.0), _IDLE))
        self.awake.clear()
        return [(request, self._answer(request)) for request in ready]

    def wake(self) -> None:
        self.awake.set()

    def close(self) -> None:
        self._waiting.clear()
        self.is_closed = True

    def _answer(self, request: Request) -> Outcome:
        page = self._pages.get(request.url)
        if page is None:
            return Rejected("answered 404 Not Found", status=404)
        if isinstance(page, Response) and _is_known(request, page.headers):
            return Unchanged(headers=page.headers)
        return page


def _is_known(request: Request, headers: Mapping[str, str]) -> bool:
    if request.etag:
        return request.etag == headers.get("etag")
    return bool(request.last_modified) and request.last_modified == headers.get("last-modified")
