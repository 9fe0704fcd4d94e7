import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from samples import (
    FIRST_DAY,
    LEAD,
    NAMESPACES,
    SAMPLES,
    THE_DAY,
    YEREVAN,
    config,
    find,
    items,
    magazine,
    sample,
    text,
    words,
)

XML = ["morning.xml", "journal.atom", "agency.xml", "agency-later.xml", "morning-ru.xml", "morning-hy.xml"]

MORNING = items("morning.xml")
RUSSIAN = items("morning-ru.xml")
ARMENIAN = items("morning-hy.xml")
MAGAZINE = magazine()["items"]
JOURNAL = find(sample("journal.atom"), "atom:entry")
AGENCY = items("agency.xml")
THE_LEAD = html.fromstring(f"<div>{text(MORNING[0], 'content:encoded')}</div>")


@pytest.mark.parametrize("name", XML)
def test_a_sample_is_strict_utf_8_xml_without_a_dtd(name: str) -> None:
    body = (SAMPLES / name).read_bytes()
    body.decode("utf-8", errors="strict")
    assert body.startswith(b"<?xml")
    assert b"<!DOCTYPE" not in body
    assert sample(name).tag in {"rss", "{http://www.w3.org/2005/Atom}feed"}


def test_the_samples_hold_enough_to_make_a_day() -> None:
    assert (len(MORNING), len(JOURNAL), len(AGENCY)) == (10, 7, 13)
    assert (len(RUSSIAN), len(ARMENIAN), len(MAGAZINE)) == (6, 6, 5)


@pytest.mark.parametrize("name", [*XML, "terrace.json"])
def test_every_address_in_a_sample_is_at_an_example_host(name: str) -> None:
    body = (SAMPLES / name).read_text(encoding="utf-8")
    body = re.sub(r"xmlns(:\w+)?=\"[^\"]+\"|<generator>[^<]+</generator>", "", body)
    body = body.replace("https://jsonfeed.org/version/1.1", "")
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s\"'<>\])\\]+", body)}
    assert hosts
    assert all(host.endswith(".example") for host in hosts), hosts


def test_ids_and_links_are_unique_within_each_sample() -> None:
    for ids in (
        [text(item, "guid") for item in MORNING],
        [text(entry, "atom:id") for entry in JOURNAL],
        [text(item, "guid") or text(item, "link") for item in AGENCY],
        [text(item, "link") for item in MORNING],
        [text(item, "link") for item in AGENCY],
        [text(item, "guid") for item in (*MORNING, *RUSSIAN, *ARMENIAN)],
        [text(item, "link") for item in (*MORNING, *RUSSIAN, *ARMENIAN)],
        [item["id"] for item in MAGAZINE],
        [item["url"] for item in MAGAZINE],
    ):
        assert all(ids)
        assert len(set(ids)) == len(ids)


def morning_time(item: etree._Element) -> datetime:
    return parsedate_to_datetime(text(item, "pubDate"))


def journal_time(entry: etree._Element) -> datetime:
    return datetime.fromisoformat(text(entry, "atom:published") or text(entry, "atom:updated"))


def agency_time(item: etree._Element) -> datetime:
    stamp = text(item, "pubDate")
    form = "%a, %d %b %Y %H:%M:%S" if "," in stamp else "%d.%m.%Y %H:%M"
    return datetime.strptime(stamp, form).replace(tzinfo=YEREVAN)


def all_times() -> list[list[datetime]]:
    return [
        [morning_time(item) for item in MORNING],
        [journal_time(entry) for entry in JOURNAL],
        [agency_time(item) for item in AGENCY],
        [morning_time(item) for item in RUSSIAN],
        [datetime.fromisoformat(item["date_published"]) for item in MAGAZINE],
    ]


def test_entries_stand_newest_first_between_20_and_24_november() -> None:
    for times in all_times():
        assert times == sorted(times, reverse=True)
        days = {time.astimezone(YEREVAN).date() for time in times}
        assert max(days) == THE_DAY
        assert min(days) == FIRST_DAY


def test_no_source_has_more_on_the_day_than_the_day_newsfeed_takes() -> None:
    limit = config()["feeds"]["day"]["per_source"]
    for times in all_times():
        assert 3 <= sum(time.astimezone(YEREVAN).date() == THE_DAY for time in times) <= limit


