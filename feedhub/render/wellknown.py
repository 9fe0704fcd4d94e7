"""What programs look for at fixed addresses: robots.txt, the feed menu, security.txt. Pure."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedhub import urls
from feedhub.model import Feed, Site
from feedhub.render import addresses

ROBOTS = "/robots.txt"
MENU = "/.well-known/feed-menu.json"
SECURITY = "/.well-known/security.txt"
SITEMAP = "/sitemap.xml"
_VALID = 6  # months, at least, that security.txt is good for


def robots(site: Site) -> bytes:
    """Let every robot in, and name the sitemap (RFC 9309, sitemaps.org)."""
    base = urlsplit(site.url).path
    lines = ["User-agent: *", f"Disallow: {base}/health", f"Disallow: {base}{addresses.SEARCH}"]
    return ("\n".join([*lines, "", f"Sitemap: {site.url}{SITEMAP}"]) + "\n").encode()


def feed_menu(site: Site) -> bytes:
    """List our feeds for programs to choose from (draft-nottingham-feed-menu)."""
    told = {"feed-menu": site.title, "items": [_on_menu(site, feed) for feed in site.feeds]}
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def _on_menu(site: Site, feed: Feed) -> dict[str, str]:
    ways = {format_: addresses.url(site, feed.name, format_) for format_ in ("rss", "atom")}
    about = {"description": feed.about} if feed.about else {}
    return {"feed-title": feed.title, **about, **ways}


def security(site: Site, now: datetime) -> bytes:
    """Say where weaknesses are reported (RFC 9116); `site.security` is an e-mail or web address.

    It expires on the first day of a month, half a year ahead at least: a hub that publishes vouches for
    it anew each month, and what a hub left behind that runs no longer becomes void by itself.
    """
    contact = site.security if urls.is_web(site.security) else f"mailto:{site.security}"
    months = now.year * 12 + now.month + _VALID
    expires = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
    lines = [f"Contact: {contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    return ("\n".join([*lines, f"Canonical: {site.url}{SECURITY}"]) + "\n").encode()
