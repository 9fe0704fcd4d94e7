"""The pages of the samples in a browser: widths, schemes, languages, keyboard, paper."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

import editions
from browser import look
from editions import DAY, edition, entry, site, source
from feedhub.model import Edition, Feed, Image, Site, Terms
from feedhub.render.page import page
from feedhub.render.theme import static
from hubs import Hub
from loopback import Loopback
from servers import under_waitress

LANGUAGES = {"hy": "Նորություններ", "ru": "Новости", "ar": "الأخبار"}
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><path d="M0 0h60v40H0z"/></svg>'


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The samples, published and served, also as feeds in other languages."""
    few = {"sources": ["morning", "morning-hy"]}
    feeds = {
        f"feeds.{name}": {"title": title, "language": name, "take": few} for name, title in LANGUAGES.items()
    }
    hub = Hub(tmp_path_factory.mktemp("page")).take_samples(**feeds)
    assert hub.invoke("poll").exit_code == 0
    with under_waitress(hub):
        yield hub


def serve(web: Loopback, made: Edition, known: Site, path: str = "/day/") -> str:
    """Serve one page with what it needs; gives its address."""
    for address, body in static().items():
        kind = "text/css" if address.endswith(".css") else "image/svg+xml"
        web.serves(address, body, type=kind)
    web.serves(path, page(made, known, path=path), type="text/html; charset=utf-8")
    return web.url(path)


# ── Widths, schemes, languages ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_front_page_is_accessible_quiet_and_fits(
    browser: Browser, hub: Hub, width: int, scheme: str
) -> None:
    with look(browser, hub.url("/"), width=width, scheme=scheme) as seen:
        assert seen.violations() == []
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0
        assert seen.shift() == 0


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("/day/archive/", 360, "light"),
        ("/day/archive/", 1280, "dark"),
        ("/day/2024-11-22/", 768, "light"),
        ("/hy/", 360, "light"),
        ("/ru/", 768, "dark"),
        ("/ar/", 360, "dark"),
        ("/ar/", 1280, "light"),
    ],
)
def test_every_other_page_is_too(browser: Browser, hub: Hub, path: str, width: int, scheme: str) -> None:
    with look(browser, hub.url(path), width=width, scheme=scheme) as seen:
        assert seen.violations() == []
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0
        assert seen.shift() == 0


