"""What a page tells machines (microformats2), and what it must; that it runs nothing and asks no other host.

A theme may draw a page as it likes, as long as these classes stand in it. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import etree

from feedhub.model import Edition, Site
from feedhub.render.proof.addresses import address
from feedhub.render.proof.deeds import Deeds, deeds
from feedhub.render.proof.expected import Expected, expected
from feedhub.render.proof.passage import is_web, looked_at, words
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Text, Unreadable, filled
from feedhub.render.proof.times import rfc3339

_PARSER = etree.HTMLParser(encoding="utf-8")
_PROPERTIES = frozenset(
    "u-uid u-url p-name dt-published dt-updated dt-corrected p-author p-publication p-category p-summary"
    " p-note p-told-by p-rights u-feed u-license u-about u-comments u-related u-via".split()
)

_TIMES = ("dt-published", "dt-updated", "dt-corrected")
_WORDS = ("p-category", "p-note", "p-rights", "p-summary", "p-told-by")
_ADDRESSES = ("u-about", "u-feed", "u-license")


def _read(document: bytes) -> Standing:
    try:
        document.decode("utf-8")
        root = etree.fromstring(document, _PARSER)
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"it is no page: {error}") from error
    if root is None or not document.lower().startswith(b"<!doctype html>"):
        raise Unreadable("it is no page")
    # Held, so that lxml makes Python objects of them but once.
    elements = list(root.iter("*"))
    canonical = [each.get("href") for each in elements if each.get("rel") == "canonical"]
    head = {"lang": root.get("lang"), "canonical": canonical, "deeds": deeds(elements)}
    classed = ((each, each.get("class") or "") for each in elements)
    entries = [each for each, classes in classed if "h-entry" in classes and "h-entry" in classes.split()]
    return Standing(head, [_found(entry) for entry in entries])


def _head(found: Stands, edition: Edition, site: Site) -> Iterator[str]:
    feed = edition.feed
    pages = [address(site, feed, "page", day) for day in (None, edition.day)]
    if found["lang"] != (feed.language or site.language):
        yield "its language is not the feed's"
    if found["canonical"] not in [[page] for page in pages]:
        yield "its canonical address is not its own"
    yield from _deeds(cast(Deeds, found["deeds"]), edition, site)


def _deeds(done: Deeds, edition: Edition, site: Site) -> Iterator[str]:
    """Judge what a page does by itself."""
    pictures = {
        each.entry.image.url for each in expected(edition, site) if each.entry.image and each.terms.pictures
    }
    if len(set(done.ids)) < len(done.ids):
        yield "an id stands in it more than once"
    yield from (f"{name} may not stand in it" for name in done.running)
    for url in dict.fromkeys(done.leading):
        if not is_web(url) and urlsplit(url).scheme not in ("", "mailto"):
            yield f"it leads where nobody may be led: {url[:100]!r}"
    for url in done.elsewhere:
        if not url.startswith(f"{site.url}/") and url not in pictures:
            yield f"it asks another host: {url[:100]!r}"


def _found(entry: etree._Element) -> Found:
    told, holders = _told(entry)
    named = _by_holder(told["p-name"], holders, words)
    homes = _by_holder(told["u-url"], holders, lambda each: each.get("href"))
    uids = [each.get("value") or each.get("href") or "" for each in told["u-uid"]]
    stands: dict[str, Any] = {
        "lang": entry.get("lang"),
        "u-uid": uids,
        "u-url": homes[entry],
        "p-name": named[entry],
        "p-author": [(named[each], homes[each]) for each in told["p-author"]],
        "p-publication": [(named[each], homes[each]) for each in told["p-publication"]],
        "u-via": [(words(each), each.get("href")) for each in told["u-via"]],
        "u-related": [(words(each), each.get("href")) for each in told["u-related"]],
        "u-comments": [(_digits(words(each)), each.get("href")) for each in told["u-comments"]],
        **{name: [each.get("datetime") for each in told[name]] for name in _TIMES},
        **{name: [words(each) for each in told[name]] for name in _WORDS},
        **{name: [each.get("href") for each in told[name]] for name in _ADDRESSES},
    }
    summaries = zip(told["p-summary"], stands["p-summary"], strict=True)
    texts = tuple(Text(each, is_summary=True) for each, said in summaries if said)
    return Found(uids[0] if uids else "", filled(stands), texts)


def _told(entry: etree._Element) -> tuple[Mapping[str, list[etree._Element]], set[etree._Element]]:
    """Gather what stands in an entry by the properties that it tells; also each entry, card or the like."""
    told: dict[str, list[etree._Element]] = defaultdict(list)
    holders = {entry}
    for each in entry.iter("*"):
        if classes := each.get("class"):
            names = classes.split()
            for name in _PROPERTIES.intersection(names):
                told[name].append(each)
            if "h-" in classes and any(name.startswith("h-") for name in names):
                holders.add(each)
    return told, holders


def _by_holder(
    elements: Iterable[etree._Element],
    holders: Collection[etree._Element],
    tell: Callable[[etree._Element], str | None],
) -> Mapping[etree._Element | None, list[str | None]]:
    """Sort what elements tell by the entry or the card that they stand in, the nearest around them."""
    told: dict[etree._Element | None, list[str | None]] = defaultdict(list)
    for each in elements:
        holder = each.getparent()
        while holder is not None and holder not in holders:
            holder = holder.getparent()
        told[holder].append(tell(each))
    return told


def _entry(said: Expected) -> Stands:
    entry, changed, comments = said.entry, said.changed, said.entry.comments
    return filled(
        {
            "lang": said.language,
            "u-uid": [entry.published_id],
            "u-url": [entry.url],
            "p-name": [_folded(entry.title)],
            "dt-published": [rfc3339(entry.published)],
            "dt-updated": [rfc3339(changed)] if changed > entry.published else [],
            "p-author": [
                ([_folded(person.name or person.email)], [person.url] if is_web(person.url) else [])
                for person in said.authors
            ],
            "p-publication": [([_folded(said.publisher)], [said.site_url])],
            "p-category": [
                *map(_folded, dict.fromkeys(each.label or each.term for each in entry.categories))
            ],
            "p-rights": [_folded(said.rights)] if said.rights else [],
            "p-summary": [_words_of(said)],
            "u-feed": [said.feed_url] if said.feed_url else [],
            "u-license": [said.license] if said.license else [],
            "u-about": list(filter(is_web, entry.related)),
            "u-comments": [(str(comments.count or ""), comments.url)] if comments and comments.url else [],
            "p-told-by": [_folded(other.publisher) for other in said.story],
            "u-related": [(_folded(other.title), other.url) for other in said.story],
            "dt-corrected": [rfc3339(said.corrected)] if said.corrected else [],
            "p-note": [_folded(said.note)] if said.note else [],
            "u-via": [(_folded(hop.title), hop.url) for hop in said.via[:-1]],
        }
    )


def _digits(text: str) -> str:
    """Give the number that is told in a few words."""
    return "".join(filter(str.isdigit, text))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _words_of(said: Expected) -> str:
    quoted = said.summary.removesuffix(said.line)
    if not quoted:
        return ""
    return looked_at(quoted, said.name, said.entry.url, said.terms.credit).words


PAGE = Form(_read, _head, _entry, is_ordered=False)
