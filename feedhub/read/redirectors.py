"""Links that lead to an article by way of somebody who counts, and the article where they name it. Pure.

A redirector may vanish, and with it every link: FeedSportal did. So where the item itself holds the original,
that is its link: in an element of FeedBurner's or its like, in the redirector's own query, or as the guid.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from feedhub import urls

# In these the query holds the address: host and path, and the parameter's name.
_ASKED = (
    (re.compile(r"(?:www|news)\.google\.[a-z.]+/(?:news/)?url"), ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"l\.(?:facebook|instagram)\.com/(?:l\.php)?"), ("u",)),
    (re.compile(r"t\.umblr\.com/redirect"), ("z",)),
    (re.compile(r"out\.reddit\.com/.*"), ("url",)),
    (re.compile(r"(?:m\.)?vk\.com/away(?:\.php)?"), ("to",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
    (re.compile(r"steamcommunity\.com/linkfilter/"), ("url", "u")),
    (re.compile(r"go\.(?:redirectingat|skimresources)\.com/"), ("url",)),
    (re.compile(r"click\.linksynergy\.com/.*"), ("murl",)),
)
_STARRED = re.compile(r"https?://(?:[\w-]+\.)?rd\.yahoo\.com/.*?/\*(https?(?::|%3A).+)", re.I)
# These name the article nowhere in the link.
_OPAQUE = re.compile(
    r"https?://(?:feedproxy\.google\.com/|[\w.-]+/~r/|[\w.-]+/~/\d+/|(?:[\w-]+\.)*feedsportal\.com/"
    r"|(?:[\w-]+\.)*pheedo\.com/|c[t]?\.moreover\.com/)",
    re.I,
)


def unwrapped(link: str) -> str:
    """Give the address that a redirector's link names; any other link stays as it is."""
    if starred := _STARRED.match(link):
        return urls.absolute(unquote(starred[1]) if "%3a" in starred[1].lower() else starred[1]) or link
    head, question, _ = link.partition("?")
    if not question:
        return link
    place = head.partition("://")[2].lower()
    for pattern, names in _ASKED:
        if pattern.fullmatch(place):
            query = parse_qs(urlsplit(link).query, max_num_fields=100)
            return next(filter(None, (urls.absolute(query.get(name, [""])[0]) for name in names)), link)
    return link


def is_opaque(link: str) -> bool:
    """Tell whether a link leads to a redirector that only its server can resolve."""
    return bool(_OPAQUE.match(link))
