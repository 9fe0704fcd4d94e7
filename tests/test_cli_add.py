import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.cli.finding import address
from feedhub.config import load
from feedhub.errors import FeedHubError
from feedhub.model import Source
from hubs import ROOT, WAIT, Hub, Item, path_of, rss
from loopback import Asked, Given, Loopback

ESCAPES = "\x1b[31m\x9b2J\x07\x08"  # red, clear the screen, ring, go back


def item(number: int, day: int = 24) -> Item:
    return Item(
        id=f"urn:x-paper:{number}",
        title=f"Story {number}",
        link=f"https://paper.example/{number}/",
        at=datetime(2024, 11, day, 10, 0, tzinfo=UTC),
    )


def page(*hrefs: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<!DOCTYPE html><html><head>{links}</head><body>News</body></html>"


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/", page("/feed", "/dead"), type="text/html")
        web.serves("/feed", rss(item(1, 23), item(2, 24), item(3, 22)))
        web.serves("/several", page("/feed", "/culture", "/sport"), type="text/html")
        web.serves("/culture", rss(item(4), title="Culture"))
        web.serves("/sport", rss(title="Sport"))
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    hub = Hub(tmp_path, web).configure(fetch={"per_host": 16, "connect": "2s", "timeout": "10s"})
    hub.path.write_text("# The hub of the paper\n" + hub.path.read_text(encoding="utf-8"), encoding="utf-8")
    return hub


def written(hub: Hub) -> list[Source]:
    return list(load(hub.path, {}).sources)


def titles(hub: Hub) -> list[str]:
    return [source.title for source in written(hub)]


# ── Pages and feeds ──────────────────────────────────────────────────────────────────────────────


def test_of_a_page_with_two_feeds_the_living_one_is_shown_and_added(hub: Hub, web: Loopback) -> None:
    before = hub.path.read_text(encoding="utf-8")
    told = hub.invoke("add", web.url("/"))
    assert told.exit_code == 0, told.output
    [row] = [line for line in told.stdout.splitlines() if line.startswith("1  ")]
    assert row.split() == ["1", "The", "Paper", web.url("/feed"), "3", "2024-11-24"]
    assert f"{web.url('/dead')}: answered 404 Not Found" in told.stderr
    assert "1 source added to config.toml, 1 skipped" in told.stdout
    [source] = written(hub)
    assert (source.url, source.title, source.groups) == (web.url("/feed"), "The Paper", ())
    assert f"added {source.name}: {source.url}" in told.stdout
    assert hub.path.read_text(encoding="utf-8").startswith(before.rstrip())


def test_what_was_added_can_be_polled(hub: Hub, web: Loopback) -> None:
    hub.invoke("add", web.url("/"))
    assert "3 entries new" in hub.invoke("poll").stdout


def test_an_address_that_is_a_feed_is_added_itself(hub: Hub, web: Loopback) -> None:
    assert (
        hub.invoke("add", f"feed:{web.url('/culture')}", "--group", "arts", "--group", "day").exit_code == 0
    )
    [source] = written(hub)
    assert (source.title, source.groups) == ("Culture", ("arts", "day"))
    assert web.paths == ["/culture"]


def test_language_and_license_are_shown_but_left_to_the_feed(hub: Hub, web: Loopback) -> None:
    feed = rss(item(1)).replace(
        b"<item>", b"<language>hy</language><copyright>All " + b"x" * 90 + b"</copyright><item>"
    )
    web.serves("/feed", feed)
    told = hub.invoke("add", web.url("/feed"), "--dry-run")
    assert f" hy        All {'x' * 55}…" in told.stdout
    assert "language" not in hub.path.read_text(encoding="utf-8")


def test_a_password_in_a_redirect_is_not_written(hub: Hub, web: Loopback) -> None:
    web.redirects("/old", web.url("/feed").replace("://", "://user:hidden@"), 301)
    told = hub.invoke("add", web.url("/old"))
    assert told.exit_code == 0
    assert "hidden" not in told.output + hub.path.read_text(encoding="utf-8")
    assert [source.url for source in written(hub)] == [web.url("/feed")]


def test_a_feed_that_moved_for_good_is_added_where_it_is_now(hub: Hub, web: Loopback) -> None:
    web.redirects("/old", "/feed", 301)
    web.redirects("/today", "/culture", 302)
    assert hub.invoke("add", web.url("/old")).exit_code == 0
    assert hub.invoke("add", web.url("/today")).exit_code == 0
    assert [source.url for source in written(hub)] == [web.url("/feed"), web.url("/today")]


@pytest.mark.parametrize("address", ["/feed", "/feed/", "/moved", "/linked"])
def test_what_is_a_source_already_is_told_and_skipped(address: str, hub: Hub, web: Loopback) -> None:
    web.redirects("/moved", "/feed", 302)
    web.serves("/linked", page("/moved"), type="text/html")
    hub.configure({"name": "paper", "url": web.url("/feed")})
    before = hub.path.read_bytes()
    told = hub.invoke("add", web.url(address))
    assert told.exit_code == 1
    assert "is a source already: paper" in told.stderr
    assert "nothing was added" in told.stderr
    assert hub.path.read_bytes() == before
    assert "/rss.xml" not in web.paths  # nobody asked for more


def test_a_dry_run_shows_all_and_writes_nothing(hub: Hub, web: Loopback) -> None:
    before = hub.path.read_bytes()
    told = hub.invoke("add", web.url("/several"), "--dry-run")
    assert told.exit_code == 0
    assert "3 sources would be added to config.toml" in told.stdout
    assert hub.path.read_bytes() == before


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────


def test_of_several_feeds_a_script_must_choose(hub: Hub, web: Loopback) -> None:
    told = hub.invoke("add", web.url("/several"))
    assert told.exit_code == 2
    assert "--pick" in told.stderr
    assert "Culture" in told.stdout
    assert written(hub) == []


def test_feeds_are_picked_by_number(hub: Hub, web: Loopback) -> None:
    assert hub.invoke("add", web.url("/several"), "--pick", "3", "--pick", "1").exit_code == 0
    assert titles(hub) == ["The Paper", "Sport"]
    assert len({source.name for source in written(hub)}) == 2


@pytest.mark.parametrize("number", ["0", "4", "-1"])
def test_a_number_that_no_feed_has_is_a_mistake(number: str, hub: Hub, web: Loopback) -> None:
    assert hub.invoke("add", web.url("/several"), "--pick", number).exit_code == 2
    assert written(hub) == []


def test_yes_takes_all_that_live(hub: Hub, web: Loopback) -> None:
    web.forgets("/culture")
    assert hub.invoke("add", web.url("/several"), "--yes").exit_code == 0
    assert titles(hub) == ["The Paper", "Sport"]


def on_terminal(hub: Hub, *words: str, typed: str, columns: int = 200) -> tuple[int, str]:
    """Run a command on a terminal; gives its exit code and all that was to be seen."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "feedhub", "-c", str(hub.path), *words],
            cwd=ROOT,
            env={**os.environ, "TERM": "dumb", "COLUMNS": str(columns)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
    finally:
        os.close(theirs)
    os.write(ours, typed.encode())
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    return process.wait(WAIT), seen.decode()


def test_on_a_terminal_somebody_is_asked(hub: Hub, web: Loopback) -> None:
    code, seen = on_terminal(hub, "add", web.url("/several"), typed="7\n2-x\n2, 3-3\n")
    assert code == 0, seen
    assert seen.count("Which to add?") == 3
    assert "7 is not among 1 to 3" in seen
    assert titles(hub) == ["Culture", "Sport"]


@pytest.mark.parametrize(("typed", "code", "count"), [("\n", 0, 1), ("none\n", 1, 0)])
def test_on_a_terminal_even_a_single_feed_is_asked_for(
    typed: str, code: int, count: int, hub: Hub, web: Loopback
) -> None:
    told, seen = on_terminal(hub, "add", web.url("/"), typed=typed)
    assert (told, len(written(hub))) == (code, count), seen
    assert "Add it?" in seen


def test_a_wrong_answer_for_a_single_feed_is_told_what_the_right_ones_are(hub: Hub, web: Loopback) -> None:
    _, seen = on_terminal(hub, "add", web.url("/"), typed="2\nnone\n")
    assert "2 is neither all nor none" in seen
    told = hub.invoke("add", web.url("/"), "--pick", "2")
    assert (told.exit_code, "2 is none of the feeds found: 1\n" in told.stderr) == (2, True)


def test_a_narrow_terminal_shows_each_address_whole(hub: Hub, web: Loopback) -> None:
    addresses = [web.url(f"/a-section-with-a-name-of-some-length/{name}/feed") for name in ("one", "two")]
    for url in addresses:
        web.serves(path_of(url), rss(item(1), title=f"A title of some words: {url[-8:-5]}"))
    web.serves("/long", page(*map(path_of, addresses)), type="text/html")
    code, seen = on_terminal(hub, "add", web.url("/long"), typed="none\n", columns=80)
    assert code == 1, seen
    assert "…" not in seen
    rows = [line.rstrip() for line in seen.splitlines()]
    start = next(row.index("address") for row in rows if row.startswith("#"))
    table = rows[1 : next(number for number, row in enumerate(rows) if "Which to add?" in row)]
    column = "".join(row[start:].split(" ")[0] for row in table)
    assert all(url in column for url in addresses), seen


# ── Where pages say nothing ──────────────────────────────────────────────────────────────────────


def test_a_site_s_feed_menu_is_asked_where_its_page_names_no_feed(hub: Hub, web: Loopback) -> None:
    web.serves("/silent", page(), type="text/html")
    menu = '{"feed-menu": "The Paper", "items": [{"feed-title": "Arts", "rss": "/culture"}]}'
    web.serves("/.well-known/feed-menu.json", menu, type="application/json")
    assert hub.invoke("add", web.url("/silent")).exit_code == 0
    assert titles(hub) == ["Culture"]
    assert "/rss.xml" not in web.paths


def test_the_usual_places_are_looked_at_last(hub: Hub, web: Loopback) -> None:
    web.serves("/silent", page("/dead"), type="text/html")
    web.redirects("/rss", "/feed", 302)
    web.redirects("/feed/", "/feed", 302)
    told = hub.invoke("add", web.url("/silent"))
    assert told.exit_code == 0, told.output
    assert len(written(hub)) == 1  # one document, whatever its addresses
    assert "looking elsewhere on the site" in told.stderr
    assert "atom.xml" not in told.stderr  # guesses that fail are no news


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_found_instead_of_what_was_named_is_not_added_unasked(
    status: int, hub: Hub, web: Loopback
) -> None:
    web.serves("/named", status=status)
    told = hub.invoke("add", web.url("/named"))
    assert told.exit_code == 2
    assert f"{web.url('/named')}: answered {status}" in told.stderr
    assert "The Paper" in told.stdout
    assert written(hub) == []
    assert hub.invoke("add", web.url("/named"), "--yes").exit_code == 0
    assert titles(hub) == ["The Paper"]


def test_where_there_is_no_feed_nothing_is_added(hub: Hub, web: Loopback) -> None:
    web.forgets("/feed")
    web.serves("/silent", page(), type="text/html")
    told = hub.invoke("add", web.url("/silent"))
    assert told.exit_code == 1
    assert "an HTML page, not a feed" in told.stderr
    assert "nothing was added" in told.stderr


def test_a_page_with_very_many_feeds_is_looked_at_in_part(hub: Hub, web: Loopback) -> None:
    web.serves("/many", page(*(f"/nowhere/{number}" for number in range(60)), "/feed"), type="text/html")
    told = hub.invoke("add", web.url("/many"))
    assert "61 feeds are named; the first 50 are looked at" in told.stderr
    assert sum(path.startswith("/nowhere/") for path in web.paths) == 50


# ── What is not added ────────────────────────────────────────────────────────────────────────────


def test_private_addresses_are_refused_unless_the_config_names_them(tmp_path: Path, web: Loopback) -> None:
    hub = Hub(tmp_path).configure()
    told = hub.invoke("add", web.url("/feed"))
    assert told.exit_code == 1
    assert "127.0.0.1 is not a public address" in told.stderr
    assert web.requests == []


def test_a_page_cannot_lead_to_private_addresses(hub: Hub, web: Loopback) -> None:
    with Loopback() as inner:
        inner.serves("/feed", rss(item(1)))
        web.serves("/", page(inner.url("/feed"), "/feed"), type="text/html")
        told = hub.invoke("add", web.url("/"))
        assert inner.requests == []
    assert f"{inner.url('/feed')}: " in told.stderr
    assert [source.url for source in written(hub)] == [web.url("/feed")]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("missing.opml", "no such file"),
        ("missing.xml", "no such file"),
        ("lists/missing.opml", "no such file"),
        ("some words", "no such file"),
        ("localhost:8000", "no such file"),
        ("http://", "no http(s) address"),
        ("https://user:hidden@paper.example/feed", "by hand"),
        ("https://paper.example/feed?key=${KEY}", "by hand"),
    ],
)
def test_what_cannot_be_an_address_is_told(what: str, words: str, hub: Hub) -> None:
    told = hub.invoke("add", what)
    assert told.exit_code == 1
    assert words in told.stderr
    assert "hidden" not in told.output


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paper.example", "https://paper.example/"),
        ("www.paper.example/news?x=1", "https://www.paper.example/news?x=1"),
        ("paper.example:8443/feed", "https://paper.example:8443/feed"),
        ("HTTP://Paper.example", "http://paper.example/"),
        (" feed://paper.example/rss ", "https://paper.example/rss"),
        ("թերթ.example", "https://" + "թերթ".encode("idna").decode() + ".example/"),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, meant: str) -> None:
    assert address(typed) == meant


def test_a_file_comes_before_an_address_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.example").touch()
    assert address("list.example") == ""
    with pytest.raises(FeedHubError):
        address("other.opml")


def test_an_empty_group_is_a_mistake(hub: Hub, web: Loopback) -> None:
    assert hub.invoke("add", web.url("/feed"), "--group", " ").exit_code == 2
    assert web.requests == []


def test_what_a_feed_says_cannot_harm_a_terminal_or_the_config(hub: Hub, web: Loopback) -> None:
    title = f'"""{ESCAPES} \u202e\n[site]\n${{HOME}}'
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [], "title": title}
    web.serves("/feed.json", json.dumps(feed), type="application/feed+json")
    told = hub.invoke("add", web.url("/feed.json"))
    assert told.exit_code == 0, told.output
    assert all(character.isprintable() or character == "\n" for character in told.output)
    [source] = written(hub)
    assert source.title.isprintable()
    assert source.title.startswith('"""')
    assert source.title.endswith("[site] ${HOME}")


