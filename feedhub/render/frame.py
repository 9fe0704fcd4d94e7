"""What every page has around its own: head, masthead, the way between the feeds, foot. Pure."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from feedhub import urls
from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.direction import direction, primary
from feedhub.render.interface import Interface, interface
from feedhub.render.theme import static


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What to write, and where it leads."""

    text: str
    url: str = ""  # "" = leads nowhere
    type: str = ""  # media type
    is_here: bool = False  # it is the page that it stands on


class Near:
    """Writes our own paths as seen from the page that stands at one of them."""

    def __init__(self, path: str) -> None:
        self._up = "../" * (path.count("/") - 1)

    def __call__(self, path: str) -> str:
        """Write a path relatively."""
        return self._up + path[1:] or "./"


def frame(feed: Feed, site: Site, path: str) -> dict[str, object]:
    """Give what the template base.html shows, for a page of a feed that stands at a path."""
    near, language = Near(path), feed.language or site.language
    ours = interface(language)
    newest = addresses.path(feed.name, "page")
    icon, style = static(site.theme_files)
    return {
        "language": language,
        "direction": direction(language),
        "ours": our_language(ours, language),
        "say": ours.text,
        "count": ours.number,
        "site": site,
        "feed": feed,
        "home": near("/"),
        "style": near(style),
        "icon": _icon(site, near, icon),
        "canonical": site.url + (newest if path == "/" else path),
        "is_newest": path in ("/", newest),
        "newest": near(newest),
        "feeds": [_to_feed(other, feed, near) for other in site.feeds],
        "formats": formats(feed, near),
        "search": near(addresses.SEARCH) if site.search else "",
        "archive": near(addresses.beside(feed.name, "archive")),
        "subscribe": near(addresses.beside(feed.name, "subscribe")),
        "embed": near(addresses.beside(feed.name, "embed")),
        "subscriptions": near("/subscriptions.opml"),
        "contact": _contact(site.contact),
    }


def our_language(ours: Interface, around: str) -> Markup:
    """Give the attributes that our words need within a text of a language; "" where it is theirs."""
    if primary(ours.language) == primary(around):
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(ours.language, direction(ours.language))


def _icon(site: Site, near: Near, icon: str) -> str:
    """Give the icon's address; one at another host is not asked for."""
    own = site.url + "/"
    return near("/" + site.icon.removeprefix(own)) if site.icon.startswith(own) else near(icon)


def _to_feed(feed: Feed, here: Feed, near: Near) -> Link:
    url = near(addresses.path(feed.name, "page"))
    return Link(text=feed.title, url=url, is_here=feed.name == here.name)


def formats(feed: Feed, near: Near) -> list[Link]:
    """Give the ways to subscribe to a feed."""
    return [
        Link(text=text, url=near(addresses.path(feed.name, kind)), type=addresses.media_type(kind))
        for kind, text in (("rss", "RSS"), ("atom", "Atom"), ("json", "JSON Feed"))
    ]


def _contact(contact: str) -> Link | None:
    if urls.is_web(contact):
        return Link(text=urls.host(contact), url=contact)
    if not contact:
        return None
    is_mail = re.fullmatch(r"[^\s@?&]+@[^\s@?&]+", contact)
    return Link(text=contact, url=f"mailto:{contact}" if is_mail else "")
