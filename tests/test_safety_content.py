"""Content that wants to run, in every field, through the whole line into everything that comes out."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from hostile import SCHEMES, vectors
from hubs import Hub
from loopback import Loopback
from reading import SPACES
from servers import in_process

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
VECTORS = [
    *vectors(),
    *SCHEMES,
    *("\x1b]0;run()\x07", "\x9b31mrun()", "\u202erun()", "run()\r\nSet-Cookie: x=y"),
]
URLS = frozenset("action background cite code data formaction href icon longdesc manifest poster src".split())
FORBIDDEN = frozenset(
    "applet base embed form frame frameset iframe input math meta object portal script style svg template"
    " textarea xmp".split()
)
SAFE_URL = re.compile(r"\\?\"?(?:https?://|mailto:|/|\.{1,2}/|#|[\w-]+[./])[^\s]*|\.", re.I)
TRAP = "<script>function run(){document.documentElement.setAttribute('data-ran','yes')}</script>"
# What stands in our own pages beside what sources said.
OUR_META = frozenset(
    "viewport author color-scheme description generator referrer theme-color robots"
    " responsive-embedded-sizing".split()
)
OUR_SCRIPT = re.compile(r"(?:\.\./)*static/[\w.-]+\.js")
OUR_INPUT = frozenset("type name value maxlength dir aria-label".split())
OUR_TOOLS = frozenset({"subscribe", "embed"})  # pages that show no entry


def documents() -> dict[str, tuple[str, bytes]]:
    """Give what the three sources serve: its type and its bytes."""
    return {
        "rss": ("application/rss+xml", rss()),
        "atom": ("application/atom+xml", atom()),
        "json": ("application/feed+json", jsonfeed()),
    }


def rss() -> bytes:
    items = [one for number, vector in enumerate(VECTORS) for one in rss_items(number, html.escape(vector))]
    told = f"<title>{html.escape(VECTORS[500])}</title><link>https://rss.example/</link>"
    return f'<rss version="2.0" {SPACES}><channel>{told}{"".join(items)}</channel></rss>'.encode()


def rss_items(number: int, said: str) -> Iterator[str]:
    """A vector in all texts of an item; and in all addresses of another."""
    dated = f"<pubDate>{format_datetime(NOW)}</pubDate>"
    yield (
        f"<item><title>{said}</title><link>https://rss.example/{number}</link><guid>urn:example:{number}</guid>"
        f"<description>{said}</description><content:encoded>A{said}</content:encoded><author>{said}</author>"
        f'<dc:creator>{said}</dc:creator><category domain="{said}">{said}</category><dc:rights>{said}'
        f'</dc:rights><source url="https://other.example/feed">{said}</source>{dated}'
        f'<rsl:content url="{said}" server="{said}"><rsl:license><rsl:permits type="{said}">{said}'
        f"</rsl:permits><rsl:payment><rsl:standard>{said}</rsl:standard></rsl:payment></rsl:license></rsl:content>"
        f'<podcast:person href="{said}" role="{said}">{said}</podcast:person><itunes:subtitle>{said}'
        f'</itunes:subtitle><media:content url="https://rss.example/{number}.jpg" medium="image">'
        f"<media:description>{said}</media:description><media:credit>{said}</media:credit></media:content>"
        "</item>"
    )
    yield (
        f"<item><title>Item {number}</title><link>{said}</link><guid>{said}</guid><comments>{said}</comments>"
        f'<enclosure url="{said}" type="{said}" length="{said}"/><source url="{said}">Other</source>'
        f'<media:content url="{said}" medium="image"/><atom:link rel="related" href="{said}"/>'
        f'<atom:link rel="license" href="{said}"/><itunes:image href="{said}"/>'
        f"{dated}</item>"
    )


def atom() -> bytes:
    entries = []
    for number, vector in enumerate(VECTORS[::4]):
        said, kind = html.escape(vector), ("text", "html", "")[number % 3]
        typed = f' type="{kind}"' if kind else ""
        entries.append(
            f"<entry><id>{said}</id><title{typed}>{said}</title><summary{typed}>{said}</summary>"
            f'<content{typed}>B{said}</content><link href="https://atom.example/{number}"/>'
            f'<link rel="enclosure" href="{said}" type="{said}" title="{said}"/>'
            f'<link rel="via" href="{said}"/><link rel="related" href="{said}"/>'
            f'<author><name>{said}</name><uri>{said}</uri></author><category term="{said}" label="{said}"/>'
            f"<source><id>{said}</id><title{typed}>{said}</title></source><rights>{said}</rights>"
            f"<updated>{NOW.isoformat()}</updated></entry>"
        )
    told = f"<title>{html.escape(VECTORS[501])}</title><id>urn:example:atom</id>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{told}{"".join(entries)}</feed>'.encode()


def jsonfeed() -> bytes:
    items = [
        {
            "id": vector,
            "url": f"https://json.example/{number}",
            "title": vector,
            "summary": vector,
            "content_html": "C" + vector,
            "external_url": vector,
            "_feedhub": {"related": [vector], "rights": vector, "license": vector},
            "image": vector,
            "authors": [{"name": vector, "url": vector}],
            "tags": [vector],
            "attachments": [{"url": vector, "mime_type": vector, "title": vector}],
            "date_published": NOW.isoformat(),
        }
        for number, vector in enumerate(VECTORS[1::4])
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": VECTORS[502], "items": items}
    ).encode()


# ── The hub that has read them all ───────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Loopback() as web:
        made = Hub(tmp_path_factory.mktemp("content"), web)
        for name, (kind, body) in documents().items():
            web.serves(f"/{name}", body, type=kind)
        fetch = {"private": [web.address], "pause": "0s", "max_new": 10_000, "max_day": 10_000, "cpu": "60s"}
        terms = {"show": "full", "pictures": True}
        made.configure(
            *({"name": name, "url": web.url(f"/{name}"), "terms": terms} for name in documents()),
            fetch=fetch,
        )
        done = made.invoke("poll")
        assert done.exit_code == 0, done.output
        (made.folder / "said.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
        yield made


def outputs(hub: Hub, *suffixes: str) -> list[Path]:
    """Give the documents of some formats, one of those that are the same."""
    found = {path.read_bytes(): path for path in hub.feeds.rglob("*") if path.name.endswith(suffixes)}
    assert found
    return sorted(found.values())


def executable(document: str) -> list[str]:
    """Give what a browser would run, or follow to where no web is, in a document taken as HTML5."""
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed")
    found = []
    for element in html5lib.parse(document, namespaceHTMLElements=False).iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in FORBIDDEN and not is_ours(name, element.attrib):
            found.append(f"<{name}> {dict(element.attrib)}")
        for attribute, value in element.attrib.items():
            told = str(attribute).lower()
            is_code = told.startswith("on") or told in ("style", "srcdoc")
            is_safe = SAFE_URL.fullmatch(value.strip()) or (told == "action" and is_search(value))
            if is_code or (value and told in URLS and not is_safe):
                found.append(f"<{name} {attribute}={value!r}>")
    return found


def is_search(address: str) -> bool:
    return bool(re.fullmatch(r"(?:\.\./)*search", address))


def is_ours(name: str, attributes: dict[str, str]) -> bool:
    if name == "meta":
        if attributes.get("http-equiv") == "Content-Security-Policy":
            return attributes.get("content", "").startswith(
                "default-src 'none'; style-src 'self'; img-src 'self'"
            )
        if attributes.get("property", "").startswith("og:"):
            return True
        return "charset" in attributes or attributes.get("name") in OUR_META
    if name == "form":
        return set(attributes) <= {"class", "action", "role"} and is_search(attributes.get("action", ""))
    if name == "input":
        return set(attributes) <= OUR_INPUT and attributes.get("name") in ("q", "from", "to")
    if name == "base":
        return set(attributes) == {"target"}
    return name == "script" and bool(OUR_SCRIPT.fullmatch(attributes.get("src", "")))


def test_every_source_was_read_and_nearly_all_of_it_published(hub: Hub) -> None:
    assert len(VECTORS) >= 500
    told = hub.sources()
    assert {row["state"] for row in told.values()} == {"ok"}
    assert told["rss"]["entries"] >= len(VECTORS)
    entries = hub.atom().findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) >= len(VECTORS) * 3 // 2 - 60


def test_nothing_on_a_page_runs(hub: Hub) -> None:
    for path in outputs(hub, ".html"):
        if path.parent.name not in OUR_TOOLS:
            assert executable(path.read_text(encoding="utf-8")) == [], path


def test_our_tools_hold_nothing_of_what_was_read(hub: Hub) -> None:
    addresses = [json.loads(hub.document("/day.json"))["items"][0]["url"], "hostile"]
    for path in outputs(hub, ".html"):
        if path.parent.name in OUR_TOOLS:
            assert not [one for one in addresses if one in path.read_text(encoding="utf-8")], path


def test_nothing_that_is_asked_for_or_found_runs(hub: Hub) -> None:
    with in_process(hub) as server:
        for vector in VECTORS[::9]:
            answer = server.ask("GET", "/search?q=" + quote(vector, safe=""), {})
            assert answer.status == 200, vector
            assert executable(answer.body.decode()) == [], vector


def test_no_html_in_a_feed_runs(hub: Hub) -> None:
    for path in outputs(hub, ".rss", ".atom"):
        for element in etree.parse(path).iter("{*}description", "{*}encoded", "{*}summary", "{*}content"):
            if element.text and (element.get("type") == "html" or not element.get("type")):
                assert executable(element.text) == [], path
    for path in outputs(hub, ".json"):
        for item in json.loads(path.read_bytes()).get("items", []):
            assert executable(item.get("content_html", "")) == [], item["id"]


def test_no_feed_or_reading_list_runs_when_it_is_taken_for_html(hub: Hub) -> None:
    # JSON holds markup as it is: what keeps it from being one is its type, and nosniff.
    for path in outputs(hub, ".rss", ".atom", ".opml"):
        assert executable(path.read_text(encoding="utf-8")) == [], path


def test_every_address_in_a_feed_leads_to_the_web(hub: Hub) -> None:
    for path in outputs(hub, ".rss", ".atom", ".opml"):
        for element in etree.parse(path).iter():
            for name in ("href", "url", "xmlUrl", "htmlUrl", "src"):
                if value := element.get(name):
                    assert re.match(r"(?:https?://|mailto:)", value), (path, element.tag, value)


def test_nothing_that_a_terminal_obeys_is_printed_or_logged(hub: Hub) -> None:
    said = [(hub.folder / "said.txt").read_text(encoding="utf-8")]
    said += [
        hub.invoke(*words).output for words in (["sources"], ["sources", "--json"], ["opml"], ["publish"])
    ]
    for text in said:
        assert not [character for character in text if not (character.isprintable() or character == "\n")]


def test_no_answer_reflects_what_was_asked(hub: Hub) -> None:
    with in_process(hub) as server:
        for vector in VECTORS[::5]:
            path = "/" + quote(vector.replace("run()", "reflected()"), safe="")
            odd = "".join(each for each in vector if each.isprintable() and each.isascii())
            answer = server.ask("GET", path + "?" + path[1:], {"Host": odd, "X-Forwarded-Host": odd})
            assert answer.status in (400, 404, 308), (vector, answer.status)
            told = answer.body + json.dumps(dict(answer.headers)).encode()
            assert b"reflected" not in told
            assert b"evil.example" not in told


def test_a_browser_finds_nothing_to_run_on_the_page(hub: Hub) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no chromium here")
    # The page has no script of its own that writes this: only a vector that ran could.
    page = hub.folder / "page.html"
    text = (hub.feeds / "day" / "index.html").read_text(encoding="utf-8")
    page.write_text(TRAP + text, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    flags += [f"--user-data-dir={hub.folder}/browser", "--host-resolver-rules=MAP * ~NOTFOUND"]
    done = subprocess.run(
        [chromium, *flags, "--virtual-time-budget=3000", "--dump-dom", page.as_uri()],
        capture_output=True,
        timeout=100,
        check=False,
    )
    dumped = done.stdout.decode("utf-8", "replace")
    if "</html>" not in dumped:
        pytest.skip("chromium does not start here")
    dumped = dumped.replace(TRAP, "")
    assert "data-ran" not in dumped
    assert executable(dumped) == []
