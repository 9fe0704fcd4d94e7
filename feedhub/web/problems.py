"""The pages that tell what went wrong, and nothing of the request or of us."""

from html import escape
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException, ServiceUnavailable, Unauthorized

from feedhub.web import headers

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
    400: "There is no such feed, or no such day.",  # that a search names
    404: "There is nothing at this address.",
    405: "This address can only be read.",
    410: "This feed is no longer published.",
    500: "Something went wrong here. It has been noted.",
}


def problem(error: HTTPException, *, site_url: str, in_words: bool) -> Response:
    """Say what went wrong: `in_words` alone, or in a page that leads to the front page of `site_url`."""
    status = HTTPStatus(error.code or 500)
    words = _WORDS.get(status, f"{status.phrase}.")
    if in_words:
        text, kind = f"{status.value} {words}\n", "text/plain"
    else:
        page = {"status": status.value, "phrase": status.phrase, "words": words, "home": escape(site_url)}
        text, kind = _PROBLEM.format_map(page), "text/html"
    answer = Response(text, status=status, content_type=f"{kind}; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = headers.METHODS
    if isinstance(error, ServiceUnavailable) and error.retry_after is not None:
        answer.retry_after = error.retry_after
    if isinstance(error, Unauthorized):
        answer.headers.extend(("WWW-Authenticate", str(each)) for each in error.www_authenticate or ())
    return answer