def test_a_page_asks_for_itself_its_style_and_its_icon_each_once(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/")) as seen:
        kinds = [re.sub("-[0-9a-f]+", "", url.removeprefix(hub.url())) for url in seen.asked]
        assert kinds[:2] == ["", "static/style.css"]
        assert set(kinds[2:]) <= {"static/icon.svg"}
        assert len(kinds) <= 3


def test_a_page_of_a_right_to_left_language_is_set_from_the_right(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/ar/")) as seen:
        places = seen.page.evaluate(
            """() => ["h1", ".days", "footer", "article[lang|=en] .passage"].map(selector => {
                const found = document.querySelector(selector)
                return [getComputedStyle(found).direction, found.getBoundingClientRect().left]
            })"""
        )
        assert [way for way, _ in places] == ["rtl", "ltr", "ltr", "ltr"]
        assert places[0][1] > places[1][1]  # the title stands right of the days


def test_an_entry_of_a_right_to_left_language_is_set_from_the_right_by_itself(browser: Browser) -> None:
    arabic = entry("b", title="ثلاث طرق", summary="<p>ثلاث طرق مفتوحة.</p>", language="ar")
    with Loopback() as web:
        address = serve(web, edition(entry("a"), arabic, day=DAY), site())
        with look(browser, address) as seen:
            ways = seen.page.locator("article .passage").evaluate_all(
                "all => all.map(one => getComputedStyle(one)).map(it => [it.direction, it.textAlign])"
            )
            assert ways == [["ltr", "start"], ["rtl", "start"]]
            assert seen.violations() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_what_was_found_is_accessible_quiet_and_fits(
    browser: Browser, hub: Hub, width: int, scheme: str
) -> None:
    with look(browser, hub.url("/search?q=the"), width=width, scheme=scheme) as seen:
        assert seen.page.locator("mark").count() > 3
        assert seen.violations() == []
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0


def test_the_box_on_a_page_leads_to_what_is_found_without_a_script(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/day/")) as seen:
        seen.page.fill("input[name=q]", "bread")
        with seen.page.expect_navigation():
            seen.page.keyboard.press("Enter")
        assert seen.page.url == hub.url("/search?q=bread")
        assert seen.complaints == []


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────

FOCUS = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect()
    const outline = getComputedStyle(here).outlineStyle
    return [here.outerHTML.slice(0, 120), outline, box.width > 4 && box.height > 4]
}"""
STOPS = """() => [...document.querySelectorAll("a[href], summary, input, button")]
    .filter(one => one.tagName == "SUMMARY" || !one.closest("details:not([open])"))
    .map(one => one.outerHTML.slice(0, 120))"""


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/young-leaders-school/")) as seen:
        expected = seen.page.evaluate(STOPS)
        assert "skip" in expected[0]
        for stop in expected:
            seen.page.keyboard.press("Tab")
            assert seen.page.evaluate(FOCUS) == [stop, "solid", True]


def test_the_keyboard_skips_to_the_news_and_opens_what_is_folded(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/")) as seen:
        for key in ("Tab", "Enter", "Tab"):
            seen.page.keyboard.press(key)
        assert seen.page.evaluate("document.querySelector('main').contains(document.activeElement)")
        seen.page.locator("summary").first.focus()
        seen.page.keyboard.press("Enter")
        assert seen.page.locator(".lead .p-rights").is_visible()
        assert seen.violations(".lead") == []


def test_nothing_needs_a_script(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/"), java_script_enabled=False) as seen:
        assert seen.page.locator("article").count() == 22
        seen.page.locator("summary").first.click()
        assert seen.page.locator(".lead .p-rights").is_visible()
        seen.page.get_by_role("link", name="All days").click()
        seen.page.get_by_role("link", name="23", exact=True).click()
        assert seen.page.url == hub.url("/day/2024-11-23/")
        assert seen.complaints == []


def test_large_letters_do_not_make_a_page_scroll_sideways(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/"), width=640) as seen:
        seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert seen.too_wide() == 0


def test_on_paper_links_are_spelled_out_and_what_cannot_be_pressed_is_gone(
    browser: Browser, hub: Hub
) -> None:
    with look(browser, hub.url("/"), scheme="dark") as seen:
        seen.page.emulate_media(media="print")
        assert not seen.page.locator("nav.feeds, nav.days, .more").first.is_visible()
        told = seen.page.evaluate(
            "getComputedStyle(document.querySelector('.lead .passage a'), '::after').content"
        )
        assert told == '" <https://morning.example/2024/11/24/three-roads/>"'
        colours = "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        assert seen.page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("are_allowed", [True, False])
def test_a_picture_is_asked_for_only_where_the_terms_allow_it(browser: Browser, are_allowed: bool) -> None:
    with Loopback() as web, Loopback() as publisher:
        publisher.serves("/a.svg", PICTURE, type="image/svg+xml")
        image = Image(url=publisher.url("/a.svg"), width=60, height=40, description="A road", credit="A. P.")
        made = edition(entry("a", image=image), entry("b", image=image), day=DAY)
        known = site(source(terms=Terms(pictures=are_allowed)))
        with look(browser, serve(web, made, known)) as seen:
            allowed = {web.address, publisher.address} if are_allowed else {web.address}
            assert seen.hosts() == allowed
            assert seen.page.locator("img:visible").count() == (2 if are_allowed else 0)
            assert seen.complaints == []
            assert seen.shift() == 0
            assert seen.violations() == []


def test_a_page_that_would_ask_a_host_that_it_does_not_name_is_stopped_by_its_own_policy(
    browser: Browser,
) -> None:
    with Loopback() as web, Loopback() as elsewhere:
        address = serve(web, edition(entry("a"), day=DAY), site())
        slipped = page(edition(entry("a"), day=DAY), site(), path="/day/").replace(
            b"</main>", f'<img src="{elsewhere.url("/a.svg")}" alt=""></main>'.encode()
        )
        web.serves("/day/", slipped, type="text/html; charset=utf-8")
        with look(browser, address) as seen:
            assert elsewhere.requests == []
            assert any("Content Security Policy" in said for said in seen.complaints)


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────


def test_what_an_editor_says_and_what_was_corrected_can_be_seen(browser: Browser) -> None:
    first, second = entry("a"), entry("b")
    made = edition(
        first,
        second,
        day=DAY,
        featured=frozenset({second.published_id}),
        notes={second.published_id: "The number was 5.1."},
        corrected={first.published_id: editions.NOON},
        feed=Feed(name="day", title="Day newsfeed", timezone="UTC"),
    )
    with Loopback() as web, look(browser, serve(web, made, site())) as seen:
        featured, corrected = seen.page.locator("article").all()
        assert "lead" in (featured.get_attribute("class") or "")
        assert featured.get_by_text("Featured").is_visible()
        assert featured.get_by_text("The number was 5.1.").is_visible()
        assert corrected.locator(".mark").inner_text().split() == ["corrected", "12:00", "PM"]
        assert seen.violations() == []


# ── The judges themselves ────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_with_a_page_would_be_told(browser: Browser) -> None:
    with Loopback() as web:
        web.serves(
            "/",
            b"<!DOCTYPE html><p style='color:#ddd'>Pale<hr style='width:3000px'><img src=/a>",
            type="text/html",
        )
        with look(browser, web.url("/"), width=320) as seen:
            assert {fault.partition(":")[0] for fault in seen.violations()} >= {"color-contrast", "image-alt"}
            assert seen.complaints
            assert seen.too_wide() > 2000
