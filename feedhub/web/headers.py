"""Which headers an answer carries. Pure; the finished documents and Flask both take them from here."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from posixpath import splitext
from urllib.parse import quote

from feedhub.render.embed.assets import STABLE

METHODS = "GET, HEAD, OPTIONS"
MEDIA_TYPES = {
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
# Documents whose media type is not that of their suffix, or whose suffix has none.
_STANDARD = {
    "/.well-known/feed-menu.json": "application/json",
    "/.well-known/security.txt": "text/plain; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
}
_SITEMAP = re.compile(r"/sitemap(-\d+)?\.xml", re.A)
# From which hosts pictures come a page says itself: from none, unless its publishers' terms allow them.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https:; base-uri 'none'; form-action 'self'"
)
# What the pages of a feed may do that stand beside that of its entries: the last part of their paths.
_MORE = {
    "subscribe": "; script-src 'self'",
    "embed": "; script-src 'self'; frame-src 'self'",
    "frame": "; script-src 'self'",
}
FORMATS = (".rss", ".atom", ".json")  # of a feed
ALWAYS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Date, ETag, Last-Modified, Link"),
    ("Content-Security-Policy", f"{_POLICY}; frame-ancestors 'none'"),
    # Publishers see that we sent them a reader, and not from which page.
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),  # for those that do not know frame-ancestors
)
# What browsers ask before a script of another site may read (Fetch standard, CORS).
PREFLIGHT = (
    ("Allow", METHODS),
    ("Access-Control-Allow-Methods", METHODS),
    ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, Cache-Control"),
    ("Access-Control-Max-Age", "86400"),  # seconds
)
_BESIDE = re.compile(r"/[a-z0-9-]+/([a-z]+)/")
_DATED = re.compile(r"/(\d{4}-\d\d-\d\d)(?=[/.])")
_HASHED = re.compile(r"/static/.+-[0-9a-f]{8,}\.\w+")
_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
_YEAR = 365 * _DAY
_HOUR = timedelta(hours=1)
# A day ends at the latest twelve hours after its end in UTC; the rest is for publishing late.
_SURELY_CLOSED = timedelta(days=3)


def media_type(path: str) -> str | None:
    """Give the media type of the document at a path; None of what is none of ours."""
    if told := _STANDARD.get(path):
        return told
    if _SITEMAP.fullmatch(path):
        return "application/xml; charset=utf-8"
    return MEDIA_TYPES.get(splitext(path)[1])


def always(path: str, framers: Collection[str]) -> list[tuple[str, str]]:
    """Give the headers that every answer for a document carries; `framers` are those who may frame embeds.

    They are written as frame-ancestors has them (CSP 3, 6.4.2); our own pages always may.
    """
    match = _BESIDE.fullmatch(path)
    kind = match[1] if match else ""
    told = dict(ALWAYS)
    policy = _POLICY + _MORE.get(kind, "")
    if kind != "frame":
        told["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
        return list(told.items())
    del told["X-Frame-Options"]
    # `*` would leave out pages without an origin of their own, such as those in a sandbox.
    allowed = "" if "*" in framers else "; frame-ancestors " + " ".join(["'self'", *framers])
    told["Content-Security-Policy"] = policy + allowed
    return list(told.items())


def caching(path: str, cache: timedelta, now: datetime, closes: timedelta = timedelta()) -> str:
    """Say how long a document stays good: a name that holds a hash for ever, a closed day for an hour.

    `closes` is how long days wait, after their end, for late entries.

    The script of embeds stays for a day, and is the same for long: without it no site could show what the
    browser still has while the hub cannot be reached.
    """
    if _HASHED.fullmatch(path):
        return f"{fresh(_YEAR)}, immutable"
    if path == STABLE:
        return f"{fresh(_DAY)}, stale-while-revalidate={_seconds(_WEEK)}, stale-if-error={_seconds(_WEEK)}"
    age = max(cache, _HOUR) if _is_closed(path, now - closes) else cache
    return f"{fresh(age)}, stale-while-revalidate={_seconds(age)}, stale-if-error={_seconds(_DAY)}"


def fresh(age: timedelta) -> str:
    """Say that anybody may keep an answer for some time."""
    return f"public, max-age={_seconds(age)}"


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def _is_closed(path: str, now: datetime) -> bool:
    match = _DATED.search(path)
    if not match:
        return False
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return False
    return now.date() - day > _SURELY_CLOSED


def links(path: str, site_url: str) -> str:
    """Write the Link header of a feed (RFC 8288): itself, its other formats and its page; "" of no feed."""
    if not path.endswith(FORMATS) or path in _STANDARD:
        return ""
    stem, _, suffix = path.rpartition(".")
    ways = [
        ("self" if other == "." + suffix else "alternate", stem + other, MEDIA_TYPES[other])
        for other in FORMATS
    ]
    ways.append(("alternate", stem + "/", MEDIA_TYPES[".html"]))
    return ", ".join(
        f'<{site_url}{quote(address)}>; rel="{relation}"; type="{media_type.partition(";")[0]}"'
        for relation, address, media_type in ways
    )
