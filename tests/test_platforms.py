"""What the platforms of the web write, each as one small document, against what is in it."""

from pathlib import Path
from typing import NamedTuple

import pytest

from reading import reading

FOLDER = Path(__file__).parent / "platforms"
URL = "https://news.example/feed"
# What a document says that its encoding is, where it is not UTF-8, and the codec to write it with.
ENCODINGS = {
    "arabic": "cp1256",
    "bitrix": "cp1251",
    "chinese": "gb18030",
    "japanese": "cp932",
    "korean": "cp949",
    "livedoor": "euc_jp",
    "rss-0.91": "cp1252",
    "taiwanese": "big5hkscs",
    "thai": "cp874",
    "turkish": "cp1254",
    "yandex": "cp1251",
}


class Wanted(NamedTuple):
    """What must be read of an item."""

    key: str
    link: str  # "" = the key
    title: str
    when: str  # of November 2024, in UTC; "" = never told
    authors: str


PLATFORMS = {
    "wordpress": [
        Wanted(
            "https://morning.example/?p=1203",
            "https://morning.example/2024/11/24/%D5%AC%D5%B8%D6%82%D6%80/",
            "It’s «here» … & there",
            "24 10:24",
            "Անի",
        ),
    ],
    "blogger-atom": [
        Wanted(
            "tag:b.example,1999:blog-1.post-2",
            "https://b.example/2024/11/a.html",
            "A <b> &amp; c",
            "24 10:24",
            "Ani",
        ),
    ],
    "blogger-rss": [
        Wanted(
            "tag:b.example,1999:blog-1.post-2", "https://b.example/2024/11/a.html", "T", "24 10:24", "Ani"
        ),
    ],
    "drupal": [
        Wanted("7 at https://d.example", "https://d.example/node/7", "T", "24 10:24", "Ani"),
    ],
    "joomla": [
        Wanted("https://j.example/news/1-raz", "", 'Новость "раз"', "24 10:24", "Редактор"),
    ],
    "joomla-1.5": [
        Wanted(
            "http://j.example/index.php?option=com_content&view=article&id=7:t&catid=1&Itemid=2",
            "",
            "T",
            "24 10:24",
            "Ani",
        ),
    ],
    "ghost": [
        Wanted("6742f0", "https://g.example/a/", "Ghost & <story>", "24 10:24", "Ani"),
    ],
    "hugo": [
        Wanted("https://h.example/about/", "", "About", "", ""),
    ],
    "jekyll": [
        Wanted("https://k.example/a", "https://k.example/a.html", "A & b", "24 10:24", ""),
    ],
    "medium": [
        Wanted(
            "https://m.example/p/854248",
            "https://m.example/t-854248?source=rss-1------2",
            "T",
            "24 10:24",
            "Ani",
        ),
    ],
    "substack": [
        Wanted("substack:post:1", "https://s.example/p/episode", "Episode", "24 10:24", "Ani"),
    ],
    "youtube": [
        Wanted("yt:video:abc", "https://y.example/watch?v=abc", "Video", "24 10:24", "Y"),
    ],
    "reddit": [
        Wanted("t3_abc", "https://www.reddit.example/r/news/comments/abc/t/", "T & x", "24 10:24", "/u/ani"),
    ],
    "tumblr": [
        Wanted("https://t.example/post/7", "", "Photo", "24 10:24", ""),
        Wanted("https://t.example/post/8", "", "Untitled words here.", "24 10:24", ""),
    ],
    "discourse": [
        Wanted("d.example-topic-7", "https://d.example/t/t/7", "T", "24 10:24", "ani"),
    ],
    "mediawiki": [
        Wanted("https://w.example/w/index.php?title=A&diff=2&oldid=1", "", "A", "24 10:24", "Ани"),
    ],
    "phpbb": [
        Wanted("https://p.example/viewtopic.php?p=7#p7", "", 'Foren • Re: Über "x" & y', "24 10:24", "Ani"),
    ],
    "bitrix": [
        Wanted("http://b.example/news/1/", "", 'Первая "новость"', "24 11:24", ""),
    ],
    "yandex": [
        Wanted("rbc:1", "https://r.example/1", "Т", "24 10:24", ""),
    ],
    "naver": [
        Wanted(
            "https://n.example/ani/223",
            "https://n.example/ani/223?fromRss=true&trackingCode=rss",
            "제목 & 글",
            "24 10:24",
            "ani",
        ),
    ],
    "korean": [
        Wanted("http://k.example/1", "", "똠방각하 펲시콜라 뉴스", "24 19:24", ""),
    ],
    "livedoor": [
        Wanted("http://l.example/1.html", "", "記事〜題名", "24 10:24", "ani"),
    ],
    "japanese": [
        Wanted("http://s.example/1", "", "①髙橋～能", "24 10:24", ""),
    ],
    "hatena": [
        Wanted("hatenablog://entry/1", "https://h.example/entry/1", "題", "24 10:24", "ani"),
    ],
    "ameblo": [
        Wanted("https://a.example/ani/entry-1.html", "", "記事", "24 10:24", ""),
        Wanted("http://rssblog.ameba.example/ads", "", "PR:広告", "24 10:24", ""),
    ],
    "typepad": [
        Wanted("tag:typepad.com,2003:post-1", "https://t.example/a.html", "A", "24 10:24", "Ani"),
    ],
    "atom-0.3": [
        Wanted("tag:e.example,2024:1", "http://e.example/1", "Une étude", "24 10:24", "Ani"),
    ],
    "rss-0.91": [
        Wanted("http://z.example/1", "", "Grüße – “hier”", "", ""),
    ],
    "rss-0.90": [
        Wanted("http://m.example/1", "", "One", "", ""),
        Wanted("http://m.example/2", "", "Two", "", ""),
    ],
    "rss-1.1": [
        Wanted("http://m.example/1", "", "One", "", ""),
    ],
    "podcast": [
        Wanted("p1", "http://p.example/1.mp3", "Ep 1", "24 10:24", "Vahan"),
    ],
    "media-group": [
        Wanted("http://o.example/1", "", "Group title", "", ""),
    ],
    "turkish": [
        Wanted("http://o.example/1", "", "İstanbul’da şiddetli yağış", "24 13:24", ""),
    ],
    "arabic": [
        Wanted("http://o.example/1", "", "خبر عاجل", "24 10:24", ""),
    ],
    "thai": [
        Wanted("http://o.example/1", "", "ข่าวด่วน", "", ""),
    ],
    "chinese": [
        Wanted("http://o.example/1", "", "朱镕基 € 龍", "24 18:24", ""),
    ],
    "taiwanese": [
        Wanted("http://o.example/1", "", "許功蓋 香港嘅", "", ""),
    ],
}


def test_each_document_has_its_expectation() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PLATFORMS)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_document_is_read_as_its_platform_means_it(name: str) -> None:
    text = (FOLDER / f"{name}.xml").read_text(encoding="utf-8")
    found = reading(text.encode(ENCODINGS.get(name, "utf-8")), url=URL, timezone="UTC")
    assert not found.refused
    assert [
        Wanted(
            entry.key,
            entry.url if entry.url != entry.key else "",
            entry.title,
            entry.published.strftime("%d %H:%M") if entry.dated else "",
            ", ".join(person.name for person in entry.authors or entry.origin.authors),
        )
        for entry in found.entries
    ] == PLATFORMS[name]
