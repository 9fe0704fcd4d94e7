"""The Flask application: all that is no finished document, behind the layer that answers for those."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import Gone, HTTPException, MethodNotAllowed, NotFound

from feedhub.web import headers
from feedhub.web import oembed as oembeds
from feedhub.web.finished import FinishedDocuments
from feedhub.web.folder import has_page, is_gone
from feedhub.web.oembed import Oembed
from feedhub.web.problems import problem
from feedhub.web.proxies import believing
from feedhub.web.searching import Search, add_search

_USUAL = {"/feed": ".rss", "/rss": ".rss", "/feed.xml": ".rss", "/index.xml": ".rss", "/atom.xml": ".atom"}


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    feeds: Path,
    *,
    site_url: str,
    first_feed: str,
    cache: timedelta,
    health: Callable[[], Mapping[str, object]],
    is_ready: Callable[[], bool] = lambda: True,
    now: Callable[[], datetime] = _now,
    proxies: Collection[str] = (),
    framers: Collection[str] = ("*",),
    oembed: Oembed = lambda *_: {},
    search: Search | None = None,
    searches: int = 2,
    closes: timedelta = timedelta(),
) -> Flask:
    """Make the application that serves the folder `feeds`, laid out as its URLs are (docs/design.md, 8).

    `site_url` has no slash at its end; `first_feed` is the name of the feed that the usual addresses lead
    to; `cache` is how long a reader may go without asking again; `health` gives what /health tells: a
    mapping with a "status" of "ok", "degraded" or "down"; `is_ready` tells whether there is something to
    serve; `proxies` are the addresses of reverse proxies that are believed; `framers` are the sites that
    may frame our embeds; `oembed` gives what shows the page at an address;
    `search` answers a question, or nobody may ask; `searches` is how many it answers at once, fewer than
    there are threads; `closes` is how long days wait, after their end, for late entries.
    """
    app = Flask("feedhub", static_folder=None, template_folder=None)
    # Redirects of the router's own would hold the Host header.
    app.url_map.merge_slashes = False

    @app.get("/health")
    def _health() -> Response:
        return _state(health())

    @app.get("/ready")
    def _ready() -> Response:
        return _state({"status": "ok" if is_ready() else "starting"})

    @app.get("/oembed")
    def _oembed() -> Response:
        return oembeds.answer(request.args, oembed, may_frame=bool(framers), cache=cache)

    add_search(app, search, cache, at_once=searches)

    _add_elsewhere(app, feeds, first_feed, cache)

    @app.errorhandler(HTTPException)
    def _failed(error: HTTPException) -> Response:
        in_words = request.path in _USUAL or request.path.endswith((*headers.FORMATS, ".opml"))
        return problem(error, site_url=site_url, in_words=in_words)

    app.before_request(_preflight)
    app.after_request(_complete)
    layer = FinishedDocuments(
        believing(app.wsgi_app, proxies),
        feeds,
        site_url=site_url,
        cache=cache,
        now=now,
        framers=framers,
        closes=closes,
    )
    app.wsgi_app = layer  # type: ignore[method-assign]
    return app


def _add_elsewhere(app: Flask, feeds: Path, first_feed: str, cache: timedelta) -> None:
    """Have `app` answer where nothing stands: lead to what is meant, or tell that it is gone or was never."""

    @app.get("/", strict_slashes=False)
    @app.get("/<path:_address>")
    def _elsewhere(_address: str = "") -> Response:
        if request.environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise MethodNotAllowed  # Flask takes "get" for GET; RFC 9110, 9.1 does not
        if to := _better_address(feeds, request.environ, first_feed):
            return _moved(to, cache)
        raise Gone if is_gone(str(feeds), request.path) else NotFound


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def _better_address(feeds: Path, environ: Mapping[str, str], first_feed: str) -> str:
    """Give where what is meant by an address stands, as a relative reference; "" if nothing is meant."""
    path = request.path
    if environ["SCRIPT_NAME"] and not environ["PATH_INFO"]:
        return _as_folder(request.root_path)
    if suffix := _USUAL.get(path):
        return first_feed + suffix
    return "" if path.endswith("/") or not has_page(str(feeds), path + "/") else _as_folder(path)


def _as_folder(path: str) -> str:
    return quote(path.rpartition("/")[2]) + "/"


def _moved(near: str, cache: timedelta) -> Response:
    """Lead to an address beside the one that was asked for."""
    told = {"Location": near, "Cache-Control": headers.fresh(cache)}
    return Response(status=308, headers=told, content_type="text/plain; charset=utf-8")


def _state(state: Mapping[str, object]) -> Response:
    return Response(
        json.dumps(dict(state), ensure_ascii=False) + "\n",
        status=200 if state.get("status") in ("ok", "degraded") else 503,
        headers={"Cache-Control": "no-store"},
        content_type="application/json",
    )


def _preflight() -> Response | None:
    """Answer what browsers ask first, at any address."""
    return Response(status=204, headers=headers.PREFLIGHT) if request.method == "OPTIONS" else None


def _complete(answer: Response) -> Response:
    answer.headers.update(headers.ALWAYS)
    return answer
