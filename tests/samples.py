"""The sample documents as they stand in the package, for tests that look into them."""

import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from feedhub.model import Reading, Response, Source
from feedhub.read import read

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "feedhub" / "samples"
YEREVAN = ZoneInfo("Asia/Yerevan")
FIRST_DAY = date(2024, 11, 20)
THE_DAY = date(2024, 11, 24)
NOW = datetime(2024, 11, 25, tzinfo=UTC)
LEAD = "https://morning.example/2024/11/24/three-roads/"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def sample(name: str) -> etree._Element:
    """Give the root of an XML sample."""
    return etree.parse(SAMPLES / name, etree.XMLParser(no_network=True, resolve_entities=False)).getroot()


def magazine() -> dict[str, Any]:
    """Give the JSON Feed among the samples."""
    document: dict[str, Any] = json.loads((SAMPLES / "terrace.json").read_text(encoding="utf-8"))
    return document


def config() -> dict[str, Any]:
    """Give the config.toml that runs on the samples."""
    return tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def text(element: etree._Element, path: str) -> str:
    return element.findtext(path, "", NAMESPACES)


def words(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def items(name: str) -> list[etree._Element]:
    """Give the items of an RSS sample."""
    return find(sample(name), "channel/item")


def reading(name: str) -> Reading:
    """Read a sample as a document of its outlet's source; an earlier and a later one are of the same."""
    outlet = name.partition(".")[0].removesuffix("-later")
    source = Source(name=outlet, url=f"https://source.example/{outlet}", timezone=YEREVAN.key)
    return read(source, Response(url=source.url, body=(SAMPLES / name).read_bytes()), now=NOW)
