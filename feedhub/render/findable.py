"""By which words an entry is found: of what readers are shown of it, and of nothing else. Pure."""

import hashlib

from feedhub.model import Entry, Site
from feedhub.render.item import Item


def words(item: Item) -> str:
    """Give the title, the publisher, the authors and the excerpt, as the terms allow it."""
    quoted, traced = item.quoted, item.lineage
    people = [person.name for person in traced.authors]
    return "\n".join([item.entry.title, quoted.name, traced.title, *people, quoted.words])


def digest(entry: Entry, site: Site) -> str:
    """Hash all that the words are made from; that takes less than making them."""
    told = (entry, site.terms(entry), site.publisher(entry))
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]
