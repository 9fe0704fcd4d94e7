import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

import editions
from editions import DAY, FEED, site, source
from feedhub.errors import RenderError
from feedhub.model import Category, Comments, Edition, Entry, Feed, Image, Origin, Person, Site, Terms
from feedhub.render.page import page
from feedhub.render.theme import static

GOLDEN = Path(__file__).parent / "golden" / "page.html"
SCHOOL = Feed(name="school", title="Young Leaders School", timezone="Asia/Yerevan")
RULE = "Quote with a hyperlink to the quoted material"
LICENSE = "https://licenses.example/by/4.0/"
SITE = site(
    source(terms=Terms(rule=RULE)),
    source("wire", title="Hill Wire", terms=Terms(show="full", license=LICENSE)),
    title="The Desk",
    url="https://desk.example/news",
    feeds=(FEED, SCHOOL),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 11, day, hour, minute, tzinfo=UTC)


def entry(key: str = "a", **said: Any) -> Entry:
    return editions.entry(key, **{"published": at(24, 10, 24), "language": "en", **said})


def edition(*entries: Entry, **more: Any) -> Edition:
    return editions.edition(*entries, **{"day": DAY, **more})


def tree(document: bytes) -> HtmlElement:
    return html.document_fromstring(document.decode())


def shown(*entries: Entry) -> list[HtmlElement]:
    return tree(page(edition(*entries), SITE)).findall(".//article")


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


FULL = edition(
    entry(
        "roads",
        title="After the vote: three roads for the region",
        summary="<p>Three roads lie open.</p><h2>The first</h2><p>It leads <em>north</em>.</p>",
        authors=(Person(name="Ani Petrosyan"), Person(name="Davit", url="https://morning.example/davit")),
        categories=(Category(term="Politics"), Category(term="yls", label="Young Leaders School")),
        comments=Comments(url="https://morning.example/roads/#respond", count=3),
        updated=at(24, 10, 40),
    ),
    entry("arabic", title="ثلاث طرق", summary="<p>ثلاث طرق مفتوحة.</p>", language="ar"),
    entry(
        "bread",
        source="wire",
        title="Bread & prices <fall>",
        dated=False,
        language="",
        origin=Origin(
            title="Field Notes",
            site_url="https://field.example/",
            via=(Origin(title="Wire", site_url="https://wire.example/"),),
        ),
    ),
    entry("yesterday", published=at(23, 19, 59), summary=""),
    earlier=date(2024, 11, 23),
)


def test_the_page_is_the_golden_one() -> None:
    document = re.sub(rb"-[0-9a-f]{16}\.", b"-HASH.", page(FULL, SITE))
    assert document.decode() == GOLDEN.read_text(encoding="utf-8")


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert page(FULL, SITE) == page(replace(FULL), replace(SITE, sources=dict(SITE.sources)))


def test_each_entry_is_an_article_credited_in_its_first_passage() -> None:
    articles = tree(page(FULL, SITE)).findall(".//article")
    assert len(articles) == len(FULL.entries)
    for element, item in zip(articles, FULL.entries, strict=True):
        title = element.find("h3/a")
        assert (title.get("href"), words(title)) == (item.url, item.title)
        (passage,) = element.find_class("passage")
        credit = passage[0].find("a")
        assert credit.get("href") == item.url
        assert words(credit) == SITE.publisher(item) == words(element.find_class("publisher")[0])


def test_the_first_story_leads() -> None:
    leads = ["lead" in element.classes for element in shown(entry("a"), entry("b"))]
    assert leads == [True, False]


