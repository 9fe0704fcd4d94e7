import json
import re
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from hubs import ATOM, SAMPLES, Hub, Item, Running, entries, rss
from loopback import Given, Loopback

GATES = Item(
    id="urn:x-paper:gates",
    title="Gates of the old town open",
    link="https://paper.example/gates/",
    at=datetime(2024, 11, 24, 10, 0, tzinfo=UTC),
    text="The gates stood closed for a year.",
)
BRIDGE = replace(
    GATES, id="urn:x-paper:bridge", title="A bridge is counted", link="https://paper.example/bridge/"
)
LATE = replace(GATES, id="urn:x-paper:late", title="Late news", link="https://paper.example/late/")
PAGES = ("/", "/day/", "/newsfeed/", "/young-leaders-school/", "/day/2024-11-24/")
DOCUMENTS = {
    "/day.rss": "application/rss+xml",
    "/day.atom": "application/atom+xml",
    "/day.json": "application/feed+json",
    "/newsfeed.rss": "application/rss+xml",
    "/young-leaders-school.rss": "application/rss+xml",
    "/day/2024-11-24.rss": "application/rss+xml",
    "/day/2024-11-24.atom": "application/atom+xml",
    "/day/2024-11-24.json": "application/feed+json",
    "/subscriptions.opml": "text/x-opml",
}


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/feed", rss(GATES, BRIDGE), etag='"1"')
        yield web


def paper(web: Loopback, **more: object) -> Mapping[str, object]:
    return {"name": "paper", "title": "The Paper", "url": web.url("/feed"), "every": "1s"} | more


def hangs(web: Loopback, path: str) -> None:
    """Begin an answer at a path and never end it."""
    web.breaks(
        path, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n<rss>", hold=300
    )


# ── A hub that runs, on the samples and a source of the web ──────────────────────────────────────


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Running]]:
    with Loopback() as web:
        web.serves("/feed", rss(GATES, BRIDGE), etag='"1"')
        hub = Hub(tmp_path_factory.mktemp("hub"), web).take_samples(paper(web, every="30m"))
        # All is polled and published before, so that nothing changes while it is looked at.
        assert hub.invoke("poll").exit_code == 0
        assert hub.invoke("publish").exit_code == 0
        with hub.process("run") as process:
            process.until_serving()
            yield hub, process


def test_it_prints_where_its_pages_and_feeds_are(running: tuple[Hub, Running]) -> None:
    hub, process = running
    assert hub.url("/day/") in process.output
    assert hub.url("/young-leaders-school/") in process.output


