"""A page's address to what a site needs that shows it: oEmbed 1.0 (https://oembed.com), type rich. Pure."""

from html import escape
from urllib.parse import quote

from feedhub.model import Feed, Site
from feedhub.render import addresses

ENDPOINT = "/oembed"
_WIDTH, _HEIGHT = 600, 480  # pixels, where the other site does not say how much room there is


def oembed(
    url: str, site: Site, *, max_width: int | None = None, max_height: int | None = None
) -> dict[str, object]:
    """Give what shows the feed whose page stands at an address (2.3); {} if none does. Lengths in pixels."""
    feed = _feed_at(url, site)
    if feed is None:
        return {}
    width, height = min(_WIDTH, max_width or _WIDTH), min(_HEIGHT, max_height or _HEIGHT)
    source = escape(site.url + addresses.beside(feed.name, "frame"))
    return {
        "version": "1.0",
        "type": "rich",
        "title": feed.title,
        "provider_name": site.title,
        "provider_url": addresses.home(site),
        "cache_age": 86_400,  # seconds; the frame itself is always new
        "html": f'<iframe src="{source}" title="{escape(feed.title)}" width="{width}" height="{height}"'
        ' frameborder="0"></iframe>',
        "width": width,
        "height": height,
    }


def discovery(feed: Feed, site: Site) -> str:
    """Give the address at which a feed's page can be asked for (4)."""
    return f"{site.url}{ENDPOINT}?url={quote(addresses.url(site, feed.name, 'page'), safe='')}&format=json"


def _feed_at(url: str, site: Site) -> Feed | None:
    path = _within(url, site.url)
    if path is None:
        return None
    if path in ("", "/"):
        return site.feeds[0] if site.feeds else None
    return next((feed for feed in site.feeds if path.strip("/") == feed.name), None)


def _within(url: str, site_url: str) -> str | None:
    """Give the path of an address after the site's own; None if it is elsewhere. http and https are one."""
    address = url.partition("#")[0].partition("?")[0].partition("://")[2]
    base = site_url.partition("://")[2]
    host, _, path = address.partition("/")
    own_host, _, own_path = base.partition("/")
    rest = f"/{path}".removeprefix(f"/{own_path}" if own_path else "")
    is_ours = host.lower() == own_host.lower() and f"/{path}".startswith(f"/{own_path}" if own_path else "")
    return rest if is_ours and rest[:1] in ("", "/") else None
