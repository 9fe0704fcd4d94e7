"""The Flask application: addresses to finished documents, with what RFC 9110 and browsers want said."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.http import http_date

from feedhub.web.conditional import is_known, takes_gzip
from feedhub.web.finished import MEDIA_TYPES, Document, FinishedDocuments

_METHODS = "GET, HEAD, OPTIONS"
_FORMATS = (".rss", ".atom", ".json")
_USUAL = {"/feed": ".rss", "/rss": ".rss", "/feed.xml": ".rss", "/index.xml": ".rss", "/atom.xml": ".atom"}
_DATED = re.compile(r"/(\d{4}-\d\d-\d\d)(?=[/.])")
_HASHED = re.compile(r"/static/.+-[0-9a-f]{8,}\.\w+")
_DAY = timedelta(days=1)
_YEAR = 365 * _DAY
_HOUR = timedelta(hours=1)
# A day ends at the latest twelve hours after its end in UTC, and waits some hours for late entries.
_SURELY_CLOSED = timedelta(days=3)
_ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    # Publishers see that we sent them a reader, and not from which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Cache-Control",
    "Access-Control-Max-Age": "86400",  # seconds
}


_PROBLEM = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status} {phrase}</title>
<h1>{phrase}</h1>
<p>{words}</p>
<p><a href="{home}/">To the front page</a></p>
</html>
"""
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address can only be read.",
    500: "Something went wrong here. It has been noted.",
}


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    feeds: Path,
    *,
    site_url: str,
    first_feed: str,
    cache: timedelta,
    health: Callable[[], Mapping[str, object]],
    now: Callable[[], datetime] = _now,
) -> Flask:
    """Make the application that serves the folder `feeds`, laid out as its URLs are (docs/design.md, 8).

    `site_url` has no slash at its end; `first_feed` is the name of the feed that the usual addresses lead
    to; `cache` is how long a reader may go without asking again; `health` gives what /health tells: a
    mapping with a "status" of "ok", "degraded" or "down".
    """
    app = Flask("feedhub", static_folder=None, template_folder=None)
    # Redirects of the router's own would hold the Host header.
    app.url_map.merge_slashes = False
    documents = FinishedDocuments(feeds)

    @app.get("/health")
    def _health() -> Response:
        return _state(health())

    @app.get("/", strict_slashes=False)
    @app.get("/<path:_address>")
    def _document(_address: str = "") -> Response:
        path = request.path
        if document := documents.find(path):
            return _answer(path, document, site_url=site_url, caching=_caching(path, cache, now()))
        if suffix := _USUAL.get(path):
            return _moved(first_feed + suffix, cache)
        if not path.endswith("/") and documents.has_page(path + "/"):
            return _moved(quote(path.rpartition("/")[2]) + "/", cache)
        raise NotFound

    @app.errorhandler(HTTPException)
    def _failed(error: HTTPException) -> Response:
        return _problem(request.path, error.code or 500, site_url=site_url)

    app.before_request(_preflight)
    app.after_request(_complete)
    return app


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def _answer(path: str, document: Document, *, site_url: str, caching: str) -> Response:
    body, tag = document.body, document.digest
    headers = {
        "Cache-Control": caching,
        "Last-Modified": http_date(document.modified),
        "Vary": "Accept-Encoding",
    }
    if path.endswith(_FORMATS):
        headers["Link"] = _links(path, site_url)
    if document.compressed is not None and takes_gzip(request.accept_encodings):
        body, tag = document.compressed, f"{document.digest}-gzip"
        headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f'"{tag}"'
    if _is_known(tag, document.modified):
        headers.pop("Content-Encoding", None)
        answer = Response(status=304, headers=headers)
        del answer.headers["Content-Type"]
        return answer
    return Response(body, headers=headers, content_type=document.media_type)


def _is_known(tag: str, modified: datetime) -> bool:
    return is_known(
        tag,
        modified,
        if_none_match=request.headers.get("If-None-Match", ""),
        if_modified_since=request.headers.get("If-Modified-Since", ""),
    )


def _moved(near: str, cache: timedelta) -> Response:
    """Lead to an address beside the one that was asked for."""
    headers = {"Location": near, "Cache-Control": f"public, max-age={_seconds(cache)}"}
    return Response(status=308, headers=headers, content_type="text/plain; charset=utf-8")


def _state(state: Mapping[str, object]) -> Response:
    return Response(
        json.dumps(dict(state), ensure_ascii=False) + "\n",
        status=200 if state.get("status") in ("ok", "degraded") else 503,
        headers={"Cache-Control": "no-store"},
        content_type="application/json",
    )


def _preflight() -> Response | None:
    """Answer what browsers ask before a script of another site may read (Fetch standard, CORS)."""
    return Response(status=204, headers=_PREFLIGHT) if request.method == "OPTIONS" else None


def _complete(answer: Response) -> Response:
    answer.headers.update(_ALWAYS)
    return answer


def _problem(path: str, code: int, *, site_url: str) -> Response:
    """Say what went wrong, and nothing of the request or of us."""
    status = HTTPStatus(code)
    words = _WORDS.get(code, f"{status.phrase}.")
    headers = {"Cache-Control": "no-store"}
    if code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _METHODS
    if path.endswith((*_FORMATS, ".opml")) or path in _USUAL:
        return Response(
            f"{code} {words}\n", status=code, headers=headers, content_type="text/plain; charset=utf-8"
        )
    text = _PROBLEM.format(status=code, phrase=status.phrase, words=words, home=escape(site_url))
    return Response(text, status=code, headers=headers, content_type="text/html; charset=utf-8")


# ── Headers ──────────────────────────────────────────────────────────────────────────────────────


def _caching(path: str, cache: timedelta, now: datetime) -> str:
    """Say how long a document stays good: a name that holds a hash for ever, a closed day for an hour."""
    if _HASHED.fullmatch(path):
        return f"public, max-age={_seconds(_YEAR)}, immutable"
    age = max(cache, _HOUR) if _is_closed(path, now) else cache
    return (
        f"public, max-age={_seconds(age)}, stale-while-revalidate={_seconds(age)},"
        f" stale-if-error={_seconds(_DAY)}"
    )


def _is_closed(path: str, now: datetime) -> bool:
    match = _DATED.search(path)
    if not match:
        return False
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return False
    return now.date() - day > _SURELY_CLOSED


def _links(path: str, site_url: str) -> str:
    """Write the Link header of a feed (RFC 8288): itself, its other formats and its page."""
    stem, _, suffix = path.rpartition(".")
    ways = [
        ("self" if other == "." + suffix else "alternate", stem + other, MEDIA_TYPES[other])
        for other in _FORMATS
    ]
    ways.append(("alternate", stem + "/", MEDIA_TYPES[".html"]))
    return ", ".join(
        f'<{site_url}{quote(address)}>; rel="{relation}"; type="{media_type.partition(";")[0]}"'
        for relation, address, media_type in ways
    )


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
