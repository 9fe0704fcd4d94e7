"""A vocabulary to build entries, sites and editions, and a Hypothesis strategy for whole editions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from feedhub.model import (
    Category,
    Comments,
    Edition,
    Element,
    Enclosure,
    Entry,
    Feed,
    Image,
    Origin,
    Person,
    Site,
    Source,
    Story,
    Terms,
)
from feedhub.text.visible import is_visible

NOON = datetime(2024, 11, 24, 12, tzinfo=UTC)
DAY = date(2024, 11, 24)
FEED_ID = "urn:uuid:6f1e3f6a-5c5b-5d0e-9a1e-0c4c2f1d7b11"
FEED = Feed(name="day", title="Day newsfeed", about="What matters today.", timezone="Asia/Yerevan")
MORNING = Origin(
    id="https://morning.example/feed/",
    title="The Morning",
    feed_url="https://morning.example/feed/",
    site_url="https://morning.example/",
    updated=NOON,
)


def source(name: str = "morning", **more: Any) -> Source:
    """Build a source; by default a public feed at NAME.example."""
    return Source(**{"name": name, "url": f"https://{name}.example/feed/", "title": "The Morning", **more})


def site(*sources: Source, **more: Any) -> Site:
    """Build a site with these sources; by default with the one called "morning"."""
    known = {each.name: each for each in (sources or (source(),))}
    said = {"title": "Yerevan Day Desk", "url": "https://news.example", "contact": "desk@news.example"}
    return Site(**{**said, "feeds": (FEED,), "sources": known, **more})


def entry(key: str = "a", **more: Any) -> Entry:
    """Build an entry of "morning", published at noon; `key` tells it from others."""
    said: dict[str, Any] = {
        "source": "morning",
        "key": key,
        "published_id": f"https://morning.example/?p={key}",
        "url": f"https://morning.example/{key}/",
        "title": f"Title of {key}",
        "published": NOON,
        "summary": f"<p>Text of {key}. It goes on.</p>",
        "origin": MORNING,
    }
    return Entry(**{**said, **more})


def edition(*entries: Entry, **more: Any) -> Edition:
    """Build an edition; by default the document to subscribe to."""
    said: dict[str, Any] = {
        "feed": FEED,
        "id": FEED_ID,
        "day": None,
        "entries": entries,
        "updated": NOON + timedelta(hours=1),
    }
    return Edition(**{**said, **more})


_WORDS = st.sampled_from(
    "After the vote: three roads lie open. «Այսօր» Երեւանում։ Новости дня, мир и труд. 世界の終わり。"
    " أخبار اليوم don't A&B <tag> ½ 👨‍👩‍👧 e\u0301 “Yes. No.” he said".split(" ")
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=25).map(" ".join)
_ODD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=40)
_TITLES = st.one_of(_SENTENCES, _ODD).map(
    lambda text: " ".join(text.split()) if is_visible(text) else "Untitled"
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_INLINE = st.builds(
    lambda text, mark: mark.format(_escaped(text)),
    st.one_of(_SENTENCES, _ODD),
    st.sampled_from(
        [
            "{}",
            "<b>{}</b>",
            "<q>{}</q>",
            '<a href="https://elsewhere.example/x">{}</a>',
            "<br>{}",
            "{}<br><br>{0}",
        ]
    ).map(lambda mark: mark.replace("{0}", "{}").replace("{}", "{0}")),
)
_BLOCK = st.builds(
    lambda text, mark: mark.format(text),
    _INLINE,
    st.sampled_from(
        [
            "<p>{}</p>",
            "{}",
            "<h2>{}</h2>",
            "<ul><li>{}</li></ul>",
            "<blockquote>{}</blockquote>",
            "<div>{}</div>",
            "<div><section><p>{}</p></section></div>",
            "<table><tr><td>{}</td></tr></table>",
            "<pre>{}</pre>",
            '<figure><img src="https://morning.example/a.jpg" alt="x"><figcaption>{}</figcaption></figure>',
            "<p></p>",
            '<p><a href="https://morning.example/s/">The Morning</a>: {}</p>',
            '<p><img src="https://morning.example/a.jpg"></p>',
        ]
    ),
)
HTML = st.lists(_BLOCK, max_size=6).map("".join)
TERMS = st.builds(
    Terms,
    show=st.sampled_from(["title", "summary", "full"]),
    excerpt=st.integers(0, 300),
    credit=st.sampled_from(["first-passage", "top", "bottom", "none"]),
    text=st.sampled_from(["{source}", "Read at {source}"]),
    rule=st.sampled_from(["", "Quote with a hyperlink to the quoted material"]),
    license=st.sampled_from(["", "https://creativecommons.org/licenses/by/4.0/"]),
)
_TIMES = st.integers(0, 86_000).map(lambda seconds: NOON - timedelta(seconds=seconds))
_PERSON = st.builds(Person, name=_TITLES, url=st.sampled_from(["", "https://morning.example/ani"])) | st.just(
    Person(email="ani@morning.example")
)
_ORIGIN = st.builds(
    Origin,
    id=st.sampled_from(["", "tag:morning.example,2020:feed"]),
    title=st.one_of(st.just(""), _TITLES),
    feed_url=st.sampled_from(["", "https://morning.example/feed/atom"]),
    site_url=st.sampled_from(["", "https://morning.example/"]),
    updated=st.none() | _TIMES,
    authors=st.lists(_PERSON, max_size=1).map(tuple),
    rights=st.sampled_from(["", "All rights reserved"]),
)
_ORIGINS = st.builds(
    lambda origin, via: replace(origin, via=tuple(via)),
    _ORIGIN,
    st.lists(st.just(Origin(title="The Wire", site_url="https://wire.example/")), max_size=2),
)


@st.composite
def _entries(draw: st.DrawFn, number: int) -> Entry:
    published = draw(_TIMES)
    return entry(
        f"{number}",
        title=draw(_TITLES),
        published=published,
        updated=draw(st.none() | st.just(published + timedelta(minutes=5))),
        published_id=draw(
            st.sampled_from(
                [f"urn:x-test:{number}", f"https://morning.example/{number}/", f"tag:a.example,2020:{number}"]
            )
        ),
        url=f"https://morning.example/{number}/",
        source=draw(st.sampled_from(["morning", "unknown"])),
        summary=draw(HTML),
        content=draw(st.just("") | HTML),
        authors=tuple(draw(st.lists(_PERSON, max_size=2))),
        categories=tuple(Category(term=term) for term in draw(st.lists(_TITLES, max_size=2))),
        enclosures=draw(st.sampled_from([(), (AUDIO,), (AUDIO, replace(AUDIO, url=f"{AUDIO.url}?2"))])),
        image=draw(st.sampled_from([None, PICTURE])),
        language=draw(st.sampled_from(["", "en", "hy"])),
        comments=draw(st.sampled_from([None, COMMENTS])),
        related=draw(st.sampled_from([(), ABOUT[:1], ABOUT])),
        origin=draw(_ORIGINS),
        more=draw(st.sampled_from([(), (Element(name="itunes:duration", text="60"), RSL)])),
    )


AUDIO = Enclosure(url="https://morning.example/talk.mp3", type="audio/mpeg", length=1000, duration=60)
PICTURE = Image(
    url="https://morning.example/a.jpg", width=640, height=480, description="A road", credit="A. P."
)
ABOUT = ("https://other.example/told", "https://third.example/told?a=1&b=2")
RSL = Element(
    name="rsl:content",
    attributes=(("url", "https://morning.example/a/"),),
    parts=(
        Element(
            name="rsl:license",
            parts=(
                Element(name="rsl:permits", text="search", attributes=(("type", "usage"),)),
                Element(
                    name="rsl:payment",
                    attributes=(("type", "crawl"),),
                    parts=(Element(name="rsl:amount", text="0.01", attributes=(("currency", "USD"),)),),
                ),
            ),
        ),
    ),
)
COMMENTS = Comments(
    url="https://morning.example/s/#respond", count=0, feed_url="https://morning.example/s/feed/"
)


@st.composite
def editions(draw: st.DrawFn) -> tuple[Edition, Site]:
    """Draw an edition with stories, and a site for it, whose entries keep what `model` promises."""
    count = draw(st.integers(0, 4))
    entries = sorted(
        (draw(_entries(number)) for number in range(count)),
        key=lambda each: (-each.published.timestamp(), each.published_id),
    )
    day = draw(st.none() | st.just(DAY))
    stories = [
        Story(
            told_by=each.published_id,
            others=tuple(draw(_entries(number)) for number in range(10 * index + 10, 10 * index + 10 + many)),
        )
        for index, each in enumerate(entries)
        if (many := draw(st.integers(0, 2)))
    ]
    made = edition(
        *entries,
        day=day,
        stories=tuple(stories),
        closed=bool(day) and draw(st.booleans()),
        archive=draw(st.none() | st.just(date(2024, 11, 23))),
    )
    morning = source(terms=draw(TERMS), title=draw(st.sampled_from(["", "The Morning"])), groups=("armenia",))
    return made, site(morning)
