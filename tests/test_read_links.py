"""Where an entry points, and what tells it from others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import urls
from reading import ATOM_LINK, LINK, URL, atom, of_atom, of_rss, rdf, reading, rss, the_entry, the_refused

ARTICLE = "https://morning.example/a"

RSS_LINKS = {
    "a plain link": (LINK, ARTICLE),
    "white space around it": ("<link>\n   https://morning.example/a\t\n</link>", ARTICLE),
    "in CDATA": ("<link><![CDATA[https://morning.example/a?x=1&y=2]]></link>", f"{ARTICLE}?x=1&y=2"),
    "a line break within": ("<link>https://morning.example/\n  a</link>", "https://morning.example/%20%20a"),
    "a space within": ("<link>https://morning.example/a b</link>", "https://morning.example/a%20b"),
    "relative to the document": ("<link>b.html</link>", "https://morning.example/news/b.html"),
    "from the root": ("<link>/b</link>", "https://morning.example/b"),
    "a query alone": ("<link>?p=7</link>", "https://morning.example/news/feed.xml?p=7"),
    "without a scheme": ("<link>//other.example/b</link>", "https://other.example/b"),
    "with xml:base of its own": (
        '<link xml:base="https://other.example/x/">b</link>',
        "https://other.example/x/b",
    ),
    "an empty one before it": ("<link/><link> </link>" + LINK, ARTICLE),
    "the first of two": (LINK + "<link>https://morning.example/b</link>", ARTICLE),
    "one that is none before it": ("<link>javascript:alert(1)</link>" + LINK, ARTICLE),
    "a foreign link after it": (LINK + "<foreign:link>https://other.example/</foreign:link>", ARTICLE),
    "a foreign link before it": ("<foreign:link>https://other.example/</foreign:link>" + LINK, ARTICLE),
    "a link in a foreign element": (
        LINK + "<foreign:related><link>https://other.example/</link></foreign:related>",
        ARTICLE,
    ),
    "a link in its source": (LINK + "<source><link>https://other.example/</link></source>", ARTICLE),
    "a link of no namespace that we know": (
        LINK + '<link xmlns="https://foreign.example/ns">https://other.example/</link>',
        ARTICLE,
    ),
    "an Atom link beside it": ('<atom:link href="https://other.example/b"/>' + LINK, ARTICLE),
    "an Atom link instead": ('<atom:link href="https://morning.example/a"/>', ARTICLE),
    "an Atom self link is none": ('<atom:link rel="self" href="https://other.example/"/>' + LINK, ARTICLE),
    "as an attribute": ('<link href="https://morning.example/a"/>', ARTICLE),
    "behind a redirector": (
        "<link>https://redirector.example/~r/x</link>"
        "<feedburner:origLink>https://morning.example/a</feedburner:origLink>",
        ARTICLE,
    ),
    "behind a redirector with the article as the guid": (
        "<link>http://feeds.morning.example/~r/news/~3/x/</link><guid>https://morning.example/a</guid>",
        ARTICLE,
    ),
    "behind a redirector that is gone": (
        "<link>http://rss.feedsportal.com/c/1/f/2/s/3/story01.htm</link>"
        '<guid isPermaLink="TRUE"> https://morning.example/a </guid>',
        ARTICLE,
    ),
    "behind a redirector with a guid that is no link": (
        "<link>https://feeds.morning.example/~r/x</link>"
        '<guid isPermaLink="false">https://morning.example/?p=1</guid>',
        "https://feeds.morning.example/~r/x",
    ),
    "behind a redirector that calls the article no permalink": (
        "<link>http://rss.feedsportal.com/c/1/f/2/s/3/story01.htm</link>"
        '<guid isPermaLink="false">https://morning.example/news/a.html</guid>',
        "https://morning.example/news/a.html",
    ),
    "behind a redirector with another as the guid": (
        "<link>https://feeds.morning.example/~r/x</link><guid>http://feedproxy.google.com/~r/y</guid>",
        "https://feeds.morning.example/~r/x",
    ),
    "in a redirector's query": (
        "<link>https://www.google.com/url?rct=j&amp;sa=t&amp;"
        "url=https://morning.example/a%3Fb%3D1%26utm_source%3Dx&amp;ct=ga</link>",
        f"{ARTICLE}?b=1",
    ),
    "in a redirector's path": (
        "<link>http://us.rd.yahoo.com/dailynews/rss/x/*https://morning.example/a</link>",
        ARTICLE,
    ),
    "in a redirector's path, escaped": (
        "<link>https://rd.yahoo.com/x/*https%3A//morning.example/a</link>",
        ARTICLE,
    ),
    "a redirector that names no article": (
        "<link>https://www.google.com/url?sa=t&amp;url=javascript:x</link>",
        "https://www.google.com/url?sa=t&url=javascript:x",
    ),
    "an article that names another": (
        "<link>https://morning.example/a?url=https://other.example/</link>",
        f"{ARTICLE}?url=https://other.example/",
    ),
    "a redirector's word that is no URL": (LINK + "<feedburner:origLink>a</feedburner:origLink>", ARTICLE),
    "tracking parameters": (
        "<link>https://morning.example/a?utm_source=rss&amp;p=1&amp;fbclid=x#c</link>",
        f"{ARTICLE}?p=1#c",
    ),
    "nothing but tracking parameters": ("<link>https://morning.example/a?utm_medium=feed</link>", ARTICLE),
    "a host without a scheme": (
        "<link>www.morning.example/a?b</link>",
        "https://www.morning.example/a?b",
    ),
    "escaped once too often": (
        "<link>https://morning.example/a?x=1&amp;amp;y=2&amp;#038;z=3</link>",
        f"{ARTICLE}?x=1&y=2&z=3",
    ),
    "an IRI": (
        "<link>https://morning.example/լուր</link>",
        "https://morning.example/%D5%AC%D5%B8%D6%82%D6%80",
    ),
    "a host in another script": ("<link>https://լուր.example/a</link>", "https://xn--99ayyh.example/a"),
    "a port": ("<link>https://morning.example:8443/a</link>", "https://morning.example:8443/a"),
    "the scheme's own port": ("<link>https://morning.example:443/a</link>", ARTICLE),
    "upper case": ("<link>HTTPS://Morning.Example/A</link>", "https://morning.example/A"),
    "without a path": ("<link>https://morning.example</link>", "https://morning.example/"),
    "the id, as there is no link": ("<guid>https://morning.example/a</guid>", ARTICLE),
    "the id, though it is no permalink": (
        '<guid isPermaLink="false">https://morning.example/a</guid>',
        ARTICLE,
    ),
    "the link, not the id": (LINK + "<guid>https://morning.example/other</guid>", ARTICLE),
    "the first enclosure": (
        '<guid>a1</guid><enclosure url="https://morning.example/a.mp3"/><enclosure url="/b.mp3"/>',
        f"{ARTICLE}.mp3",
    ),
    "a relative enclosure": ('<enclosure url="/b.mp3"/>', "https://morning.example/b.mp3"),
}
ATOM_LINKS = {
    "without a relation": (ATOM_LINK, ARTICLE),
    "by its full relation": (
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="https://morning.example/a"/>',
        ARTICLE,
    ),
    "the first of several alternates": (ATOM_LINK + '<link href="https://other.example/b"/>', ARTICLE),
    "a page before another format": (
        '<link type="application/json" href="https://morning.example/a.json"/><link type="text/html" '
        'href="https://morning.example/a"/>',
        ARTICLE,
    ),
    "another format where there is no page": (
        '<link type="application/pdf" href="https://morning.example/a.pdf"/>',
        f"{ARTICLE}.pdf",
    ),
    "among other relations": (
        '<link rel="self" href="/s"/><link rel="edit" href="/e"/><link rel="replies" href="/r"/>'
        f'<link rel="enclosure" href="/x.mp3"/>{ATOM_LINK}<link rel="via" href="/v"/>',
        ARTICLE,
    ),
    "not the id": ("<id>https://morning.example/id</id>" + ATOM_LINK, ARTICLE),
    "the id, as there is no link": ("<id>https://morning.example/a</id>", ARTICLE),
    "a link in its source": (
        f'<source><link href="https://other.example/"/></source>{ATOM_LINK}',
        ARTICLE,
    ),
    "a link in its content": (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><link href="https://other.example/"/>'
        "</div></content>" + ATOM_LINK,
        ARTICLE,
    ),
    "an enclosure alone": ('<id>x</id><link rel="enclosure" href="https://morning.example/a"/>', ARTICLE),
}


@pytest.mark.parametrize(("item", "link"), RSS_LINKS.values(), ids=RSS_LINKS)
def test_an_rss_item_points_to_its_own_first_link(item: str, link: str) -> None:
    assert of_rss(item).url == link


@pytest.mark.parametrize(("entry", "link"), ATOM_LINKS.values(), ids=ATOM_LINKS)
def test_an_atom_entry_points_to_its_own_first_alternate(entry: str, link: str) -> None:
    assert of_atom(entry).url == link


BASES = {
    "of the root": ('xml:base="https://b.example/r/"', "", "", "https://b.example/r/x"),
    "of the entry": ("", 'xml:base="https://b.example/e/"', "", "https://b.example/e/x"),
    "of the link": ("", "", 'xml:base="https://b.example/l/"', "https://b.example/l/x"),
    "of each, each relative to the one around it": (
        'xml:base="https://b.example/r/"',
        'xml:base="e/"',
        'xml:base="../l/"',
        "https://b.example/r/l/x",
    ),
    "from the address that was fetched": (
        'xml:base="r/"',
        'xml:base="e/"',
        "",
        "https://morning.example/news/r/e/x",
    ),
    "of none": ("", "", "", "https://morning.example/news/x"),
    "that is broken": ('xml:base="https://[b"', "", "", "https://morning.example/news/x"),
}


@pytest.mark.parametrize(("root", "entry", "link", "url"), BASES.values(), ids=BASES)
def test_a_relative_link_resolves_against_the_nearest_xml_base(
    root: str, entry: str, link: str, url: str
) -> None:
    document = atom(f'<entry {entry}><link {link} href="x"/></entry>', attributes=root)
    assert the_entry(document).url == url


def test_an_xml_base_on_a_sibling_changes_nothing_else() -> None:
    entry = of_rss(
        '<title xml:base="https://wrong.example/">x</title><link>/a</link><comments>/c</comments>'
        '<enclosure url="/e.mp3"/>'
    )
    assert entry.url == "https://morning.example/a"
    assert entry.comments
    assert entry.comments.url == "https://morning.example/c"
    assert entry.enclosures[0].url == "https://morning.example/e.mp3"


def test_a_document_on_disk_resolves_against_its_self_link_else_against_its_site() -> None:
    of_site = rss("<item><link>/a</link></item>")
    of_self = rss(
        "<item><link>b</link></item>", head='<atom:link rel="self" href="https://m.example/x/feed"/>'
    )
    assert the_entry(of_site, url="file:///var/posts.xml").url == "https://morning.example/a"
    assert the_entry(of_self, url="file:///var/posts.xml").url == "https://m.example/x/b"


NO_LINKS = {
    "nothing at all": "<title>x</title>",
    "an id that is no URL": "<guid>1203</guid>",
    "a relative id": "<guid>/2024/11/24/roads</guid>",
    "an id that is another kind of IRI": "<guid>tag:morning.example,2024:1</guid>",
    "a script": "<link>javascript:alert(1)</link>",
    "a mail address": "<link>mailto:desk@morning.example</link>",
    "a file": "<link>file:///etc/passwd</link>",
    "a URL without a host": "<link>https:///a</link>",
    "a URL with a broken host": "<link>https://[morning/a</link>",
    "a URL with a space in its host": "<link>https://morning example/a</link>",
    "an enclosure that is none": '<enclosure url="data:text/plain,x"/>',
}


@pytest.mark.parametrize("item", NO_LINKS.values(), ids=NO_LINKS)
def test_an_item_without_an_article_is_refused_with_the_reason(item: str) -> None:
    refused = the_refused(rss(f"<item>{item}<description>y</description></item>"))
    assert refused.reason == "it has no link to an article"


def test_what_is_refused_is_told_as_it_stands() -> None:
    refused = the_refused(
        rss("<item><title>A &amp;amp; B</title><guid> 12 </guid><link>ftp://x.example/</link></item>")
    )
    assert (refused.id, refused.title, refused.link) == ("12", "A & B", "ftp://x.example/")


def test_one_refused_item_stops_no_other() -> None:
    found = reading(rss("<item><title>x</title></item>", f"<item>{LINK}</item>"))
    assert (len(found.entries), len(found.refused)) == (1, 1)


# ── Keys and published ids ───────────────────────────────────────────────────────────────────────

IDS = {
    "a URL": ("https://morning.example/?p=1203", True),
    "a tag": ("tag:morning.example,2024-11-24:1203", True),
    "a urn": ("urn:uuid:6f1e3f6a-5c5b-5d0e-9a1e-0c4c2f1d7b11", True),
    "another IRI": ("https://morning.example/լուր", True),
    "a number": ("1203", False),
    "a path": ("/2024/11/24/roads", False),
    "a URL with a space": ("https://morning.example/a b", False),
    "a broken tag": ("tag:morning.example:1203", False),
    "a broken urn": ("urn:uuid:1203", False),
    "a script": ("javascript:alert(1)", False),
    "a URL without a host": ("https:///x", False),
}


@pytest.mark.parametrize(("identity", "stands"), IDS.values(), ids=IDS)
def test_the_key_is_the_raw_id_and_the_published_id_the_same_where_it_may_stand(
    identity: str, stands: bool
) -> None:
    for entry in (
        of_rss(f"{LINK}<guid>\n {identity} </guid>"),
        of_rss(f'{LINK}<guid isPermaLink="false">{identity}</guid>'),
        of_atom(f"{ATOM_LINK}<id>{identity}</id>"),
        the_entry(rdf(LINK, about=identity)),
    ):
        assert entry.key == identity
        assert entry.published_id == (identity if stands else urls.minted(URL, identity))
        assert entry.url == ARTICLE


def test_an_id_is_not_resolved_against_any_base() -> None:
    entry = the_entry(
        atom(f"<entry>{ATOM_LINK}<id>a1</id></entry>", attributes='xml:base="https://b.example/"')
    )
    assert entry.key == "a1"


def test_an_entry_without_an_id_has_its_link_for_a_key() -> None:
    entry = of_rss("<link>https://morning.example/a?utm_source=x</link>")
    assert entry.key == ARTICLE
    assert entry.published_id == urls.minted(URL, ARTICLE)


def test_ids_are_minted_alike_by_two_hubs() -> None:
    document = rss(f"<item>{LINK}<guid>1203</guid></item>")
    with_a_user = "https://reader:secret@morning.example/news/feed.xml"
    ours = the_entry(document, name="morning")
    theirs = the_entry(document, name="other", url=with_a_user)
    assert ours.published_id == theirs.published_id


@pytest.mark.parametrize("more", [{"auth": "bearer:x"}, {"is_secret": True}], ids=["auth", "secret"])
def test_ids_are_minted_from_the_site_where_the_address_is_not_for_others(more: dict[str, object]) -> None:
    found = reading(rss(f"<item>{LINK}</item>"), **more)
    assert found.minted_from == "https://morning.example/"


def test_a_very_long_id_becomes_a_key_that_a_database_can_index() -> None:
    one, other = (of_rss(f"{LINK}<guid>{'x' * 5000}{end}</guid>") for end in "ab")
    assert len(one.key) < 500
    assert one.key != other.key
    assert one.published_id.startswith("urn:uuid:")


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_the_id_the_published_id_is_an_iri(text: str) -> None:
    escaped = "".join(f"&#{ord(char)};" for char in text)
    for found in (reading(rss(f"<item>{LINK}<guid>{escaped}</guid></item>")),):
        assert urls.is_iri(found.entries[0].published_id)
        assert found.entries[0].key
