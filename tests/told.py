"""What each of our documents tells of its entries, read by readers of their own, to be compared."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from lxml import html

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True)
class OnPage:
    """What a page tells of an entry, and every other document too."""

    id: str
    link: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    publisher: str
    credits: tuple[str, ...]  # where the first hyperlink of the text leads, and where the last one does


@dataclass(frozen=True)
class Told:
    """What a document to subscribe to tells of an entry."""

    on_page: OnPage
    feed: str  # the source's; its site's address where that is not for others to know
    rights: str


def _hyperlinks(text: str) -> tuple[str, ...]:
    if not text.strip():
        return ()
    found = [link.get("href", "") for link in html.fragment_fromstring(text, create_parent=True).iter("a")]
    return (found[0], found[-1]) if found else ()


def rss(document: bytes) -> list[Told]:
    """Read RSS."""
    found = []
    for item in ElementTree.fromstring(document).iter("item"):
        source = item.find("source")
        assert source is not None
        shown = OnPage(
            id=item.findtext("guid", ""),
            link=item.findtext("link", ""),
            title=item.findtext("title", ""),
            published=parsedate_to_datetime(item.findtext("pubDate", "")),
            updated=datetime.fromisoformat(item.findtext(f"{ATOM}updated", "")),
            authors=tuple(each.text or "" for each in item.findall(f"{DC}creator")),
            publisher=source.text or "",
            credits=_hyperlinks(item.findtext("description", "")),
        )
        found.append(Told(shown, source.get("url", ""), item.findtext(f"{DC}rights", "")))
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
        shown = OnPage(
            id=entry.findtext(f"{ATOM}id", ""),
            link=links["alternate"],
            title=entry.findtext(f"{ATOM}title", ""),
            published=datetime.fromisoformat(entry.findtext(f"{ATOM}published", "")),
            updated=datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")),
            authors=tuple(each.findtext(f"{ATOM}name", "") for each in authors),
            publisher=source.findtext(f"{ATOM}title", ""),
            credits=_hyperlinks(entry.findtext(f"{ATOM}summary", "")),
        )
        feed = of_source.get("self") or of_source["alternate"]
        found.append(Told(shown, feed, entry.findtext(f"{ATOM}rights", "")))
    return found


def json_feed(document: bytes, *, summaries: bool = True) -> list[Told]:
    """Read JSON Feed; whose content_html is the whole text has no summary with hyperlinks."""
    found = []
    for item in json.loads(document)["items"]:
        extension = item["_feedhub"]
        source = extension["source"]
        shown = OnPage(
            id=item["id"],
            link=item["url"],
            title=item["title"],
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
            authors=tuple(each["name"] for each in item["authors"]),
            publisher=source["title"],
            credits=_hyperlinks(item["content_html"]) if summaries else (),
        )
        feed = source.get("feed_url") or source["home_page_url"]
        found.append(Told(shown, feed, extension.get("rights", "")))
    return found


def page(document: bytes) -> list[OnPage]:
    """Read a page; what has not been corrected was changed last when it was published."""
    found = []
    for article in html.document_fromstring(document.decode()).iter("article"):
        published = article.xpath(".//time[@class='dt-published']/@datetime")[0]
        updated = article.xpath(".//time[@class='dt-updated']/@datetime")
        (link,) = article.xpath("./h3/a[@class='u-url']")
        (passage,) = article.find_class("passage")
        hyperlinks = passage.xpath(".//a/@href")
        found.append(
            OnPage(
                id=article.xpath("./data[@class='u-uid']/@value")[0],
                link=link.get("href"),
                title=link.text or "",
                published=datetime.fromisoformat(published).astimezone(UTC),
                updated=datetime.fromisoformat((updated or [published])[0]).astimezone(UTC),
                authors=tuple(
                    author.text_content() for author in article.xpath(".//*[contains(@class,'p-author')]")
                ),
                publisher=article.find_class("publisher")[0].text_content(),
                credits=(hyperlinks[0], hyperlinks[-1]) if hyperlinks else (),
            )
        )
    return found
