"""What docs/documents.md says that a published document holds, row by row, in RSS, Atom and JSON Feed."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from editions import DAY, MORNING, NOON, edition, entry, site, source
from feedhub.model import Edition, Entry, Image, Site, Terms
from feedhub.render import FORMATS
from test_proof_fields import MADE, SITE

Element = ElementTree.Element
SPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "cc": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rsl": "https://rslstandard.org/rsl",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
COUNT = f"{{{SPACES['thr']}}}count"
CREDIT = '<p><a href="https://morning.example/full/" rel="external">The Morning</a>: '


@cache
def written(form: str) -> bytes:
    return FORMATS[form](MADE, SITE)


def rss(made: Edition = MADE, known: Site = SITE) -> Element:
    """Give the channel."""
    channel = ElementTree.fromstring(FORMATS["rss"](made, known)).find("channel")
    assert channel is not None
    return channel


def atom(made: Edition = MADE, known: Site = SITE) -> Element:
    return ElementTree.fromstring(FORMATS["atom"](made, known))


def feed(made: Edition = MADE, known: Site = SITE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FORMATS["json"](made, known))
    return found


def items(*entries: Entry, known: Site = SITE, number: int = 0) -> tuple[Element, Element, dict[str, Any]]:
    """Give an entry of an edition as it stands in the three formats; without entries, of the whole one."""
    made = edition(*entries) if entries else MADE
    return (
        rss(made, known).findall("item")[number],
        atom(made, known).findall("atom:entry", SPACES)[number],
        feed(made, known)["items"][number],
    )


def texts(parent: Element, path: str) -> list[str]:
    return [each.text or "" for each in parent.findall(path, SPACES)]


def links(parent: Element, relation: str) -> list[dict[str, str]]:
    """Give the attributes of the links of a relation, without it."""
    found = parent.findall("atom:link", SPACES)
    return [
        {name: value for name, value in link.items() if name != "rel"}
        for link in found
        if link.get("rel") == relation
    ]


# ── The document ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_is_well_formed_utf_8(form: str) -> None:
    text = written(form).decode("utf-8")
    if form == "json":
        json.loads(text)
    else:
        assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n")
        ElementTree.fromstring(text.encode())


def test_a_feed_keeps_its_identity_when_the_hub_moves() -> None:
    moved = replace(SITE, url="https://moved.example")
    assert atom().findtext("atom:id", "", SPACES) == MADE.id
    assert atom(MADE, moved).findtext("atom:id", "", SPACES) == MADE.id


def test_a_document_names_the_address_that_it_is_fetched_from_once() -> None:
    own = "https://news.example/day/2024-11-24"
    assert links(rss(), "self") == [{"href": f"{own}.rss", "type": "application/rss+xml"}]
    assert links(atom(), "self") == [{"href": f"{own}.atom", "type": "application/atom+xml"}]
    assert feed()["feed_url"] == f"{own}.json"


def test_a_document_leads_to_its_page_and_its_alternate_is_that_alone() -> None:
    page = "https://news.example/day/2024-11-24/"
    assert texts(rss(), "link") == [page]
    assert [link.get("href") for link in atom().findall("atom:link", SPACES)][-1] == page
    assert links(atom(), "alternate") == [{"href": page, "type": "text/html"}]
    assert feed()["home_page_url"] == page


def test_a_document_has_its_feeds_title_description_and_language() -> None:
    said = ["Day newsfeed", "What matters today.", "en"]
    assert [rss().findtext(name) for name in ("title", "description", "language")] == said
    told = [atom().findtext(f"atom:{name}", "", SPACES) for name in ("title", "subtitle")]
    assert [*told, atom().get(LANG)] == said
    assert [feed()[name] for name in ("title", "description", "language")] == said


def test_a_document_names_its_publisher() -> None:
    assert texts(rss(), "managingEditor") == ["desk@news.example (Yerevan Day Desk)"]
    assert texts(atom(), "atom:author/atom:name") == ["Yerevan Day Desk"]
    assert feed()["authors"] == [{"name": "Yerevan Day Desk", "url": "https://news.example/"}]
    without = replace(SITE, contact="https://news.example/contact")
    assert texts(rss(MADE, without), "managingEditor") == []


def test_a_document_has_the_time_of_its_newest_change() -> None:
    assert texts(rss(), "lastBuildDate") == ["Sun, 24 Nov 2024 13:00:00 +0000"]
    assert texts(atom(), "atom:updated") == ["2024-11-24T13:00:00Z"]


def test_rss_says_how_long_a_reader_may_wait_but_not_of_an_archive() -> None:
    assert texts(rss(), "ttl") == []
    assert texts(rss(replace(MADE, day=None, closed=False)), "ttl") == ["15"]


def test_the_generator_has_no_version() -> None:
    assert texts(rss(), "generator") == ["FeedHub"]
    assert texts(atom(), "atom:generator") == ["FeedHub"]


def test_a_document_has_the_sites_icon() -> None:
    icon = "https://news.example/static/icon.png"
    assert texts(rss(), "image/url") == [icon]
    assert texts(rss(), "image/title") + texts(rss(), "image/link") == texts(rss(), "title") + texts(
        rss(), "link"
    )
    assert texts(atom(), "atom:icon") + texts(atom(), "atom:logo") == [icon, icon]
    assert [feed()[name] for name in ("icon", "favicon")] == [icon, icon]


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_archive_leads_to_earlier_ones_and_to_the_current_document(form: str) -> None:
    root = rss() if form == "rss" else atom()
    own = {"type": f"application/{form}+xml"}
    assert links(root, "prev-archive") == [{**own, "href": f"https://news.example/day/2024-11-23.{form}"}]
    assert links(root, "current") == [{**own, "href": f"https://news.example/day.{form}"}]
    assert texts(root, "fh:archive") == [""]


def test_a_json_feed_leads_to_the_earlier_archive() -> None:
    assert feed()["next_url"] == "https://news.example/day/2024-11-23.json"
    assert "next_url" not in feed(replace(MADE, archive=None))


@pytest.mark.parametrize("form", FORMATS)
def test_no_document_has_a_style_sheet(form: str) -> None:
    assert b"xml-stylesheet" not in written(form)


@pytest.mark.parametrize("form", FORMATS)
def test_entries_stand_newest_first_and_the_same_edition_gives_the_same_bytes(form: str) -> None:
    ids = [each["id"] for each in feed()["items"]]
    assert ids == [each.published_id for each in MADE.entries]
    assert ids == texts(atom(), "atom:entry/atom:id") == texts(rss(), "item/guid")
    assert FORMATS[form](replace(MADE), SITE) == written(form)


# ── The entry ────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_has_its_published_id_and_link_alike_in_every_format() -> None:
    one, two, three = items()
    id_, link = "https://morning.example/?p=full", "https://morning.example/full/"
    assert texts(one, "guid") == texts(two, "atom:id") == [three["id"]] == [id_]
    assert texts(one, "link") == [three["url"]] == [link]
    assert links(two, "alternate") == [{"href": link, "type": "text/html"}]


def test_a_guid_is_a_permalink_only_where_it_is_the_article() -> None:
    told = {
        id_: items(entry(published_id=id_), known=SITE)[0].find("guid").get("isPermaLink")  # type: ignore[union-attr]
        for id_ in ("https://morning.example/a/", "https://morning.example/?p=a", "urn:x-test:a")
    }
    assert list(told.values()) == ["true", "false", "false"]


def test_an_entry_leads_to_the_page_that_it_was_found_on_and_to_each_hop_before() -> None:
    one, two, three = items()
    hops = [
        {"url": "https://hub.example/", "title": "The Morning"},
        {"url": "https://wire.example/", "title": "The Wire"},
        {"url": "https://morning.example/", "title": "The Morning"},
    ]
    told = [{"href": hop["url"], "title": hop["title"], "type": "text/html"} for hop in hops]
    assert links(one, "via") == links(two, "via") == told
    assert three["_feedhub"]["via"] == hops


def test_an_entry_names_its_source_with_feed_page_id_and_time() -> None:
    one, two, three = items()
    name, feed_url, page = "The Morning", "https://morning.example/feed/", "https://morning.example/"
    told, of = one.find("source"), two.find("atom:source", SPACES)
    assert told is not None
    assert of is not None
    assert (told.text, told.get("url")) == (name, feed_url)
    assert [of.findtext(f"atom:{each}", "", SPACES) for each in ("id", "title", "updated")] == [
        feed_url,
        name,
        "2024-11-24T12:00:00Z",
    ]
    assert links(of, "self") == [{"href": feed_url, "type": "application/rss+xml"}]
    assert links(of, "alternate") == [{"href": page, "type": "text/html"}]
    assert three["_feedhub"]["source"] == {
        "id": feed_url,
        "title": name,
        "feed_url": feed_url,
        "home_page_url": page,
    }


def test_a_source_s_authors_rights_and_categories_stand_where_the_entry_has_none() -> None:
    one, two, three = items(number=1)
    assert texts(one, "dc:creator") == texts(two, "atom:source/atom:author/atom:name") == ["Ani Petrosyan"]
    assert three["authors"] == [{"name": "Ani Petrosyan", "url": "https://morning.example/ani"}]
    assert texts(one, "dc:rights") == texts(two, "atom:source/atom:rights") == ["© The Morning"]
    (news,) = two.findall("atom:source/atom:category", SPACES)
    assert news.attrib == {"term": "news", "scheme": "https://morning.example/topics", "label": "The news"}
    one, two, _ = items()
    assert texts(one, "dc:rights") == ["© Ani Petrosyan"]
    assert [texts(two, f"atom:source/atom:{name}") for name in ("author", "rights", "category")] == [
        [],
        [],
        [],
    ]


def test_a_source_that_the_source_itself_named_is_kept_before_it() -> None:
    wire = replace(MORNING, title="The Wire", via=(MORNING,))
    one, two, three = items(entry(origin=wire), known=site(source(title="Our Morning")))
    assert texts(one, "source") == texts(two, "atom:source/atom:title") == ["The Wire"]
    assert three["_feedhub"]["source"]["title"] == "The Wire"
    assert [hop["title"] for hop in three["_feedhub"]["via"]] == ["Our Morning", "The Wire"]
    assert three["content_html"].startswith(
        '<p><a href="https://morning.example/a/" rel="external">The Wire<'
    )


def test_the_first_passage_begins_with_a_hyperlink_to_the_article() -> None:
    one, two, three = items()
    short, whole = "Text of full. It goes on.", "All of the text. It goes on, and on."
    for path, of, said in (("description", one, short), ("content:encoded", one, whole)):
        assert texts(of, path)[0].startswith(f"{CREDIT}{said}</p>")
    for path, said in (("atom:summary", short), ("atom:content", whole)):
        assert texts(two, path)[0].startswith(f"{CREDIT}{said}</p>")
    assert three["content_html"].startswith(f"{CREDIT}{whole}</p>")
    assert three["summary"].startswith(f"The Morning (https://morning.example/full/): {short}")


def test_a_text_that_is_credited_already_is_credited_once() -> None:
    found = items(number=2)
    html = texts(found[0], "description")[0]
    assert html.count("<a ") == 1
    again = items(entry("plain", summary=html))
    assert [texts(again[0], "description"), texts(again[1], "atom:summary")] == [[html], [html]]
    assert again[2]["summary"] == found[2]["summary"]


@pytest.mark.parametrize("title", ["A < B & C", "Not &amp; a &lt;b&gt;tag"])
def test_a_title_is_plain_text_and_encoded_once(title: str) -> None:
    one, two, three = items(entry(title=title))
    assert texts(one, "title") == texts(two, "atom:title") == [three["title"]] == [title]
    assert two.find("atom:title", SPACES).get("type") == "text"  # type: ignore[union-attr]


def test_the_whole_text_stands_behind_the_short_one_and_only_where_the_terms_allow_it() -> None:
    one, two, three = items()
    names = [each.tag for each in one]
    assert names.index("description") + 1 == names.index(f"{{{SPACES['content']}}}encoded")
    assert [two.find(f"atom:{name}", SPACES).get("type") for name in ("summary", "content")] == ["html"] * 2  # type: ignore[union-attr]
    one, two, three = items(entry(content="<p>All of it.</p>"), known=site(source(terms=Terms())))
    assert texts(one, "content:encoded") == texts(two, "atom:content") == []
    assert "All of it" not in json.dumps(three)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_no_text_is_cdata_or_escaped_twice(form: str) -> None:
    assert b"CDATA" not in written(form)
    assert b"&amp;lt;" not in written(form)


def test_times_have_an_offset_and_the_right_weekday() -> None:
    one, two, three = items()
    assert texts(one, "pubDate") == ["Sun, 24 Nov 2024 12:00:00 +0000"]
    assert texts(two, "atom:published") == [three["date_published"]] == ["2024-11-24T12:00:00Z"]
    changed = ["2024-11-24T12:05:00Z"]
    assert texts(one, "atom:updated") == texts(two, "atom:updated") == [three["date_modified"]] == changed


def test_each_author_has_an_element_of_their_own_and_a_name() -> None:
    one, two, three = items()
    names = ["Ani Petrosyan", "davit@morning.example"]
    assert texts(one, "dc:creator") == texts(two, "atom:author/atom:name") == names
    assert texts(two, "atom:author/atom:uri") == ["https://morning.example/ani"]
    assert [each["name"] for each in three["authors"]] == names
    assert texts(one, "author") == []


def test_categories_are_the_publishers_and_ours_have_a_scheme_of_our_own() -> None:
    one, two, three = items()
    ours = [(group, "https://news.example/groups") for group in ("armenia", "wire")]
    expected = [("vote", "https://morning.example/topics"), ("y", None), *ours]
    told = [(each.text, each.get("domain")) for each in one.findall("category")]
    assert told == [*expected, ("lead", "https://news.example/marks")]
    found = two.findall("atom:category", SPACES)
    assert [(each.get("term"), each.get("scheme")) for each in found] == told
    assert found[0].get("label") == "The vote"
    assert (three["tags"], three["_feedhub"]["groups"]) == (["vote", "y"], ["armenia", "wire"])


def test_the_language_stands_where_it_is_not_the_feeds() -> None:
    one, two, three = items()
    assert texts(one, "dc:language") == [two.get(LANG)] == [three["language"]] == ["hy"]
    one, two, three = items(number=1)
    assert (texts(one, "dc:language"), two.get(LANG), three.get("language")) == ([], None, None)


def test_every_file_stands_with_its_address_type_and_length() -> None:
    one, two, three = items()
    audio = {"url": "https://morning.example/talk.mp3", "type": "audio/mpeg", "length": "1000"}
    assert [each.attrib for each in one.findall("enclosure")] == [audio]
    (further, _) = one.findall("media:content", SPACES)
    pdf = {
        "url": "https://morning.example/b.pdf",
        "type": "application/pdf",
        "fileSize": "7",
        "duration": "8",
    }
    assert further.attrib == pdf
    assert links(two, "enclosure") == [
        {"href": audio["url"], "type": "audio/mpeg", "length": "1000"},
        {"href": pdf["url"], "type": "application/pdf", "length": "7", "title": "B"},
    ]
    assert [each["url"] for each in three["attachments"]] == [audio["url"], pdf["url"]]
    assert three["attachments"][0] == {
        "url": audio["url"],
        "mime_type": "audio/mpeg",
        "size_in_bytes": 1000,
        "duration_in_seconds": 60,
    }


def test_the_lead_picture_stands_with_size_description_and_credit() -> None:
    one, two, three = items()
    size = {"url": "https://morning.example/a.jpg", "width": "640", "height": "480"}
    for each in (one, two):
        picture = each.findall("media:content", SPACES)[-1]
        assert picture.attrib == {**size, "medium": "image"}
        assert texts(picture, "media:description") == ["A road"]
        assert texts(picture, "media:credit") == ["A. P."]
        assert [thumbnail.attrib for thumbnail in each.findall("media:thumbnail", SPACES)] == [size]
    assert three["image"] == size["url"]
    bare = items(entry(image=Image(url="https://morning.example/b.jpg")))[0]
    assert bare.find("media:thumbnail", SPACES).attrib == {"url": "https://morning.example/b.jpg"}  # type: ignore[union-attr]


def test_podcast_elements_and_licenses_in_rsl_are_carried_through() -> None:
    for each in items()[:2]:
        assert texts(each, "itunes:duration") == ["60"]
        assert texts(each, "itunes:explicit") == ["true"]
        (person,) = each.findall("podcast:person", SPACES)
        assert (person.text, person.get("href")) == ("Ani", "https://morning.example/ani")
        assert texts(each, "rsl:content/rsl:license/rsl:permits") == ["search"]


def test_comments_stand_as_the_source_gave_them() -> None:
    one, two, _ = items()
    page, comments = "https://morning.example/s/#respond", "https://morning.example/s/feed/"
    told = [texts(one, name) for name in ("comments", "slash:comments", "wfw:commentRss")]
    assert told == [[page], ["3"], [comments]]
    assert links(two, "replies") == [
        {"type": "text/html", "href": page, COUNT: "3"},
        {"type": "application/rss+xml", "href": comments},
    ]
    assert texts(two, "thr:total") == ["3"]


@pytest.mark.parametrize(
    ("number", "rights", "license_"),
    [
        (0, "© Ani Petrosyan", "https://license.example/own"),
        (1, "© The Morning", "https://license.example/"),
        (2, "Quote with a hyperlink", "https://license.example/"),
    ],
)
def test_rights_and_license_are_kept_and_the_rule_stands_where_nothing_is_said(
    number: int, rights: str, license_: str
) -> None:
    one, two, three = items(number=number)
    assert texts(one, "dc:rights") == texts(two, "atom:rights") == [three["_feedhub"]["rights"]] == [rights]
    assert texts(one, "cc:license") == [three["_feedhub"]["license"]] == [license_]
    assert links(two, "license") == [{"href": license_}]


def test_what_was_taken_down_is_told_by_atom_alone() -> None:
    (stone,) = atom().findall("at:deleted-entry", SPACES)
    assert stone.attrib == {"ref": "urn:x-test:gone", "when": "2024-11-24T12:00:00Z"}
    assert texts(stone, "at:comment") == ["Its publisher asked for it"]
    assert b"urn:x-test:gone" not in written("rss") + written("json")


def test_a_document_of_a_day_without_entries_stands_too() -> None:
    empty = edition(day=DAY, closed=True, archive=date(2024, 11, 23), updated=NOON + timedelta(hours=1))
    assert (
        rss(empty).findall("item") == atom(empty).findall("atom:entry", SPACES) == feed(empty)["items"] == []
    )
