"""Embeds on a page of another origin that is as hostile as pages get."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from browser import Look, look
from hubs import Hub
from loopback import Asked, Given, Loopback
from servers import under_waitress

HOSTILE = """
* { all: unset !important }
html { font-size: 40px !important }
body { font: italic 44px/0.8 fantasy !important; color: #eee !important; text-indent: 5em !important }
a { pointer-events: none !important; display: none !important }
"""
LAYOUTS = ["list", "cards", "headlines", "ticker"]
SHOWN = 3  # entries
# After the page has loaded; and after a frame has taken its height, which it does once.
_LATE_SHIFTS = """() => new Promise(tell => {
    const framed = document.querySelector("iframe") ? performance.now() : 0
    const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd
    let sum = 0
    new PerformanceObserver(list => list.getEntries().forEach(shift => {
        if (shift.startTime > Math.max(loaded, framed)) sum += shift.value
    })).observe({type: "layout-shift", buffered: true})
    requestAnimationFrame(() => setTimeout(() => tell(sum), 300))
})"""


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
    frame = f'src="{hub.url("/day/frame/")}?layout={layout}&amp;limit={SHOWN}" title="Day newsfeed"'
    listening = f'<script src="{script}"></script>'
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
            return f'{listening}<iframe {frame} width="100%" height="480"></iframe>'
        case _:
            return f'{listening}<iframe sandbox="allow-scripts" {frame} width="100%" height="480"></iframe>'


def serve(hub: Hub, web: Loopback, inside: str, *, style: str = HOSTILE, attributes: str = "") -> str:
    """Have the other site show a piece of HTML, under a policy that lets in nothing but its style and us."""
    ours = hub.url("")
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


def root_of(page: Page, way: str) -> Page | FrameLocator:
    return page if way in ("script", "component") else page.frame_locator("iframe")


def shown(page: Page, way: str) -> list[Told]:
    """Give the entries that are seen, by where they lead and what they say."""
    items = root_of(page, way).locator("feedhub-feed .entry")
    items.nth(SHOWN - 1).wait_for()
    found = []
    for number in range(items.count()):
        headline, credit = items.nth(number).locator(".headline"), items.nth(number).locator(".credit")
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


def is_sized(page: Page) -> None:
    """Wait until a frame is as high as what is in it, and has been drawn so."""
    if len(page.frames) > 1:
        inner = page.frames[1].evaluate("() => document.body.getBoundingClientRect().height")
        page.wait_for_function(
            "inner => document.querySelector('iframe').clientHeight >= Math.floor(inner)", arg=inner
        )
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")


def is_well(seen: Look) -> None:
    is_sized(seen.page)
    assert seen.complaints == []
    assert seen.page.evaluate(_LATE_SHIFTS) == 0
    assert seen.violations("feedhub-feed, iframe") == []


# ── Each way, on a hostile page ──


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("way", ["script", "component", "iframe", "sandbox"])
def test_the_entries_are_there_credited_quiet_and_accessible(
    browser: Browser, hub: Hub, web: Loopback, way: str, layout: str
) -> None:
    url = serve(hub, web, code(hub, way, layout))
    with look(browser, url, reduced_motion="reduce") as seen:
        assert shown(seen.page, way) == entries(hub)
        assert seen.hosts() == {hub.address, web.address}
        is_well(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("way", ["component", "iframe"])
def test_a_page_that_is_written_from_right_to_left_is_no_matter(
    browser: Browser, hub: Hub, web: Loopback, way: str, scheme: str
) -> None:
    url = serve(hub, web, code(hub, way, "cards"), attributes='dir="rtl"')
    with look(browser, url, width=360, scheme=scheme) as seen:
        assert shown(seen.page, way) == entries(hub)
        box = root_of(seen.page, way).locator(".box")
        assert box.evaluate("box => getComputedStyle(box).direction") == "ltr"
        is_well(seen)


@pytest.mark.parametrize("way", ["script", "component", "iframe", "sandbox"])
def test_a_credit_leads_to_its_article_when_it_is_clicked(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    article = entries(hub)[0].url
    # A policy that lets no other host into frames keeps articles out of them, too.
    url = host(hub, web, code(hub, way)) if way == "sandbox" else serve(hub, web, code(hub, way))
    with look(browser, url) as seen:
        answer = {"body": "<title>Article</title>", "content_type": "text/html"}
        seen.page.context.route(article, lambda route: route.fulfill(**answer))  # type: ignore[arg-type]
        credit = root_of(seen.page, way).locator(".credit").first
        match way:
            case "iframe":
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


@pytest.mark.parametrize("way", ["component", "iframe"])
def test_the_keyboard_reaches_every_link_in_order(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    with look(browser, serve(hub, web, code(hub, way, "ticker"))) as seen:
        expected = [one for told in entries(hub) for one in (told.title, told.name)]
        shown(seen.page, way)
        reached: list[str] = []
        for _ in range(9):
            seen.page.keyboard.press("Tab")
            frame = seen.page.frames[-1]
            reached.append(
                frame.evaluate("() => document.activeElement?.shadowRoot?.activeElement?.textContent || ''")
            )
        assert [one for one in reached if one][: 2 + len(expected)] == ["Day newsfeed", "Pause", *expected]


def test_a_screen_reader_is_told_what_each_part_is(browser: Browser, hub: Hub, web: Loopback) -> None:
    with look(browser, serve(hub, web, code(hub, "component", "ticker"), style="")) as seen:
        first = entries(hub)[0]
        region = seen.page.get_by_role("region", name="Day newsfeed")
        region.get_by_role("listitem").first.wait_for()
        assert region.get_by_role("list").count() == 1
        assert region.get_by_role("listitem").count() == SHOWN
        assert region.get_by_role("link", name=first.title, exact=True).count() == 1
        assert region.get_by_role("link", name=first.name, exact=True).count() >= 1
        assert region.get_by_role("button", name="Pause", exact=True).count() == 1


@pytest.mark.parametrize("way", ["script", "component", "iframe", "sandbox"])
def test_without_scripts_there_is_something_to_read(
    browser: Browser, hub: Hub, web: Loopback, way: str
) -> None:
    url = serve(hub, web, code(hub, way), style="")
    with look(browser, url, java_script_enabled=False) as seen:
        if way in ("script", "component"):
            assert seen.page.get_by_role("link", name="Day newsfeed").get_attribute("href") == hub.url(
                "/day/"
            )
        else:
            credit = seen.page.frame_locator("iframe").locator("li.h-entry .feedhub-credit").first
            assert credit.is_visible()
            assert credit.get_attribute("href") == entries(hub)[0].url


def test_what_oembed_gives_shows_the_entries(browser: Browser, hub: Hub, web: Loopback) -> None:
    from feedhub.config import load
    from feedhub.render.oembed import oembed

    told = oembed(hub.url("/day/"), load(hub.path, {}).site, max_width=400)
    with look(browser, serve(hub, web, str(told["html"]), style="")) as seen:
        frame = seen.page.frame_locator("iframe")
        frame.locator(".entry").first.wait_for()
        assert frame.locator(".credit").first.get_attribute("href") == entries(hub)[0].url
        assert seen.page.locator("iframe").bounding_box()["width"] == 400  # type: ignore[index]
        assert seen.complaints == []


def test_a_fragment_that_a_server_has_included_is_accessible(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    with look(browser, serve(hub, web, hub.document("/day/fragment/index.html").decode(), style="")) as seen:
        credit = seen.page.locator(".feedhub-credit").first
        assert (credit.get_attribute("href"), credit.inner_text()) == (
            entries(hub)[0].url,
            entries(hub)[0].name,
        )
        assert seen.hosts() == {web.address}
        assert seen.complaints == []
        assert seen.violations(".feedhub") == []


# ── The frame ──


@pytest.mark.parametrize("style", ["", "iframe { frame-sizing: content-height; height: auto }"])
def test_a_frame_takes_the_height_of_what_is_in_it(
    browser: Browser, hub: Hub, web: Loopback, style: str
) -> None:
    inside = code(hub, "iframe", "cards")
    if style:
        inside = inside.partition("</script>")[2]
    with look(browser, serve(hub, web, inside, style=style + "iframe { border: 0 }"), width=700) as seen:
        shown(seen.page, "iframe")
        fits = """() => Math.abs(document.querySelector("iframe").getBoundingClientRect().height - %d) < 2"""
        inner = seen.page.frames[1].evaluate("() => document.body.getBoundingClientRect().height")
        assert inner > 300
        seen.page.wait_for_function(fits % inner)


def test_only_our_own_frames_are_sized(browser: Browser, hub: Hub, web: Loopback) -> None:
    web.serves("/other", "<script>parent.postMessage({feedhub: 900}, '*')</script>", type="text/html")
    inside = f'<iframe src="/other" height="100" title="Other"></iframe>{code(hub, "component")}'
    web.serves("/", f"<!DOCTYPE html><title>x</title>{inside}", type="text/html")
    with look(browser, web.url("/")) as seen:
        shown(seen.page, "component")
        assert seen.page.locator("iframe").bounding_box()["height"] == 104  # type: ignore[index]


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
        shown(seen.page, "component")
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
        shown(seen.page, "component")
        assert seen.page.locator(".ticker ul").evaluate("list => list.getAnimations().length") == 0


# ── The data ──


def feed(*items: dict[str, Any], **more: object) -> str:
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Other", "language": "en"}
    return json.dumps({**told, "home_page_url": "https://other.example/", **more, "items": items})


def item(number: int, **more: object) -> dict[str, Any]:
    url = f"https://other.example/{number}/"
    told = {"id": url, "url": url, "title": f"Title {number}", "summary": f"Other ({url}): Words."}
    return {**told, **more}


def host(hub: Hub, web: Loopback, inside: str) -> str:
    document = f'<!DOCTYPE html><title>x</title><link rel="icon" href="data:,">{inside}'
    web.serves("/", document + f'<script src="{hub.url("/embed.js")}"></script>', type="text/html")
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
    with look(browser, host(hub, web, '<feedhub-feed src="/feed.json" limit="9"></feedhub-feed>')) as seen:
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


@pytest.mark.parametrize("junk", ["", "{}", "null", "[]", '{"items": 5}', '{"items": [null]}', "<html>"])
def test_junk_is_no_matter_to_the_page_and_what_stands_there_stays(
    browser: Browser, hub: Hub, web: Loopback, junk: str
) -> None:
    web.serves("/feed.json", junk, type="application/json")
    with look(
        browser, host(hub, web, '<feedhub-feed src="/feed.json"><a href="/">Here</a></feedhub-feed>')
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
    with look(browser, host(hub, web, inside)) as seen:
        web.serves("/feed.json", feed(item(1)), type="application/json")
        seen.page.locator(".entry").nth(1).wait_for()
        assert web.paths.count("/feed.json") <= 4  # the first, what the cache had, and the second try


def cut(_: Asked) -> Given:
    raise ConnectionResetError


def test_what_was_shown_last_stays_when_nothing_new_can_be_had(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    web.serves("/feed.json", feed(item(1)), type="application/json", headers={"Cache-Control": "max-age=0"})
    with look(browser, host(hub, web, '<feedhub-feed src="/feed.json"></feedhub-feed>')) as seen:
        seen.page.locator(".entry").wait_for()
        web.forgets("/feed.json")
        seen.page.locator("feedhub-feed").evaluate("feed => feed.setAttribute('src', '/gone.json')")
        seen.page.wait_for_timeout(200)
        assert seen.page.locator(".entry").inner_text().startswith("Title 1")
        web.answers("/feed.json", cut)
        seen.page.reload()  # from what the browser has kept
        seen.page.locator(".entry").wait_for()


def test_where_nothing_can_be_had_and_nothing_stands_there_is_a_link(
    browser: Browser, hub: Hub, web: Loopback
) -> None:
    inside = f'<p>x</p><script src="{hub.url("/embed.js")}" data-src="{web.url("/no.json")}"></script>'
    with look(browser, host(hub, web, inside)) as seen:
        link = seen.page.locator("feedhub-feed a")
        link.wait_for()
        assert link.get_attribute("href") == web.url("/no/")


# ── Our own pages ──


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", ["/day/subscribe/", "/day/embed/"])
def test_our_tools_are_accessible_quiet_and_fit(
    browser: Browser, hub: Hub, path: str, width: int, scheme: str
) -> None:
    with look(browser, hub.url(path), width=width, scheme=scheme) as seen:
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0
        assert seen.shift() < 0.001
        assert seen.violations() == []


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
