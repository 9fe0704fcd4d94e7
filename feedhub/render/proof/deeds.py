"""What a page does by itself: what it runs, where it leads, and whom a browser asks for its sake. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

_RUNNING = frozenset({"applet", "base", "embed", "frame", "iframe", "object", "script"})
_ASKING = frozenset(
    "action background data formaction imagesrcset manifest ping poster src srcset xlink:href".split()
)
_SPECIAL = _RUNNING | {"meta", "style"}
# Most of the attributes of a page: they do nothing.
_SILENT = frozenset("class datetime dir itemprop itemscope itemtype lang rel type value".split())
_SEVERAL = frozenset({"imagesrcset", "ping", "srcset"})
# Relations of a link that no browser follows by itself.
_ASK_NOTHING = frozenset("alternate author canonical help home license me next prev search self".split())


@dataclass(slots=True)
class Deeds:
    """What was found in a page, in its order."""

    running: list[str] = field(default_factory=list)  # names of elements and attributes
    leading: list[str] = field(default_factory=list)  # where its hyperlinks lead
    asked: list[str] = field(default_factory=list)  # addresses, and styles that may hold some
    ids: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """Give what is asked at an address that is more than a path."""
        return [url for url in dict.fromkeys(self.asked) if not _is_path(url)]


def deeds(elements: Iterable[etree._Element]) -> Deeds:
    """Find out what a page does, by all its elements."""
    found = Deeds()
    for element in elements:
        tag = str(element.tag)
        if tag in _SPECIAL:
            _note_special(found, tag, element)
        for name, value in element.items():
            if name not in _SILENT:
                _note(found, tag, element, str(name), str(value))
    return found


def _note_special(found: Deeds, tag: str, element: etree._Element) -> None:
    if _runs(element, tag):
        found.running.append(tag)
    if tag == "style":
        found.asked += _styled(element.text or "")


def _runs(element: etree._Element, tag: str) -> bool:
    if tag == "meta":
        return (element.get("http-equiv") or "").strip().lower() == "refresh"
    return tag in _RUNNING and (tag != "script" or element.get("type") != "application/ld+json")


def _note(found: Deeds, tag: str, element: etree._Element, name: str, value: str) -> None:
    if name == "id":
        found.ids.append(value)
    elif name == "style":
        found.asked += _styled(value)
    elif name.startswith("on"):
        found.running.append(name)
    elif name == "href" and tag in ("a", "area"):
        found.leading.append(value)
    elif name in _ASKING or (name == "href" and not _asks_nothing(element, tag)):
        found.asked += _each(value) if name in _SEVERAL else [value]


def _asks_nothing(element: etree._Element, tag: str) -> bool:
    return tag == "link" and _ASK_NOTHING.issuperset((element.get("rel") or "").lower().split())


def _styled(style: str) -> Iterator[str]:
    if "url(" in style or "@import" in style:
        yield style


def _each(value: str) -> Iterator[str]:
    """Give the first word of each candidate."""
    return (words[0] for candidate in value.split(",") if (words := candidate.split()))


def _is_path(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_style = "(" in url or "@" in url
    return not (parts.scheme or parts.netloc or "\\" in url or is_style)
