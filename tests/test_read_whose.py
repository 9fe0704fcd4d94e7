"""Whose an entry is: the source's origin, what may be told of it, and who handed it on."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.model import Category, Origin, Person
from reading import ATOM_LINK, LINK, atom, of_atom, of_rss, reading, rss, the_entry

SELF = '<atom:link rel="self" href="https://feeds.example/morning"/>'
ITEM = f"<item>{LINK}</item>"


def origin(document: str, **more: Any) -> Origin:
    return reading(document, **more).origin


def test_an_rss_channel_tells_whose_it_is() -> None:
    head = (
        "<language>en_US</language><copyright>&amp;copy; The Morning</copyright>"
        "<managingEditor>desk@morning.example (The Desk)</managingEditor>"
        "<lastBuildDate>Sun, 24 Nov 2024 10:24:00 +0000</lastBuildDate>"
        "<image><url>/icon.png</url><title>x</title><link>https://other.example/</link></image>"
        '<category domain="https://morning.example/topics">News</category><category>News</category>'
        "<creativeCommons:license>https://license.example/by</creativeCommons:license>"
    )
    assert origin(rss(ITEM, head=SELF + head)) == Origin(
        id="https://feeds.example/morning",
        title="The Morning",
        feed_url="https://feeds.example/morning",
        site_url="https://morning.example/",
        updated=datetime(2024, 11, 24, 10, 24, tzinfo=UTC),
        authors=(Person(name="The Desk", email="desk@morning.example"),),
        categories=(Category(term="News", scheme="https://morning.example/topics"), Category(term="News")),
        rights="© The Morning",
        license="https://license.example/by",
        icon="https://morning.example/icon.png",
        language="en-US",
    )


def test_an_atom_feed_tells_whose_it_is() -> None:
    head = (
        '<id>tag:morning.example,2024:feed</id><link rel="self" href="/feed"/><rights>All ours</rights>'
        "<updated>2024-11-24T10:24:00Z</updated><icon>i.ico</icon><logo>l.png</logo>"
        '<author><name>Ani</name><uri>/ani</uri></author><link rel="license" href="https://license.example/"/>'
        '<category term="news" label="The news"/><category term="news" label="The news"/>'
    )
    assert origin(atom(head=head, attributes='xml:lang="hy"')) == Origin(
        id="tag:morning.example,2024:feed",
        title="The Morning",
        feed_url="https://morning.example/feed",
        site_url="https://morning.example/",
        updated=datetime(2024, 11, 24, 10, 24, tzinfo=UTC),
        authors=(Person(name="Ani", url="https://morning.example/ani"),),
        categories=(Category(term="news", label="The news"),),
        rights="All ours",
        license="https://license.example/",
        icon="https://morning.example/news/i.ico",
        language="hy",
    )


def test_without_a_self_link_the_feed_is_the_address_that_we_poll_without_its_user() -> None:
    found = origin(rss(ITEM), url="https://ani:secret@morning.example/feed")
    assert found.feed_url == found.id == "https://morning.example/feed"


def test_a_relative_link_does_not_carry_the_user_of_the_address_on() -> None:
    document = rss('<item><link>a</link><description>&lt;a href="b"&gt;b&lt;/a&gt;</description></item>')
    entry = the_entry(document, url="https://ani:secret@morning.example/feed")
    assert entry.url == "https://morning.example/a"
    assert "secret" not in repr(entry)


def test_a_document_without_a_link_has_the_site_of_its_address() -> None:
    assert origin(f"<rss><channel>{ITEM}</channel></rss>").site_url == "https://morning.example/"


@pytest.mark.parametrize(
    ("title", "wanted"), [("The Desk", "The Desk"), ("", "morning.example")], ids=["configured", "host"]
)
def test_a_document_without_a_title_is_called_as_configured_else_by_its_host(title: str, wanted: str) -> None:
    assert origin(f"<rss><channel>{ITEM}</channel></rss>", title=title).title == wanted


def test_nothing_of_a_path_on_disk_is_told() -> None:
    found = reading(f"<rss><channel>{ITEM}</channel></rss>", url="file:///home/ani/posts.xml")
    assert found.origin == Origin(title="morning")
    assert "ani" not in repr(found)


def test_of_a_document_on_disk_its_self_link_is_told() -> None:
    assert origin(rss(ITEM, head=SELF), url="file:///x.xml").feed_url == "https://feeds.example/morning"


# What is told has words of its own, the names of fields: Hypothesis finds them in our code, and tries them.
WORDS = repr(reading(rss(f"{ITEM}<item>{LINK}<source url='https://other.example/'>Other</source></item>")))
SECRET = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=12, max_size=30
).filter(lambda secret: secret not in WORDS)
PRIVATE = [
    "https://{}:x@partner.example/feed",
    "https://u:{}@partner.example/feed",
    "https://partner.example/feed?key={}",
    "https://partner.example/feed?a=1&amp;key={}&amp;b=2",
    "https://partner.example/{}/feed",
    "https://partner.example/feed/{}",
    "https://partner.example/feed#{}",
]


@given(SECRET, st.sampled_from(PRIVATE), st.sampled_from(["rss", "atom", "json"]))
def test_nothing_of_a_secret_address_is_told_though_the_document_repeats_it(
    secret: str, form: str, format_: str
) -> None:
    url = form.format(secret)
    documents = {
        "rss": "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Partner</title>"
        f"<link>{url}</link><atom:id>{url}</atom:id><atom:link rel='self' href='{url}'/>"
        f"<category domain='{url}'>News</category>"
        f"<image><url>{url}</url></image><item><link>a</link><description>&lt;a href='#n'&gt;x&lt;/a&gt;"
        f"&lt;a href='?b'&gt;x&lt;/a&gt;</description><source url='{url}'>Partner</source></item>"
        f"<item><link>?p=2</link><source url='{url}'>Other</source></item></channel></rss>",
        "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>Partner</title>"
        f"<id>{url}</id><link href='{url}'/><link rel='self' href='{url}'/><icon>{url}</icon>"
        f"<entry><link href='a'/><id>1</id><source><id>{url}</id><title>Q</title>"
        f"<link rel='self' href='{url}'/></source></entry></feed>",
        "json": f'{{"title": "Partner", "feed_url": "{url}", "home_page_url": "{url}", "icon": "{url}",'
        ' "items": [{"id": 1, "url": "a", "content_html": "<a href=\'b\'>x</a>"}]}'.replace("&amp;", "&"),
    }
    found = reading(documents[format_], url=url.replace("&amp;", "&"), is_secret=True)
    told = replace(found, self_url="")  # kept to know our own documents by, never published
    assert found.entries
    assert secret not in repr(told)


def test_of_a_source_that_needs_a_password_its_site_is_told_and_not_its_feed() -> None:
    url = "https://partner.example/atom.xml"
    head = f'<id>{url}</id><link rel="self" href="{url}"/>'
    document = atom(f"<entry>{ATOM_LINK}</entry>", head=head)
    found = origin(document, url=url, auth="bearer:secret")
    assert (found.id, found.feed_url, found.site_url) == (
        "https://morning.example/",
        "",
        "https://morning.example/",
    )


# ── Entries that are handed on ───────────────────────────────────────────────────────────────────


def test_an_rss_source_is_the_first_publisher_and_the_source_a_hop() -> None:
    entry = of_rss(LINK + '<source url="https://first.example/feed">The &amp;amp; First</source>', head=SELF)
    assert (entry.origin.title, entry.origin.feed_url) == ("The & First", "https://first.example/feed")
    assert [hop.title for hop in entry.origin.via] == ["The Morning"]
    assert entry.origin.via[0].feed_url == "https://feeds.example/morning"


def test_an_atom_source_is_the_first_publisher_with_all_that_it_says() -> None:
    entry = of_atom(
        ATOM_LINK + "<source><id>tag:first.example,2024:f</id><title>The First</title>"
        "<updated>2024-11-24T10:00:00Z</updated><rights>Theirs</rights><author><name>Ani</name></author>"
        '<link rel="self" href="https://first.example/feed"/><link href="https://first.example/"/>'
        '<link rel="license" href="https://license.example/"/><icon>https://first.example/i.png</icon></source>'
    )
    assert replace(entry.origin, via=()) == Origin(
        id="tag:first.example,2024:f",
        title="The First",
        feed_url="https://first.example/feed",
        site_url="https://first.example/",
        updated=datetime(2024, 11, 24, 10, tzinfo=UTC),
        authors=(Person(name="Ani"),),
        rights="Theirs",
        license="https://license.example/",
        icon="https://first.example/i.png",
    )
    assert entry.authors == (Person(name="Ani"),)
    assert len(entry.origin.via) == 1


HOPS = (
    '<atom:link rel="via" href="https://second.example/" title="The Second"/>'
    '<atom:link rel="via" href="https://first.example/" title="The First"/>'
)


@pytest.mark.parametrize(
    "source",
    [
        '<source url="https://first.example/feed">The First</source>',
        '<atom:source><atom:title>The First</atom:title><atom:link href="https://first.example/"/></atom:source>',
    ],
    ids=["rss", "atom"],
)
def test_the_hops_before_follow_the_source_and_the_publishers_own_page_is_none(source: str) -> None:
    entry = of_rss(LINK + source + HOPS)
    assert entry.origin.title == "The First"
    assert entry.origin.site_url == "https://first.example/"
    assert [hop.title for hop in entry.origin.via] == ["The Morning", "The Second"]


def test_a_json_item_of_another_hub_names_its_source_and_hops() -> None:
    found = reading(
        '{"title": "Hub", "items": [{"id": "1", "url": "https://first.example/a", "_feedhub": {"source":'
        ' {"id": "f", "title": "The First", "feed_url": "https://first.example/feed", "home_page_url":'
        ' "https://first.example/"}, "via": [{"url": "https://second.example/", "title": "The Second"},'
        ' {"url": "https://first.example/", "title": "The First"}], "rights": "Theirs",'
        ' "license": "https://license.example/"}}]}'
    )
    entry = found.entries[0]
    assert entry.origin.title == "The First"
    assert [hop.title for hop in entry.origin.via] == ["Hub", "The Second"]
    assert (entry.rights, entry.license) == ("Theirs", "https://license.example/")


OWN = {
    "by its feed": '<source url="https://morning.example/news/feed.xml">x</source>',
    "by its self link": '<source url="https://feeds.example/morning/">x</source>',
    "by its name": "<source>the morning</source>",
    "without a word": "<source/>",
    "by its page": '<atom:source><atom:title>x</atom:title><atom:link href="https://morning.example"/></atom:source>',
    "dc:source is no feed": "<dc:source>https://other.example/</dc:source>",
    "a via link alone": '<atom:link rel="via" href="https://other.example/"/>',
}


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_a_source_that_names_itself_is_no_hop(source: str) -> None:
    entry = of_rss(LINK + source, head=SELF)
    assert entry.origin.title == "The Morning"
    assert entry.origin.via == ()
