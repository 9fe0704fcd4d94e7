"""What each of our documents tells of its entries, read by readers of their own, to be compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from lxml import html

from feedhub.model import Edition, Entry, Site
from feedhub.render import FORMATS
from feedhub.render.page import page as render_page

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
LICENSE = "{http://backend.userland.com/creativeCommonsRssModule}license"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True)
class Told:
    """What every document tells of an entry."""

    id: str
    link: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    publisher: str
    credits: tuple[str, ...]  # where the first hyperlink of the text leads, and where the last one does
    feed: str  # the source's; its site's address where that is not for others to know
    rights: str
    license: str


def _hyperlinks(text: str) -> tuple[str, ...]:
    if not text.strip():
        return ()
    found = [link.get("href", "") for link in html.fragment_fromstring(text, create_parent=True).iter("a")]
    return (found[0], found[-1]) if found else ()


def _folded(text: str) -> str:
    return " ".join(text.split())


def _first(article: html.HtmlElement, name: str) -> str:
    return next((each.get("href", "") for each in article.find_class(name)), "")


def rss(document: bytes) -> list[Told]:
    """Read RSS."""
    found = []
    for item in ElementTree.fromstring(document).iter("item"):
        source = item.find("source")
        assert source is not None
        shown = Told(
            id=item.findtext("guid", ""),
            link=item.findtext("link", ""),
            title=_folded(item.findtext("title", "")),
            published=parsedate_to_datetime(item.findtext("pubDate", "")),
            updated=datetime.fromisoformat(item.findtext(f"{ATOM}updated", "")),
            authors=tuple(_folded(each.text or "") for each in item.findall(f"{DC}creator")),
            publisher=_folded(source.text or ""),
            credits=_hyperlinks(item.findtext("description", "")),
            feed=source.get("url", ""),
            rights=_folded(item.findtext(f"{DC}rights", "")),
            license=item.findtext(LICENSE, ""),
        )
        found.append(shown)
    return found


def atom(document: bytes) -> list[Told]:
    """Read Atom."""
    found = []
    for entry in ElementTree.fromstring(document).iter(f"{ATOM}entry"):
        links = {link.get("rel"): link.get("href", "") for link in entry.findall(f"{ATOM}link")}
        source = entry.find(f"{ATOM}source")
        assert source is not None
        of_source = {link.get("rel"): link.get("href", "") for link in source.findall(f"{ATOM}link")}
        authors = entry.findall(f"{ATOM}author") or source.findall(f"{ATOM}author")
        shown = Told(
            id=entry.findtext(f"{ATOM}id", ""),
            link=links["alternate"],
            title=_folded(entry.findtext(f"{ATOM}title", "")),
            published=datetime.fromisoformat(entry.findtext(f"{ATOM}published", "")),
            updated=datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")),
            authors=tuple(_folded(each.findtext(f"{ATOM}name", "")) for each in authors),
            publisher=_folded(source.findtext(f"{ATOM}title", "")),
            credits=_hyperlinks(entry.findtext(f"{ATOM}summary", "")),
            feed=of_source.get("self") or of_source["alternate"],
            rights=_folded(entry.findtext(f"{ATOM}rights", "")),
            license=links.get("license", ""),
        )
        found.append(shown)
    return found


def json_feed(document: bytes, *, summaries: bool = True) -> list[Told]:
    """Read JSON Feed; whose content_html is the whole text has no summary with hyperlinks."""
    found = []
    for item in json.loads(document)["items"]:
        extension = item["_feedhub"]
        source = extension["source"]
        shown = Told(
            id=item["id"],
            link=item["url"],
            title=_folded(item["title"]),
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
            authors=tuple(_folded(each["name"]) for each in item["authors"]),
            publisher=_folded(source["title"]),
            credits=_hyperlinks(item["content_html"]) if summaries else (),
            feed=source.get("feed_url") or source["home_page_url"],
            rights=_folded(extension.get("rights", "")),
            license=extension.get("license", ""),
        )
        found.append(shown)
    return found


def page(document: bytes) -> list[Told]:
    """Read a page; what has not been corrected was changed last when it was published."""
    found = []
    for article in html.document_fromstring(document.decode()).find_class("h-entry"):
        published = article.xpath(".//time[@class='dt-published']/@datetime")[0]
        updated = article.xpath(".//time[@class='dt-updated']/@datetime")
        (link,) = article.xpath("./h3/a[@class='u-url']")
        (passage,) = article.find_class("passage")
        hyperlinks = passage.xpath(".//a/@href")
        found.append(
            Told(
                id=article.xpath("./data[@class='u-uid']/@value")[0],
                link=link.get("href"),
                title=_folded(link.text or ""),
                published=datetime.fromisoformat(published).astimezone(UTC),
                updated=datetime.fromisoformat((updated or [published])[0]).astimezone(UTC),
                authors=tuple(
                    _folded(author.text_content())
                    for author in article.xpath(".//*[contains(@class,'p-author')]")
                ),
                publisher=_folded(article.find_class("publisher")[0].text_content()),
                credits=(hyperlinks[0], hyperlinks[-1]) if hyperlinks else (),
                feed=_first(article, "u-feed") or article.find_class("publisher")[0].get("href"),
                rights="".join(_folded(each.text_content()) for each in article.find_class("p-rights")),
                license=_first(article, "u-license"),
            )
        )
    return found


def rendered(made: Edition, site: Site) -> dict[str, bytes]:
    """Render an edition in each format, and as a page."""
    return {"page": render_page(made, site)} | {form: render(made, site) for form, render in FORMATS.items()}


def by_all(
    documents: Mapping[str, bytes], made: Edition, site: Site
) -> list[tuple[Entry, tuple[Told, Told, Told, Told]]]:
    """Give what RSS, Atom, JSON and page tell of each entry, each in words that all four have.

    Where nobody is named, the publisher stands in, so that nobody takes us for the author; where JSON holds
    the whole text, the others' excerpt may be another. The edition has no stories: the page has a block of
    their own for them, and not the texts' end.
    """
    on_page = {one.id: one for one in page(documents["page"])}  # it has an order of its own
    assert on_page.keys() == {entry.published_id for entry in made.entries}
    feeds = rss(documents["rss"]), atom(documents["atom"]), json_feed(documents["json"])
    assert {len(told) for told in feeds} == {len(made.entries)}
    found = []
    for entry, one, two, three in zip(made.entries, *feeds, strict=True):
        four = on_page[entry.published_id]
        if not one.authors:
            assert two.authors == three.authors == (one.publisher,)
            two, three = replace(two, authors=()), replace(three, authors=())
        if site.terms(entry).show == "full":
            three = replace(three, credits=one.credits)
        if one.updated < one.published == four.updated:
            four = replace(four, updated=one.updated)  # it tells of changes, which come after
        found.append((entry, (one, two, three, four)))
    return found
