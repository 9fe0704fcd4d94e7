"""/search: asks the store, so it is bounded; whatever else is asked for goes on being answered."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from threading import BoundedSemaphore

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound, ServiceUnavailable

from feedhub.errors import FeedHubError
from feedhub.web import headers

Search = Callable[[Mapping[str, str], str], bytes]  # what is asked, and in which format, to a document

FORMATS = ("rss", "atom", "json")
_AT_ONCE = 2  # of the few threads that a server has
_PATIENCE = 1.0  # seconds


def add_search(app: Flask, search: Search | None, cache: timedelta) -> None:
    """Answer questions at /search, as a page and in all formats; None: nobody may ask."""
    places = BoundedSemaphore(_AT_ONCE)

    def answered(format_: str) -> Response:
        if search is None:
            raise NotFound
        if not places.acquire(timeout=_PATIENCE):
            raise ServiceUnavailable(retry_after=1)
        try:
            document = search(request.args, format_)
        except FeedHubError as error:
            raise ServiceUnavailable from error
        finally:
            places.release()
        told = {"Cache-Control": headers.fresh(cache), "X-Robots-Tag": "noindex"}
        media_type = headers.MEDIA_TYPES[".html" if format_ == "page" else f".{format_}"]
        return Response(document, headers=told, content_type=media_type)

    app.add_url_rule("/search", "page", partial(answered, "page"), methods=["GET"])
    for each in FORMATS:
        app.add_url_rule(f"/search.{each}", each, partial(answered, each), methods=["GET"])