def test_english_weekdays_fit_their_dates() -> None:
    stamps = [text(item, "pubDate") for item in (*MORNING, *AGENCY, *RUSSIAN)]
    for stamp in (stamp for stamp in stamps if "," in stamp):
        assert parsedate_to_datetime(stamp).strftime("%a") == stamp[:3]


def test_one_entry_belongs_to_another_day_in_yerevan_than_in_utc() -> None:
    moved = [
        item for item in MORNING if morning_time(item).date() != morning_time(item).astimezone(YEREVAN).date()
    ]
    assert [morning_time(item).astimezone(YEREVAN).date() for item in moved] == [THE_DAY]


def test_the_morning_has_the_shape_that_wordpress_gives() -> None:
    channel = find(sample("morning.xml"), "channel")[0]
    assert text(channel, "language") == "en-US"
    assert text(channel, "sy:updatePeriod").strip() == "hourly"
    assert text(channel, "lastBuildDate") == text(MORNING[0], "pubDate")
    assert find(channel, "atom:link")[0].attrib["href"] == "https://morning.example/feed/"
    for item in MORNING:
        link = text(item, "link")
        assert re.fullmatch(r"https://morning\.example/\?p=\d+", text(item, "guid"))
        assert find(item, "guid")[0].attrib["isPermaLink"] == "false"
        assert text(item, "dc:creator")
        assert find(item, "category")
        has_comments = text(item, "slash:comments") != "0"
        assert text(item, "comments") == link + ("#comments" if has_comments else "#respond")
        assert text(item, "wfw:commentRss") == f"{link}feed/"
        ending = f'<p>The post <a href="{link}">{text(item, "title")}</a> appeared first on'
        assert text(item, "description").splitlines()[-1].startswith(ending)


def test_the_lead_is_the_newest_entry_of_the_morning() -> None:
    lead = MORNING[0]
    assert text(lead, "title") == "After the vote: three roads for the region"
    assert text(lead, "link") == LEAD
    assert text(lead, "guid") == "https://morning.example/?p=1203"
    assert text(lead, "pubDate") == "Sun, 24 Nov 2024 10:24:00 +0000"
    assert text(lead, "dc:creator") == "Ani Petrosyan"
    assert [category.text for category in find(lead, "category")] == ["Young Leaders School", "Analysis"]
    assert text(lead, "comments") == f"{LEAD}#respond"
    assert text(lead, "slash:comments") == "0"


def test_the_lead_is_a_whole_article() -> None:
    assert 700 <= len(words(THE_LEAD).split()) <= 900
    for part in ("h2", "h3", "ul", "blockquote"):
        assert THE_LEAD.find(f".//{part}") is not None


def test_the_lead_ends_with_its_author_and_the_rule_for_quoting() -> None:
    *_, author, rule, _post = THE_LEAD.findall("p")
    assert words(author) == "Ani Petrosyan, research fellow, Institute for Regional Dialogue"
    assert author.findtext("strong") == "Ani Petrosyan,"
    assert words(rule) == text(sample("morning.xml"), "channel/copyright")
    assert "hyperlink to the quoted material" in words(rule)
    assert "first passage" in words(rule)


def test_every_link_and_picture_in_the_morning_is_absolute() -> None:
    for item in MORNING:
        for field in ("description", "content:encoded"):
            tree = html.fromstring(f"<div>{text(item, field)}</div>")
            addresses = [
                link for element in tree.iter() for link in (element.get("href"), element.get("src")) if link
            ]
            assert addresses
            assert all(address.startswith("https://morning.example") for address in addresses)


def test_three_entries_come_from_the_young_leaders_school() -> None:
    wanted = config()["feeds"]["young-leaders-school"]["take"]["categories"]
    taken = [item for item in MORNING if {category.text for category in find(item, "category")} & set(wanted)]
    assert len(taken) == 3


def test_the_journal_is_atom_with_what_rfc_4287_asks() -> None:
    feed = sample("journal.atom")
    assert {link.attrib["rel"] for link in find(feed, "atom:link")} == {"self", "alternate"}
    newest = max(datetime.fromisoformat(text(entry, "atom:updated")) for entry in JOURNAL)
    assert datetime.fromisoformat(text(feed, "atom:updated")) == newest
    for entry in JOURNAL:
        assert re.fullmatch(r"tag:highland\.example,2024-11-2\d:[a-z-]+", text(entry, "atom:id"))
        assert text(entry, "atom:title")
        assert len(find(entry, "atom:link[@rel='alternate']")) == 1
        assert find(entry, "atom:author/atom:name")
        assert find(entry, "atom:summary")[0].attrib["type"] == "html"
        assert all(category.attrib["scheme"] for category in find(entry, "atom:category"))


