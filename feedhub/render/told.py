"""A story that several sources tell: the others, named and linked under the entry that tells it. Pure.

They stand at the end of the text as well, since many readers show neither related links nor extensions:
behind the quotation, so that its first passage credits the quoted article and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from feedhub.model import Entry, Site
from feedhub.render import credit
from feedhub.render.direction import primary
from feedhub.render.lineage import lineage

Others = Sequence[Entry]

# The word that the others are named after.
ALSO = {
    "ar": "أيضًا",
    "de": "Auch",
    "el": "Επίσης",
    "en": "Also",
    "es": "También",
    "fa": "همچنین",
    "fr": "Aussi",
    "he": "גם",
    "hy": "Նաև",
    "it": "Anche",
    "ja": "他にも",
    "ka": "ასევე",
    "pt": "Também",
    "ru": "Также",
    "tr": "Ayrıca",
    "uk": "Також",
    "zh": "另见",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Another source's article on the same news.

    url, named   Atom link[related]   RSS atom:link[related]   JSON Feed _feedhub.story
    """

    published_id: str
    url: str
    title: str
    publisher: str
    site_url: str
    credit: str  # the words that are linked to it

    @property
    def named(self) -> str:
        """Give the title of a link to it."""
        return f"{self.publisher}: {self.title}"


def tellings(others: Others, site: Site) -> tuple[Telling, ...]:
    """Gather what is said of the others that tell a story."""
    return tuple(_telling(entry, site) for entry in others)


def _telling(entry: Entry, site: Site) -> Telling:
    source = lineage(entry, site)
    return Telling(
        published_id=entry.published_id,
        url=entry.url,
        title=entry.title,
        publisher=source.title,
        site_url=source.site_url,
        credit=credit.name(entry, site),
    )


def also(entry: Entry, site: Site) -> str:
    """Give the word that the others are named after, in the language of the text that it ends."""
    spoken = (entry.language, entry.origin.language, site.language)
    return next((ALSO[primary(tag)] for tag in spoken if primary(tag) in ALSO), ALSO["en"])


def named(entry: Entry, others: Others, site: Site) -> str:
    """Name all others that tell an entry's story in plain words: Also: NAME (ARTICLE), NAME (ARTICLE)."""
    if not others:
        return ""
    every = ", ".join(f"{each.credit} ({each.url})" for each in tellings(others, site))
    return f"{also(entry, site)}: {every}"


def line(entry: Entry, others: Others, site: Site) -> str:
    """Give the paragraph that names and links all others that tell an entry's story, as HTML."""
    if not others:
        return ""
    links = (
        f'<a href="{escape(each.url)}" rel="external">{escape(each.credit, quote=False)}</a>'
        for each in tellings(others, site)
    )
    return f"<p>{also(entry, site)}: {', '.join(links)}</p>"
