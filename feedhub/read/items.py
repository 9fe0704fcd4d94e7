"""A document's items by their own direct children, in one expat pass. Pure.

feedparser lets the last of several elements win, wherever in the item it stands, resolves ids, and takes
apart names and dates as it sees fit. What an entry is called, where it points, who wrote it and when is
therefore taken from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.parsers import expat

from feedhub.read.strict import Span

_XML = "http://www.w3.org/XML/1998/namespace\n"
_BASE, _LANGUAGE = _XML + "base", _XML + "lang"
# By what `_folded` leaves of a namespace: it is written with and without its last slash, in any case.
_PREFIXES = {
    "": "rss",
    "purl.org/rss/1.0": "rss",
    "purl.org/net/rss1.1": "rss",
    "my.netscape.com/rdf/simple/0.9": "rss",
    "channel.netscape.com/rdf/simple/0.9": "rss",
    "backend.userland.com/rss": "rss",
    "backend.userland.com/rss2": "rss",
    "backend.userland.com/rss091": "rss",
    "backend.userland.com/rss092": "rss",
    "blogs.law.harvard.edu/tech/rss": "rss",
    "cyber.law.harvard.edu/rss/rss.html": "rss",
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/slash": "slash",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "wellformedweb.org/commentapi": "wfw",
    "purl.org/syndication/thread/1.0": "thr",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.feedblitz.com/ns": "feedburner",  # that have its origLink too
    "www.pheedo.com/namespace/pheedo": "feedburner",
    "backend.userland.com/creativecommonsrssmodule": "creativeCommons",
    "blogs.law.harvard.edu/tech/creativecommonsrssmodule": "creativeCommons",
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
    "web.resource.org/cc": "cc",
    "creativecommons.org/ns": "cc",
    "search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media",
    "video.search.yahoo.com/mrss": "media",
    "www.rssboard.org/media-rss": "media",
    "www.w3.org/1999/xhtml": "xhtml",
    "rslstandard.org/rsl": "rsl",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "www.w3.org/xml/1998/namespace": "xml",
}
# RSS has capitals within some names, and documents put them elsewhere.
_RSS_NAMES = {
    name.lower(): name
    for name in "lastBuildDate managingEditor pubDate skipDays skipHours textInput webMaster".split()
}
_ITEMS = frozenset({"rss:item", "atom:entry"})
_HEADS = frozenset({"rss:channel", "atom:feed"})
_AROUND_ITEMS = "rss:items"  # in RSS 1.1 they stand in it; in RSS 1.0 it names them
_DEPTH = 3  # of the parts that are kept: RSL has a license has a payment has an amount
_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#\nabout"


@dataclass(slots=True)
class Child:
    """A direct child of an item or of the document's head."""

    name: str  # prefix:local, with the usual prefix of its namespace whatever the document calls it
    attributes: dict[str, str]  # by local name; xml: ones with their prefix
    base: str  # what relative addresses in it resolve against
    text: str = ""  # with the text of what stands in it
    parts: list["Child"] = field(default_factory=list)  # what stands in it, to the depth that anyone asks for
    is_mixed: bool = False  # it holds elements, not only text
    span: Span = (0, 0)  # where it stands in the document: of a direct child with text