def test_the_journal_shows_what_atom_can_say() -> None:
    feed = sample("journal.atom")
    assert {entry.attrib["type"] for entry in find(feed, "atom:entry/atom:content")} == {"html", "xhtml"}
    assert sum(not text(entry, "atom:published") for entry in JOURNAL) == 1
    changed = [e for e in JOURNAL if "" != text(e, "atom:published") != text(e, "atom:updated")]
    assert [text(entry, "atom:title") for entry in changed] == ["The seed library of Nor Kamurj"]
    assert find(feed, "atom:entry/atom:link[@rel='enclosure']")[0].attrib["type"] == "audio/mpeg"
    replies = find(feed, "atom:entry/atom:link[@rel='replies']")
    assert [link.attrib[f"{{{NAMESPACES['thr']}}}count"] for link in replies] == ["5", "0"]
    assert find(feed, "atom:entry/atom:author/atom:uri")
    assert text(feed, "atom:rights")


def test_the_journal_needs_xml_base_for_a_link_and_for_a_picture() -> None:
    feed = sample("journal.atom")
    base = "{http://www.w3.org/XML/1998/namespace}base"
    assert feed.attrib[base] == "https://highland.example/2024/"
    relative = [
        link.attrib["href"] for link in find(feed, "atom:entry/atom:link") if ":" not in link.attrib["href"]
    ]
    assert relative == ["11/seed-library/"]
    assert [content.attrib[base] for content in find(feed, f"atom:entry/atom:content[@{base}]")]
    assert [image.attrib["src"] for image in find(feed, ".//xhtml:img")] == ["images/shelf.jpg"]


def test_the_content_of_xhtml_entries_is_one_div() -> None:
    for content in find(sample("journal.atom"), "atom:entry/atom:content[@type='xhtml']"):
        assert [child.tag for child in content] == [f"{{{NAMESPACES['xhtml']}}}div"]
        assert not (content.text or "").strip()


def test_no_date_of_the_agency_names_a_zone() -> None:
    stamps = [text(item, "pubDate") for item in AGENCY]
    assert all(re.search(r"\d\d:\d\d(:\d\d)?$", stamp) for stamp in stamps)
    assert {"," in stamp for stamp in stamps} == {True, False}
    assert next(s["timezone"] for s in config()["sources"] if s["name"] == "agency") == "Asia/Yerevan"


def test_the_agency_has_no_authors_and_numbers_for_ids() -> None:
    guids = [text(item, "guid") for item in AGENCY]
    assert guids.count("") == 1
    assert all(guid.isdecimal() for guid in guids if guid)
    assert not any(find(item, "author") or find(item, "dc:creator") for item in AGENCY)


def test_the_agency_has_one_item_with_a_picture() -> None:
    (enclosure,) = find(sample("agency.xml"), "channel/item/enclosure")
    (content,) = find(sample("agency.xml"), "channel/item/media:content")
    assert enclosure.attrib["type"] == content.attrib["type"] == "image/jpeg"
    assert enclosure.attrib["url"] == content.attrib["url"]


def test_one_story_is_told_by_both_in_different_words() -> None:
    told = [[item for item in items if "Dzyunik Pass" in text(item, "title")] for items in (MORNING, AGENCY)]
    assert [len(items) for items in told] == [1, 1]
    ours, theirs = told[0][0], told[1][0]
    assert text(ours, "title") != text(theirs, "title")
    assert urlsplit(text(ours, "link")).hostname != urlsplit(text(theirs, "link")).hostname


def test_one_agency_item_is_a_copy_of_the_lead() -> None:
    (copy,) = [item for item in AGENCY if find(item, "source")]
    link = urlsplit(text(copy, "link"))
    assert link._replace(query="").geturl() == LEAD
    assert "utm_source=" in link.query
    assert find(copy, "source")[0].attrib["url"] == "https://morning.example/feed/"
    assert text(copy, "source") == "The Morning"
    assert text(copy, "title") == text(MORNING[0], "title")
