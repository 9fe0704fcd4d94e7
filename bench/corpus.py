"""The documents that are polled: RSS and Atom of about 126 KB with 35 entries each, the same for one seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

ENTRIES = 35  # of a document
SIZE = 3_330  # bytes of an entry, about
_LATIN = (
    "the a of and to in for with on from valley river council school road bridge harvest winter spring market"
    " bread stone garden train station teacher student museum village town city budget vote law court water"
    " energy bus letter answer question plan report month year morning evening people family neighbour farmer"
    " driver writer song festival team match player season coach result price factory worker union meeting"
    " border mountain forest fire rain snow cloud wind harbour ship island light window door house street"
    " says asks builds opens closes begins ends finds keeps brings leaves meets shows writes reads hears"
    " new old small large early late quiet open local common public careful steady northern southern"
).split()
_ARMENIAN = (
    "և որ է մեջ համար հետ գետ խորհուրդ դպրոց ճանապարհ կամուրջ բերք ձմեռ գարուն շուկա հաց քար այգի գնացք"
    " կայարան ուսուցիչ աշակերտ թանգարան գյուղ քաղաք օրենք դատարան ջուր նամակ պատասխան հարց տարի առավոտ"
    " երեկո մարդիկ ընտանիք հարևան երգ տոն խաղ լեռ անտառ անձրև ձյուն քամի լույս պատուհան տուն փողոց նոր հին"
).split()
_RUSSIAN = (
    "и в на для с что это река совет школа дорога мост урожай зима весна рынок хлеб камень сад поезд станция"
    " учитель ученик музей село город закон суд вода письмо ответ вопрос год утро вечер люди семья сосед"
    " песня праздник матч гора лес дождь снег ветер свет окно дом улица новый старый тихий открытый"
).split()
_VOCABULARIES = {"en": _LATIN, "hy": _ARMENIAN, "ru": _RUSSIAN}
_CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
_NAMESPACES = (
    _CONTENT + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Fictional outlets, each with one document; even numbers are RSS, odd ones Atom."""

    newest: datetime  # the date of each document's newest entry, before it changes
    count: int = 300
    seed: int = 1

    def document(self, number: int, *, newer: int = 0) -> bytes:
        """Write a document; with `newer` entries at its top, and as many fewer at its end."""
        outlet = _Outlet(self, number)
        told = [outlet.entry(position) for position in reversed(range(newer, ENTRIES + newer))]
        head = outlet.atom_head(newer) if outlet.is_atom else outlet.rss_head(newer)
        tail = "</feed>\n" if outlet.is_atom else "</channel></rss>\n"
        return (head + "".join(told) + tail).encode()

    @staticmethod
    def name(number: int) -> str:
        """Give the name of the outlet and of its document."""
        return f"outlet-{number:05}"

    def documents(self) -> list[bytes]:
        """Write all documents, as they are at first."""
        return [self.document(number) for number in range(self.count)]


