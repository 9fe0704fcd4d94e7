"""The finished documents as a WSGI layer: answered from memory, at the cost of one look at the file."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import http_date

from feedhub.web import folder
from feedhub.web.conditional import is_among, is_unchanged_since, preferred
from feedhub.web.folder import Document, Mark
from feedhub.web.headers import ALWAYS, PREFLIGHT, always, caching, links

Headers = list[tuple[str, str]]

_ROOM = 64_000_000  # bytes of documents kept in memory
_BESIDE = 5_000  # bytes, about, that a document takes beside its forms
_LONGEST = 60.0  # seconds between two looks at what is beside the file, and at the date
_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FAILED = b"412 The document has changed.\n"
_FAILED_HEADERS = (
    *ALWAYS,
    ("Cache-Control", "no-store"),
    ("Content-Length", str(len(_FAILED))),
    ("Content-Type", "text/plain; charset=utf-8"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A document in one content coding, with all that an answer needs made beforehand."""

    body: bytes | None  # None = not in memory: nobody has asked for this form
    tag: str  # without its quotes
    known_as: frozenset[str]  # the usual If-None-Match of who has it
    modified: datetime
    last_modified: str  # the same as HTTP writes it
    whole: Headers  # of a 200
    unchanged: Headers  # of a 304


@dataclass(slots=True, kw_only=True)
class _Kept:
    """A document in memory."""

    path: str
    place: str
    mark: Mark  # of the file; the first of `marks`
    marks: tuple[Mark | None, ...]
    caching: str
    forms: dict[str, _Form]  # by content coding
    until: float  # by the monotonic clock; then it is looked at more closely
    used: float  # by the monotonic clock

    @property
    def size(self) -> int:
        """Give about what it takes, in bytes."""
        return _BESIDE + sum(len(form.body or b"") for form in self.forms.values())


