"""Documents that bend the rules of their format, as some do: what is in them is read all the same."""

import pytest

from reading import reading

ARTICLE = "https://morning.example/a"
ITEM = f"<item><title>After the vote</title><link>{ARTICLE}</link></item>"
ENTRY = f'<entry><title>After the vote</title><link href="{ARTICLE}"/><id>urn:x-test:1</id></entry>'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(inside: str, attributes: str = 'version="2.0"') -> str:
    return f"<rss {attributes}><channel><title>The Morning</title>{inside}</channel></rss>"


def feed(inside: str, attributes: str) -> str:
    return f"<feed {attributes}><title>The Morning</title>{inside}</feed>"


FORMS = {
    "RSS in the namespace of its specification": rss(ITEM, 'xmlns="http://cyber.harvard.edu/rss/rss.html"'),
    "RSS in a namespace that nobody knows": rss(ITEM, 'xmlns="https://morning.example/ns"'),
    "RSS in Atom's namespace": rss(ITEM, 'xmlns="http://www.w3.org/2005/Atom"'),
    "RSS in that of RSS 1.0": rss(ITEM, 'xmlns="http://purl.org/rss/1.0/"'),
    "RSS in capitals": rss(ITEM).replace("rss", "RSS"),
    "names in capitals": rss(ITEM).replace("channel", "CHANNEL").replace("title", "TITLE"),
    "names with capitals": rss(ITEM)
    .replace("item", "Item")
    .replace("title", "Title")
    .replace("link", "Link"),
    "without a channel": f'<rss version="2.0"><title>The Morning</title>{ITEM}</rss>',
    "items beside the channel": f'<rss version="2.0"><channel><title>x</title></channel>{ITEM}</rss>',
    "items in a list": rss(f"<items>{ITEM}</items>"),
    "in a page": f"<!DOCTYPE html><html><head><title>x</title></head><body>\n{rss(ITEM)}</body></html>",
    "a second channel": rss("</channel><channel>" + ITEM),
    "RDF with prefixes everywhere": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:r="http://purl.org/rss/1.0/">'
        f'<r:channel rdf:about="x"><r:title>x</r:title></r:channel><r:item rdf:about="{ARTICLE}">'
        f"<r:title>After the vote</r:title><r:link>{ARTICLE}</r:link></r:item></rdf:RDF>"
    ),
    "Atom without a namespace": feed(ENTRY, ""),
    "Atom in a namespace with https": feed(ENTRY, 'xmlns="https://www.w3.org/2005/Atom"'),
    "Atom in a namespace with a slash": feed(ENTRY, 'xmlns="http://www.w3.org/2005/Atom/"'),
    "Atom in a namespace in small letters": feed(ENTRY, 'xmlns="http://www.w3.org/2005/atom"'),
    "Atom with a prefix": (
        f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>After the vote</a:title>'
        f'<a:link href="{ARTICLE}"/></a:entry></a:feed>'
    ),
    "Atom in something else": (
        '<data xmlns="https://morning.example/ns">'
        + feed(ENTRY, 'xmlns="http://www.w3.org/2005/Atom"')
        + "</data>"
    ),
    "an entity that HTML has too": '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>' + rss(ITEM),
    "HTML's own entities": rss(ITEM + "<copyright>&copy;&nbsp;2024</copyright>"),
    "a bare ampersand": rss(ITEM + "<description>A & B</description>"),
    "white space before the declaration": '\n \n<?xml version="1.0"?>' + rss(ITEM),
    "a message of the server before it": '<br /><b>Warning</b>: x<br /><?xml version="1.0"?>' + rss(ITEM),
    "a comment of a cache behind it": rss(ITEM) + "<!-- cached --><script>x</script>",
    "a link that HTML software wrote": rss(ITEM.replace(f"<link>{ARTICLE}</link>", f"<link/>{ARTICLE}")),
    "a link in CDATA, escaped": rss(ITEM.replace(ARTICLE, f"&lt;![CDATA[{ARTICLE}]]&gt;")),
    "a title in CDATA, escaped": rss(ITEM.replace("After the vote", "&lt;![CDATA[After the vote]]&gt;")),
    "a title in pieces": rss(ITEM.replace("After the", "<![CDATA[Af]]>ter <![CDATA[the]]>")),
    "a title in Media RSS alone": (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss"><channel>'
        + ITEM.replace("<title>", "<media:group><media:title>").replace(
            "</title>", "</media:title></media:group>"
        )
        + "</channel></rss>"
    ),
}


@pytest.mark.parametrize("document", FORMS.values(), ids=FORMS)
def test_the_article_is_found(document: str) -> None:
    (entry,) = reading(document, timezone="UTC").entries
    assert (entry.title, entry.url) == ("After the vote", ARTICLE)