# ── Reading lists ────────────────────────────────────────────────────────────────────────────────


def outline(url: str, more: str = "") -> str:
    return f'<outline type="rss" text="T" xmlUrl="{url}" {more}/>'


def opml(*lines: str) -> str:
    return "\n".join(["<opml version='2.0'><head/>", "<body>", *lines, "</body>", "</opml>"])


def test_a_reading_list_is_imported_and_what_is_skipped_is_told_by_line(hub: Hub, web: Loopback) -> None:
    file = hub.folder / "list.opml"
    file.write_text(
        opml(
            '<outline text="World News">',  # 3
            outline(web.url("/feed")),
            '<outline text="Հայաստան">',
            outline(web.url("/culture"), 'language="hy"'),
            outline(web.url("/dead")),  # 7
            '<outline text="No address" type="rss"/>',  # 8
            f'<outline text="Torn xmlUrl="{web.url("/sport")}"/>',  # 9
            outline("javascript:alert(1)"),  # 10
            "</outline></outline>",
            outline(web.url("/feed/")),  # 12: again
            outline(web.url("/")),  # 13: a page
            outline(web.url("/sport"), 'language="nonsense_1"'),
        ),
        encoding="utf-8",
    )
    told = hub.invoke("add", str(file), "--group", "all")
    assert told.exit_code == 0, told.output
    assert [(source.url, source.groups, source.language) for source in written(hub)] == [
        (web.url("/feed"), ("world-news", "all"), ""),
        (web.url("/culture"), ("world-news", "հայաստան", "all"), "hy"),
        (web.url("/sport"), ("all",), ""),
    ]
    lines = dict(line.split(": ", 1) for line in told.stderr.splitlines())
    assert {place.removeprefix("list.opml:") for place in lines} == {"7", "8", "9", "10", "12", "13"}
    assert "answered 404" in lines["list.opml:7"]
    assert "has no address" in lines["list.opml:8"]
    assert "not well formed" in lines["list.opml:9"]
    assert "no http(s) one" in lines["list.opml:10"]
    assert "the same feed as in line 4" in lines["list.opml:12"]
    assert "an HTML page" in lines["list.opml:13"]
    assert "3 sources added to config.toml, 6 skipped" in told.stdout


