"""Bytes to a Reading, whatever format they are in. Pure."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from feedhub import __version__
from feedhub.errors import ReadError
from feedhub.model import Reading, Response, Source
from feedhub.read import feed, jsonfeed, origin
from feedhub.read.news import news
from feedhub.read.repair import repaired


def read(source: Source, response: Response, *, now: datetime) -> Reading:
    """Read a document into entries; raises ReadError, in words, if it is not a feed.

    Of a document that was read before (`response.seen`) the entries are those of new and changed items.
    """
    if jsonfeed.looks_like_json(response.body):
        return jsonfeed.read(source, response, now=now)
    document = repaired(response.body, response.headers.get("content-type", ""))
    told = _told(source, response)
    found = news(document, response.seen, told=told)
    if found.passed:
        with suppress(ReadError):  # as a whole it may well be a feed
            reading, keys = feed.read(source, found.document, response, now=now)
            if not found.misleads(keys):
                return replace(reading, seen=found.seen(keys), passed=len(found.passed))
        found = news(document, "", told=told)
    reading, keys = feed.read(source, document, response, now=now)
    return replace(reading, seen=found.seen(keys))


def _told(source: Source, response: Response) -> str:
    """Give on what depends, beside its bytes, what is read of a document."""
    is_private = bool(source.auth or source.is_secret)
    given = (source.title, source.language, source.timezone, is_private, origin.base(source, response.url))
    return "\0".join(map(str, (__version__, *given)))
