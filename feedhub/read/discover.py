"""The feeds that an HTML page offers, or a site's feed menu, and where else feeds usually are. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from feedhub import markup, urls
from feedhub.read.decode import decoded

Kind = Literal["rss", "atom", "json", ""]  # "" = not told
Where = Literal["link", "anchor", "menu", "place"]

MENU = "/.well-known/feed-menu.json"
_PLACES = ("/feed/", "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
_KINDS: Mapping[str, Kind] = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
}
# Types that say little: such a link is a feed's only where its address or its title calls it one.
_VAGUE: Mapping[str, Kind] = {"application/json": "json", "application/xml": "", "text/xml": ""}
_FEED_WORD = re.compile(r"(?<![a-z])(?:feeds?|rss2?|atom|rdf)(?![a-z])", re.I)
# The last part of a feed's path.
_FEED_NAME = re.compile(r".+\.(?:rss|xml|atom|rdf)|(?:.*[._-])?feed\.json|feeds?|rss2?|atom", re.I)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format)=(?:feed|rss2?|atom|rdf|json_?feed)(?:&|$)", re.I)
_NO_FEED = re.compile("sitemap|opensearch|browserconfig", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_HEAD = 4096  # bytes in which a page says its charset
_DEEPEST = 20  # menus within menus


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address where a feed may be."""

    url: str
    title: str = ""  # as the page or the menu calls it; plain text
    kind: Kind = ""
    where: Where


def feeds(html: bytes, url: str, content_type: str = "") -> list[Candidate]:
    """Find the feeds that a page fetched from `url` offers, each once.

    First those that its link elements name (rel=alternate with a feed's type), then
    those that its hyperlinks look like leading to; both in the page's order.
    """
    elements = [*markup.elements(_text(html, content_type), "base", "link", "a")]
    bases = (attributes.get("href", "") for name, attributes, _ in elements if name == "base")
    base = urls.absolute(next(filter(None, bases), ""), url) or url
    linked = [_linked(attributes, base) for name, attributes, _ in elements if name == "link"]
    anchored = [_anchored(attributes, words, base) for name, attributes, words in elements if name == "a"]
    return _each_once([*linked, *anchored])


def feed_menu(body: bytes, url: str) -> list[Candidate]:
    """Find the feeds that a site's feed menu lists (draft-nottingham-feed-menu), menus within it included.

    Of a feed in two formats, the Atom one. What is no feed menu lists none.
    """
    try:
        menu = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return []
    root = urls.root(url)
    return _each_once(_listed(item, root) for item in _feed_objects(menu, 0))


def usual_places(url: str) -> list[Candidate]:
    """Give the addresses where sites have their feeds: under the page itself, then at the site's root."""
    root, path = urls.root(url), urlsplit(url).path
    if not root:
        return []
    folder = path if path.endswith("/") else path + "/"
    places = [urls.absolute(folder + "feed/", root)] if path.strip("/") else []
    places += [urls.absolute(place, root) for place in _PLACES]
    return [Candidate(url=place, where="place") for place in dict.fromkeys(places) if place]


def _each_once(found: Iterable[Candidate | None]) -> list[Candidate]:
    by_url: dict[str, Candidate] = {}
    for candidate in found:
        if candidate:
            by_url.setdefault(candidate.url, candidate)
    by_address: dict[str, Candidate] = {}
    for candidate in by_url.values():
        by_address.setdefault(urls.canonical(candidate.url), candidate)
    return list(by_address.values())


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def _text(html: bytes, content_type: str) -> str:
    if "charset" not in content_type.lower() and (told := _CHARSET.search(html[:_HEAD])):
        content_type = f"text/html; charset={told[1].decode('ascii', 'replace')}"
    return decoded(html, content_type)[0]


def _linked(link: Mapping[str, str], base: str) -> Candidate | None:
    relations = link.get("rel", "").lower().split()
    if not {"alternate", "feed"} & {*relations} or "stylesheet" in relations:
        return None
    address, title = _address(link.get("href", ""), base), _title(link.get("title", ""))
    media_type = link.get("type", "").partition(";")[0].strip().lower()
    kind = _KINDS.get(media_type) or _VAGUE.get(media_type, "")
    is_named = bool(_FEED_WORD.search(f"{title} {_path(address)}"))
    is_told = media_type in _KINDS or "feed" in relations or (media_type in _VAGUE and is_named)
    return Candidate(url=address, title=title, kind=kind, where="link") if address and is_told else None


def _anchored(anchor: Mapping[str, str], words: str, base: str) -> Candidate | None:
    address = _address(anchor.get("href", ""), base)
    parts = urlsplit(address)
    name = _last(parts.path)
    is_named = _FEED_NAME.fullmatch(name) and not _NO_FEED.search(name)
    if not is_named and not _FEED_QUERY.search(parts.query):
        return None
    title = words or _title(anchor.get("title", ""))
    return Candidate(url=address, title=title, kind=_kind(name), where="anchor")


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _kind(name: str) -> Kind:
    """Tell a feed's format where the last part of its path says it."""
    match name.lower().rpartition(".")[2]:
        case "rss" | "rss2" | "rdf":
            return "rss"
        case "atom":
            return "atom"
        case "json":
            return "json"
        case _:
            return ""


def _address(href: str, base: str) -> str:
    """Resolve a reference; the feed: of old buttons (`feed:https://…`, `feed://…`) falls away."""
    return urls.absolute(without_feed_scheme(href.strip()), base)


def without_feed_scheme(url: str) -> str:
    """Give the http(s) address that a feed: one stands for."""
    if url[:5].lower() != "feed:":
        return url
    return "https:" + url[5:] if url[5:7] == "//" else url[5:]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _title(text: str) -> str:
    return " ".join(text.split())


# ── Feed menus ───────────────────────────────────────────────────────────────────────────────────


def _feed_objects(menu: object, depth: int) -> Iterator[Mapping[str, Any]]:
    """Give the feed objects of a menu, in its order; what is neither feed nor menu is passed over."""
    if not isinstance(menu, dict) or depth > _DEEPEST:
        return
    if "feed-title" in menu:
        yield menu
    elif "feed-menu" in menu and isinstance(items := menu.get("items"), list):
        for item in items:
            yield from _feed_objects(item, depth + 1)


def _listed(feed: Mapping[str, Any], root: str) -> Candidate | None:
    title = feed.get("feed-title")
    kinds: tuple[Kind, ...] = ("atom", "rss")
    for kind in kinds:
        reference = feed.get(kind)
        # The draft resolves against the site's root, not against the menu's own address.
        if isinstance(reference, str) and (address := urls.absolute(urljoin(root, reference))):
            called = _title(title) if isinstance(title, str) else ""
            return Candidate(url=address, title=called, kind=kind, where="menu")
    return None
