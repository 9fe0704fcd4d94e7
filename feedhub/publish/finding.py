"""An edition to what can be found in it: what readers can read, by the words that they can read."""

from functools import partial

from feedhub.model import Edition, Site
from feedhub.publish.documents import Known
from feedhub.render.findable import digest, words
from feedhub.render.item import keep_items
from feedhub.store import Findable


def findable(made: Edition, site: Site, known: Known) -> list[Findable]:
    """Give the entries of an edition as they are found; of what is known the digest is not made anew."""
    return [
        Findable(
            entry=item.entry,
            digest=item.once("findable", partial(digest, item.entry, site)),
            text=partial(words, item),
        )
        for item in keep_items(made, site, known.items)
    ]
