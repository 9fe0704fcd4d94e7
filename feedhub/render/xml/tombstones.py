"""What has been taken down, as an Atom document tells it (RFC 6721). Pure."""

from lxml import etree

from feedhub.model import Deleted, Site
from feedhub.render import addresses
from feedhub.render.dates import rfc3339
from feedhub.render.xml.elements import add


def add_tombstone(feed: etree._Element, one: Deleted, site: Site) -> None:
    """Append what was taken down to a feed: which entry, when, by whom and why."""
    stone = add(feed, "at:deleted-entry", "", {"ref": one.published_id, "when": rfc3339(one.when)})
    by = add(stone, "at:by")
    add(by, "name", site.title)
    add(by, "uri", addresses.home(site))
    if one.reason:
        add(stone, "at:comment", one.reason)