def test_the_outline_has_no_gaps_whatever_headings_a_passage_brings() -> None:
    passages = [
        "<h1>A</h1><p>a</p>",
        "<p>b</p><h3>B</h3><h4>C</h4><p>c</p><h6>D</h6><p>d</p>",
        "<H2>E</H2><p>e</p>",
    ]
    entries = [entry(str(number), summary=text) for number, text in enumerate(passages)]
    levels = [
        int(found.tag[1])
        for found in tree(page(edition(*entries), SITE)).iter("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    assert levels == [1, 2, 3, 4, 3, 4, 5, 6, 3, 4]


@pytest.mark.parametrize(
    ("path", "day", "base"),
    [
        ("/", None, "https://desk.example/news/"),
        ("", None, "https://desk.example/news/day/"),
        ("/day/", date(2024, 11, 24), "https://desk.example/news/day/"),
        ("", date(2024, 11, 24), "https://desk.example/news/day/2024-11-24/"),
    ],
)
def test_links_to_our_own_documents_are_relative_to_where_the_page_stands(
    path: str, day: date | None, base: str
) -> None:
    near = edition(day=day, earlier=date(2024, 11, 23), later=date(2024, 11, 25) if day else None)
    document = tree(page(near, SITE, path=path))
    relative = [
        found for found in document.xpath("//@href") if ":" not in found and not found.startswith("#")
    ]
    assert not [found for found in relative if found.startswith("/")]
    expected = {
        "",
        "day/",
        "school/",
        "day.rss",
        "day.atom",
        "day.json",
        "subscriptions.opml",
        "day/2024-11-23/",
        "day/archive/",
        "day/subscribe/",
        "day/embed/",
    }
    expected |= {address[1:] for address in static()} | ({"day/2024-11-25/"} if day else set())
    assert {urljoin(base, found) for found in relative} == {
        f"https://desk.example/news/{found}" for found in expected
    }


@pytest.mark.parametrize(
    ("path", "day", "canonical"),
    [
        ("", None, "https://desk.example/news/day/"),
        ("/", None, "https://desk.example/news/day/"),
        ("/", date(2024, 11, 24), "https://desk.example/news/day/"),
        ("/day/", date(2024, 11, 24), "https://desk.example/news/day/"),
        ("", date(2024, 11, 24), "https://desk.example/news/day/2024-11-24/"),
    ],
)
def test_the_canonical_address_is_the_page_itself_and_of_the_front_page_its_feed(
    path: str, day: date | None, canonical: str
) -> None:
    document = tree(page(edition(day=day), SITE, path=path))
    assert document.xpath("//link[@rel='canonical']/@href") == [canonical]


def test_readers_discover_the_three_formats_and_sites_how_to_embed() -> None:
    links = tree(page(FULL, SITE, path="/day/")).xpath("//link[@rel='alternate']")
    assert [(link.get("type"), link.get("href")) for link in links] == [
        ("application/rss+xml", "../day.rss"),
        ("application/atom+xml", "../day.atom"),
        ("application/feed+json", "../day.json"),
        (
            "application/json+oembed",
            "https://desk.example/news/oembed?url=https%3A%2F%2Fdesk.example%2Fnews%2Fday%2F&format=json",
        ),
    ]
    subscribe = tree(page(FULL, SITE)).xpath("//footer//a/@href")
    assert {"../../day.rss", "../../day.atom", "../../day.json", "../../subscriptions.opml"} <= set(subscribe)


def test_the_page_asks_nothing_of_another_host_and_runs_nothing() -> None:
    picture = '<p>Words.</p><figure><img src="https://cdn.example/1.png"></figure><video src="https://cdn.example/v"></video>'
    entries = (
        entry("a", summary=picture, image=Image(url="https://cdn.example/2.png")),
        entry("b", source="wire", content=picture, summary=picture),
    )
    document = page(edition(*entries), replace(SITE, icon="https://cdn.example/icon.png"))
    assert b"cdn.example" not in document
    found = tree(document)
    assert not found.xpath("//script | //style | //img | //iframe | //*[@style] | //*[@src] | //*[@onclick]")
    for link in found.xpath("//link[@rel='stylesheet' or @rel='icon']"):
        assert (
            urljoin("https://desk.example/news/day/2024-11-24/", link.get("href")).removeprefix(
                "https://desk.example/news"
            )
            in static()
        )


def test_an_icon_of_our_own_site_is_used() -> None:
    document = tree(page(FULL, replace(SITE, icon="https://desk.example/news/static/desk.png")))
    assert document.xpath("//link[@rel='icon']/@href") == ["../../static/desk.png"]


def test_every_static_file_is_small_named_by_its_bytes_and_needs_no_other() -> None:
    assert [re.sub("-[0-9a-f]{16}", "", address) for address in static()] == [
        "/static/icon.svg",
        "/static/style.css",
    ]
    for body in static().values():
        assert len(body) <= 15_000
        assert not re.search(rb"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", body)


@pytest.mark.parametrize(
    ("language", "lang", "dir_"),
    [
        ("en", None, None),
        ("EN", None, None),
        ("en-GB", "en-GB", None),
        ("hy", "hy", None),
        ("ar", "ar", "rtl"),
        ("he-IL", "he-IL", "rtl"),
        ("fa", "fa", "rtl"),
        ("ur", "ur", "rtl"),
        ("az-Arab", "az-Arab", "rtl"),
        ("ur-Latn-PK", "ur-Latn-PK", None),
        ("", "", "auto"),
    ],
)
def test_an_article_says_its_language_and_direction_where_they_differ(
    language: str, lang: str | None, dir_: str | None
) -> None:
    (element,) = shown(entry(language=language))
    assert (element.get("lang") or "", element.get("dir")) == (lang or "", dir_)


def test_a_page_of_a_right_to_left_language_turns_round_and_its_english_words_do_not() -> None:
    persian = Feed(name="ruz", title="اخبار روز", language="fa", timezone="Asia/Tehran")
    document = tree(page(edition(entry(), entry("b", language="fa"), feed=persian), SITE))
    assert (document.get("lang"), document.get("dir")) == ("fa", "rtl")
    own, english = document.findall(".//article")
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
    assert (own.get("lang"), own.get("dir")) == (None, None)
    assert document.find(".//footer").get("lang") == "en"


def test_what_came_late_to_a_day_stands_in_it_with_its_own_date() -> None:
    late = edition(entry("a"), entry("b", published=at(21, 10)), day=date(2024, 11, 24))
    document = tree(page(late, SITE))
    assert [words(found) for found in document.iter("h2")] == [
        "Sunday, November 24, 2024 2 articles from 1 source"
    ]
    assert [words(found) for found in document.xpath("//article//time")] == [
        "2:24 PM",
        "November 21, 2024, 2:00 PM",
    ]


def test_a_time_that_is_not_the_publishers_says_so() -> None:
    (element,) = shown(entry(dated=False))
    assert "first seen 2:24 PM" in words(element)


@pytest.mark.parametrize(
    ("updated", "said"),
    [
        (at(24, 10, 40), "updated 2:40 PM"),
        (at(25, 10, 40), "updated November 25, 2024, 2:40 PM"),
        (at(24, 10, 24), ""),
        (at(24, 9), ""),
        (None, ""),
    ],
)
def test_a_change_is_told_with_its_time(updated: datetime | None, said: str) -> None:
    (element,) = shown(entry(updated=updated))
    assert said in words(element)
    assert ("updated" in words(element)) == bool(said)


@pytest.mark.parametrize(
    ("comments", "said"),
    [
        (Comments(url="https://morning.example/a/#c"), "Comments"),
        (Comments(url="https://morning.example/a/#c", count=0), "Comments"),
        (Comments(url="https://morning.example/a/#c", count=1), "1 comment"),
        (Comments(url="https://morning.example/a/#c", count=12), "12 comments"),
        (Comments(url="javascript:alert(1)", count=12), ""),
        (Comments(count=12), ""),
        (None, ""),
    ],
)
def test_comments_are_linked_with_their_number(comments: Comments | None, said: str) -> None:
    (element,) = shown(entry(comments=comments))
    assert [words(found) for found in element.find_class("comments")] == ([said] if said else [])


def test_what_an_entry_is_about_is_linked_by_its_host() -> None:
    (element,) = shown(entry(related=("https://other.example/told", "javascript:alert(1)")))
    (line,) = element.find_class("related")
    assert words(line) == "About other.example"
    assert line.xpath("a/@href") == ["https://other.example/told"]


def test_the_publishers_rule_and_license_stand_beside_the_quotation() -> None:
    ruled, licensed = shown(entry("a"), entry("b", source="wire"))
    assert words(ruled.find_class("rule")[0]) == RULE
    assert licensed.find_class("u-license")[0].get("href") == LICENSE


def test_what_an_entry_says_of_its_rights_stands_beside_the_rule() -> None:
    own, ruled = shown(entry("a", rights="© Ani Petrosyan"), entry("b"))
    assert words(own.find_class("p-rights")[0]) == "© Ani Petrosyan"
    assert words(own.find_class("rule")[0]) == f"© Ani Petrosyan {RULE}"
    assert words(ruled.find_class("p-rights")[0]) == RULE


def test_the_publisher_leads_to_its_site_and_its_feed_unless_that_is_a_secret() -> None:
    hidden = Origin(title="The Morning", site_url="https://morning.example/")
    known, secret = shown(entry("a"), entry("b", origin=hidden))
    for element, feeds in ((known, ["https://morning.example/feed/"]), (secret, [])):
        (publication,) = element.find_class("p-publication")
        assert (
            publication.find("a[@class='publisher p-name u-url']").get("href") == "https://morning.example/"
        )
        assert [each.get("href") for each in element.find_class("u-feed")] == feeds


def test_who_handed_an_entry_on_is_named_and_the_first_publisher_is_credited() -> None:
    element = tree(page(FULL, SITE)).findall(".//article")[2]
    (byline,) = element.find_class("byline")
    assert words(byline) == "Field Notes · first seen 2:24 PM · via Hill Wire"
    assert element.xpath(".//a[contains(@rel, 'via')]/@href") == [
        "https://field.example/",
        "https://wire.example/",
    ]


@pytest.mark.parametrize(
    ("contact", "text", "url"),
    [
        ("desk@news.example", "desk@news.example", "mailto:desk@news.example"),
        ("https://desk.example/contact", "desk.example", "https://desk.example/contact"),
        ("the desk, second floor", "the desk, second floor", None),
        ("a@b.example?bcc=c@d.example", "a@b.example?bcc=c@d.example", None),
        ("javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_the_contact_is_linked_if_it_is_an_address(contact: str, text: str, url: str | None) -> None:
    document = tree(page(FULL, replace(SITE, contact=contact)))
    (line,) = [found for found in document.xpath("//footer/p") if words(found).startswith("Contact")]
    assert words(line) == f"Contact: {text}"
    assert line.xpath("a/@href") == ([url] if url else [])


@pytest.mark.parametrize(
    ("day", "path", "earlier", "later", "links"),
    [
        (DAY, "", None, None, ["../../day/archive/", "../../day/"]),
        (
            DAY,
            "",
            date(2024, 11, 22),
            date(2024, 11, 25),
            ["../../day/2024-11-22/", "../../day/archive/", "../../day/", "../../day/2024-11-25/"],
        ),
        (DAY, "/", date(2024, 11, 23), None, ["day/2024-11-23/", "day/archive/"]),
    ],
)
def test_the_days_before_and_after_and_all_days_are_linked(
    day: date | None, path: str, earlier: date | None, later: date | None, links: list[str]
) -> None:
    document = tree(page(edition(day=day, earlier=earlier, later=later), SITE, path=path))
    found = document.xpath("//nav[@class='days']//a/@href")
    assert found == links


def test_the_feed_that_one_reads_is_marked_among_the_others() -> None:
    document = tree(page(edition(feed=SCHOOL), SITE, path="/school/"))
    current = document.xpath("//nav[@aria-label='Feeds']//a[@aria-current]")
    assert [(words(link), link.get("aria-current")) for link in current] == [("Young Leaders School", "page")]
    assert not tree(page(FULL, replace(SITE, feeds=(FEED,)))).xpath("//nav[@aria-label='Feeds']")


def test_an_edition_without_entries_says_so() -> None:
    document = tree(page(edition(day=date(2024, 11, 24)), SITE))
    assert "Nothing has been published here yet." in words(document)
    assert "Sunday, November 24, 2024" in words(document)
    assert not document.findall(".//article")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "/a", "https://", "data:text/html,x"])
def test_an_entry_without_a_web_address_is_refused_by_its_id(url: str) -> None:
    with pytest.raises(RenderError, match=re.escape("https://morning.example/?p=a")):
        page(edition(entry("a", url=url)), SITE)


def test_microformats_tell_what_the_page_shows() -> None:
    document = tree(page(FULL, SITE))
    assert len(document.xpath("//*[contains(@class, 'h-feed')]//*[contains(@class, 'h-entry')]")) == len(
        FULL.entries
    )
    first = document.find(".//article")
    for name in ("p-name", "u-url", "p-author", "dt-published", "dt-updated", "p-summary", "p-category"):
        assert first.find_class(name), name


HOSTILE = st.text(
    st.sampled_from("ab <>&\"'`=/!-]{}%\u202e\u00a0é"), min_size=1, max_size=20
) | st.sampled_from(
    [
        "</title><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!--",
        "{{ 7*7 }}",
        "{% raw %}",
        "&lt;b&gt;",
    ]
)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=60, deadline=None)
def test_whatever_a_publisher_writes_stays_text(title: str, name: str, rule: str) -> None:
    hostile = site(source(title=name, terms=Terms(rule=rule)), title=title)
    feed = replace(FEED, title=name, about=rule)
    item = entry(title=title, authors=(Person(name=name),), categories=(Category(term=rule),))
    document = tree(page(edition(item, feed=feed), hostile))
    (element,) = document.findall(".//article")
    plain = tree(page(edition(entry(authors=(Person(name="n"),), categories=(Category(term="c"),))), SITE))
    assert {found.tag for found in document.iter("*")} <= {found.tag for found in plain.iter("*")}
    assert element.find("h3/a").text_content() == title
    assert words(element.find_class("p-category")[0]) == " ".join(rule.split())
    assert {name for found in document.iter("*") for name in found.attrib} <= {
        name for found in plain.iter("*") for name in found.attrib
    }


@given(editions.editions())
@settings(max_examples=60, deadline=None)
def test_every_edition_has_a_page_with_each_entry_linked_and_credited_as_its_terms_say(
    drawn: tuple[Edition, Site],
) -> None:
    document = tree(page(*drawn))
    articles = document.findall(".//article")
    by_id = {found.find_class("u-uid")[0].get("value"): found for found in articles}
    assert len(articles) == len(by_id) == len(drawn[0].entries)
    for item in drawn[0].entries:
        found = by_id[item.published_id]
        assert found.find("h3/a").get("href") == item.url
        assert words(found.find("h3/a")) == " ".join(item.title.split())
        links = found.xpath("div[contains(@class, 'passage')]//a/@href")
        assert item.url in links or drawn[1].terms(item).credit == "none"
    assert not document.xpath("//img | //script")
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))


