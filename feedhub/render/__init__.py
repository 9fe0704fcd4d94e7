"""Edition to bytes. Pure: the same edition and site give the same bytes on any machine."""

from collections.abc import Callable

from feedhub.model import Edition, Site
from feedhub.render.jsonfeed import jsonfeed
from feedhub.render.xml import atom, rss

# The documents to subscribe to, by format. The page is rendered beside them, by `page`.
FORMATS: dict[str, Callable[[Edition, Site], bytes]] = {"rss": rss, "atom": atom, "json": jsonfeed}
