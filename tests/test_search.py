import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from desk import DAY, HOUR, START, Desk, item
from feedhub.model import Feed, Take, Terms
from feedhub.search import search
from feedhub.search.marking import cutter
from hubs import Hub
from servers import InProcess, in_process

ATOM = "{http://www.w3.org/2005/Atom}"


def text(words: str) -> dict[str, str]:
    return {"summary": f"<p>{words}</p>"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(
        item(
            "bread", title="Bread is dear", published=START - 2 * DAY, **text("The bakers of Orlan say so.")
        ),
        item("bridge", title="A bridge opens", published=START - HOUR, **text("It is of stone, with bread.")),
        item("bridge", "evening", title="Bridges", published=START, **text("Нет слов")),
        at=START,
    )
    desk.publishes(START)
    return desk


def answer(desk: Desk, said: Mapping[str, str], format_: str) -> bytes:
    """Give the document that answers a question."""
    document = search(desk.store, desk.site, said, format_)
    assert document is not None
    return document


def found(desk: Desk, words: str, format_: str = "atom", **more: str) -> list[str]:
    """Give the titles of what is found."""
    document = answer(desk, {"q": words, **more}, format_)
    return [str(title.text) for title in etree.fromstring(document).iterfind(f"{ATOM}entry/{ATOM}title")]


def page(desk: Desk, words: str, **more: str) -> html.HtmlElement:
    return html.document_fromstring(answer(desk, {"q": words, **more}, "page"))


# ── What is found ────────────────────────────────────────────────────────────────────────────────


def test_titles_texts_publishers_and_authors_are_searched(desk: Desk) -> None:
    assert found(desk, "bread") == ["A bridge opens", "Bread is dear"]
    assert found(desk, "bakers orlan") == ["Bread is dear"]
    assert found(desk, "evening") == ["Bridges"]
    assert found(desk, "СЛОВ") == ["Bridges"]
    assert found(desk, "nothing") == []


def test_what_the_terms_do_not_show_is_not_found(desk: Desk) -> None:
    silent = replace(desk.site.sources["morning"], terms=Terms(show="title"))
    desk.configures(silent, desk.site.sources["evening"])
    desk.publishes(START + HOUR)
    assert found(desk, "bakers") == []
    assert found(desk, "bread") == ["Bread is dear"]


def test_beyond_the_excerpt_nothing_is_found(desk: Desk) -> None:
    long = " ".join(["word"] * 200) + " hidden"
    desk.arrives(item("long", title="Long", **text(long)), at=START + HOUR)
    desk.publishes(START + HOUR)
    assert found(desk, "word") == ["Long"]
    assert found(desk, "hidden") == []


@pytest.mark.parametrize("format_", ["rss", "atom", "json", "page"])
def test_the_terms_of_a_source_hold_when_it_is_no_longer_configured(desk: Desk, format_: str) -> None:
    secret = replace(desk.site.sources["morning"], terms=Terms(show="title"), is_secret=True)
    desk.configures(secret, desk.site.sources["evening"])
    members = replace(item("a").origin, id="https://members.example/hush", feed_url="")
    desk.arrives(item("dear", title="Dearest", origin=members, **text("Not to be quoted.")), at=START)
    desk.publishes(START)
    desk.publishes(START + 2 * DAY)
    desk.configures(desk.site.sources["evening"])
    desk.publishes(START + 2 * DAY)
    assert b"quoted" not in desk.body("/day/2024-11-24.rss")
    document = answer(desk, {"q": "dearest"}, format_)
    assert b"morning.example/dear/" in document
    assert b"quoted" not in document
    assert b"hush" not in document


def test_what_is_taken_down_is_found_no_more(desk: Desk) -> None:
    desk.store.takedowns.take("https://morning.example/bread/", [], reason="asked", now=START)
    assert found(desk, "bread") == ["A bridge opens"]
    desk.publishes(START + HOUR)
    assert found(desk, "bakers") == []


def test_only_what_is_published_in_a_feed_is_found_in_it(desk: Desk) -> None:
    night = Feed(name="night", title="Night", take=Take(sources=("evening",)))
    assert search(desk.store, desk.site, {"q": "bridge*", "feed": "night"}, "atom") is None  # not yet
    desk.site = replace(desk.site, feeds=(desk.feed, night))
    desk.publishes(START + HOUR)
    assert found(desk, "bridge*", feed="night") == ["Bridges"]
    desk.sets(take=Take(sources=("morning",)))
    desk.publishes(START + 2 * HOUR)
    assert found(desk, "bridge*", feed="day") == ["A bridge opens"]


def test_what_two_feeds_have_from_two_sources_is_found_once(desk: Desk) -> None:
    shared: dict[str, Any] = {
        "title": "Told by both",
        "published": START,
        "url": "https://paper.example/told/",
    }
    shared["published_id"] = shared["url"]
    evening = Feed(name="second", title="Second", timezone="UTC", take=Take(sources=("evening",)))
    desk.site = replace(desk.site, feeds=(replace(desk.feed, take=Take(sources=("morning",))), evening))
    for source in ("morning", "evening"):
        desk.arrives(item(source, source, **shared, **text("The same words.")), at=START)
    desk.arrives(item("other", "evening", title="Told by one", published=START - HOUR), at=START)
    desk.publishes(START)
    assert found(desk, "told") == ["Told by both", "Told by one"]
    assert found(desk, "told", feed="day") == ["Told by both"]
    assert found(desk, "told", feed="second") == ["Told by both", "Told by one"]


def test_a_feed_that_is_removed_is_searched_no_more(desk: Desk) -> None:
    desk.site = replace(desk.site, feeds=(Feed(name="other", title="Other", take=Take(sources=("none",))),))
    desk.publishes(START + HOUR)
    assert found(desk, "bread") == []


def test_days_can_be_asked_for_in_the_time_of_the_feed(desk: Desk) -> None:
    assert found(desk, "bread", **{"from": "2024-11-24"}) == ["A bridge opens"]
    assert found(desk, "bread", to="2024-11-22") == ["Bread is dear"]
    assert len(found(desk, "bread", **{"from": "2024-11-22", "to": "2024-11-24"})) == 2


@pytest.mark.parametrize("year", [2262, 2263, 8999])
def test_a_day_that_is_far_away_is_a_day(desk: Desk, year: int) -> None:
    assert found(desk, "bread", **{"from": f"{year}-01-01"}) == []
    assert len(found(desk, "bread", to=f"{year}-12-31")) == 2


def test_a_day_beyond_all_is_as_far_as_there_can_be(desk: Desk) -> None:
    assert len(found(desk, "bread", **{"from": "0001-01-01", "to": "9999-12-31"})) == 2
    assert found(desk, "bread", **{"from": "9999-12-31"}) == found(desk, "bread", to="0001-01-01") == []


def test_what_the_form_leaves_empty_narrows_nothing(desk: Desk) -> None:
    assert len(found(desk, "bread", **{"feed": "", "from": "", "to": ""})) == 2


@pytest.mark.parametrize("key", ["from", "to"])
@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "2024-11-24T00:00", " 2024-11-24", "٢٠٢٤-١١-٢٤"])
def test_a_day_that_there_is_not_has_no_answer(desk: Desk, day: str, key: str) -> None:
    assert search(desk.store, desk.site, {"q": "bread", key: day}, "atom") is None