@dataclass(slots=True)
class Item:
    """An item, or the document's head, as the list of its direct children."""

    base: str = ""  # what relative addresses in it resolve against
    about: str = ""  # rdf:about
    language: str = ""  # the nearest xml:lang
    children: list[Child] = field(default_factory=list)
    _named: dict[str, list[Child]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def all(self, *names: str) -> Sequence[Child]:
        """Give the children of these names, in the document's order; to be asked once they are complete."""
        if not self._named:
            for child in self.children:
                self._named.setdefault(child.name, []).append(child)
        if len(names) == 1:
            return self._named.get(names[0], ())
        found = [name for name in names if name in self._named]
        if len(found) == 1:
            return self._named[found[0]]
        return [child for child in self.children if child.name in found] if found else ()

    def text(self, *names: str) -> str:
        """Give the text of the first child with any, looking for one name after the other."""
        if not self._named:
            self.all("")
        for name in names:
            for child in self._named.get(name, ()):
                if text := child.text.strip():
                    return text
        return ""


@dataclass(slots=True)
class Outline:
    """A document's head and items."""

    head: Item
    items: list[Item]
    is_feed: bool  # it has a channel or a feed element, even if nothing stands in it


def outline(body: bytes, base: str) -> Outline | None:
    """Read the head and the items of a well-formed document; None if it is not one."""
    walk = _Walk(body, base)
    try:
        walk.parser.Parse(body, True)
    except expat.ExpatError:
        return None
    finally:
        del walk.parser  # it holds the walk's methods: neither would go by itself
    return Outline(walk.head or Item(), walk.items, is_feed=walk.head is not None)


# An element that has begun and not yet ended: its base, its language, the item or the head that it is, the
# child of one, or part of such a child, that it is.
_Open = tuple[str, str, Item | None, Child | None]


class _Walk:
    """The state of one pass."""

    def __init__(self, body: bytes, base: str) -> None:
        self.head: Item | None = None
        self.items: list[Item] = []
        self._body = body
        self._begun = 0  # where the direct child that is open begins
        self._open: list[_Open] = [(base, "", None, None)]
        self._foreign: dict[str, str] = {}  # the root's namespace and its prefix, where that is not the usual
        self._names: dict[str, str] = {}  # as expat gives them, and as we do
        self._empty_link: Child | None = None  # that has ended just before
        self._texts: list[tuple[Child, list[str]]] = []  # the child that is open and its parts
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _usual_name(self, raw: str) -> str:
        space, _, local = raw.rpartition("\n")
        space = _folded(space)
        if len(self._open) == 1:
            meant = {"feed": "atom", "rss": "rss"}.get(local.lower())
            if space not in _PREFIXES or (meant and _PREFIXES[space] != meant):
                self._foreign[space] = meant or "rss"
        prefix = self._foreign.get(space) or _PREFIXES.get(space, "?")
        if prefix == "rss":
            local = _RSS_NAMES.get(local.lower(), local.lower())
        return f"{prefix}:{local}"

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        base, language, around, _ = self._open[-1]
        name = self._names.get(raw) or self._names.setdefault(raw, self._usual_name(raw))
        if attributes:
            if _BASE in attributes:
                base = joined(base, attributes[_BASE])
            language = attributes.get(_LANGUAGE, language)
        item = child = None
        if self._texts:
            child = self._part(name, attributes, base)
        elif name in _ITEMS and (around is None or around is self.head):
            item = Item(base=base, about=attributes.get(_ABOUT, "").strip(), language=language)
            self.items.append(item)
        elif name in _HEADS and self.head is None:
            self.head = item = Item(base=base, about=attributes.get(_ABOUT, "").strip(), language=language)
        elif around is not None and name != _AROUND_ITEMS:
            child = Child(name, _local(attributes) if attributes else {}, base)
            around.children.append(child)
            self._begun = self.parser.CurrentByteIndex
            self._texts.append((child, []))
        self._empty_link = None
        self._open.append((base, language, item, child))

    def _part(self, name: str, attributes: dict[str, str], base: str) -> Child:
        around = self._texts[-1][0]
        around.is_mixed = True
        part = Child(name, _local(attributes) if attributes else {}, base)
        if len(self._texts) <= _DEPTH:
            around.parts.append(part)
        self._texts.append((part, []))
        return part

    def _end(self, _: str) -> None:
        if self._open.pop()[3] is not None:
            child, texts = self._texts.pop()
            child.text = "".join(texts)
            if self._texts:
                self._texts[-1][1].append(child.text)
            else:
                if child.text:
                    child.span = self._begun, self._body.find(b">", self.parser.CurrentByteIndex) + 1
                elif child.name == "rss:link" and not child.attributes:
                    self._empty_link = child

    def _text(self, text: str) -> None:
        if self._texts:
            self._texts[-1][1].append(text)
        elif self._empty_link is not None:
            # Software that takes the document for HTML, where no link has an end, writes `<link/>address`.
            self._empty_link.text += text


def _folded(space: str) -> str:
    space = space.strip().lower()
    return space.removeprefix("https://").removeprefix("http://").rstrip("/#")


def _local(attributes: dict[str, str]) -> dict[str, str]:
    return {
        ("xml:" if name.startswith(_XML) else "") + name.rpartition("\n")[2]: value
        for name, value in attributes.items()
    }


def joined(base: str, reference: str) -> str:
    """Give the base that another names (XML Base); the one before where that is no address."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return base
