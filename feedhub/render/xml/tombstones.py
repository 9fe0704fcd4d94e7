"""What has been taken down, as an Atom document tells it (RFC 6721). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from feedhub.errors import RenderError
from feedhub.model import Site
from feedhub.render import addresses
from feedhub.render.dates import rfc3339

_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An entry that would still be listed, had we not taken it down.

    published_id   at:deleted-entry@ref    taken   at:deleted-entry@when    reason   at:comment
    """

    published_id: str
    taken: datetime
    reason: str


def with_tombstones(document: bytes, gone: Sequence[Gone], site: Site) -> bytes:
    """Add to a finished Atom document what was taken down, behind its entries. Raises RenderError."""
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    try:
        for one in gone:
            _add(root, one, site)
    except ValueError as error:
        raise RenderError(f"what was taken down cannot be written: {error}") from error
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(feed: etree._Element, one: Gone, site: Site) -> None:
    said = {"ref": one.published_id, "when": rfc3339(one.taken)}
    element = etree.SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", said, {"at": _TOMBSTONES})
    by = etree.SubElement(element, f"{{{_TOMBSTONES}}}by")
    etree.SubElement(by, f"{{{_ATOM}}}name").text = site.title
    etree.SubElement(by, f"{{{_ATOM}}}uri").text = addresses.home(site)
    etree.SubElement(element, f"{{{_TOMBSTONES}}}comment").text = one.reason
