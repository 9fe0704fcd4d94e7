"""An OPML 1.0 or 2.0 document to the feeds that its outlines name. Pure.

Reading lists come out of many programs, and by hand. One outline that is not well formed would cost a strict
parser the whole list, and a repaired list has lost its line numbers; so the tags are taken one by one from
the text as it stands, and what cannot be read is refused by its line.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.read.decode import decoded
from feedhub.read.discover import without_feed_scheme
from feedhub.read.prolog import from_root

_ROOT = re.compile(r"<opml(?=[\s>])", re.I)
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|(?P<tag><(?P<slash>/?)outline(?=[\s/>]))", re.I | re.S
)
_NEXT = r"<(?!/?(?:outline|body|opml)[\s/>])"  # no value reaches into the next tag
_VALUE = rf"\"(?:[^\"<]|{_NEXT})*+\"|'(?:[^'<]|{_NEXT})*+'"
_ATTRIBUTE = re.compile(rf"\s*([\w:.-]+)\s*=\s*({_VALUE})", re.I)
_TAG = re.compile(rf"<outline((?:\s*[\w:.-]+\s*=\s*(?:{_VALUE}))*+)\s*(/?)>", re.I)
_MARKUP = re.compile(r"[^<]*")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,40});", re.A)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", re.A)
_LONGEST_TITLE = 200  # characters
_PREFIX = 65_536  # bytes in which the root element is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed that a reading list names.

    url      xmlUrl      title    text, title
    groups   the folders around it, the outermost first, and its category
    site_url htmlUrl     language language
    """

    url: str
    title: str = ""  # plain text
    groups: tuple[str, ...] = ()  # small letters and digits of any script, and hyphens
    line: int  # of the document, from 1
    site_url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlReading:
    """What a reading list holds: each feed once, in its order, and what is wrong by line."""

    outlines: tuple[Outline, ...]
    refused: tuple[tuple[int, str], ...] = ()  # line, reason


def is_opml(body: bytes) -> bool:
    """Tell whether a document is OPML by its root element."""
    try:
        return bool(_ROOT.match(from_root(decoded(body[:_PREFIX])[0])))
    except ReadError:
        return False


def outlines(body: bytes, content_type: str = "") -> OpmlReading:
    """Read a reading list; raises ReadError if it is none.

    A feed that stands in several folders is named once, with the groups of all of them.
    """
    text = decoded(body, content_type)[0].replace("\r\n", "\n").replace("\r", "\n")
    root = from_root(text)
    if not _ROOT.match(root):
        raise ReadError("not an OPML document")
    return _Walk(text, len(text) - len(root)).read()


class _Walk:
    """The state of one pass over the tags."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._at = start
        self._line = 1 + _breaks(text, 0, start)
        self._folders: list[tuple[str, ...]] = []  # of the outlines that are open: the group that each makes
        self._taken: dict[str, Outline] = {}
        self._refused: list[tuple[int, str]] = []

    def read(self) -> OpmlReading:
        while token := _TOKEN.search(self._text, self._at):
            self._pass_to(token.start())
            if not token["tag"]:
                self._pass_to(token.end())
            elif token["slash"]:
                del self._folders[-1:]
                self._pass_to(token.end())
            else:
                self._open()
        self._pass_to(len(self._text))
        if "</opml" not in self._text[-1000:].lower():
            self._refused.append((self._line, "the document breaks off here: it has no </opml>"))
        return OpmlReading(outlines=tuple(self._taken.values()), refused=tuple(self._refused))

    def _pass_to(self, position: int) -> None:
        self._line += _breaks(self._text, self._at, position)
        self._at = position

    def _open(self) -> None:
        tag = _TAG.match(self._text, self._at)
        if not tag:
            self._pass_over_malformed()
            return
        attributes = _attributes(tag[1])
        is_closed = bool(tag[2])
        group = self._take(attributes, is_leaf=is_closed)
        if not is_closed:
            self._folders.append(group)
        self._pass_to(tag.end())

    def _pass_over_malformed(self) -> None:
        self._refuse('the outline is not well formed: a quotation mark, a value or the ">" is missing')
        tag = _MARKUP.match(self._text, self._at + 1)
        end = tag.end() if tag else self._at + 1
        if not self._text[self._at : end].rstrip().endswith("/>"):
            self._folders.append(())
        self._pass_to(end)

    def _take(self, attributes: Mapping[str, str], *, is_leaf: bool) -> tuple[str, ...]:
        """Take the feed that an outline names; gives the groups that it makes of what stands in it."""
        kind = attributes.get("type", "").lower()
        told = attributes.get("xmlurl", "").strip()
        if not told and kind in ("rss", "atom", "feed"):
            told = attributes.get("url", "").strip()
        title = _words(attributes.get("text", "")) or _words(attributes.get("title", ""))
        if told:
            self._add(told, title, attributes)
            return ()
        if kind == "include":
            self._refuse("another list is included here, which is not followed: add it by its own address")
        elif is_leaf or kind in ("rss", "atom", "feed"):
            self._refuse(f"the outline{_named(title)} has no address of a feed (xmlUrl)")
        return (group,) if (group := slug(title)) else ()

    def _add(self, told: str, title: str, attributes: Mapping[str, str]) -> None:
        url = urls.absolute(without_feed_scheme(told))
        if not url:
            self._refuse(f"the outline{_named(title)} has an address that is no http(s) one")
            return
        if url != urls.without_user(url):
            self._refuse(f"the outline{_named(title)} has a password in its address, which is not taken over")
            return
        folders = [group for folder in self._folders for group in folder]
        groups = dict.fromkeys([*folders, *_categories(attributes.get("category", ""))])
        language = attributes.get("language", "").strip()
        outline = Outline(
            url=url,
            title=title[:_LONGEST_TITLE],
            groups=tuple(groups),
            line=self._line,
            site_url=urls.absolute(attributes.get("htmlurl", "")),
            language=language.replace("_", "-") if _LANGUAGE.fullmatch(language) else "",
        )
        first = self._taken.setdefault(urls.canonical(url), outline)
        if first is not outline:
            self._refuse(f"the same feed as in line {first.line}: {url}")
            merged = tuple(dict.fromkeys([*first.groups, *outline.groups]))
            self._taken[urls.canonical(url)] = replace(first, groups=merged)

    def _refuse(self, reason: str) -> None:
        self._refused.append((self._line, reason))


def _breaks(text: str, start: int, end: int) -> int:
    return text.count("\n", start, end)


def _attributes(tag: str) -> dict[str, str]:
    """Give a tag's attributes by their names in small letters; of two of one name the first."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(tag):
        # Not html.unescape alone, which would take the "&copy" of "?a=1&copy=2" for a sign.
        found.setdefault(name.lower(), _REFERENCE.sub(lambda match: html.unescape(match[0]), value[1:-1]))
    return found


def _words(text: str) -> str:
    """Give a label as plain text: on one line, without what cannot be shown."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _named(title: str) -> str:
    return f' "{title[:60]}"' if title else ""


def _categories(told: str) -> list[str]:
    """Give the groups of a category attribute: paths and tags, separated by commas (OPML 2.0)."""
    return [group for path in told.split(",") for part in path.split("/") if (group := slug(part))]


def slug(name: str) -> str:
    """Make a group's name of a folder's: small letters and digits of any script, joined by hyphens."""
    return "-".join("".join(map(_of_slug, unicodedata.normalize("NFC", name).lower())).split())


def _of_slug(char: str) -> str:
    # Marks are no letters, but many scripts write their vowels with them.
    return char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
