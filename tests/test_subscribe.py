from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from lxml import html

from editions import FEED, site
from feedhub.errors import RenderError
from feedhub.model import Feed
from feedhub.render.embed.builder import builder
from feedhub.render.opml import feeds_opml
from feedhub.render.readers import APPS, BY_HAND, WEB, subscribe_url
from feedhub.render.subscribe import subscribe
from hubs import ROOT

SCHOOL = Feed(name="school", title="Young <Leaders> & friends", about="What they wrote.", language="hy")
SITE = site(url="https://desk.example/news", feeds=(FEED, SCHOOL))
ODD = "https://desk.example/news/day.atom?a=b&c=d"


def page(feed: Feed = FEED) -> html.HtmlElement:
    return html.document_fromstring(subscribe(feed, SITE).decode())


def hrefs(document: html.HtmlElement) -> list[str]:
    return [str(link.get("href")) for link in document.iter("a")]


@pytest.mark.parametrize("template", [*WEB.values(), *APPS.values()])
def test_a_reader_is_told_the_whole_address_of_the_feed(template: str) -> None:
    told = subscribe_url(template, ODD)
    query = [value for values in parse_qs(urlsplit(told).query).values() for value in values]
    assert ODD in (*query, told.removeprefix("feed:"), unquote(told.rpartition("/")[2]))


def test_readers_on_the_web_are_asked_over_https() -> None:
    assert all(template.startswith("https://") for template in WEB.values())


def test_the_documentation_names_each_reader_and_where_its_address_is_from() -> None:
    told = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    for name, template in {**WEB, **APPS}.items():
        (row,) = [line for line in told.splitlines() if line.startswith(f"| {name} |")]
        assert f"`{template}`" in row
        assert "https://github.com/" in row or "https://www.goldenhillsoftware.com/" in row or "Debian" in row
    assert all(name in told for name in BY_HAND)


def test_the_page_has_a_button_for_each_reader() -> None:
    expected = {
        subscribe_url(template, "https://desk.example/news/day.atom")
        for template in (*WEB.values(), *APPS.values())
    }
    assert expected <= set(hrefs(page()))


def test_each_format_stands_there_to_be_copied_with_its_name() -> None:
    document = page()
    copied = [field for field in document.iter("input") if field.get("type") != "search"]
    fields = {field.get("id"): field.get("value") for field in copied}
    labels = {label.get("for"): label.text for label in document.iter("label")}
    assert {labels[name]: value for name, value in fields.items()} == {
        "Atom": "https://desk.example/news/day.atom",
        "RSS": "https://desk.example/news/day.rss",
        "JSON Feed": "https://desk.example/news/day.json",
    }
    assert all("readonly" in field.attrib for field in copied)


def test_the_page_needs_no_script_and_asks_no_other_host() -> None:
    document = page()
    loaded = [*document.xpath("//link[@rel!='canonical']/@href"), *document.xpath("//script/@src")]
    assert loaded
    assert not [address for address in loaded if "//" in address]
    assert all(script.get("src") and not script.text for script in document.iter("script"))


def test_the_code_on_the_page_is_drawn_in_it() -> None:
    (drawing,) = page().xpath("//div[@role='img']/svg")
    assert drawing.xpath("count(.//path)") == 2
    assert subscribe(FEED, SITE) == subscribe(replace(FEED), SITE)


@pytest.mark.parametrize(
    ("language", "spoken", "words"),
    [("hy", "hy", "Պատճենել"), ("ru", "ru", "Копировать"), ("en-GB", "en-GB", "Copy"), ("ar", "en", "Copy")],
)
def test_our_tools_speak_the_language_of_the_feed_if_we_know_it(
    language: str, spoken: str, words: str
) -> None:
    for render in (subscribe, builder):
        document = html.document_fromstring(render(replace(FEED, language=language), SITE).decode())
        assert document.get("lang") == language
        (main,) = document.iter("main")
        assert main.get("lang", language) == spoken
        assert main.get("dir", "ltr") == "ltr"
        assert {script.get("data-copy") for script in document.iter("script")} == {words}


def test_a_title_of_ours_is_text() -> None:
    assert b"Young &lt;Leaders&gt; &amp; friends" in subscribe(SCHOOL, SITE)
    assert b"<Leaders>" not in subscribe(SCHOOL, SITE)


def test_all_our_feeds_stand_in_one_list() -> None:
    outlines = list(ElementTree.fromstring(feeds_opml(SITE)).iter("outline"))
    assert [outline.get("xmlUrl") for outline in outlines] == [
        "https://desk.example/news/day.rss",
        "https://desk.example/news/school.rss",
    ]
    assert outlines[1].attrib == {
        "type": "rss",
        "text": SCHOOL.title,
        "title": SCHOOL.title,
        "description": SCHOOL.about,
        "xmlUrl": "https://desk.example/news/school.rss",
        "htmlUrl": "https://desk.example/news/school/",
        "language": "hy",
    }


def test_a_list_of_feeds_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(RenderError):
        feeds_opml(replace(SITE, feeds=(replace(FEED, title="a\x01b"),)))