def test_a_reading_list_may_come_from_an_address(hub: Hub, web: Loopback) -> None:
    web.serves("/list", opml(outline(web.url("/feed")), outline(web.url("/dead"))), type="text/x-opml")
    told = hub.invoke("add", web.url("/list"))
    assert told.exit_code == 0
    assert f"{web.url('/list')}:4: {web.url('/dead')}: answered 404" in told.stderr
    assert titles(hub) == ["T"]


def test_a_reading_list_that_names_nothing_new_fails(hub: Hub, web: Loopback) -> None:
    file = hub.folder / "list.opml"
    file.write_text(opml(outline(web.url("/dead"))), encoding="utf-8")
    assert hub.invoke("add", str(file)).exit_code == 1
    file.write_text("<html>", encoding="utf-8")
    told = hub.invoke("add", str(file))
    assert (told.exit_code, told.stderr) == (1, "list.opml: an HTML page, not a feed\n")


def test_a_second_import_adds_nothing(hub: Hub, web: Loopback) -> None:
    file = hub.folder / "list.opml"
    file.write_text(opml(outline(web.url("/feed")), outline(web.url("/sport"))), encoding="utf-8")
    assert hub.invoke("add", str(file)).exit_code == 0
    before = hub.path.read_bytes()
    again = hub.invoke("add", str(file))
    assert again.exit_code == 1
    assert again.stderr.count("is a source already") == 2
    assert hub.path.read_bytes() == before