NAMESPACES = {
    "as it should be": "http://purl.org/dc/elements/1.1/",
    "with https": "https://purl.org/dc/elements/1.1/",
    "without its slash": "http://purl.org/dc/elements/1.1",
    "in capitals": "HTTP://PURL.ORG/DC/ELEMENTS/1.1/",
    "with a space": " http://purl.org/dc/elements/1.1/ ",
    "of an older version": "http://purl.org/dc/elements/1.0/",
}


@pytest.mark.parametrize("space", NAMESPACES.values(), ids=NAMESPACES)
@pytest.mark.parametrize("prefix", ["dc", "DC", "x"])
def test_a_namespace_is_known_however_it_is_written(prefix: str, space: str) -> None:
    told = f"<{prefix}:creator>Ani</{prefix}:creator><{prefix}:date>2024-11-24T10:24:00Z</{prefix}:date>"
    inside = ITEM.replace("</item>", told + "</item>")
    (entry,) = reading(rss(inside, f'version="2.0" xmlns:{prefix}="{space}"')).entries
    assert ([person.name for person in entry.authors], entry.published.minute) == (["Ani"], 24)


@pytest.mark.parametrize("space", ["urn:x-test", "https://morning.example/ns", "http://purl.org/dc"])
def test_what_a_foreign_namespace_says_is_no_part_of_the_item(space: str) -> None:
    inside = ITEM.replace("<title>", "<x:title>No</x:title><x:link>https://no.example/</x:link><title>")
    (entry,) = reading(rss(inside, f'version="2.0" xmlns:x="{space}"')).entries
    assert (entry.title, entry.url) == ("After the vote", ARTICLE)


@pytest.mark.parametrize("name", ["pubDate", "pubdate", "PubDate", "PUBDATE", "date", "dc:date"])
def test_the_date_is_found_by_any_of_its_names(name: str) -> None:
    inside = ITEM.replace("</item>", f"<{name}>Sun, 24 Nov 2024 10:24:00 GMT</{name}></item>")
    (entry,) = reading(rss(inside, f'version="2.0" {DC}')).entries
    assert entry.published.isoformat() == "2024-11-24T10:24:00+00:00"


def test_of_two_dates_the_one_of_the_format_counts_if_it_is_one() -> None:
    dates = "<dc:date>2020-01-01T00:00:00Z</dc:date><pubDate>{}</pubDate></item>"
    first = ITEM.replace("</item>", dates.format("Sun, 24 Nov 2024 10:24:00 GMT"))
    second = ITEM.replace("</item>", dates.format("yesterday"))
    found = reading(rss(first + second, f'version="2.0" {DC}')).entries
    assert [entry.published.year for entry in found] == [2024, 2020]


def test_a_creator_may_be_described_in_rdf() -> None:
    said = (
        '<dc:contributor><rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        "<rdf:value>Ani</rdf:value></rdf:Description></dc:contributor></item>"
    )
    (entry,) = reading(rss(ITEM.replace("</item>", said), f'version="2.0" {DC}')).entries
    assert [person.name for person in entry.authors] == ["Ani"]


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("&lt;p&gt;One&lt;/p&gt;", "<p>One</p>"),
        ("One&lt;br/&gt;two", "One<br>two"),
        ("a &lt; b &amp;amp; c", "a &lt; b &amp;amp; c"),
        ("the &lt;b&gt; element", "the &lt;b&gt; element"),
    ],
)
def test_a_text_of_no_type_is_html_where_it_can_be_nothing_else(told: str, read: str) -> None:
    for name in ("content", "summary"):
        inside = ENTRY.replace("</entry>", f"<{name}>{told}</{name}></entry>")
        (entry,) = reading(feed(inside, 'xmlns="http://www.w3.org/2005/Atom"')).entries
        assert entry.summary == read
        (entry,) = reading(
            feed(inside.replace(f"<{name}>", f'<{name} type="text">'), 'xmlns="http://www.w3.org/2005/Atom"')
        ).entries
        assert "<" not in entry.summary


def test_what_has_no_name_and_no_link_is_no_article() -> None:
    medium = '<item><media:content url="https://morning.example/a.mp4" type="video/mp4"/>{}</item>'
    document = rss(medium, 'version="2.0" xmlns:media="http://search.yahoo.com/mrss/"')
    assert not reading(document.replace("{}", "")).entries
    (entry,) = reading(document.replace("{}", "<title>Film</title>")).entries
    assert entry.url == "https://morning.example/a.mp4"


def test_a_text_that_stands_elsewhere_is_the_article_where_there_is_no_link() -> None:
    entry = f'<entry><title>x</title><id>urn:x-test:1</id><content src="{ARTICLE}" type="text/html"/></entry>'
    (found,) = reading(feed(entry, 'xmlns="http://www.w3.org/2005/Atom"')).entries
    assert (found.url, found.content, found.summary) == (ARTICLE, "", "")