def test_a_new_hub_tells_what_it_does_and_nothing_of_its_libraries(tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure()
    with hub.process("run") as process:
        process.until(lambda: hub.url("/day/") in process.output)
        before, _, _ = process.output.partition("The Hub: ")
        assert re.sub(r"^\S+Z publish written=\d+ removed=0\n", "", before) == ""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_served(path: str, running: tuple[Hub, Running]) -> None:
    answer = running[1].get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_served_as_it_stands_in_feeds(path: str, running: tuple[Hub, Running]) -> None:
    hub, process = running
    answer = process.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"].partition(";")[0] == DOCUMENTS[path]
    assert answer.body == hub.document(path)


@pytest.mark.parametrize("path", [*PAGES, *DOCUMENTS])
def test_a_conditional_get_is_answered_by_304(path: str, running: tuple[Hub, Running]) -> None:
    process = running[1]
    first = process.get(path)
    by_tag = process.get(path, If_None_Match=first.headers["etag"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    by_time = process.get(path, If_Modified_Since=first.headers["last-modified"])
    assert (by_time.status, by_time.body) == (304, b"")
    assert process.get(path, If_None_Match='"another"').body == first.body


def test_every_address_that_the_front_page_names_is_served(running: tuple[Hub, Running]) -> None:
    process = running[1]
    page = etree.HTML(process.get("/").body)
    named = {str(name) for name in page.xpath("//a/@href | //link/@href | //script/@src | //img/@src")}
    near = sorted(name for name in named if not re.match(r"[a-z]+:|#", name))
    assert len(near) > 10
    for name in near:
        assert process.get("/" + name.removeprefix("./").removeprefix("/")).status == 200, name


def test_every_entry_in_every_format_begins_with_a_link_to_its_article(
    running: tuple[Hub, Running],
) -> None:
    process = running[1]
    document = etree.fromstring(process.get("/day.atom").body)
    for entry in entries(document).values():
        (link,) = entry.xpath("*[local-name()='link'][@rel='alternate']/@href")
        summary = entry.findtext(ATOM + "summary") or ""
        start = re.match(r'(?:<[a-z]+>)*<a href="([^"]+)" rel="external">', summary)
        assert start, summary[:200]
        assert start[1].replace("&amp;", "&") == link


def test_health_tells_that_all_is_well(running: tuple[Hub, Running]) -> None:
    answer = running[1].get("/health")
    assert answer.status == 200
    told = json.loads(answer.body)
    assert told["status"] == "ok"
    assert told["sources"] == {"ok": len(SAMPLES["sources"]) + 1}


def test_an_address_where_nothing_is_gives_404(running: tuple[Hub, Running]) -> None:
    process = running[1]
    assert process.get("/nothing.rss").status == 404
    assert process.get("/../config.toml").status == 404
    assert process.get("/day/1999-01-01/").status == 404


# ── Ending ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_within_five_seconds_in_the_midst_of_a_poll(
    number: signal.Signals, tmp_path: Path, web: Loopback
) -> None:
    hangs(web, "/hangs")
    web.answers("/slow", lambda _: Given(body=rss(LATE), delay=300))
    hub = Hub(tmp_path, web)
    hub.configure(
        paper(web),
        {"name": "hangs", "url": web.url("/hangs")},
        {"name": "slow", "url": web.url("/slow")},
        fetch={"private": [web.address], "pause": "0s", "per_host": 8},
    )
    with hub.process("run") as running:
        running.until(lambda: {"/hangs", "/slow"} <= set(web.paths))
        running.until(lambda: BRIDGE.title.encode() in running.get("/day.atom").body)
        code, seconds = running.end(number)
        assert code == 0, running.output
        assert seconds < 5
        assert "Traceback" not in running.output
    assert hub.ask_database("select count(*) from leases") == [(0,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_an_idle_hub(number: signal.Signals, tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    with hub.process("run") as running:
        running.until(lambda: b"<entry" in running.get("/day.atom").body)
        code, seconds = running.end(number)
        assert code == 0, running.output
        assert seconds < 5
        assert "Traceback" not in running.output


def test_what_was_published_stands_at_once_when_it_runs_again(tmp_path: Path, web: Loopback) -> None:
    hub = Hub(tmp_path, web).configure(paper(web))
    assert hub.invoke("poll").exit_code == 0
    before = hub.document("/day.atom")
    hangs(web, "/feed")
    with hub.process("run") as running:
        running.until_serving()
        assert running.get("/day.atom").body == before


# ── Changes ──────────────────────────────────────────────────────────────────────────────────────


def test_a_new_entry_of_a_source_appears_while_another_source_hangs_and_one_fails(
    tmp_path: Path, web: Loopback
) -> None:
    hangs(web, "/hangs")
    hub = Hub(tmp_path, web)
    hub.configure(
        paper(web),
        {"name": "hangs", "url": web.url("/hangs")},
        {"name": "fails", "url": web.url("/nothing")},
        fetch={"private": [web.address], "pause": "0s", "per_host": 8},
    )
    with hub.process("run") as running:
        running.until(lambda: BRIDGE.title.encode() in running.get("/day.atom").body)
        first = running.get("/day.atom")
        web.serves("/feed", rss(LATE, GATES, BRIDGE), etag='"2"')
        running.until(lambda: LATE.title.encode() in running.get("/day.atom").body)
        changed = running.get("/day.atom", If_None_Match=first.headers["etag"])
        assert changed.status == 200
        assert set(entries(etree.fromstring(changed.body))) == {LATE.id, GATES.id, BRIDGE.id}
        assert json.loads(running.get("/health").body)["status"] == "degraded"


def test_a_source_that_goes_on_failing_leaves_what_was_published(tmp_path: Path, web: Loopback) -> None:
    hub = Hub(tmp_path, web).configure(paper(web))
    with hub.process("run") as running:
        running.until(lambda: BRIDGE.title.encode() in running.get("/day.atom").body)
        before = running.get("/day.atom").body
        web.serves("/feed", "", status=500)
        running.until(lambda: json.loads(running.get("/health").body)["status"] == "degraded")
        assert running.get("/day.atom").body == before


def test_a_poll_with_nothing_changed_sends_the_validators_and_writes_nothing(
    tmp_path: Path, web: Loopback
) -> None:
    web.serves("/feed", rss(GATES), etag='"1"', last_modified="Sun, 24 Nov 2024 10:00:00 GMT")
    web.serves("/plain", rss(BRIDGE))  # without validators: known by its bytes
    hub = Hub(tmp_path, web).configure(paper(web), paper(web, name="plain", url=web.url("/plain")))
    assert hub.invoke("poll").exit_code == 0
    files, rows = hub.files(), hub.ask_database("select * from entries order by source, key")
    for event in ("insert", "update", "delete"):
        for table in ("entries", "editions", "members", "feeds"):
            words = f"create trigger no_{event}_{table} before {event} on {table}"
            hub.ask_database(f"{words} begin select raise(abort, 'a row of {table} was written'); end")
    told = hub.invoke("poll")
    assert (told.exit_code, "2 sources polled, 0 failed, 0 entries new, 0 changed" in told.stdout) == (
        0,
        True,
    )
    assert "0 documents written, 0 removed" in told.stdout
    _, headers = next((path, headers) for _, path, headers in reversed(web.requests) if path == "/feed")
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Sun, 24 Nov 2024 10:00:00 GMT"
    assert hub.files() == files
    assert hub.ask_database("select * from entries order by source, key") == rows


def test_an_entry_that_changed_at_its_source_changes_with_its_times_and_nothing_else(
    tmp_path: Path, web: Loopback
) -> None:
    hub = Hub(tmp_path, web).configure(paper(web))
    hub.invoke("poll")
    before = hub.atom()
    rows = dict(hub.ask_database("select key, entry from entries"))
    web.serves("/feed", rss(GATES, replace(BRIDGE, title="A bridge is counted twice")), etag='"2"')
    polled = datetime.now(UTC).replace(microsecond=0)
    assert "0 entries new, 1 changed" in hub.invoke("poll").stdout
    after = hub.atom()
    assert list(entries(after)) == list(entries(before))
    assert written(entries(after)[GATES.id]) == written(entries(before)[GATES.id])
    old, new = (told(entries(document)[BRIDGE.id]) for document in (before, after))
    assert {path for path in old if old[path] != new[path]} == {"title", "updated", "source/updated"}
    assert (old["title"], new["title"]) == (BRIDGE.title, "A bridge is counted twice")
    for path in ("updated", "source/updated"):
        assert polled <= datetime.fromisoformat(new[path]) <= datetime.now(UTC)
    head_before, head_after = (told(document) for document in (before, after))
    moments = [datetime.fromisoformat(head.pop("updated")) for head in (head_before, head_after)]
    assert head_before == head_after
    # Two versions of a document never share a second.
    assert moments[1] == max(datetime.fromisoformat(new["updated"]), moments[0] + timedelta(seconds=1))
    changed = {key for key, entry in hub.ask_database("select key, entry from entries") if rows[key] != entry}
    assert changed == {BRIDGE.id}


def written(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n")


def told(element: etree._Element) -> dict[str, str]:
    """What an element says, part by part, but for its entries: "source/title", "link@href"."""
    found: dict[str, str] = {}
    for part in element:
        if part.tag == ATOM + "entry":
            continue
        name = etree.QName(part).localname
        path = name if name not in found else f"{name} {len(found)}"
        found[path] = (part.text or "").strip()
        found |= {f"{path}@{key}": value for key, value in part.attrib.items()}
        found |= {f"{path}/{inner}": value for inner, value in told(part).items()}
    return found
