"""What a page tells machines (microformats2), and what it must; that it runs nothing and asks no other host.

A theme may draw a page as it likes, as long as these classes stand in it. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict, cast
from urllib.parse import urlsplit

from lxml import etree

from feedhub.model import Edition, Site
from feedhub.render import addresses
from feedhub.render.item import Item, items
from feedhub.render.lineage import updated
from feedhub.render.proof.passage import is_web, looked_at, words
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Text, Unreadable, filled
from feedhub.render.proof.times import rfc3339

_PROPERTIES = frozenset(
    "u-uid u-url p-name dt-published dt-updated p-author p-publication p-category p-summary p-rights u-feed"
    " u-license u-related u-via".split()
)
_ENTRIES = etree.XPath("//*[contains(concat(' ', normalize-space(@class), ' '), ' h-entry ')]")
_IDS = etree.XPath("//@id")
_RUNNING = etree.XPath(
    "//script[not(@type = 'application/ld+json')] | //iframe | //frame | //object | //embed | //applet"
    " | //base | //meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']"
    " | //*[@*[starts-with(local-name(), 'on')]]"
)
_LEADING = etree.XPath("//a/@href | //area/@href")
_LINKS = etree.XPath("//link[@href]")
_ASKED = etree.XPath(
    "//@src | //@srcset | //@imagesrcset | //@poster | //@data | //@background | //@ping | //@action"
    " | //@formaction | //@manifest | //svg//@href"
)
_STYLED = etree.XPath("//@style | //style/text()")
_ASK_NOTHING = frozenset("alternate author canonical help home license me next prev search self".split())


def _read(document: bytes) -> Standing:
    try:
        document.decode("utf-8")
        root = etree.fromstring(document, etree.HTMLParser(encoding="utf-8"))
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"it is no page: {error}") from error
    if root is None or not document.lower().startswith(b"<!doctype html>"):
        raise Unreadable("it is no page")
    return Standing(_stands_in_head(root), [_found(entry) for entry in _all(_ENTRIES, root)])


def _all(path: etree.XPath, root: etree._Element) -> list[Any]:
    """Give what a path leads to."""
    return cast(list[Any], path(root))


class _Head(TypedDict):
    """What a page says of itself, and does by itself."""

    lang: str | None
    canonical: list[str]
    ids: list[str]
    running: list[str]  # names of elements
    leading: list[str]  # where its hyperlinks lead, but to our own documents
    asked: list[str]  # what it asks for, but at its own host; or a style that may ask


def _stands_in_head(root: etree._Element) -> _Head:
    leading = {url for url in map(str, _all(_LEADING, root)) if urlsplit(url).scheme not in ("", "mailto")}
    return _Head(
        lang=root.get("lang"),
        canonical=[link.get("href") for link in _all(_LINKS, root) if link.get("rel") == "canonical"],
        ids=_all(_IDS, root),
        running=[str(element.tag) for element in _all(_RUNNING, root)],
        leading=sorted(leading),
        asked=sorted(set(_asked(root))),
    )


def _asked(root: etree._Element) -> Iterator[str]:
    """Give the addresses that a browser asks for by itself, but those on the page's own host."""
    wanted = [str(url) for url in _all(_ASKED, root)]
    wanted += [
        link.get("href", "")
        for link in _all(_LINKS, root)
        if not _ASK_NOTHING.issuperset(link.get("rel", "").split())
    ]
    yield from (url for url in wanted if "\\" in url or urlsplit(url).scheme or urlsplit(url).netloc)
    yield from (str(style) for style in _all(_STYLED, root) if "url(" in style or "@import" in style)