# ── What is told ─────────────────────────────────────────────────────────────────────────────────


def test_every_result_is_credited_in_every_format(desk: Desk) -> None:
    link = "https://morning.example/bread/"
    for format_ in ("rss", "atom", "json", "page"):
        document = answer(desk, {"q": "bakers"}, format_).decode()
        assert re.search(rf'href=(\\?"|&quot;){link}(\\?"|&quot;) rel=(\\?"|&quot;)external', document) or (
            f'href="{link}"' in document.replace("&lt;", "<").replace("&quot;", '"')
        ), format_
        assert "Morning" in document


def test_the_document_names_the_address_of_the_question(desk: Desk) -> None:
    document = etree.fromstring(answer(desk, {"q": "new bread", "feed": "day"}, "atom"))
    (own,) = [link.get("href") for link in document.iterfind(f"{ATOM}link[@rel='self']")]
    assert own == "https://news.example/search.atom?q=new+bread&feed=day"
    assert document.findtext(f"{ATOM}title") == "Search: new bread"


def test_the_same_question_has_the_same_answer(desk: Desk) -> None:
    for format_ in ("rss", "atom", "json", "page"):
        one, other = (answer(desk, {"q": "bread"}, format_) for _ in range(2))
        assert one == other


def test_the_page_shows_what_was_asked_and_marks_it(desk: Desk) -> None:
    shown = page(desk, "bread stone")
    assert shown.findtext("head/title") == "Search: bread stone | The Desk"
    assert shown.xpath("//form//input[@name='q']/@value") == ["bread stone"]
    assert [mark.text for mark in shown.iter("mark")] == ["stone", "bread"]


def test_the_words_of_a_question_are_never_markup(desk: Desk) -> None:
    asked = "<script>\"&'</script>"
    for format_ in ("rss", "atom", "json", "page"):
        document = answer(desk, {"q": asked}, format_).decode()
        assert "<script" not in document.replace("\\u003c", "<") or format_ == "json"
    assert page(desk, asked).xpath("//form//input[@name='q']/@value") == [asked]


def test_a_page_that_finds_nothing_says_so_and_one_that_is_asked_nothing_does_not(desk: Desk) -> None:
    assert page(desk, "nothing").xpath("//p[@class='nothing']/text()") == ["Nothing was found."]
    assert page(desk, "").xpath("//p[@class='nothing']") == []


