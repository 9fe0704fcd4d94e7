"""Reads finished documents back, by the standard library alone, to what all formats must agree on."""

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import brotli

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True)
class Finished:
    id: str
    link: str
    title: str
    html: str
    published: datetime
    updated: datetime
    publisher: str
    via: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]


def _via(parent: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    links = parent.findall(f"{ATOM}link")
    return tuple((link.get("href", ""), link.get("title", "")) for link in links if link.get("rel") == "via")


def rss(document: bytes) -> list[Finished]:
    return [
        Finished(
            id=item.findtext("guid", ""),
            link=item.findtext("link", ""),
            title=item.findtext("title", ""),
            html=item.findtext(CONTENT) or item.findtext("description") or "",
            published=parsedate_to_datetime(item.findtext("pubDate", "")),
            updated=datetime.fromisoformat(item.findtext(f"{ATOM}updated", "")),
            publisher=item.findtext("source", ""),
            via=_via(item),
            tags=tuple(each.text or "" for each in item.findall("category") if not each.get("domain")),
        )
        for item in ElementTree.fromstring(document).iter("item")
    ]


def atom(document: bytes) -> list[Finished]:
    return [
        Finished(
            id=each.findtext(f"{ATOM}id", ""),
            link=next(a.get("href", "") for a in each.findall(f"{ATOM}link") if a.get("rel") == "alternate"),
            title=each.findtext(f"{ATOM}title", ""),
            html=each.findtext(f"{ATOM}content") or each.findtext(f"{ATOM}summary") or "",
            published=datetime.fromisoformat(each.findtext(f"{ATOM}published", "")),
            updated=datetime.fromisoformat(each.findtext(f"{ATOM}updated", "")),
            publisher=each.findtext(f"{ATOM}source/{ATOM}title", ""),
            via=_via(each),
            tags=tuple(
                one.get("term", "") for one in each.findall(f"{ATOM}category") if not one.get("scheme")
            ),
        )
        for each in ElementTree.fromstring(document).iter(f"{ATOM}entry")
    ]


def json_feed(document: bytes) -> list[Finished]:
    return [
        Finished(
            id=item["id"],
            link=item["url"],
            title=item["title"],
            html=item["content_html"],
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
            publisher=item["_feedhub"]["source"]["title"],
            via=tuple((hop["url"], hop["title"]) for hop in item["_feedhub"]["via"]),
            tags=tuple(item.get("tags", ())),
        )
        for item in json.loads(document)["items"]
    ]


def unpacked(file: Path) -> bytes:
    """Give what a finished document says, whatever form the file has it in."""
    undo = {".gz": gzip.decompress, ".br": brotli.decompress}.get(file.suffix, bytes)
    body: bytes = undo(file.read_bytes())
    return body