def test_a_thousand_outlines_are_imported_in_one_command(hub: Hub, web: Loopback) -> None:
    def answer(asked: Asked) -> Given:
        number = int(asked.path.rpartition("/")[2])
        if number % 20 == 7:
            return Given(status=404)
        return Given(body=rss(item(number), title=f"Paper {number}"), headers={"Content-Type": "text/xml"})

    lines = []
    for number in range(950):
        web.answers(f"/paper/{number}", answer)
        if number % 50 == 0:
            lines.append(f'<outline text="Land {number // 250}"><outline text="Town {number // 50}">')
        lines.append(outline(web.url(f"/paper/{number}")))
        if number % 50 == 49:
            lines.append("</outline></outline>")
    lines += [outline(web.url(f"/paper/{number}")) for number in range(0, 940, 20)]  # duplicates
    lines += ['<outline text="No address"/>', '<outline text="Torn', outline("ftp://paper.example/")]
    file = hub.folder / "list.opml"
    file.write_text(opml(*lines), encoding="utf-8")
    told = hub.invoke("add", str(file))
    assert told.exit_code == 0, told.output[-2000:]
    dead = sum(number % 20 == 7 for number in range(950))
    sources = written(hub)
    assert len(sources) == 950 - dead
    assert {source.groups for source in sources} == {
        (f"land-{number // 250}", f"town-{number // 50}") for number in range(0, 950, 50)
    }
    skipped = told.stderr.splitlines()
    assert len(skipped) == dead + 47 + 3
    assert all(line.startswith("list.opml:") for line in skipped)
