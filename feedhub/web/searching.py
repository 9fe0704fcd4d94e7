"""/search: asks the store, so only so many may at once; whatever else is asked for goes on being answered."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from threading import BoundedSemaphore

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound, ServiceUnavailable

from feedhub.errors import FeedHubError
from feedhub.web import headers

# What is asked, and in which format, to a document; None if it names a feed or a day that there is not.
Search = Callable[[Mapping[str, str], str], bytes | None]

FORMATS = ("rss", "atom", "json")
_AGAIN = 1  # seconds until it is worth asking again

_log = logging.getLogger("feedhub")


def add_search(app: Flask, search: Search | None, cache: timedelta, *, at_once: int) -> None:
    """Answer questions at /search, as a page and in all formats; None: nobody may ask.

    Who comes while `at_once` are asking is sent away: whoever waits holds a thread, which is one less for
    documents.
    """
    places = BoundedSemaphore(at_once)
    last_problem = ""

    def answered(format_: str) -> Response:
        nonlocal last_problem
        if search is None:
            raise NotFound
        if not places.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=_AGAIN)
        try:
            document = search(request.args, format_)
        except FeedHubError as error:
            if str(error) != last_problem:  # once, however many ask
                last_problem = str(error)
                _log.error("search problem=%r", last_problem)
            raise ServiceUnavailable(retry_after=_AGAIN) from error
        finally:
            places.release()
        if document is None:
            raise BadRequest
        told = {"Cache-Control": headers.fresh(cache), "X-Robots-Tag": "noindex"}
        media_type = headers.MEDIA_TYPES[".html" if format_ == "page" else f".{format_}"]
        return Response(document, headers=told, content_type=media_type)

    app.add_url_rule("/search", "page", partial(answered, "page"), methods=["GET"])
    for each in FORMATS:
        app.add_url_rule(f"/search.{each}", each, partial(answered, each), methods=["GET"])