def _head(stands: Stands, edition: Edition, site: Site) -> Iterator[str]:
    found, feed = cast(_Head, stands), edition.feed
    pages = [addresses.url(site, feed.name, "page", day) for day in (None, edition.day)]
    pictures = {
        item.entry.image.url for item in items(edition, site) if item.entry.image and item.terms.pictures
    }
    if found["lang"] != (feed.language or site.language):
        yield "its language is not the feed's"
    if found["canonical"] not in ([page] for page in pages):
        yield "its canonical address is not its own"
    if len(set(found["ids"])) < len(found["ids"]):
        yield "an id stands in it more than once"
    yield from (f"<{name}> may not stand in it" for name in found["running"])
    for url in found["leading"]:
        if not is_web(url):
            yield f"it leads where nobody may be led: {url[:100]!r}"
    for url in found["asked"]:
        if not url.startswith(f"{site.url}/") and url not in pictures:
            yield f"it asks another host: {url[:100]!r}"


def _found(entry: etree._Element) -> Found:
    told = _told(entry)
    uids = [each.get("value") or each.get("href") or "" for each in told["u-uid"]]
    stands = {
        "lang": entry.get("lang"),
        "u-uid": uids,
        "u-url": [each.get("href") for each in told["u-url"] if _holder(each) is entry],
        "p-name": [words(each) for each in told["p-name"] if _holder(each) is entry],
        "p-author": [_card(each) for each in told["p-author"]],
        "p-publication": [_card(each) for each in told["p-publication"]],
        "u-via": [(words(each), each.get("href")) for each in told["u-via"]],
        **{name: [each.get("datetime") for each in told[name]] for name in ("dt-published", "dt-updated")},
        **{name: [words(each) for each in told[name]] for name in ("p-category", "p-rights", "p-summary")},
        **{name: [each.get("href") for each in told[name]] for name in ("u-feed", "u-license", "u-related")},
    }
    texts = tuple(Text(each, is_summary=True) for each in told["p-summary"] if words(each))
    return Found(uids[0] if uids else "", filled(stands), texts)


def _told(element: etree._Element) -> Mapping[str, list[etree._Element]]:
    """Gather what stands in an element by the properties that it tells."""
    told: dict[str, list[etree._Element]] = defaultdict(list)
    for each in element.iter():
        for name in _PROPERTIES.intersection((each.get("class") or "").split()):
            told[name].append(each)
    return told


def _holder(element: etree._Element) -> etree._Element | None:
    """Give the nearest element around one that is an entry or a card."""
    for around in element.iterancestors():
        if any(name.startswith("h-") for name in (around.get("class") or "").split()):
            return around
    return None


def _card(element: etree._Element) -> tuple[list[str], list[str | None]]:
    """Give whom an h-card names, and where they are at home."""
    told = _told(element)
    return [words(each) for each in told["p-name"]], [each.get("href") for each in told["u-url"]]


def _entry(item: Item) -> Stands:
    entry, source = item.entry, item.lineage
    changed = updated(entry)
    return filled(
        {
            "lang": item.language,
            "u-uid": [entry.published_id],
            "u-url": [entry.url],
            "p-name": [_folded(entry.title)],
            "dt-published": [rfc3339(entry.published)],
            "dt-updated": [rfc3339(changed)] if changed > entry.published else [],
            "p-author": [
                ([_folded(person.name or person.email)], [person.url] if is_web(person.url) else [])
                for person in source.authors
            ],
            "p-publication": [([_folded(source.title)], [source.site_url])],
            "p-category": [
                *map(_folded, dict.fromkeys(each.label or each.term for each in entry.categories))
            ],
            "p-rights": [_folded(source.rights)] if source.rights else [],
            "p-summary": [_words_of(item)],
            "u-feed": [source.feed_url] if source.feed_url else [],
            "u-license": [source.license] if source.license else [],
            "u-related": [telling.url for telling in item.story],
            "u-via": [(_folded(hop.title), hop.url) for hop in source.via[:-1]],
        }
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _words_of(item: Item) -> str:
    quoted = item.summary.removesuffix(item.line)
    if not quoted:
        return ""
    return looked_at(quoted, item.name, item.entry.url, item.terms.credit).words


PAGE = Form(_read, _head, _entry, is_ordered=False)
