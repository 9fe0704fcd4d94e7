"""Bytes to a Reading, whatever format they are in. Pure."""

from datetime import datetime

from feedhub.model import Reading, Response, Source
from feedhub.read import feed, jsonfeed
from feedhub.read.repair import repaired


def read(source: Source, response: Response, *, now: datetime) -> Reading:
    """Read a document into entries; raises ReadError, in words, if it is not a feed."""
    if jsonfeed.looks_like_json(response.body):
        return jsonfeed.read(source, response, now=now)
    document = repaired(response.body, response.headers.get("content-type", ""))
    return feed.read(source, document, response, now=now)
