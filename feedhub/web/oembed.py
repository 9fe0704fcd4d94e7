"""/oembed: how another site shows one of our pages, by the specification's own errors (https://oembed.com)."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Response
from werkzeug import exceptions
from werkzeug.datastructures import WWWAuthenticate

from feedhub.web import headers

# The address that is asked for, and at most how wide and how high; {} if nothing of ours stands there.
Oembed = Callable[[str, int | None, int | None], Mapping[str, object]]
_NUMBER = re.compile(r"[1-9]\d{0,4}", re.A)


def answer(arguments: Mapping[str, str], oembed: Oembed, *, may_frame: bool, cache: timedelta) -> Response:
    """Answer a request (2.2).

    Raises NotFound where nothing of ours stands, Unauthorized where nobody may frame us, NotImplemented for
    another format than JSON (2.3.4).
    """
    if arguments.get("format", "json") != "json":
        raise exceptions.NotImplemented
    found = oembed(
        arguments.get("url", ""), _length(arguments.get("maxwidth")), _length(arguments.get("maxheight"))
    )
    if not found:
        raise exceptions.NotFound
    if not may_frame:
        # RFC 9110, 11.6.1 wants a challenge; this one makes no browser ask for a password.
        raise exceptions.Unauthorized(www_authenticate=WWWAuthenticate("oembed", {"realm": "frames"}))
    return Response(
        json.dumps(dict(found), ensure_ascii=False) + "\n",
        headers={"Cache-Control": headers.fresh(cache)},
        content_type="application/json",
    )


def _length(written: str | None) -> int | None:
    """Read a number of pixels; what is none is as good as not said."""
    return int(written) if written and _NUMBER.fullmatch(written) else None
