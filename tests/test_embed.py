import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import html

import editions
from desk import START, Desk, item
from editions import FEED, edition, entry, site, source
from feedhub.model import Edition, Site, Terms
from feedhub.publish.folder import location
from feedhub.publish.takedown import take_down
from feedhub.render.embed import EMBEDS, FRAMED, INCLUDED, MOST, fragment
from feedhub.render.embed.assets import ASSETS, STABLE, VERSIONED, address
from feedhub.render.embed.builder import builder, ways
from feedhub.render.lean import lean
from feedhub.render.proof.embeds import proof_embed
from feedhub.render.theme import static
from feedhub.web import headers

SITE = site(url="https://desk.example/news")
HOUR = timedelta(hours=1)


def tree(document: bytes) -> html.HtmlElement:
    return html.document_fromstring(document.decode())


def items(document: bytes) -> list[html.HtmlElement]:
    return list(tree(document).iter("li"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# ── What others show ──


@pytest.mark.parametrize("render", EMBEDS.values(), ids=EMBEDS)
def test_each_entry_begins_with_a_link_to_its_article(render: Callable[[Edition, Site], bytes]) -> None:
    shown = items(render(edition(entry("a"), entry("b", title="<b> & c", summary="")), SITE))
    assert [words(one) for one in shown] == [
        "Title of a The Morning: Text of a. It goes on. November 24, 2024, 4:00 PM",
        "<b> & c The Morning November 24, 2024, 4:00 PM",
    ]
    for one, key in zip(shown, "ab", strict=True):
        assert {link.get("href") for link in one.iter("a")} == {f"https://morning.example/{key}/"}
        assert one.find("p[@class='feedhub-passage p-summary']")[0].get("class") == "feedhub-credit"


@pytest.mark.parametrize("placement", ["top", "bottom", "none", "first-passage"])
@pytest.mark.parametrize("show", ["title", "summary", "full"])
def test_wherever_the_credit_stands_elsewhere_here_it_comes_first(placement: str, show: str) -> None:
    terms = Terms(show=show, credit=placement, text="Read at {source}")  # type: ignore[arg-type]
    known = site(source(terms=terms))
    (shown,) = items(fragment(edition(entry("a")), known))
    passage = words(shown.find("p[@class='feedhub-passage p-summary']"))
    assert passage == "Read at The Morning" + (": Text of a. It goes on." if show != "title" else "")


def test_a_fragment_holds_no_script_and_every_address_in_it_is_whole() -> None:
    document = fragment(edition(entry("a")), SITE)
    assert b"<script" not in document
    assert b"style" not in document
    assert all(link.get("href").startswith("https://") for link in tree(document).iter("a"))


@pytest.mark.parametrize("kind", EMBEDS)
def test_only_the_newest_are_shown(kind: str) -> None:
    made = edition(*(entry(f"{number:02}") for number in range(30)))
    shown = items(EMBEDS[kind](made, SITE))
    assert len(shown) == MOST[kind] == {"frame": FRAMED, "fragment": INCLUDED}[kind]
    assert words(shown[0]).startswith("Title of 00")


@pytest.mark.parametrize("kind", EMBEDS)
def test_a_feed_without_entries_is_shown_too(kind: str) -> None:
    assert items(EMBEDS[kind](edition(), SITE)) == []
    assert proof_embed(kind, EMBEDS[kind](edition(), SITE), edition(), SITE) == []


@settings(max_examples=60, deadline=None)
@given(editions.editions())
def test_what_is_rendered_passes_the_proof(drawn: tuple[Edition, Site]) -> None:
    made, known = drawn
    for kind, render in EMBEDS.items():
        assert proof_embed(kind, render(made, known), made, known) == []


# ── The proof ──


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a class="feedhub-credit" href="https://morning.example/a/"', '<a class="feedhub-credit" href="/"'),
        ('<a class="feedhub-credit"', 'Read <a class="feedhub-credit"'),
        (">The Morning</a>", ">Elsewhere</a>"),
        ('class="u-url" href="https://morning.example/a/"', 'class="u-url" href="javascript:run()"'),
        ("Title of a", "Another title"),
        ("Text of a", "Other words"),
        ("2024-11-24T12:00:00Z", "2024-11-24T13:00:00Z"),
        ('value="https://morning.example/?p=a"', 'value="x"'),
        ("<ul>", "<ul><script>run()</script>"),
        ("<ul>", '<ul><iframe src="/"></iframe>'),
        ("<ul>", '<ul onclick="run()">'),
        ("<ul>", '<ul><script src="https://elsewhere.example/x.js"></script>'),
        ('href="https://desk.example/news/day/">Day', 'href="https://elsewhere.example/">Day'),
        ('<li class="h-entry"', '<li class="other"'),
    ],
)
@pytest.mark.parametrize("kind", EMBEDS)
def test_the_proof_notices_what_is_wrong(kind: str, before: str, after: str) -> None:
    made = edition(entry("a"), entry("b"))
    document = EMBEDS[kind](made, SITE).decode()
    assert before in document
    assert proof_embed(kind, document.replace(before, after, 1).encode(), made, SITE)


