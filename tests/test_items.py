"""What an entry says: titles, texts, people, labels, files, pictures, discussion, rights, times."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.model import Category, Comments, Element, Enclosure, Image, Person
from reading import ATOM_LINK, LINK, NOW, atom, of_atom, of_rss, rdf, reading, rss, the_entry

FIRST = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)
LATER = FIRST + timedelta(hours=1)

RSS_TITLES = {
    "plain": ("After the vote", "After the vote"),
    "folded white space": ("\n After\t the\n  vote ", "After the vote"),
    "an ampersand": ("AT&amp;T", "AT&T"),
    "an ampersand, escaped twice": ("AT&amp;amp;T", "AT&T"),
    "an ampersand, escaped three times": ("AT&amp;amp;amp;T", "AT&T"),
    "CDATA": ("<![CDATA[AT&T & more]]>", "AT&T & more"),
    "CDATA with an entity": ("<![CDATA[AT&amp;T]]>", "AT&T"),
    "CDATA with a numeric reference": ("<![CDATA[Don&#8217;t]]>", "Don’t"),
    "markup, escaped": ("&lt;b&gt;After&lt;/b&gt; the vote", "After the vote"),
    "markup in CDATA": ("<![CDATA[After <em>the</em> vote]]>", "After the vote"),
    "markup, escaped twice": ("How &amp;lt;b&amp;gt; works", "How <b> works"),
    "markup as it is": ("After <b>the</b> vote", "After the vote"),
    "a smaller sign": ("x &lt; y &amp; z", "x < y & z"),
    "a smaller sign without spaces": ("1&lt;2", "1<2"),
    "both signs": ("if a &lt; b and c &gt; d", "if a < b and c > d"),
    "what is no tag of HTML": ("List&lt;String&gt; in Java", "List<String> in Java"),
    "what is no tag for a title": ("The &lt;title&gt; element", "The <title> element"),
    "a break between words": ("After&lt;br/&gt;the vote", "After the vote"),
    "a script": ("x&lt;script&gt;alert(1)&lt;/script&gt;", "x"),
    "a comment": ("x&lt;!-- y --&gt;", "x"),
    "an unknown entity": ("a &amp;foo; b", "a &foo; b"),
    "a control character, as a reference": ("a&amp;#1;b", "ab"),
    "many scripts": ("Այսօր · Сегодня · 今日", "Այսօր · Сегодня · 今日"),
}


@pytest.mark.parametrize(("title", "plain"), RSS_TITLES.values(), ids=RSS_TITLES)
def test_an_rss_title_becomes_plain_text(title: str, plain: str) -> None:
    assert of_rss(f"{LINK}<title>{title}</title>").title == plain


ATOM_TITLES = {
    "text": ("<title>AT&amp;T &lt;b&gt;x&lt;/b&gt;</title>", "AT&T <b>x</b>"),
    "text, told": ('<title type="text">AT&amp;amp;T</title>', "AT&amp;T"),
    "html": ('<title type="html">AT&amp;amp;T &lt;b&gt;x&lt;/b&gt;</title>', "AT&T x"),
    "text, escaped twice": ("<title>AT&amp;amp;T &amp;#8217; &amp;lt;b&amp;gt;</title>", "AT&T ’ <b>"),
    "html in CDATA": ('<title type="html"><![CDATA[AT&amp;T <b>x</b>]]></title>', "AT&T x"),
    "xhtml": (
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">AT&amp;T <b>x</b> &lt;i&gt;</div>'
        "</title>",
        "AT&T x <i>",
    ),
    "Atom 0.3, escaped": (
        '<title mode="escaped" type="text/html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>',
        "A & B",
    ),
    "Media RSS instead": ("<media:title>Instead</media:title>", "Instead"),
    "Dublin Core instead": ("<title/><dc:title>Instead</dc:title>", "Instead"),
}


@pytest.mark.parametrize(("title", "plain"), ATOM_TITLES.values(), ids=ATOM_TITLES)
def test_an_atom_title_becomes_plain_text_by_its_type(title: str, plain: str) -> None:
    assert of_atom(ATOM_LINK + title).title == plain


@pytest.mark.parametrize(
    "title",
    [
        "",
        "<title/>",
        "<title> \n</title>",
        "<title>&lt;img src='x'&gt;</title>",
        "<title>&#8203;</title>",
        "<title>&amp;shy; &amp;#8206;&#8207;</title>",
        "<title><![CDATA[<b>&#8288;</b>&zwj;]]></title>",
        "<title>&#10240;&#12644; &#847;</title>",
    ],
)
def test_an_untitled_entry_gets_its_first_words(title: str) -> None:
    text = "<description>&lt;p&gt;Roads lie open. " + "More words follow. " * 9 + "&lt;/p&gt;</description>"
    assert of_rss(LINK + title + text).title.startswith("Roads lie open.")
    assert len(of_rss(LINK + title + text).title) <= 80


def test_an_entry_without_any_word_is_called_by_its_link() -> None:
    assert (
        of_rss(LINK + "<description>&lt;img src='/x.png'&gt;</description>").title
        == "https://morning.example/a"
    )


def test_what_shows_nothing_is_no_title_no_first_words_and_no_name() -> None:
    entry = of_atom(
        f"{ATOM_LINK}<title>&#8203;</title><summary>&#173;</summary><author><name>&#8206;</name></author>"
    )
    assert (entry.title, entry.authors) == ("https://morning.example/a", ())


def test_signs_that_format_stay_in_a_title_that_shows_words() -> None:
    assert of_rss(f"{LINK}<title>&#8206;Roads&#173;ide</title>").title == "\u200eRoads\u00adide"


def test_the_first_words_may_be_those_of_the_content() -> None:
    text = "<description>&lt;img src='/x.png'&gt;</description><content:encoded>Roads</content:encoded>"
    assert of_rss(LINK + text).title == "Roads"


# ── Texts ────────────────────────────────────────────────────────────────────────────────────────

XHTML = '<div xmlns="http://www.w3.org/1999/xhtml"><p>a <b>b</b> &lt;c&gt;</p></div>'
RSS_TEXTS = {
    "a description": ("<description>&lt;p&gt;x&lt;/p&gt;</description>", "<p>x</p>", ""),
    "in CDATA": ("<description><![CDATA[<p>x &amp; y</p>]]></description>", "<p>x &amp; y</p>", ""),
    "markup as it is": ("<description>a <b>b</b></description>", "a <b>b</b>", ""),
    "both": ("<description>x</description><content:encoded>y</content:encoded>", "x", "y"),
    "twice the same": ("<description>x</description><content:encoded>x</content:encoded>", "x", ""),
    "content alone": ("<content:encoded>&lt;p&gt;y&lt;/p&gt;</content:encoded>", "<p>y</p>", ""),
    "an empty description": ("<description/><content:encoded>y</content:encoded>", "y", ""),
    "an empty first one": ("<description/><description>y</description>", "y", ""),
    "Media RSS does not overwrite it": (
        "<description>x</description><media:description>wrong</media:description>",
        "x",
        "",
    ),
    "Media RSS instead": ("<media:description>a &lt; b</media:description>", "a &lt; b", ""),
    "of a media group": ("<media:group><media:description>x</media:description></media:group>", "x", ""),
    "iTunes instead": ("<itunes:summary>x</itunes:summary>", "x", ""),
    "none": ("", "", ""),
}


@pytest.mark.parametrize(("item", "summary", "content"), RSS_TEXTS.values(), ids=RSS_TEXTS)
def test_an_rss_item_gives_its_texts(item: str, summary: str, content: str) -> None:
    entry = of_rss(LINK + item)
    assert (entry.summary, entry.content) == (summary, content)


ATOM_TEXTS = {
    "text": ("<summary>a &lt;b&gt; &amp;amp; c</summary>", "a &lt;b&gt; &amp;amp; c", ""),
    "text in paragraphs": ("<content>a\n\nb\nc</content>", "<p>a</p><p>b\nc</p>", ""),
    "html": ('<summary type="html">&lt;b&gt;x&lt;/b&gt;</summary>', "<b>x</b>", ""),
    "by its media type": (
        '<content type="text/html; charset=utf-8">&lt;b&gt;x&lt;/b&gt;</content>',
        "<b>x</b>",
        "",
    ),
    "xhtml": (f'<content type="xhtml">{XHTML}</content>', "<p>a <b>b</b> &lt;c&gt;</p>", ""),
    "xhtml beside html": (
        f'<summary type="html">&lt;i&gt;s&lt;/i&gt;</summary><content type="xhtml">{XHTML}</content>',
        "<i>s</i>",
        "<p>a <b>b</b> &lt;c&gt;</p>",
    ),
    "Atom 0.3, escaped": (
        '<content type="text/html" mode="escaped">&lt;b&gt;x&lt;/b&gt;</content>',
        "<b>x</b>",
        "",
    ),
    "Atom 0.3, in base64": ('<content type="text/html" mode="base64">PGI+eDwvYj4=</content>', "<b>x</b>", ""),
    "a picture": ('<summary>s</summary><content type="image/png">iVBORw0KGgo=</content>', "s", ""),
    "another document": ('<summary>s</summary><content type="application/pdf">JVBERi0=</content>', "s", ""),
    "elsewhere": ('<summary>s</summary><content type="text/html" src="/a"/>', "s", ""),
}


@pytest.mark.parametrize(("entry", "summary", "content"), ATOM_TEXTS.values(), ids=ATOM_TEXTS)
def test_an_atom_entry_gives_its_texts_by_their_type(entry: str, summary: str, content: str) -> None:
    found = of_atom(ATOM_LINK + entry)
    assert (found.summary, found.content) == (summary, content)


def test_addresses_in_a_text_resolve_against_its_own_base_and_notes_against_the_article() -> None:
    entry = of_atom(
        ATOM_LINK + '<content type="html" xml:base="https://b.example/x/">&lt;a href="y"&gt;y&lt;/a&gt;'
        '&lt;a href="#n"&gt;n&lt;/a&gt;&lt;img src="/i.png"&gt;</content>'
    )
    assert 'href="https://b.example/x/y"' in entry.summary
    assert 'href="https://morning.example/a#n"' in entry.summary
    assert 'src="https://b.example/i.png"' in entry.summary


IN_XHTML = {
    "of the div": ("/d/", '<a href="x">l</a>', "https://b.example/d/x"),
    "of a part": ("", '<p xml:base="e/"><a href="x">l</a></p>', "https://b.example/c/e/x"),
    "of both": ("/d/", '<p xml:base="e/">a<br/><a href="x">l</a></p>', "https://b.example/d/e/x"),
    "of the link": (
        "",
        '<a xml:base="https://c.example/?a=1&amp;b=2" href="?x">l</a>',
        "https://c.example/?x",
    ),
    "of a part before": ("", '<p xml:base="e/">a<br/></p><a href="x">l</a>', "https://b.example/c/x"),
    "of a part around": (
        "/d/",
        '<p xml:base="e/">a <b xml:base="f/">b</b> <a href="x">l</a></p>',
        "https://b.example/d/e/x",
    ),
    "a note": ("/d/", '<p xml:base="e/"><a href="#x">l</a></p>', "https://morning.example/a#x"),
    "broken": ("https://[", '<a href="x">l</a>', "https://b.example/c/x"),
}


@pytest.mark.parametrize(("base", "text", "link"), IN_XHTML.values(), ids=IN_XHTML)
def test_addresses_in_xhtml_resolve_against_the_base_of_their_own_part(
    base: str, text: str, link: str
) -> None:
    own = f'xml:base="{base}"' if base else ""
    entry = of_atom(
        f'{ATOM_LINK}<content type="xhtml" xml:base="https://b.example/c/">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" {own}>{text}</div></content>'
    )
    assert f'<a href="{link}">l</a>' in entry.summary


def test_every_address_of_a_part_with_a_base_is_resolved() -> None:
    entry = of_atom(
        f'{ATOM_LINK}<summary type="xhtml">a <h:p xmlns:h="http://www.w3.org/1999/xhtml" xml:base="/d/">'
        '<h:img src="i.png" srcset="i.png 1x,j.png 2x" alt="a &lt; b"/> <h:q cite="q">c</h:q></h:p></summary>'
    )
    assert entry.summary == (
        'a <p><img src="https://morning.example/d/i.png" srcset="https://morning.example/d/i.png 1x,'
        ' https://morning.example/d/j.png 2x" alt="a &lt; b"> <q cite="https://morning.example/d/q">c</q></p>'
    )


def test_a_line_break_in_xhtml_is_one() -> None:
    text = 'a<br/>b<br clear="all"/>c<hr/>'
    entry = of_atom(
        f'{ATOM_LINK}<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{text}</div></content>'
    )
    assert entry.summary == "a<br>b<br>c<hr>"


# ── People and labels ────────────────────────────────────────────────────────────────────────────

ANI = Person(name="Ani")
RSS_AUTHORS = {
    "Dublin Core": ("<dc:creator>Ani</dc:creator>", (ANI,)),
    "in CDATA": ("<dc:creator><![CDATA[ Ani ]]></dc:creator>", (ANI,)),
    "two": ("<dc:creator>Ani</dc:creator><dc:creator>Bagrat</dc:creator>", (ANI, Person(name="Bagrat"))),
    "an address": ("<author>ani@m.example</author>", (Person(email="ani@m.example"),)),
    "an address and a name": (
        "<author>ani@m.example (Ani)</author>",
        (Person(name="Ani", email="ani@m.example"),),
    ),
    "a name and an address": (
        "<author>Ani &lt;ani@m.example&gt;</author>",
        (Person(name="Ani", email="ani@m.example"),),
    ),
    "a name in quotes": (
        '<author>"Ani P." &lt;mailto:ani@m.example&gt;</author>',
        (Person(name="Ani P.", email="ani@m.example"),),
    ),
    "a name alone": ("<author>Ani</author>", (ANI,)),
    "a name that is escaped twice": ("<dc:creator>A &amp;amp; B</dc:creator>", (Person(name="A & B"),)),
    "Atom": (
        "<atom:author><atom:name>Ani</atom:name><atom:uri>/ani</atom:uri><atom:email>ani@m.example</atom:email>"
        "</atom:author>",
        (Person(name="Ani", email="ani@m.example", url="https://morning.example/ani"),),
    ),
    "Atom's shape without its namespace": ("<author><name>Ani</name></author>", (ANI,)),
    "iTunes": ("<itunes:author>Ani</itunes:author>", (ANI,)),
    "the best of several": (
        "<itunes:author>Show</itunes:author><author>desk@m.example</author><dc:creator>Ani</dc:creator>",
        (ANI,),
    ),
    "an empty one before": ("<dc:creator/><author>Ani</author>", (ANI,)),
    "a contributor, where there is no one else": ("<dc:contributor>Ani</dc:contributor>", (ANI,)),
    "of a picture": ("<media:credit>Ani</media:credit>", ()),
    "of a part of it": ("<media:group><dc:creator>Ani</dc:creator></media:group>", ()),
    "a long list": (f"<dc:creator>{'Ani, ' * 400}</dc:creator>", (Person(name=("Ani, " * 400).strip()),)),
    "nobody": ("<dc:creator> </dc:creator>", ()),
}


@pytest.mark.parametrize(("item", "people"), RSS_AUTHORS.values(), ids=RSS_AUTHORS)
def test_an_rss_item_names_its_authors(item: str, people: tuple[Person, ...]) -> None:
    assert of_rss(LINK + item).authors == people


ATOM_AUTHORS = {
    "two": ("<author><name>Ani</name></author><author><name>B</name></author>", (ANI, Person(name="B"))),
    "an address alone": ("<author><email>a@m.example</email></author>", (Person(email="a@m.example"),)),
    "a page alone": (
        "<author><uri>https://ani.example/</uri></author>",
        (Person(name="https://ani.example/", url="https://ani.example/"),),
    ),
    "Atom 0.3": (
        "<author><name>Ani</name><url>https://ani.example/</url></author>",
        (Person(name="Ani", url="https://ani.example/"),),
    ),
    "an address that is none": ("<author><name>Ani</name><email>no</email></author>", (ANI,)),
    "no parts": ("<author>Ani</author>", (ANI,)),
    "of its source": (
        "<source><title>x</title><author><name>Ani</name></author></source>",
        (ANI,),
    ),
    "its own, not its source's": (
        "<author><name>Ani</name></author><source><title>x</title><author><name>B</name></author></source>",
        (ANI,),
    ),
    "empty": ("<author><name/></author>", ()),
}


@pytest.mark.parametrize(("entry", "people"), ATOM_AUTHORS.values(), ids=ATOM_AUTHORS)
def test_an_atom_entry_names_its_authors(entry: str, people: tuple[Person, ...]) -> None:
    assert of_atom(ATOM_LINK + entry).authors == people


def test_categories_keep_their_order_and_schemes_and_stand_once() -> None:
    entry = of_rss(
        LINK + '<category>Analysis</category><category domain="urn:tags">Roads &amp;amp; Rail</category>'
        "<dc:subject>Region</dc:subject><category/><category>Analysis</category>"
        '<atom:category term="r" scheme="urn:x" label="Region"/><atom:category label="Only"/>'
    )
    assert entry.categories == (
        Category(term="Analysis"),
        Category(term="Roads & Rail", scheme="urn:tags"),
        Category(term="Region"),
        Category(term="r", scheme="urn:x", label="Region"),
        Category(term="Only", label="Only"),
    )


# ── Files and pictures ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("told", ["mp3", "audio", "audio/*", "*/*", "audio/", "/mpeg", "audio/mp 3", ".mp3"])
def test_what_is_no_media_type_is_told_of_no_enclosure(told: str) -> None:
    entry = of_rss(f'{LINK}<enclosure url="/a.mp3" type="{told}" length="5"/>')
    assert entry.enclosures == (Enclosure(url="https://morning.example/a.mp3", length=5),)


def test_a_picture_is_known_by_its_ending_where_its_type_is_none() -> None:
    entry = of_rss(LINK + '<media:content url="/i.jpg" type="jpg"/>')
    assert (entry.image, entry.enclosures) == (Image(url="https://morning.example/i.jpg"), ())


def test_every_enclosure_is_kept_with_what_is_told_of_it() -> None:
    entry = of_rss(
        LINK + '<enclosure url="/a.mp3" type="Audio/MPEG; x=y" length="1200"/>'
        '<enclosure url="/b.mp3" length="0"/><enclosure url="/c.mp3" length="many"/><enclosure/>'
        '<media:content url="/a.mp3" type="audio/mpeg" fileSize="99"/>'
        '<media:group><media:content url="/v.mp4" medium="video" duration="61" fileSize="5"/></media:group>'
        '<atom:link rel="enclosure" href="/d.pdf" type="application/pdf" length="7" title="A &amp;amp; B"/>'
    )
    at = "https://morning.example"
    assert set(entry.enclosures) == {
        Enclosure(url=f"{at}/a.mp3", type="audio/mpeg", length=1200),
        Enclosure(url=f"{at}/b.mp3"),
        Enclosure(url=f"{at}/c.mp3"),
        Enclosure(url=f"{at}/d.pdf", type="application/pdf", length=7, title="A & B"),
        Enclosure(url=f"{at}/v.mp4", length=5, duration=61),
    }


IMAGES = {
    "media:content": (
        '<media:content url="/i.jpg" medium="image" width="600" height="400"><media:description>A road'
        "</media:description><media:credit>Ani</media:credit></media:content>",
        Image(url="https://morning.example/i.jpg", width=600, height=400, description="A road", credit="Ani"),
    ),
    "by its type": ('<media:content url="/i" type="image/webp"/>', Image(url="https://morning.example/i")),
    "by its name": ('<media:content url="/i.png?w=9"/>', Image(url="https://morning.example/i.png?w=9")),
    "of a group": (
        '<media:group><media:thumbnail url="/t.jpg" width="x"/></media:group>',
        Image(url="https://morning.example/t.jpg"),
    ),
    "before its thumbnail": (
        '<media:thumbnail url="/t.jpg"/><media:content url="/i.jpg" medium="image"/>',
        Image(url="https://morning.example/i.jpg"),
    ),
    "iTunes": ('<itunes:image href="/i.jpg"/>', Image(url="https://morning.example/i.jpg")),
    "an enclosure": (
        '<enclosure url="/i.jpg" type="image/jpeg"/>',
        Image(url="https://morning.example/i.jpg"),
    ),
    "the first of the text": (
        '<description>&lt;img src="/1.gif" width="1"&gt;&lt;img src="/i.jpg?a=1&amp;amp;b=2"&gt;'
        "</description>",
        Image(url="https://morning.example/i.jpg?a=1&b=2"),
    ),
    "one whose description reads like an address": (
        "<description>&lt;img alt=' src=' src='/i.jpg'&gt;</description>",
        Image(url="https://morning.example/i.jpg"),
    ),
    "a script": ('<media:thumbnail url="javascript:x"/>', None),
    "none": ("", None),
}


@pytest.mark.parametrize(("item", "image"), IMAGES.values(), ids=IMAGES)
def test_an_entry_has_its_lead_picture(item: str, image: Image | None) -> None:
    assert of_rss(LINK + item).image == image


def test_a_picture_is_no_enclosure_of_a_media_element() -> None:
    assert of_rss(LINK + '<media:content url="/i.jpg" medium="image"/>').enclosures == ()


COMMENTS = {
    "RSS": (
        "<comments>/c</comments><slash:comments>7</slash:comments><wfw:commentRss>/c/feed</wfw:commentRss>",
        Comments(url="https://morning.example/c", count=7, feed_url="https://morning.example/c/feed"),
    ),
    "Atom": (
        '<atom:link rel="replies" type="text/html" href="/c" thr:count="7"/>'
        '<atom:link rel="replies" type="application/atom+xml" href="/c/feed"/>',
        Comments(url="https://morning.example/c", count=7, feed_url="https://morning.example/c/feed"),
    ),
    "a count alone": ("<thr:total>0</thr:total>", Comments(count=0)),
    "a count that is none": ("<slash:comments>many</slash:comments>", None),
    "a script": ("<comments>javascript:x</comments>", None),
}


@pytest.mark.parametrize(("item", "comments"), COMMENTS.values(), ids=COMMENTS)
def test_an_entry_tells_where_it_is_discussed(item: str, comments: Comments | None) -> None:
    assert of_rss(LINK + item).comments == comments


# ── Rights, language, what is carried through ────────────────────────────────────────────────────

LICENSES = {
    "an Atom link": '<atom:link rel="license" href="https://license.example/"/>',
    "Creative Commons": "<creativeCommons:license>https://license.example/</creativeCommons:license>",
    "Creative Commons in RDF": '<cc:license xmlns:cc="http://web.resource.org/cc/" rdf:resource="https://license.example/"/>',
}


@pytest.mark.parametrize("item", LICENSES.values(), ids=LICENSES)
def test_an_entry_keeps_its_license(item: str) -> None:
    assert of_rss(LINK + item).license == "https://license.example/"


RSL = (
    '<rsl:content url="" server="licenses.example"><rsl:license>'
    '<rsl:permits type="usage">search</rsl:permits>'
    '<rsl:prohibits type="usage">ai-train</rsl:prohibits><rsl:payment type="crawl"><rsl:standard>'
    'https://license.example/</rsl:standard><rsl:amount currency="USD">0.01</rsl:amount></rsl:payment>'
    '</rsl:license><rsl:copyright type="organization" contactUrl="javascript:x">The Morning</rsl:copyright>'
    "<rsl:terms>ftp://no.example/</rsl:terms><foreign:x>no</foreign:x></rsl:content>"
)


def test_really_simple_licensing_is_carried_whole_with_web_addresses_only() -> None:
    entry = of_rss(LINK + RSL)
    told = Element(
        name="rsl:content",
        attributes=(("url", "https://morning.example/a"), ("server", "https://licenses.example/")),
        parts=(
            Element(
                name="rsl:license",
                parts=(
                    Element(name="rsl:permits", text="search", attributes=(("type", "usage"),)),
                    Element(name="rsl:prohibits", text="ai-train", attributes=(("type", "usage"),)),
                    Element(
                        name="rsl:payment",
                        attributes=(("type", "crawl"),),
                        parts=(
                            Element(name="rsl:standard", text="https://license.example/"),
                            Element(name="rsl:amount", text="0.01", attributes=(("currency", "USD"),)),
                        ),
                    ),
                ),
            ),
            Element(name="rsl:copyright", text="The Morning", attributes=(("type", "organization"),)),
            Element(name="rsl:terms"),
        ),
    )
    assert entry.more == (told,)
    assert (entry.license, entry.rights) == ("https://license.example/", "© The Morning")


def test_what_the_publisher_says_himself_goes_before_what_rsl_says() -> None:
    said = '<atom:link rel="license" href="https://first.example/"/><dc:rights>Ours</dc:rights>'
    entry = of_rss(LINK + RSL + said)
    assert (entry.license, entry.rights) == ("https://first.example/", "Ours")


RELATED = {
    "none": ("", ()),
    "one": ('<link rel="related" href="/b"/>', ("https://morning.example/b",)),
    "several, one of them twice": (
        '<link rel="related" href="/b"/><link rel="related" href="https://c.example/?utm_source=x"/>'
        '<link rel="related" href="/b"/>',
        ("https://morning.example/b", "https://c.example/"),
    ),
    "no page": ('<link rel="related" href="javascript:x"/><link rel="related" href=""/>', ()),
}


@pytest.mark.parametrize(("links", "related"), RELATED.values(), ids=RELATED)
def test_an_entry_tells_which_pages_it_is_about(links: str, related: tuple[str, ...]) -> None:
    assert of_atom(ATOM_LINK + links).related == related
    assert of_rss(LINK + links.replace("<link", "<atom:link")).related == related


def test_the_article_is_not_what_it_is_about() -> None:
    assert of_atom(ATOM_LINK + '<link rel="related" href="http://MORNING.example/a"/>').related == ()


@pytest.mark.parametrize("name", ["dc:rights", "atom:rights", "copyright", "media:copyright"])
def test_an_entry_keeps_its_rights_as_plain_text(name: str) -> None:
    assert of_rss(f"{LINK}<{name}>&amp;copy; Ani</{name}>").rights == "© Ani"


LANGUAGES = {
    "its own": ("<dc:language>hy</dc:language>", "", "en", "hy"),
    "by xml:lang": ("", 'xml:lang="ru"', "en", "ru"),
    "as configured": ("", "", "en", "en"),
    "as its feed says": ("", "", "", "fr-CH"),
    "spelled as a locale": ("<dc:language>hy_AM</dc:language>", "", "", "hy-AM"),
    "that is none": ("<dc:language>Armenian (Eastern)</dc:language>", "", "en", "en"),
}


@pytest.mark.parametrize(("item", "attributes", "configured", "language"), LANGUAGES.values(), ids=LANGUAGES)
def test_an_entry_has_its_language(item: str, attributes: str, configured: str, language: str) -> None:
    document = rss(f"<item {attributes}>{LINK}{item}</item>", head="<language>fr-CH</language>")
    assert the_entry(document, language=configured).language == language


def test_podcast_elements_are_carried_through_with_web_addresses_only() -> None:
    entry = of_rss(
        LINK + "<itunes:duration>1:02:03</itunes:duration><itunes:keywords>no</itunes:keywords>"
        '<podcast:transcript url="/t.vtt" type="text/vtt"/><podcast:person img="javascript:x" role="host">Ani'
        "</podcast:person><podcast:value><podcast:valueRecipient/></podcast:value><foreign:x>no</foreign:x>"
    )
    assert entry.more == (
        Element(name="itunes:duration", text="1:02:03"),
        Element(
            name="podcast:transcript",
            attributes=(("url", "https://morning.example/t.vtt"), ("type", "text/vtt")),
        ),
        Element(name="podcast:person", text="Ani", attributes=(("role", "host"),)),
    )


# ── Times ────────────────────────────────────────────────────────────────────────────────────────

TIMES = {
    "RSS": ("<pubDate>Sun, 24 Nov 2024 10:24:00 GMT</pubDate>", FIRST, None),
    "Dublin Core": ("<dc:date>2024-11-24T10:24:00Z</dc:date>", FIRST, None),
    "Dublin Core terms": ("<dcterms:created>2024-11-24T14:24+04:00</dcterms:created>", FIRST, None),
    "RSS and Atom's updated": (
        "<pubDate>Sun, 24 Nov 2024 10:24:00 GMT</pubDate><atom:updated>2024-11-24T11:24:00Z</atom:updated>",
        FIRST,
        LATER,
    ),
    "the first that is one": (
        "<pubDate>yesterday</pubDate><dc:date>2024-11-24T10:24:00Z</dc:date>",
        FIRST,
        None,
    ),
    "in the source's zone": ("<pubDate>Sun, 24 Nov 2024 14:24:00</pubDate>", FIRST, None),
    "in a zone that the source is in": ("<pubDate>Sun, 24 Nov 2024 14:24:00 AMT</pubDate>", FIRST, None),
    "only updated": ("<atom:updated>2024-11-24T10:24:00Z</atom:updated>", FIRST, FIRST),
    "only modified": ("<dcterms:modified>2024-11-24T10:24:00Z</dcterms:modified>", FIRST, FIRST),
    "in the future": ("<pubDate>Sun, 24 Nov 2030 10:24:00 GMT</pubDate>", FIRST.replace(year=2030), None),
    "epoch seconds": ("<pubDate>1732443840</pubDate>", FIRST, None),
}


@pytest.mark.parametrize(("item", "published", "updated"), TIMES.values(), ids=TIMES)
def test_an_rss_item_has_its_times(item: str, published: datetime, updated: datetime | None) -> None:
    entry = of_rss(LINK + item)
    assert (entry.published, entry.updated, entry.dated) == (published, updated, True)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>",
    ],
    ids=["none", "1970", "year 1"],
)
def test_an_entry_without_a_date_has_the_time_of_the_poll_and_says_so(date: str) -> None:
    entry = of_rss(LINK + date)
    assert (entry.published, entry.dated) == (NOW, False)


def test_rss_1_0_has_its_dates_published() -> None:
    entry = the_entry(
        rdf(LINK + "<dc:date>2024-11-24T14:24:00+04:00</dc:date>", about="https://morning.example/a")
    )
    assert (entry.published, entry.updated) == (FIRST, None)


ATOM_TIMES = {
    "both": (
        "<published>2024-11-24T10:24:00Z</published><updated>2024-11-24T11:24:00Z</updated>",
        FIRST,
        LATER,
    ),
    "updated first": (
        "<updated>2024-11-24T11:24:00Z</updated><published>2024-11-24T10:24:00Z</published>",
        FIRST,
        LATER,
    ),
    "only updated": ("<updated>2024-11-24T10:24:00Z</updated>", FIRST, FIRST),
    "only published": ("<published>2024-11-24T10:24:00Z</published>", FIRST, None),
    "Atom 0.3": (
        "<issued>2024-11-24T10:24:00Z</issued><modified>2024-11-24T11:24:00Z</modified>",
        FIRST,
        LATER,
    ),
    "not its source's": (
        "<source><updated>2001-01-01T00:00:00Z</updated></source><published>2024-11-24T10:24:00Z</published>",
        FIRST,
        None,
    ),
}


@pytest.mark.parametrize(("entry", "published", "updated"), ATOM_TIMES.values(), ids=ATOM_TIMES)
def test_an_atom_entry_has_its_times(entry: str, published: datetime, updated: datetime | None) -> None:
    found = of_atom(ATOM_LINK + entry)
    assert (found.published, found.updated) == (published, updated)


# ── What a document says of when to come again ───────────────────────────────────────────────────

TTLS = {
    "minutes": ("<ttl>90</ttl>", timedelta(minutes=90)),
    "none": ("", None),
    "zero": ("<ttl>0</ttl>", None),
    "no number": ("<ttl>soon</ttl>", None),
    "for ever": ("<ttl>999999999999</ttl>", timedelta(days=365)),
    "hourly": ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
    "twice a day": (
        "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
        timedelta(hours=12),
    ),
    "never a day": (
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
        timedelta(days=1),
    ),
    "ttl before the period": ("<sy:updatePeriod>daily</sy:updatePeriod><ttl>5</ttl>", timedelta(minutes=5)),
}


@pytest.mark.parametrize(("head", "ttl"), TTLS.values(), ids=TTLS)
def test_a_document_says_how_long_it_stays_good(head: str, ttl: timedelta | None) -> None:
    assert reading(rss(head=head)).ttl == ttl


def test_a_document_says_when_not_to_come() -> None:
    found = reading(
        rss(
            head="<skipHours><hour>3</hour><hour> 24</hour><hour>25</hour><hour>x</hour><hour>3</hour>"
            "</skipHours>"
            "<skipDays><day>Sunday</day><day>monday</day><day>Someday</day></skipDays>"
        )
    )
    assert (found.skip_hours, found.skip_days) == ((0, 3), (0, 6))


def test_a_document_names_its_hub_and_itself() -> None:
    head = '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="/feed"/>'
    found = reading(rss(head=head))
    assert (found.hub, found.self_url) == ("https://hub.example/", "https://morning.example/feed")


# ── Items ────────────────────────────────────────────────────────────────────────────────────────


def test_items_stand_in_the_order_of_the_document() -> None:
    found = reading(rss(*(f"<item><link>/{number}</link></item>" for number in range(5))))
    assert [entry.url[-1] for entry in found.entries] == list("01234")


def test_two_items_with_one_id_are_both_read() -> None:
    found = reading(rss(*(f"<item><link>/{name}</link><guid>1</guid></item>" for name in "ab")))
    assert [(entry.key, entry.url[-1]) for entry in found.entries] == [("1", "a"), ("1", "b")]


SHAPES = {
    "RSS 2.0": rss(f"<item>{LINK}<title>x</title></item>"),
    "RSS without a version": f"<rss><channel><item>{LINK}<title>x</title></item></channel></rss>",
    "RSS in a namespace": (
        f'<rss xmlns="https://rss.example/ns"><channel><item>{LINK}<title>x</title></item></channel></rss>'
    ),
    "items beside the channel": f"<rss><channel/><item>{LINK}<title>x</title></item></rss>",
    "RSS 1.0": rdf(f"{LINK}<title>x</title>", about="x"),
    "RSS 1.0 under other prefixes": (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://purl.org/rss/1.0/">'
        '<a:channel/><a:item r:about="x"><a:link>https://morning.example/a</a:link><a:title>x</a:title></a:item>'
        "</r:RDF>"
    ),
    "RSS 0.90": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item>{LINK}<title>x</title></item></rdf:RDF>'
    ),
    "Atom 1.0": atom(f"<entry>{ATOM_LINK}<title>x</title></entry>"),
    "Atom under a prefix": (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="https://morning.example/a"/>'
        "<a:title>x</a:title></a:entry></a:feed>"
    ),
    "Atom 0.3": (
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>{ATOM_LINK}<title>x</title></entry></feed>'
    ),
    "Atom without a namespace": f"<feed><entry>{ATOM_LINK}<title>x</title></entry></feed>",
    "an entry alone": (f'<entry xmlns="http://www.w3.org/2005/Atom">{ATOM_LINK}<title>x</title></entry>'),
    "not well formed": f"<rss><channel><item>{LINK}<title>x</title></wrong></item></channel></rss>",
}


@pytest.mark.parametrize("document", SHAPES.values(), ids=SHAPES)
def test_every_kind_of_feed_gives_its_entry(document: str) -> None:
    entry = the_entry(document)
    assert (entry.title, entry.url) == ("x", "https://morning.example/a")


ELEMENTS = (
    "<title>t</title>",
    LINK,
    "<guid>g</guid>",
    "<description>d</description>",
    "<pubDate>Sun, 24 Nov 2024 10:24:00 GMT</pubDate>",
    "<dc:creator>Ani</dc:creator>",
    '<media:content url="/i.jpg" medium="image"><media:title>m</media:title></media:content>',
    '<source url="https://first.example/feed">s</source>',
    "<foreign:link>x</foreign:link>",
)


@given(st.permutations(ELEMENTS))
def test_the_order_of_its_elements_does_not_change_an_entry(elements: list[str]) -> None:
    assert of_rss("".join(elements)) == of_rss("".join(ELEMENTS))


def test_reading_is_a_function() -> None:
    document = rss(*(f"<item><guid>{number}</guid>{LINK}</item>" for number in range(3)))
    assert all(one == other for one, other in pairwise(reading(document) for _ in range(3)))