class FinishedDocuments:
    """Answers GET, HEAD and OPTIONS for the documents of a folder; whatever else comes goes on to `rest`.

    A document stands at its path, and at its path after that of `site_url`: some proxies take that away,
    and some do not. Threads may share it.
    """

    def __init__(
        self,
        rest: WSGIApplication,
        feeds: Path,
        *,
        site_url: str,
        cache: timedelta,
        now: Callable[[], datetime],
        framers: Collection[str] = ("*",),
        closes: timedelta = timedelta(),
        room: int = _ROOM,
    ) -> None:
        self._rest = rest
        self._folder = str(feeds)
        self._site_url = site_url
        # Bytes as WSGI hands them over: each a character of its own.
        self._base = unquote_to_bytes(urlsplit(site_url).path).decode("latin-1")
        self._cache = cache
        self._now = now
        self._framers = framers
        self._closes = closes
        self._room = room
        self._kept: dict[str, _Kept] = {}
        self._size = 0
        self._lock = Lock()  # for changes of what is kept; looking something up needs none

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        method = environ["REQUEST_METHOD"]
        path = environ.get("PATH_INFO", "")
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        form = self._recall(path, accepted) or self._read(path, accepted) if method in _METHODS else None
        if form is None or form.body is None:
            return self._rest(self._onward(environ, path), start_response)
        if method == "OPTIONS":
            always_told = always(self._names(path)[0], self._framers)
            start_response("204 No Content", [*always_told, *PREFLIGHT])
            return []
        if ("HTTP_IF_MATCH" in environ or "HTTP_IF_UNMODIFIED_SINCE" in environ) and _is_refused(
            environ, form
        ):
            start_response("412 Precondition Failed", [*_FAILED_HEADERS])
            return [] if method == "HEAD" else [_FAILED]
        # The lists are copies: a server may change what it is given.
        if _is_known(environ, form):
            start_response("304 Not Modified", form.unchanged[:])
            return []
        start_response("200 OK", form.whole[:])
        # granian sends a list at once; anything else it asks for piece by piece.
        return [] if method == "HEAD" else [form.body]

    def _onward(self, environ: WSGIEnvironment, path: str) -> WSGIEnvironment:
        """Move the site's path out of the way, as PEP 3333 wants it."""
        if self._base and (path + "/").startswith(self._base + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._base
            environ["PATH_INFO"] = path[len(self._base) :]
        return environ

    # ── Memory ──

    def _recall(self, path: str, accepted: str) -> _Form | None:
        """Give a form from memory if the document's file is still the one that was read."""
        kept = self._kept.get(path)
        if kept is None:
            return None
        now = time.monotonic()
        if now > kept.until and not self._is_still(kept, now):
            return None
        try:
            status = os.stat(kept.place)  # noqa: PTH116 - half the time of Path.stat
        except OSError:
            return None
        # folder.mark, without the call: this line is half of what is not the look at the file.
        if (status.st_ctime_ns, status.st_mtime_ns, status.st_ino, status.st_size) != kept.mark:
            return None
        kept.used = now
        form = _chosen(kept.forms, accepted)
        return None if form.body is None else form

    def _is_still(self, kept: _Kept, now: float) -> bool:
        """Look whether a compressed form has come or gone, and whether a day has closed."""
        if folder.marks(kept.place) != kept.marks or self._caching(kept.path) != kept.caching:
            return False
        kept.until = now + _LONGEST
        return True

    def _read(self, path: str, accepted: str) -> _Form | None:
        """Read a document, and keep the form that is asked for, beside those that were kept before.

        It is kept only if its file can no longer change unseen.
        """
        for name in self._names(path):
            if document := folder.read(self._folder, name):
                forms = self._forms(name, document)
                form = _chosen(forms, accepted)
                kept = self._made(name, document, self._lean(path, forms, form))
                self._keep(path, kept if document.is_settled else None)
                return form
        self._keep(path, None)
        return None

    def _made(self, name: str, document: Document, forms: dict[str, _Form]) -> _Kept:
        now = time.monotonic()
        return _Kept(
            path=name,
            place=document.place,
            mark=document.mark,
            marks=document.marks,
            caching=self._caching(name),
            forms=forms,
            until=now + _LONGEST,
            used=now,
        )

    def _lean(self, path: str, forms: Mapping[str, _Form], asked: _Form) -> dict[str, _Form]:
        """Leave out the bodies of forms that nobody has asked for."""
        before = self._kept.get(path)
        wanted = {coding for coding, form in before.forms.items() if form.body} if before else set()
        return {
            coding: form if form is asked or coding in wanted else replace(form, body=None)
            for coding, form in forms.items()
        }

    def _names(self, path: str) -> list[str]:
        """Give the paths that a request may mean, as text; the one after the site's own first."""
        names = [path or "/"]
        if self._base and path.startswith(self._base + "/"):
            names.insert(0, path[len(self._base) :])
        try:
            return [name.encode("latin-1").decode() for name in names]
        except UnicodeError:
            return []

    def _forms(self, path: str, document: Document) -> dict[str, _Form]:
        headers = [
            *always(path, self._framers),
            ("Cache-Control", self._caching(path)),
            ("Last-Modified", http_date(document.modified)),
            ("Vary", "Accept-Encoding"),
        ]
        if link := links(path, self._site_url):
            headers.append(("Link", link))
        return {coding: _form(coding, document, headers) for coding in document.forms}

    def _caching(self, path: str) -> str:
        return caching(path, self._cache, self._now(), self._closes)

    def _keep(self, path: str, kept: _Kept | None) -> None:
        """Put a document into memory, or out of it; what was asked for longest ago makes room."""
        if kept is None and path not in self._kept:
            return
        with self._lock:
            if before := self._kept.pop(path, None):
                self._size -= before.size
            if kept and kept.size <= self._room:
                self._kept[path] = kept
                self._size += kept.size
            if self._size > self._room:
                self._make_room()

    def _make_room(self) -> None:
        # More than is needed at once: ordering them all is dear.
        enough = self._room * 7 // 8
        for path, kept in sorted(self._kept.items(), key=lambda item: item[1].used):
            if self._size <= enough:
                break
            del self._kept[path]
            self._size -= kept.size


def _form(coding: str, document: Document, headers: Headers) -> _Form:
    body = document.forms[coding]
    tag = document.digest if coding == "identity" else f"{document.digest}-{coding}"
    unchanged = [*headers, ("ETag", f'"{tag}"')]
    whole = [*unchanged, ("Content-Type", document.media_type), ("Content-Length", str(len(body)))]
    if coding != "identity":
        whole.append(("Content-Encoding", coding))
    return _Form(
        body=body,
        tag=tag,
        known_as=frozenset({f'"{tag}"', f'W/"{tag}"', "*"}),
        modified=document.modified,
        last_modified=http_date(document.modified),
        whole=whole,
        unchanged=unchanged,
    )


# ── By RFC 9110 ──────────────────────────────────────────────────────────────────────────────────


def _chosen(forms: Mapping[str, _Form], accepted: str) -> _Form:
    """Choose the form to send (12.5.3)."""
    if accepted:
        for coding in preferred(accepted):
            if coding in forms:
                return forms[coding]
    return forms["identity"]


def _is_known(environ: WSGIEnvironment, form: _Form) -> bool:
    """Tell whether the reader has it already; a date is asked only where there are no tags (13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags in form.known_as or is_among(form.tag, tags, weakly=True)
    date = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not date:
        return False
    return date == form.last_modified or bool(is_unchanged_since(date, form.modified))


def _is_refused(environ: WSGIEnvironment, form: _Form) -> bool:
    """Tell whether the reader wants only another version (13.1.1, 13.1.4)."""
    tags = environ.get("HTTP_IF_MATCH")
    if tags is not None:
        return not is_among(form.tag, tags, weakly=False)
    return is_unchanged_since(environ.get("HTTP_IF_UNMODIFIED_SINCE", ""), form.modified) is False