def test_an_entry_that_fails_in_an_embed_is_held_back_in_all(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning")
    good, bad = item("good"), item("bad", url="https://morning.example/x y/")
    desk.arrives(good, bad, at=START)
    done = desk.publishes(START)
    assert list(done.held) == [bad.published_id]
    assert b"good" in desk.body("/day/frame/")
    assert b"x y" not in desk.body("/day/frame/") + desk.body("/day/fragment/")


def test_what_is_taken_down_leaves_the_embeds_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning")
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(START)
    assert b"morning.example/a/" in desk.body("/day/fragment/")
    what = "https://morning.example/a/"
    take_down(desk.store, desk.site, desk.folder, what, reason="By order", now=START + HOUR)
    desk.publishes(START + HOUR)
    for path in ("/day/fragment/", "/day/frame/"):
        assert b"morning.example/a/" not in desk.body(path)
        assert b"morning.example/b/" in desk.body(path)


# ── The script ──


def test_the_script_is_small_and_keeps_nothing() -> None:
    script = ASSETS[STABLE]
    assert len(script) <= 8192
    assert not re.search(
        rb"cookie|Storage|indexedDB|caches|innerHTML|outerHTML|insertAdjacent|eval\(", script
    )
    assert script == ASSETS[address("embed.js")]


def test_what_pages_load_is_sent_without_comments_and_indentation() -> None:
    for path, body in {**ASSETS, **static()}.items():
        if path.endswith((".js", ".css")):
            assert not re.search(rb"(?m)^(\s|//|/\*)", body)
    assert b"https?:" in ASSETS[STABLE]


@pytest.mark.parametrize(
    ("name", "written", "sent"),
    [
        (
            "a.js",
            b"// Why.\nif (a) {\n\t// And why.\n\tb('//c'); // d\n}\n",
            b"if (a) {\nb('//c'); // d\n}\n",
        ),
        ("a.css", b"/* Why,\n   at length. */\n\na {\n  b: c; /* d */\n}\n", b"a {\nb: c; /* d */\n}\n"),
        ("a.css", b"/* a */ b { c: d }\n/* e */\n", b"/* a */ b { c: d }\n"),
        ("a.svg", b"<svg>\n  <path/>\n</svg>\n", b"<svg>\n  <path/>\n</svg>\n"),
    ],
)
def test_what_has_a_meaning_stays(name: str, written: bytes, sent: bytes) -> None:
    assert lean(name, written) == sent


def test_older_versions_of_the_script_stay_and_nothing_else_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning")
    desk.arrives(item("a"), at=START)
    desk.publishes(START)
    old, other = "/static/embed-0123456789abcdef.js", "/static/frame-0123456789abcdef.js"
    manifest = desk.folder / ".manifest.json"
    for path in (old, other):
        location(desk.folder, path).write_bytes(b"old")
        told = manifest.read_text()
        manifest.write_text(told.replace('"documents": {', f'"documents": {{"{path}": "x",', 1))
    for later in (HOUR, 2 * HOUR):
        desk.publishes(START + later)
        assert desk.body(old) == b"old"
        assert not location(desk.folder, other).exists()


def test_the_addresses_of_versions_are_kept_for_good() -> None:
    assert VERSIONED.fullmatch(address("embed.js"))
    for name in ("embed.js", "frame.js", "frame.css"):
        assert "immutable" in headers.caching(address(name), HOUR, START)
    assert "immutable" not in headers.caching(STABLE, HOUR, START)


def test_the_script_is_kept_by_browsers_for_a_day_and_longer_while_the_hub_fails() -> None:
    told = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"
    assert headers.caching(STABLE, HOUR, START) == told


# ── The builder ──


def test_the_code_of_each_way_stands_on_the_builder(tmp_path: Path) -> None:
    document = tree(builder(FEED, SITE))
    shown = {area.get("id"): area.text for area in document.iter("textarea")}
    expected = {f"code-{way.name}": way.code for way in ways(FEED, SITE)}
    # html: the first line feed within a textarea is no part of it
    assert {name: (text or "").strip() for name, text in shown.items()} == expected
    assert set(expected) == {
        f"code-{name}" for name in ("script", "component", "iframe", "oembed", "fragment")
    }
    assert all("{" not in code for code in expected.values())


def test_a_title_in_the_code_is_text() -> None:
    odd = replace(FEED, title='"><script>run()</script>')
    assert b"<script>run()" not in builder(odd, SITE)
    for way in ways(odd, SITE):
        assert "<script>run()" not in way.code