def test_a_question_without_a_word_to_look_for_is_told_so_in_every_format(desk: Desk) -> None:
    missing = "A word to look for is missing."
    for asked in ("-council", '-"old bridge" -stone', "..."):
        assert page(desk, asked).xpath("//p[@class='nothing']/text()") == [missing]
        assert etree.fromstring(answer(desk, {"q": asked}, "atom")).findtext(f"{ATOM}subtitle") == missing
        assert etree.fromstring(answer(desk, {"q": asked}, "rss")).findtext("channel/description") == missing
        assert json.loads(answer(desk, {"q": asked}, "json"))["description"] == missing
    assert missing.encode() not in answer(desk, {"q": "nothing -council"}, "page")


@given(st.text(max_size=60), st.text(max_size=60))
def test_marking_loses_no_letter(question: str, words: str) -> None:
    assert "".join(piece for piece, _ in cutter(question)(words)) == words


@pytest.mark.parametrize(
    ("question", "words", "marked"),
    [
        ("bread", "Bread, breads & bread", ["Bread", "bread"]),
        ("bre*", "Bread, abread", ["Bread"]),
        ('"old stone"', "An Old stone", ["Old", "stone"]),
        ("-stone bread", "stone bread", ["bread"]),
        ("人民", "中国人民的面包", ["人民"]),
        ("民", "中国人民的面包", ["民"]),
        ("երեվան երևան", "Երևան քաղաք", ["Երևան"]),
        ("ինչ", "Ի՞նչ, ասաց", ["Ի՞նչ"]),
        ("cafe", "Cafe\u0301, Café", ["Cafe\u0301", "Café"]),
        ("दिल", "दिल की बाद लोग", ["दिल"]),
    ],
)
def test_what_was_asked_for_is_marked(question: str, words: str, marked: list[str]) -> None:
    assert [piece for piece, is_asked in cutter(question)(words) if is_asked] == marked


# ── How it is served ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


@pytest.fixture
def serving(hub: Hub) -> Iterator[InProcess]:
    with in_process(hub) as server:
        yield server


KINDS: Mapping[str, str] = {
    "/search": "text/html; charset=utf-8",
    "/search.rss": "application/rss+xml; charset=utf-8",
    "/search.atom": "application/atom+xml; charset=utf-8",
    "/search.json": "application/feed+json",
}


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(
    "question",
    ["", "?q=", "?q=bread", f"?q={quote('հաց*')}", "?q=%ff%00", f"?q={'a+' * 500}", "?q=a&q=b&from="],
)
def test_any_question_is_answered(serving: InProcess, path: str, question: str) -> None:
    answer = serving.ask("GET", path + question, {})
    assert answer.status == 200
    assert answer.headers["content-type"] == KINDS[path]
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert serving.ask("HEAD", path + question, {}).status == 200
    assert serving.ask("POST", path + question, {}).status == 405


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("question", ["?q=bread&feed=nofeed", "?q=bread&from=2027-13-01", "?to=x"])
def test_a_feed_or_a_day_that_there_is_not_is_told(serving: InProcess, path: str, question: str) -> None:
    answer = serving.ask("GET", path + question, {})
    assert (answer.status, answer.headers["cache-control"]) == (400, "no-store")
    assert b"There is no such feed, or no such day." in answer.body


def test_every_page_has_a_box_that_leads_there(serving: InProcess) -> None:
    for path in ("/", "/day/", "/day/2024-11-24/"):
        shown = html.document_fromstring(serving.ask("GET", path, {}).body)
        (form,) = shown.xpath("//form[@role='search']")
        assert form.get("action") == "../" * (path.count("/") - 1) + "search"
        assert form.xpath(".//input/@name") == ["q"]


def test_the_operator_may_do_without(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure({"name": "desk", "url": "desk.xml"}, site={"search": False})
    (tmp_path / "desk.xml").write_bytes(b"<rss><channel><title>Desk</title></channel></rss>")
    hub.invoke("poll")
    with in_process(hub) as server:
        assert server.ask("GET", "/search?q=bread", {}).status == 404
        assert b"<form" not in server.ask("GET", "/", {}).body


def test_without_a_store_the_rest_is_served(hub: Hub, tmp_path: Path) -> None:
    with in_process(hub) as server:
        (hub.folder / "feedhub.db").rename(tmp_path / "away")
        (hub.folder / "feedhub.db").write_bytes(b"no database" * 1000)
        try:
            assert server.ask("GET", "/search?q=bread", {}).status in (200, 503)
            assert server.ask("GET", "/day/", {}).status == 200
        finally:
            (tmp_path / "away").replace(hub.folder / "feedhub.db")
