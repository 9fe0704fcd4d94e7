"""What other sites show of a feed, read back: every entry with its link, its title and its credit. Pure."""

from collections.abc import Iterator

from lxml import etree

from feedhub import markup
from feedhub.model import Edition, Fault, Site
from feedhub.render.proof.addresses import address
from feedhub.render.proof.expected import Expected, expected
from feedhub.render.proof.passage import is_web
from feedhub.render.proof.times import rfc3339

_PARSER = etree.HTMLParser(encoding="utf-8")
_MOST = {"frame": 20, "fragment": 10}  # entries
_ACTIVE = ("embed", "form", "iframe", "object", "style", "svg")


def proof_embed(kind: str, document: bytes, edition: Edition, site: Site) -> list[Fault]:
    """Read a finished fragment or frame back and give what is wrong in it."""
    root = etree.fromstring(document, _PARSER)
    shown = expected(edition, site)[: _MOST[kind]]
    items = [item for item in root.iter("li") if item.get("class") == "h-entry"]
    faults = [Fault(reason=reason) for reason in _document_problems(kind, root, edition, site)]
    if [_uid(item) for item in items] != [said.entry.published_id for said in shown]:
        return [*faults, Fault(reason="its entries are not the newest of the edition, in order")]
    for item, said in zip(items, shown, strict=True):
        reasons = [*_problems(item, said), *_story_problems(item, said)]
        faults += [Fault(reason=reason, entry=said.entry.published_id) for reason in reasons]
    return faults


def _document_problems(kind: str, root: etree._Element, edition: Edition, site: Site) -> Iterator[str]:
    home = address(site, edition.feed, "page")
    title = _one(root, "feedhub-title")
    if title is None or _links(title) != [(home, edition.feed.title)]:
        yield "it does not lead to the feed's page, by its title"
    scripts = list(root.iter("script"))
    if kind == "fragment" and scripts:
        yield "it holds a script"
    if any(script.text or not (script.get("src") or "").startswith("../../static/") for script in scripts):
        yield "it holds a script that is not ours"
    if next(root.iter(*_ACTIVE), None) is not None:
        yield "it holds what may act by itself"
    if any(name.startswith("on") for element in root.iter("*") for name in map(str, element.attrib)):
        yield "it holds a script in an attribute"


def _problems(item: etree._Element, said: Expected) -> Iterator[str]:
    headline, passage = _one(item, "feedhub-headline"), _one(item, "feedhub-passage")
    entry, name, words = said.entry, said.name, said.words
    if not is_web(entry.url):
        yield "its link is no web address"
    if headline is None or _links(headline) != [(entry.url, " ".join(entry.title.split()))]:
        yield "its title does not link to its article, once"
    if passage is None or (passage.text or "").strip() or _links(passage) != [(entry.url, name)]:
        yield "its first passage does not begin with a link to its article"
    elif _words(passage) != (f"{name}: {words}" if words else name):
        yield "its text is not the entry's"
    if [time.get("datetime") for time in item.iter("time")] != [rfc3339(entry.published)]:
        yield "its time of publication is not the entry's"


def _story_problems(item: etree._Element, said: Expected) -> Iterator[str]:
    named = _one(item, "feedhub-also")
    links = [] if named is None else _links(named)
    if links != [(other.url, other.credit) for other in said.story] or not all(
        is_web(url) for url, _ in links
    ):
        yield "it does not name and link whoever else tells its story"
    elif named is not None and _words(named) != markup.plain(said.line):
        yield "it names whoever else tells its story in other words"


def _uid(item: etree._Element) -> str:
    return next((data.get("value") or "" for data in item.iter("data")), "")


def _one(parent: etree._Element, name: str) -> etree._Element | None:
    found = [element for element in parent.iter("p") if name in (element.get("class") or "").split()]
    return found[0] if len(found) == 1 else None


def _links(element: etree._Element) -> list[tuple[str, str]]:
    return [(link.get("href") or "", _words(link)) for link in element.iter("a")]


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
