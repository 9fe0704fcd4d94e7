"""What is carried through from an item as it came: podcast elements, and what RSL says of a license. Pure.

rsl:content   Really Simple Licensing 1.0, https://rslstandard.org/rsl: what may be done with an asset
"""

from feedhub import urls
from feedhub.model import Element
from feedhub.read.items import Child, Item
from feedhub.read.links import joined, link
from feedhub.read.texts import plain_text

_CARRIED = frozenset(
    "itunes:duration itunes:episode itunes:episodeType itunes:explicit itunes:season itunes:subtitle"
    " podcast:chapters podcast:episode podcast:location podcast:person podcast:season podcast:soundbite"
    " podcast:transcript rsl:content".split()
)
_ADDRESSES = frozenset({"contactUrl", "href", "img", "server", "url"})  # of the attributes
_TOLD_ADDRESSES = frozenset({"rsl:custom", "rsl:schema", "rsl:standard", "rsl:terms"})  # by their text
_MOST = 50  # elements of an item, and in each other
_LONGEST = 1000  # characters


def more(item: Item) -> tuple[Element, ...]:
    """Give the elements that are carried through: text, and addresses on the web."""
    named = [child for child in item.children if child.name in _CARRIED]
    flat = [child for child in named if child.name.startswith("rsl:") or not child.is_mixed]
    return tuple(_carried(child, link(item)) for child in flat[:_MOST])


def _carried(child: Child, article: str) -> Element:
    attributes = {
        name: _address(child, name, value, article) if name in _ADDRESSES else plain_text(value)[:_LONGEST]
        for name, value in child.attributes.items()
        if ":" not in name
    }
    parts = [part for part in child.parts if part.name.startswith("rsl:")]
    return Element(
        name=child.name,
        text="" if parts else _text(child),
        attributes=tuple((name, value) for name, value in attributes.items() if value),
        parts=tuple(_carried(part, article) for part in parts[:_MOST]),
    )


def _address(child: Child, name: str, value: str, article: str) -> str:
    """Give an address on the web; where RSL names none, the article that it stands with is meant."""
    if name == "server" and "://" not in value:
        value = f"https://{value.strip()}"  # the specification asks for a URL, its own examples name a host
    if child.name == "rsl:content" and name == "url" and not value.strip():
        return article
    return joined(value, child.base)


def _text(child: Child) -> str:
    if child.name in _TOLD_ADDRESSES:
        return urls.absolute(child.text)
    return plain_text(child.text)[:_LONGEST]


def rsl_license(item: Item) -> str:
    """Give the address of the license that RSL names: a standard one, the publisher's own, or its terms."""
    if not item.all("rsl:content"):
        return ""
    found = {part.name: part.text for part in reversed(_rsl_parts(item))}
    named = (found.get(f"rsl:{name}", "") for name in ("standard", "custom", "terms"))
    return next(filter(None, map(urls.absolute, named)), "")


def rsl_rights(item: Item) -> str:
    """Give whose the asset is, as RSL says it."""
    owners = (part for part in _rsl_parts(item) if part.name == "rsl:copyright")
    return next(
        (f"© {owner}" if "©" not in owner else owner for part in owners if (owner := plain_text(part.text))),
        "",
    )


def _rsl_parts(item: Item) -> list[Child]:
    """Give all that stands in an item's RSL, in the document's order."""
    found: list[Child] = []
    waiting = [*item.all("rsl:content")]
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        waiting[:0] = part.parts
    return found