class _Outlet:
    def __init__(self, corpus: Corpus, number: int) -> None:
        self._corpus = corpus
        self._number = number
        self._site = f"https://{corpus.name(number)}.example"
        self.is_atom = number % 2 == 1
        # Of twenty outlets one writes Armenian and two Russian.
        self._language = {7: "hy", 12: "ru", 17: "ru"}.get(number % 20, "en")
        # Outlets write every six hours to every forty days.
        self._gap = timedelta(hours=6 * (1 + number * 7919 % 160))

    def _date(self, position: int) -> datetime:
        if position >= ENTRIES:
            return self._corpus.newest + timedelta(minutes=position - ENTRIES + 1)
        return self._corpus.newest - (ENTRIES - 1 - position) * self._gap

    def rss_head(self, newer: int) -> str:
        built = format_datetime(self._date(ENTRIES - 1 + newer))
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{_NAMESPACES}><channel>'
            f"<title>Outlet {self._number}</title><link>{self._site}/</link>"
            f'<atom:link rel="self" type="application/rss+xml" href="{self._site}/feed"/>'
            f"<description>All that outlet {self._number} writes</description>"
            f"<language>{self._language}</language><lastBuildDate>{built}</lastBuildDate>\n"
        )

    def atom_head(self, newer: int) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{self._language}">'
            f"<id>{self._site}/feed</id><title>Outlet {self._number}</title>"
            f'<link rel="self" href="{self._site}/feed"/><link rel="alternate" href="{self._site}/"/>'
            f"<updated>{self._date(ENTRIES - 1 + newer).isoformat()}</updated>\n"
        )

    def entry(self, position: int) -> str:
        """Write one entry; the same whatever else the document holds."""
        chance = random.Random(f"{self._corpus.seed}/{self._number}/{position}")
        words = _Words(chance, _VOCABULARIES[self._language])
        link = f"{self._site}/{self._date(position):%Y/%m}/{chance.choice(_LATIN)}-{position}/"
        body = words.body(f"{self._site}/pictures/{position}.jpg")
        write = self._atom if self.is_atom else self._rss
        return write(position, link, words, body)

    def _rss(self, position: int, link: str, words: "_Words", body: str) -> str:
        categories = "".join(f"<category>{words.line(2)}</category>" for _ in range(3))
        return (
            f"<item><title>{words.line(8)}</title><link>{link}</link>"
            f'<guid isPermaLink="false">{self._site}/?p={1000 + position}</guid>'
            f"<dc:creator>{words.line(2).title()}</dc:creator>"
            f"<pubDate>{format_datetime(self._date(position))}</pubDate>{categories}"
            f"<description><![CDATA[<p>{words.line(40)}.</p>]]></description>"
            f"<content:encoded><![CDATA[{body}]]></content:encoded></item>\n"
        )

    def _atom(self, position: int, link: str, words: "_Words", body: str) -> str:
        date = self._date(position).isoformat()
        categories = "".join(f'<category term="{words.line(2)}"/>' for _ in range(3))
        return (
            f'<entry><title>{words.line(8)}</title><link rel="alternate" type="text/html" href="{link}"/>'
            f"<id>tag:{self._site.removeprefix('https://')},2020:{position}</id>"
            f"<author><name>{words.line(2).title()}</name></author>"
            f"<published>{date}</published><updated>{date}</updated>{categories}"
            f'<summary type="html">&lt;p&gt;{words.line(40)}.&lt;/p&gt;</summary>'
            f'<content type="html">{escape(body)}</content></entry>\n'
        )


class _Words:
    def __init__(self, chance: random.Random, vocabulary: Sequence[str]) -> None:
        self._chance = chance
        self._vocabulary = vocabulary

    def line(self, count: int) -> str:
        return " ".join(self._chance.choices(self._vocabulary, k=count)).capitalize()

    def _paragraph(self) -> str:
        link = f'<a href="/{self._chance.choice(_LATIN)}/{self._chance.randrange(10_000)}">{self.line(3)}</a>'
        return f"<p>{self.line(30)}, {link} {self.line(14)} &amp; <em>{self.line(3)}</em>.</p>\n"

    def body(self, picture: str) -> str:
        """Write an article: paragraphs with links, a picture, a heading, a list, a quotation."""
        parts = [
            f'<figure><img src="{picture}" alt="{self.line(5)}" width="800" height="450" class="wide"/>'
            "</figure>\n",
            f"<h2>{self.line(5)}</h2>\n",
            f'<ul class="facts"><li>{self.line(9)}</li><li>{self.line(7)}</li><li>{self.line(8)}</li></ul>\n',
            f"<blockquote><p>“{self.line(24)}.”</p></blockquote>\n",
        ]
        while sum(len(part.encode()) for part in parts) < SIZE - 900:
            parts.append(self._paragraph())
        self._chance.shuffle(parts)
        return "".join(parts)
