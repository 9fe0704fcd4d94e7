"""Embeds on a page of another origin that is as hostile as pages get."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, FrameLocator, Page

from browser import Look, look
from editions import NOON
from feedhub.config import load
from feedhub.render.embed.assets import ASSETS, STABLE
from feedhub.render.embed.builder import LAYOUTS as PLACES
from feedhub.render.embed.builder import WIDTHS
from feedhub.render.oembed import oembed
from feedhub.web.headers import caching, media_type
from hubs import WAIT, Hub
from loopback import Given, Loopback
from servers import under_waitress

HOSTILE = """
* { all: unset !important }
html { font-size: 40px !important; background: #111 !important }
body { font: italic 44px/1.2 fantasy !important; color: #eee !important; text-indent: 1em !important }
"""
# What stands in a page's own HTML is the page's to hide; what we show ourselves is not.
HIDING = f"{HOSTILE} a {{ pointer-events: none !important; display: none !important }}"
# Links within a text look like the text where the page's own style says so.
OWN_LINKS = "link-in-text-block: .feedhub"
WAYS = ["script", "component", "iframe", "sandbox", "oembed", "fragment"]
_FOCUSED = """() => {
    const inner = document.activeElement?.shadowRoot?.activeElement || document.activeElement
    return inner?.matches("a, button") ? inner.textContent : ""
}"""
LAYOUTS = ["list", "cards", "headlines", "ticker"]
SHOWN = 3  # entries
MINUTE = timedelta(minutes=1)
OURS = "feedhub-feed, iframe, .feedhub"


@dataclass(frozen=True)
class Told:
    """An entry as an embed is to tell it."""

    url: str
    title: str
    name: str


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The samples, published and served."""
    hub = Hub(tmp_path_factory.mktemp("embed")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    with under_waitress(hub):
        yield hub


@pytest.fixture
def web() -> Iterator[Loopback]:
    """The site that embeds: at another port, and so of another origin."""
    with Loopback() as web:
        yield web


def wait_until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < ends, "it never held"
        time.sleep(0.02)


def entries(hub: Hub) -> list[Told]:
    items = json.loads(hub.document("/day.json"))["items"][:SHOWN]
    return [
        Told(url=item["url"], title=item["title"], name=item["_feedhub"]["source"]["title"]) for item in items
    ]


def code(hub: Hub, way: str, layout: str = "list") -> str:
    """Give what a site writes to embed a feed in one of the ways."""
    data, script = hub.url("/day.json"), hub.url("/embed.js")
    chosen = f'layout="{layout}" limit="{SHOWN}"'
    link = f'<a href="{hub.url("/day/")}">Day newsfeed</a>'
    frame = f'src="{hub.url("/day/frame/")}?layout={layout}&amp;limit={SHOWN}" title="Day newsfeed, {layout}"'
    size = 'width="100%" height="480" frameborder="0"'
    match way:
        case "script":
            return (
                f'<script src="{script}" data-src="{data}" data-layout="{layout}" data-limit="{SHOWN}">'
                f"</script><noscript>{link}</noscript>"
            )
        case "component":
            return (
                f'<script src="{script}"></script><feedhub-feed src="{data}" {chosen}>{link}</feedhub-feed>'
            )
        case "iframe":
            return f"<iframe {frame} {size}></iframe>"
        case "sandbox":
            return f'<iframe sandbox="allow-scripts" {frame} {size}></iframe>'
        case "oembed":
            return str(oembed(hub.url("/day/"), load(hub.path, {}).site, max_width=500)["html"])
        case _:
            return hub.document("/day/fragment/index.html").decode()


def serve(
    hub: Hub, web: Loopback, inside: str, *, style: str = HOSTILE, attributes: str = "", ours: str = ""
) -> str:
    """Have the other site show a piece of HTML, under a policy that lets in nothing but its style and us."""
    ours = (ours or hub.url("")).rstrip("/")
    policy = f"default-src 'none'; style-src 'self'; img-src data:; script-src {ours}; connect-src {ours};"
    document = (
        f'<!DOCTYPE html><html lang="en" {attributes}><head><meta charset="utf-8"><title>Host</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/host.css"></head>'
        f"<body><main><h1>Host</h1>{inside}<p>What follows.</p></main></body></html>"
    )
    web.serves("/host.css", style, type="text/css")
    told = {"Content-Security-Policy": f"{policy} frame-src {ours}"}
    web.serves("/", document, type="text/html; charset=utf-8", headers=told)
    return web.url("/")


Place = Page | FrameLocator


@dataclass(frozen=True)
class Names:
    """How the parts of an entry are found."""

    entry: str
    headline: str
    credit: str


DRAWN = Names("feedhub-feed .entry", ".headline", ".credit")  # by the script
PLAIN = Names(".feedhub li.h-entry", ".feedhub-headline a", ".feedhub-credit")  # by the browser alone


def names(way: str) -> Names:
    return PLAIN if way == "fragment" else DRAWN


def places(page: Place, way: str, count: int = 1) -> list[Place]:
    """Give where the embeds of a page stand, if they are of one way."""
    if way in ("iframe", "sandbox", "oembed"):
        return [page.frame_locator("iframe").nth(number) for number in range(count)]
    return [page]


def shown(place: Place, by: Names = DRAWN, at: int = 0) -> list[Told]:
    """Give the entries that are seen, by where they lead and what they say."""
    items = place.locator(by.entry)
    items.nth(at + SHOWN - 1).wait_for()
    found = []
    for number in range(at, at + SHOWN):
        headline, credit = items.nth(number).locator(by.headline), items.nth(number).locator(by.credit)
        assert headline.is_visible()
        assert credit.is_visible()
        assert headline.get_attribute("href") == credit.get_attribute("href")
        found.append(
            Told(
                url=credit.get_attribute("href") or "",
                title=headline.inner_text(),
                name=credit.inner_text(),
            )
        )
    return found


def is_well(seen: Look, *, but: str = "nothing") -> None:
    """Judge a page whose embeds have been drawn: nothing complains, has moved, or is hard to use."""
    assert seen.complaints == []
    assert seen.shift() == 0
    is_accessible(seen, but=but)


def is_accessible(seen: Look, *, but: str = "nothing") -> None:
    wrong = [one for one in seen.violations(OURS) if not one.startswith(but)]
    assert [*wrong, *seen.violations_in_frames()] == []


# ── Each way, on a hostile page ──


@pytest.mark.parametrize("way", ["script", "component", "iframe", "sandbox"])
def test_the_entries_are_there_in_each_layout_credited_quiet_and_accessible(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    inside = "".join(f"<div>{code(hub, way, layout)}</div>" for layout in LAYOUTS)
    url = serve(hub, web, inside, style=HIDING)
    with look(browser, url, height=2400, reduced_motion="reduce") as seen:
        stand = places(seen.page, way, len(LAYOUTS))
        for number in range(len(LAYOUTS)):
            at = 0 if len(stand) > 1 else number * SHOWN
            assert shown(stand[number % len(stand)], at=at) == entries(hub)
        assert seen.hosts() == {hub.address, web.address}
        is_well(seen, but="landmark-unique")  # they all show the same feed


@pytest.mark.parametrize("way", ["oembed", "fragment"])
def test_what_has_one_layout_is_there_credited_quiet_and_accessible(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    style = HOSTILE if way == "fragment" else HIDING
    with look(browser, serve(hub, web, code(hub, way), style=style), height=2400) as seen:
        assert shown(places(seen.page, way)[0], names(way)) == entries(hub)
        assert seen.hosts() == ({web.address} if way == "fragment" else {hub.address, web.address})
        is_well(seen, but=OWN_LINKS)


@pytest.mark.parametrize("way", ["component", "iframe", "oembed", "fragment"])
def test_a_narrow_page_that_is_written_from_right_to_left_is_no_matter(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    style = HOSTILE if way == "fragment" else HIDING
    url = serve(hub, web, code(hub, way, "cards"), style=style, attributes='dir="rtl"')
    with look(browser, url, width=360) as seen:
        place = places(seen.page, way)[0]
        assert shown(place, names(way)) == entries(hub)
        box = place.locator("section.feedhub" if way == "fragment" else ".box")
        assert box.evaluate("box => getComputedStyle(box).direction") == "ltr"
        is_well(seen, but=OWN_LINKS)
        seen.scheme("dark")
        is_accessible(seen, but=OWN_LINKS)


@pytest.mark.parametrize("way", WAYS)
def test_a_credit_leads_to_its_article_when_it_is_clicked(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    article = entries(hub)[0].url
    # A policy that lets no other host into frames keeps articles out of them, too.
    style = HOSTILE if way == "fragment" else HIDING
    url = host(web, code(hub, way)) if way == "sandbox" else serve(hub, web, code(hub, way), style=style)
    with look(browser, url) as seen:
        answer = {"body": "<title>Article</title>", "content_type": "text/html"}
        seen.page.context.route(article, lambda route: route.fulfill(**answer))  # type: ignore[arg-type]
        credit = places(seen.page, way)[0].locator(names(way).credit).first
        match way:
            case "iframe" | "oembed":
                with seen.page.context.expect_page() as opened:
                    credit.click()
                assert opened.value.url == article
            case "sandbox":  # it may open no window: the article takes the frame
                credit.click()
                seen.page.wait_for_function("() => !frames[0].length")
                seen.page.frames[1].wait_for_url(article)
            case _:
                credit.click()
                seen.page.wait_for_url(article)


@pytest.mark.parametrize("way", ["component", "iframe", "fragment"])
def test_the_keyboard_reaches_every_link_in_order(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    with look(browser, serve(hub, web, code(hub, way, "ticker"))) as seen:
        expected = [one for told in entries(hub) for one in (told.title, told.name)]
        shown(places(seen.page, way)[0], names(way))
        reached: list[str] = []
        for _ in range(9):
            seen.page.keyboard.press("Tab")
            reached.append(seen.page.frames[-1].evaluate(_FOCUSED))
        first = ["Day newsfeed"] if way == "fragment" else ["Day newsfeed", "Pause"]
        assert [one for one in reached if one][: len(first) + len(expected)] == [*first, *expected]


@pytest.mark.parametrize("way", ["component", "iframe", "oembed", "fragment"])
def test_a_screen_reader_is_told_what_each_part_is(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    with look(browser, serve(hub, web, code(hub, way, "ticker"))) as seen:
        place = places(seen.page, way)[0]
        first = entries(hub)[0]
        region = place.get_by_role("region", name="Day newsfeed")
        region.get_by_role("listitem").first.wait_for()
        assert region.get_by_role("list").count() == 1
        assert region.get_by_role("listitem").count() >= SHOWN
        assert region.get_by_role("link", name=first.title, exact=True).count() == 1
        assert region.get_by_role("link", name=first.name, exact=True).count() >= 1
        assert region.get_by_role("button", name="Pause").count() == (way in ("component", "iframe"))
        if way in ("iframe", "oembed"):
            assert seen.page.locator("iframe").get_attribute("title", timeout=1000)


def test_without_scripts_there_is_something_to_read_in_each_way(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    closed = code(hub, "iframe").replace("<iframe", "<iframe sandbox")
    inside = "".join(f"<div>{one}</div>" for one in [*(code(hub, way) for way in WAYS), closed])
    url = serve(hub, web, inside)
    with look(browser, url, java_script_enabled=False, height=2400) as seen:
        links = seen.page.get_by_role("link", name="Day newsfeed")
        assert links.count() == 3  # of script, component and fragment
        for link in links.all():
            assert link.is_visible()
            assert link.get_attribute("href") == hub.url("/day/")
        frames = [seen.page.frame_locator("iframe").nth(number) for number in range(4)]
        for place in (seen.page, *frames):
            assert shown(place, PLAIN) == entries(hub)
        assert [one for one in seen.complaints if not one.startswith("Blocked script")] == []


def test_each_way_works_on_a_page_that_is_itself_in_a_sandbox(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    serve(hub, web, "".join(f"<div>{code(hub, way)}</div>" for way in WAYS))
    outer = '<!DOCTYPE html><title>x</title><link rel="icon" href="data:,"><iframe title="Host"'
    size = 'src="/" width="1200" height="2400"'
    web.serves("/outer", f'{outer} sandbox="allow-scripts" {size}>', type="text/html")
    with look(browser, web.url("/outer"), height=2500) as seen:
        inner = seen.page.frame_locator("iframe")
        for number in range(2):  # script and component
            assert shown(inner, at=number * SHOWN) == entries(hub)
        assert shown(inner, PLAIN) == entries(hub)
        for number in range(3):
            assert shown(inner.frame_locator("iframe").nth(number)) == entries(hub)
        assert seen.complaints == []


@pytest.fixture(scope="module")
def slow(hub: Hub) -> Iterator[Loopback]:
    """The hub, so far away that each answer takes its time."""
    with Loopback() as slow:
        for file in sorted(hub.feeds.rglob("*")):
            path = "/" + file.relative_to(hub.feeds).as_posix()
            kind = media_type(path)
            if kind and file.is_file():
                body = file.read_bytes().replace(hub.url("").encode(), slow.url("").encode())
                allowed = {"Access-Control-Allow-Origin": "*"}
                for known in {path, path.removesuffix("index.html")}:
                    slow.serves(known, body, type=kind, headers=allowed, delay=0.5)
        yield slow


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_the_page_moves_however_late_the_answers_come(
    browser: Browser, hub: Hub, web: Loopback, slow: Loopback, way: str
) -> None:
    inside = f"<p>Before.</p>{code(hub, way)}".replace(hub.url(""), slow.url(""))
    url = serve(hub, web, inside, style="body { font: 20px/1.5 serif }", ours=slow.url(""))
    with look(browser, url, height=2000) as seen:
        shown(places(seen.page, way)[0], names(way))
        assert seen.shift() == 0
        assert seen.complaints == []


def test_nothing_of_the_page_moves_without_scripts_either(
    browser: Browser, hub: Hub, web: Loopback, slow: Loopback
) -> None:
    inside = "".join(f"<div>{code(hub, way)}</div>" for way in WAYS).replace(hub.url(""), slow.url(""))
    url = serve(hub, web, inside, style="", ours=slow.url(""))
    with look(browser, "about:blank", java_script_enabled=False) as seen:
        seen.page.goto(url, wait_until="domcontentloaded")
        below = seen.page.get_by_text("What follows.")
        before = below.bounding_box()
        seen.page.wait_for_load_state("load")
        assert below.bounding_box() == before
        assert shown(seen.page.frame_locator("iframe").first, PLAIN) == entries(hub)


# ── The frame ──


@pytest.mark.parametrize("style", ["", "iframe { frame-sizing: content-height; height: auto }"])
def test_a_frame_that_is_to_grow_takes_the_height_of_what_is_in_it(
    browser: Browser, hub: Hub, web: Loopback, style: str
) -> None:
    inside = code(hub, "iframe", "cards").replace("?", "?height=auto&amp;")
    if not style:
        inside = f'<script src="{hub.url("/embed.js")}"></script>{inside}'
    with look(browser, serve(hub, web, inside, style=style + "iframe { border: 0 }"), width=700) as seen:
        shown(places(seen.page, "iframe")[0])
        fits = """() => Math.abs(document.querySelector("iframe").getBoundingClientRect().height - %d) < 2"""
        inner = seen.page.frames[1].evaluate("() => document.body.getBoundingClientRect().height")
        assert inner > 300
        seen.page.wait_for_function(fits % inner)


def test_a_frame_that_is_not_to_grow_is_as_high_as_its_site_says_and_full(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    inside = f'<script src="{hub.url("/embed.js")}"></script>{code(hub, "iframe", "headlines")}'
    with look(browser, serve(hub, web, inside, style="iframe { border: 0 }")) as seen:
        shown(places(seen.page, "iframe")[0])
        assert seen.page.locator("iframe").bounding_box()["height"] == 480  # type: ignore[index]
        box = seen.page.frame_locator("iframe").locator(".box")
        assert box.bounding_box()["height"] == 480  # type: ignore[index]
        assert seen.shift() == 0


@pytest.mark.parametrize("limit", [1, 5, 9])
def test_the_code_of_a_frame_gives_it_the_place_that_the_script_takes(
    browser: Browser, web: Loopback, limit: int
) -> None:
    inside = "".join(f'<feedhub-feed layout="{name}" limit="{limit}"></feedhub-feed>' for name in PLACES)
    with look(browser, host(web, inside)) as seen:
        boxes = seen.page.locator(".box").all()
        heights = [box.bounding_box()["height"] for box in boxes]  # type: ignore[index]
        assert heights == [place.height(limit) for place in PLACES.values()]


def test_only_our_own_frames_are_sized(browser: Browser, hub: Hub, web: Loopback) -> None:
    web.serves("/other", "<script>parent.postMessage({feedhub: 900}, '*')</script>", type="text/html")
    inside = f'<iframe src="/other" height="100" title="Other"></iframe>{code(hub, "component")}'
    web.serves("/", f"<!DOCTYPE html><title>x</title>{inside}", type="text/html")
    with look(browser, web.url("/")) as seen:
        shown(seen.page)
        assert seen.page.locator("iframe").bounding_box()["height"] == 104  # type: ignore[index]


def test_times_are_in_the_language_of_the_feed_or_the_chosen_one(browser: Browser, hub: Hub) -> None:
    plain = html.document_fromstring(hub.document("/day/frame/index.html").decode())
    written = [time.text for time in plain.iter("time")][:5]
    for path, expected in (("/day/frame/", written), ("/day/frame/?lang=ru", [])):
        with look(browser, hub.url(path)) as seen:
            times = seen.page.locator(".entry time")
            times.nth(4).wait_for()
            assert (times.all_inner_texts() == written) is bool(expected)
            assert times.first.get_attribute("lang") == ("en" if expected else "ru")


def test_colours_of_the_address_are_taken_if_they_are_colours(browser: Browser, hub: Hub) -> None:
    url = hub.url("/day/frame/?background=003366&ink=ffffff&accent=url(x)&theme=dark")
    with look(browser, url) as seen:
        box = seen.page.locator(".box")
        assert box.evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(0, 51, 102)"
        assert box.evaluate("box => getComputedStyle(box).color") == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("scheme", "theme", "paper"),
    [
        ("light", "", "rgb(255, 255, 255)"),
        ("dark", "", "rgb(22, 21, 19)"),
        ("dark", "light", "rgb(255, 255, 255)"),
        ("light", "dark", "rgb(22, 21, 19)"),
        ("dark", "neither", "rgb(22, 21, 19)"),
    ],
)
def test_light_and_dark_are_as_the_reader_likes_it_or_as_was_chosen(
    browser: Browser, hub: Hub, scheme: str, theme: str, paper: str
) -> None:
    with look(browser, hub.url(f"/day/frame/?theme={theme}"), scheme=scheme) as seen:
        box = seen.page.locator(".box")
        assert box.evaluate("box => getComputedStyle(box).backgroundColor") == paper
        assert seen.violations("feedhub-feed") == []


# ── The ticker ──


def test_a_ticker_moves_and_can_be_paused(browser: Browser, hub: Hub, web: Loopback) -> None:
    with look(browser, serve(hub, web, code(hub, "component", "ticker"), style="")) as seen:
        shown(seen.page)
        playing = "list => list.getAnimations().map(animation => animation.playState)"
        row = seen.page.locator(".ticker ul")
        assert row.evaluate(playing) == ["running"]
        seen.page.get_by_role("button", name="Pause").click()
        assert row.evaluate(playing) == ["paused"]
        seen.page.get_by_role("button", name="Go on").click()
        assert row.evaluate(playing) == ["running"]
        seen.page.locator(".headline").first.focus()
        assert row.evaluate(playing) == []


def test_a_ticker_does_not_move_for_who_wants_no_motion(browser: Browser, hub: Hub, web: Loopback) -> None:
    url = serve(hub, web, code(hub, "component", "ticker"), style="")
    with look(browser, url, reduced_motion="reduce") as seen:
        shown(seen.page)
        assert seen.page.locator(".ticker ul").evaluate("list => list.getAnimations().length") == 0


# ── The data ──


def feed(*items: dict[str, Any], **more: object) -> str:
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Other", "language": "en"}
    return json.dumps({**told, "home_page_url": "https://other.example/", **more, "items": items})


def item(number: int, **more: object) -> dict[str, Any]:
    url = f"https://other.example/{number}/"
    told = {"id": url, "url": url, "title": f"Title {number}", "summary": f"Other ({url}): Words."}
    return {**told, **more}


def host(web: Loopback, inside: str) -> str:
    document = f'<!DOCTYPE html><title>x</title><link rel="icon" href="data:,">{inside}'
    web.serves("/embed.js", ASSETS[STABLE], type="text/javascript")
    web.serves("/", f'{document}<script src="/embed.js"></script>', type="text/html")
    return web.url("/")


def test_nothing_of_a_feed_is_taken_for_html_or_leads_anywhere_but_to_the_web(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    markup = "<img src=x onerror=document.title='ran'><b>x</b>"
    bad = [
        item(number, url=url)
        for number, url in enumerate(["javascript:alert(1)", "data:text/html,x", "", None, 5])
    ]
    items = [
        item(9, title=markup, summary=f"{markup} (https://other.example/9/): {markup}", language='"><b>'),
        *bad,
    ]
    web.serves(
        "/feed.json", feed(*items, title=markup, home_page_url="javascript:alert(1)"), type="application/json"
    )
    with look(browser, host(web, '<feedhub-feed src="/feed.json" limit="9"></feedhub-feed>')) as seen:
        seen.page.locator(".entry").wait_for()
        assert seen.page.locator(".headline").inner_text() == markup
        assert seen.page.locator(".title").inner_text() == markup
        assert seen.page.locator("feedhub-feed :is(img, b)").count() == 0
        assert (
            seen.page.locator("feedhub-feed a").evaluate_all("links => links.map(link => link.href)")
            == ["https://other.example/9/"] * 2
        )
        assert seen.page.title() == "x"
        assert seen.complaints == []


def test_words_that_name_their_article_again_lose_none(browser: Browser, hub: Hub, web: Loopback) -> None:
    url = "https://other.example/1/"
    told = item(1, summary=f"Other ({url}): He wrote it ({url}) again ({url}).")
    web.serves("/feed.json", feed(told), type="application/json")
    with look(browser, host(web, '<feedhub-feed src="/feed.json" layout="cards"></feedhub-feed>')) as seen:
        seen.page.locator(".entry").wait_for()
        assert f"He wrote it ({url}) again ({url})." in seen.page.locator(".entry").inner_text()


@pytest.mark.parametrize("junk", ["", "{}", "null", "[]", '{"items": 5}', '{"items": [null]}', "<html>"])
def test_junk_is_no_matter_to_the_page_and_what_stands_there_stays(
    browser: Browser, hub: Hub, web: Loopback, junk: str
) -> None:
    web.serves("/feed.json", junk, type="application/json")
    with look(
        browser, host(web, '<feedhub-feed src="/feed.json"><a href="/">Here</a></feedhub-feed>')
    ) as seen:
        seen.page.wait_for_timeout(100)
        assert seen.page.get_by_role("link", name="Here").is_visible()
        assert seen.page.locator(".entry").count() == 0
        assert not [one for one in seen.complaints if "Uncaught" in one]


def test_several_elements_ask_once_and_a_failure_is_tried_again(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    web.serves("/feed.json", "busy", status=503)
    inside = "".join(f'<feedhub-feed src="{src}"></feedhub-feed>' for src in ("/feed.json", "feed.json"))
    with look(browser, host(web, inside)) as seen:
        web.serves("/feed.json", feed(item(1)), type="application/json")
        seen.page.locator(".entry").nth(1).wait_for()
        assert web.paths.count("/feed.json") <= 4  # the first, what the cache had, and the second try


def test_what_was_shown_last_stays_when_nothing_new_can_be_had(browser: Browser, web: Loopback) -> None:
    web.serves("/feed.json", feed(item(1)), type="application/json")
    with look(browser, host(web, '<feedhub-feed src="/feed.json"></feedhub-feed>')) as seen:
        seen.page.locator(".entry").wait_for()
        seen.page.locator("feedhub-feed").evaluate("feed => feed.setAttribute('src', '/gone.json')")
        seen.page.wait_for_timeout(200)
        assert seen.page.locator(".entry").inner_text().startswith("Title 1")


OLD = {"Date": "Sun, 24 Nov 2024 10:24:00 GMT", "Cache-Control": caching("/day.json", MINUTE, NOON)}


@pytest.fixture
def ours() -> Iterator[Loopback]:
    """A hub that has been read before, and may fail: its feed is no longer new."""
    kept = {"Cache-Control": caching(STABLE, MINUTE, NOON)}
    shared = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Date"}
    with Loopback() as ours:
        ours.serves(STABLE, ASSETS[STABLE], type="text/javascript", headers=kept)
        ours.serves("/day.json", feed(item(1)), type="application/json", headers=OLD | shared)
        yield ours


def embedding(web: Loopback, ours: Loopback) -> str:
    """Have a site show a feed of ours."""
    inside = f'<p>x</p><script src="{ours.url(STABLE)}" data-src="{ours.url("/day.json")}"></script>'
    web.serves(
        "/", f'<!DOCTYPE html><title>x</title><link rel="icon" href="data:,">{inside}', type="text/html"
    )
    return web.url("/")


def test_what_the_browser_has_is_shown_however_often_the_page_is_opened_while_the_hub_fails(
    browser: Browser, web: Loopback, ours: Loopback
) -> None:
    with look(browser, embedding(web, ours)) as seen:
        entry = seen.page.locator(".entry")
        entry.wait_for()
        wait_until(lambda: ours.paths.count("/day.json") == 3)  # to show it, to see whether it is well, anew
        seen.page.wait_for_load_state("networkidle")
        for fails in (Given(status=503), Given(status=500, headers={"Cache-Control": "no-store"})):
            ours.answers("/day.json", lambda _, fails=fails: fails)  # type: ignore[misc]
            for _ in range(2):
                asked = len(ours.requests)
                seen.page.reload()
                entry.wait_for()
                wait_until(lambda: len(ours.requests) > asked)  # noqa: B023
                assert entry.inner_text().startswith("Title 1")
        ours.close()
        for _ in range(2):
            seen.page.reload()  # the script, too, is what the browser has
            entry.wait_for()
            assert entry.inner_text().startswith("Title 1")


def test_what_is_new_takes_the_place_of_what_the_browser_had(
    browser: Browser, web: Loopback, ours: Loopback
) -> None:
    with look(browser, embedding(web, ours)) as seen:
        seen.page.get_by_text("Title 1").wait_for()
        told = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Date"}
        ours.serves("/day.json", feed(item(2)), type="application/json", headers=told)
        seen.page.reload()
        seen.page.get_by_text("Title 2").wait_for()
        assert seen.page.locator(".entry").count() == 1
        assert seen.shift() == 0
        ours.requests.clear()
        seen.page.reload()
        seen.page.get_by_text("Title 2").wait_for()
        assert ours.requests == []  # it is new, and the script is known


def test_a_reader_who_comes_for_the_first_time_asks_for_the_feed_once(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    with look(browser, serve(hub, web, code(hub, "script"))) as seen:
        shown(seen.page)
        seen.page.wait_for_load_state("networkidle")
        assert [urlsplit(url).path for url in seen.asked if hub.address in url] == ["/embed.js", "/day.json"]


def test_where_nothing_can_be_had_and_nothing_stands_there_is_a_link(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    inside = f'<p>x</p><script src="{hub.url("/embed.js")}" data-src="{web.url("/no.json")}"></script>'
    with look(browser, host(web, inside)) as seen:
        link = seen.page.locator("feedhub-feed a")
        link.wait_for()
        assert link.get_attribute("href") == web.url("/no/")


def test_whoever_else_tells_a_story_is_named_and_linked_in_each_layout(
    browser: Browser, web: Loopback
) -> None:
    others = {"Evening: late": "https://evening.example/a?b=1&c=2", "Wire": "https://wire.example/"}
    story = [{"credit": name, "url": url} for name, url in others.items()]
    named = ", ".join(f"{name} ({url})" for name, url in others.items())
    own = "https://other.example/{}/"
    items = [
        item(
            1,
            summary=f"Other ({own.format(1)}): Words. It says: more. Նաև: {named}",
            _feedhub={"story": story},
        ),
        item(2, summary=f"Other ({own.format(2)}) Also: {named}", _feedhub={"story": story}),
        item(3, summary=f"Words alone. Also: {named}", _feedhub={"story": story}),
        item(4, summary="Words alone.", _feedhub={"story": story}),
    ]
    web.serves("/feed.json", feed(*items), type="application/json")
    inside = "".join(
        f'<feedhub-feed src="/feed.json" layout="{layout}"></feedhub-feed>' for layout in LAYOUTS
    )
    with look(browser, host(web, inside), height=2400) as seen:
        seen.page.locator(".entry").nth(15).wait_for()
        for layout in LAYOUTS:
            drawn = seen.page.locator(f".box.{layout} .entry")
            for number, named_by in enumerate(["Նաև: ", "Also: ", "Also: "]):
                links = drawn.nth(number).locator(".other")
                found = links.evaluate_all("links => links.map(link => [link.textContent, link.href])")
                assert found == [[name, url] for name, url in others.items()]
                assert links.first.is_visible()
                assert f"{named_by}Evening: late, Wire" in drawn.nth(number).inner_text()
                assert "https://" not in drawn.nth(number).inner_text()
            assert drawn.nth(3).locator(".other").count() == 0
        passages = seen.page.locator(".box.list .passage").all_inner_texts()
        assert passages == [
            "Other: Words. It says: more.",
            "Other",
            "Other: Words alone.",
            "Other: Words alone.",
        ]
        assert seen.complaints == []


# ── Our own pages ──


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", ["/day/subscribe/", "/day/embed/"])
def test_our_tools_are_accessible_quiet_and_fit(browser: Browser, hub: Hub, path: str, width: int) -> None:
    with look(browser, hub.url(path), width=width) as seen:
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0
        assert seen.shift() == 0
        assert seen.violations() == []
        seen.scheme("dark")
        assert seen.violations() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_buttons_that_a_script_adds_move_nothing(browser: Browser, hub: Hub, width: int) -> None:
    tops = []
    for scripts in (True, False):
        with look(browser, hub.url("/day/subscribe/"), width=width, java_script_enabled=scripts) as seen:
            assert seen.page.get_by_role("button", name="Copy").count() == (3 if scripts else 0)
            below = seen.page.get_by_role("img", name="QR code").bounding_box()
            tops.append(below and below["y"])
    assert tops[0] == tops[1] is not None


def test_one_can_subscribe_without_scripts(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/day/subscribe/"), java_script_enabled=False) as seen:
        assert seen.page.get_by_label("Atom", exact=True).input_value() == hub.url("/day.atom")
        assert seen.page.get_by_role("link", name="Feedly").is_visible()
        assert seen.page.get_by_role("img", name="QR code").is_visible()


def test_an_address_can_be_copied(browser: Browser, hub: Hub) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with look(browser, hub.url("/day/subscribe/"), permissions=allowed) as seen:
        button = seen.page.get_by_role("button", name="Copy: RSS")
        button.click()
        seen.page.get_by_text("Copied").wait_for()
        assert seen.page.evaluate("navigator.clipboard.readText()") == hub.url("/day.rss")


def _wide(page: Page) -> list[int]:
    """Give how wide each preview is to itself; each is shown whole."""
    hidden = "all => Math.max(...all.map(each => each.scrollWidth - each.clientWidth))"
    assert page.locator(".preview").evaluate_all(hidden) <= 0
    return [frame.evaluate("innerWidth") for frame in page.frames[1:]]


def test_what_is_chosen_stands_in_the_code_and_in_the_previews(browser: Browser, hub: Hub) -> None:
    with look(browser, hub.url("/day/embed/")) as seen:
        page = seen.page
        page.get_by_label("Layout", exact=True).select_option("cards")
        page.get_by_label("Entries", exact=True).fill("3")
        page.get_by_label("Colours of your own", exact=True).check()
        page.get_by_label("Credits", exact=True).fill("#ffeeee")
        page.get_by_text("Credits (1.1 : 1)").wait_for()
        assert 'data-limit="3" data-layout="cards"' in page.get_by_label(
            "A script", exact=True
        ).input_value().replace('data-layout="cards" data-limit="3"', 'data-limit="3" data-layout="cards"')
        assert "--feedhub-accent: #ffeeee" in page.get_by_label("A web component", exact=True).input_value()
        assert (
            "layout=cards&amp;limit=3&amp;background=ffffff"
            in page.get_by_label("A frame", exact=True).input_value()
        )
        for number in range(3):
            frame = page.frame_locator(f".preview iframe >> nth={number}")
            frame.locator(".cards .entry").nth(2).wait_for()
        assert _wide(page) == [pytest.approx(width, abs=1) for width in WIDTHS]  # where they are made smaller
        page.get_by_label("Grow with the news", exact=False).check()
        frame_code = page.get_by_label("A frame", exact=True)
        while "height=auto" not in frame_code.input_value():
            page.wait_for_timeout(50)
        assert "min-height:432px;frame-sizing:content-height" in frame_code.input_value()
        assert hub.url("/embed.js") in frame_code.input_value()
        page.get_by_label("Credits", exact=True).fill("#8c2f1b")
        page.wait_for_function("() => !document.getElementById('contrast').textContent")


def test_the_code_of_each_way_works_as_it_stands(browser: Browser, hub: Hub, web: Loopback) -> None:
    with look(browser, hub.url("/day/embed/")) as seen:
        codes = {
            name: seen.page.get_by_label(name, exact=True).input_value()
            for name in ("A script", "A web component", "A frame")
        }
    for name, written in codes.items():
        document = f'<!DOCTYPE html><title>x</title><link rel="icon" href="data:,"><p>Here:</p>{written}'
        web.serves("/", document, type="text/html")
        with look(browser, web.url("/")) as seen:
            root = seen.page.frame_locator("iframe") if name == "A frame" else seen.page
            root.locator(".entry").nth(4).wait_for()
            assert seen.complaints == []
