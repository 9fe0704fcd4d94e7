"""By which words an entry is found: of what readers are shown of it, and of nothing else. Pure."""

import hashlib

from feedhub.model import Entry, Site
from feedhub.render import credit
from feedhub.render.lineage import lineage


def words(entry: Entry, site: Site) -> str:
    """Give the title, the publisher, the authors and the excerpt, as the terms allow it."""
    traced = lineage(entry, site)
    people = [person.name for person in traced.authors]
    return "\n".join(
        [entry.title, credit.name(entry, site), traced.title, *people, credit.quoted(entry, site).words]
    )


def digest(entry: Entry, site: Site) -> str:
    """Hash all that the words are made from; that takes less than making them."""
    told = (entry, site.terms(entry), site.publisher(entry))
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]
