"""Feed readers, and the address at which each takes a new feed. Pure.

docs/embedding.md says where each address is from. {quoted} stands for the feed's own, percent-encoded,
and {url} for it as it is.
"""

from collections.abc import Mapping
from urllib.parse import quote

WEB: Mapping[str, str] = {
    "Feedly": "https://feedly.com/i/subscription/feed/{quoted}",
    "Inoreader": "https://www.inoreader.com/?add_feed={quoted}",
    "NewsBlur": "https://www.newsblur.com/?url={quoted}",
    "The Old Reader": "https://theoldreader.com/feeds/subscribe?url={quoted}",
    "Feedbin": "https://feedbin.com/?subscribe={quoted}",
    "BazQux": "https://bazqux.com/add?url={quoted}",
    "CommaFeed": "https://www.commafeed.com/rest/feed/subscribe?url={quoted}",
}
APPS: Mapping[str, str] = {
    "NetNewsWire, Liferea and others": "feed:{url}",
    "Folo": "follow://add?url={quoted}",
    "Unread": "unread://feeds?url={quoted}",
}
# They run at an address of their owner's, or know no address for this.
BY_HAND = (
    "Miniflux",
    "FreshRSS",
    "Tiny Tiny RSS",
    "Nextcloud News",
    "Thunderbird",
    "Akregator",
    "Reeder",
    "newsboat",
)


def subscribe_url(template: str, url: str) -> str:
    """Give the address at which a reader takes a feed."""
    return template.format(quoted=quote(url, safe=""), url=url)