# ── Whose language is whose ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("own", "publishers", "said"),
    [
        ("", "", None),  # the page's, as far as we know
        ("en", "en", None),
        ("hy", "hy", None),  # the article's
        ("hy", "en", "en"),
        ("hy", "", ""),
        ("", "hy", None),  # what an article is in that says nothing is its source's
    ],
)
def test_a_publishers_name_and_rule_are_not_in_a_foreign_articles_language(
    own: str, publishers: str, said: str | None
) -> None:
    terms = Terms(rule="Quote with a hyperlink to the quoted material")
    origin = Origin(title="The Morning", site_url="https://morning.example/", language=publishers)
    document = page(edition(entry(language=own, origin=origin)), site(source(terms=terms), language="en"))
    (element,) = tree(document).findall(".//article")
    for name in ("publisher", "rule"):
        (found,) = element.find_class(name)
        assert found.get("lang") == said


def test_armenian_is_set_in_faces_that_have_it() -> None:
    style = next(body for path, body in static().items() if path.endswith(".css")).decode()
    stacks = re.search(r":lang\(hy\) \{([^}]*)\}", style)
    assert stacks
    assert '--serif: "Noto Serif Armenian", Mshtakan, Sylfaen, "DejaVu Serif", serif;' in stacks[1]
    assert '--sans: "Noto Sans Armenian", Mshtakan, Sylfaen, "DejaVu Sans", sans-serif;' in stacks[1]
