import gzip
import os
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date
from werkzeug.test import Client, TestResponse, create_environ, run_wsgi_app

from feedhub.render import addresses
from feedhub.web import folder
from feedhub.web.conditional import CODINGS, is_among, is_unchanged_since, preferred
from feedhub.web.finished import FinishedDocuments
from feedhub.web.headers import MEDIA_TYPES

SITE = "https://desk.example"
LONG_AGO = datetime(2024, 11, 24, tzinfo=UTC).timestamp()
SETTLED = 0.05  # seconds, after which a file that was written is kept in memory


def put(folder: Path, name: str, body: bytes, *, packed: bool = False) -> None:
    for place, content in ((folder / f"{name}.gz", gzip.compress(body)), (folder / name, body)):
        if packed or place.name == name:
            new = place.with_name(f".{place.name}.new")
            new.write_bytes(content)
            os.utime(new, (LONG_AGO, LONG_AGO))
            new.replace(place)


def elsewhere(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    told = {"X-Script": environ["SCRIPT_NAME"], "X-Path": environ["PATH_INFO"]}
    start_response("404 Not Found", [(name, quote(value)) for name, value in told.items()])
    return []


class Web:
    """The layer over a folder, and a count of what it reads."""

    def __init__(
        self, feeds: Path, *, site_url: str = SITE, room: int = 1_000_000, closes: timedelta = timedelta()
    ) -> None:
        self.now = datetime(2024, 11, 26, tzinfo=UTC)
        self.layer = FinishedDocuments(
            elsewhere,
            feeds,
            site_url=site_url,
            cache=timedelta(seconds=60),
            now=lambda: self.now,
            room=room,
            closes=closes,
        )
        self._client = Client(self.layer)

    def get(self, path: str, accept: str = "", **headers: str) -> TestResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(path, headers={"Accept-Encoding": accept, **told})

    def settle(self) -> None:
        """Wait until files that were written just now may be kept."""
        threading.Event().wait(SETTLED)

    def later(self) -> None:
        """Let the time pass after which documents in memory are looked at more closely."""
        for kept in self.layer._kept.values():
            kept.until = 0.0

    def body(self, path: str, accept: str = "") -> bytes | None:
        """Give the very object that is sent: the same one again if it came from memory."""
        environ = create_environ(path, headers={"Accept-Encoding": accept})
        sent = list(self.layer(environ, lambda *_: lambda _: None))
        return sent[0] if sent else None


@pytest.fixture
def web(tmp_path: Path) -> Web:
    return Web(tmp_path)


def test_formats_are_sent_with_the_media_types_that_documents_name_them_by() -> None:
    suffixes = {"rss": ".rss", "atom": ".atom", "json": ".json", "page": ".html", "opml": ".opml"}
    assert {name: MEDIA_TYPES[suffix] for name, suffix in suffixes.items()} == addresses.MEDIA_TYPES


def test_an_unchanged_document_is_read_once(tmp_path: Path, web: Web) -> None:
    put(tmp_path, "a.rss", b"one" * 50, packed=True)
    web.settle()
    for accept in ("", "gzip", ""):
        assert web.body("/a.rss", accept) is web.body("/a.rss", accept) is not None


def test_a_document_that_may_still_change_unseen_is_not_kept(tmp_path: Path, web: Web) -> None:
    put(tmp_path, "a.rss", b"one" * 50)
    ahead = datetime.now(UTC).timestamp()
    before = web.body("/a.rss")
    if datetime.now(UTC).timestamp() - ahead < SETTLED / 5:
        assert web.body("/a.rss") is not before
    assert web.body("/a.rss") == before


def test_a_compressed_form_that_comes_later_is_sent_once_the_document_is_read_again(
    tmp_path: Path, web: Web
) -> None:
    put(tmp_path, "a.rss", b"one" * 50)
    plain = web.get("/a.rss", "gzip")
    put(tmp_path, "a.rss", b"one" * 50, packed=True)
    packed = web.get("/a.rss", "gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'


def test_a_brotli_form_of_other_bytes_is_never_sent(tmp_path: Path, web: Web) -> None:
    brotli = pytest.importorskip("brotli", reason="brotli is not installed")
    body = b"one" * 50
    fitting: bytes = brotli.compress(body)
    for packed in (brotli.compress(b"two" * 50), brotli.compress(body * 2), b"none", b"", fitting[:-2]):
        (tmp_path / "a.rss.br").write_bytes(packed)
        put(tmp_path, "a.rss", body, packed=True)
        assert web.get("/a.rss", "br, gzip").headers["Content-Encoding"] == "gzip"
    (tmp_path / "a.rss.br").write_bytes(fitting)
    put(tmp_path, "a.rss", body)
    answer = web.get("/a.rss", "br, gzip")
    assert (answer.headers["Content-Encoding"], answer.data) == ("br", fitting)


def test_what_is_beside_a_document_is_looked_at_from_time_to_time(tmp_path: Path, web: Web) -> None:
    put(tmp_path, "a.rss", b"one" * 50)
    web.settle()
    plain = web.body("/a.rss", "gzip")
    web.later()
    assert web.body("/a.rss", "gzip") is plain
    (tmp_path / "a.rss.gz").write_bytes(gzip.compress(b"one" * 50))
    assert web.body("/a.rss", "gzip") is plain
    web.later()
    assert web.get("/a.rss", "gzip").headers["Content-Encoding"] == "gzip"
    (tmp_path / "a.rss.gz").unlink()
    web.later()
    assert "Content-Encoding" not in web.get("/a.rss", "gzip").headers


def test_a_day_that_closes_while_it_is_in_memory_is_kept_longer_by_readers(tmp_path: Path, web: Web) -> None:
    (tmp_path / "day").mkdir()
    put(tmp_path / "day", "2024-11-24.rss", b"one")
    web.settle()
    assert "max-age=60," in web.get("/day/2024-11-24.rss").headers["Cache-Control"]
    web.now += timedelta(days=2)
    web.later()
    assert "max-age=3600," in web.get("/day/2024-11-24.rss").headers["Cache-Control"]


@pytest.mark.parametrize(("after", "age"), [(4, 60), (12, 60), (14, 3600)])
def test_a_day_that_waits_long_for_late_entries_is_open_as_long(tmp_path: Path, after: int, age: int) -> None:
    (tmp_path / "day").mkdir()
    put(tmp_path / "day", "2024-11-20.rss", b"one")
    web = Web(tmp_path, closes=timedelta(days=10))
    web.now = datetime(2024, 11, 20, tzinfo=UTC) + timedelta(days=after)
    assert f"max-age={age}," in web.get("/day/2024-11-20.rss").headers["Cache-Control"]


def test_what_was_asked_for_longest_ago_makes_room(tmp_path: Path) -> None:
    web = Web(tmp_path, room=110_000)
    for name in "abc":
        put(tmp_path, f"{name}.rss", name.encode() * 40_000)
    web.settle()
    a, b = web.body("/a.rss"), web.body("/b.rss")
    assert web.body("/a.rss") is a
    web.body("/c.rss")
    assert web.body("/a.rss") is a
    assert web.body("/b.rss") is not b
    assert web.body("/b.rss") == b


def test_only_the_forms_that_are_asked_for_take_room(tmp_path: Path) -> None:
    web = Web(tmp_path, room=20_000)
    for name in "abc":
        put(tmp_path, f"{name}.rss", name.encode() * 30_000, packed=True)
    web.settle()
    packed = {name: web.body(f"/{name}.rss", "gzip") for name in "abc"}
    assert all(web.body(f"/{name}.rss", "gzip") is packed[name] for name in "abc")


def test_a_document_larger_than_the_room_is_served_all_the_same(tmp_path: Path) -> None:
    put(tmp_path, "a.rss", b"x" * 20_000)
    web = Web(tmp_path, room=10_000)
    web.settle()
    assert web.body("/a.rss") == web.body("/a.rss") == b"x" * 20_000


def test_a_thousand_small_documents_stay_within_the_room(tmp_path: Path) -> None:
    web = Web(tmp_path, room=100_000)
    for number in range(200):
        put(tmp_path, f"{number}.rss", b"x")
    web.settle()
    for number in range(200):
        assert web.body(f"/{number}.rss") == b"x"
    assert len(web.layer._kept) < 30
    assert web.layer._size == sum(kept.size for kept in web.layer._kept.values()) <= 100_000


def test_a_folder_behind_a_link_is_served_and_may_be_switched(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "a.rss", name.encode())
    link = tmp_path / "feeds"
    link.symlink_to("one")
    web = Web(link)
    web.settle()
    assert (web.body("/a.rss"), web.body("/a.rss")) == (b"one", b"one")
    link.unlink()
    link.symlink_to("two")
    assert web.body("/a.rss") == b"two"


def test_a_document_that_becomes_a_link_to_elsewhere_is_no_longer_served(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    put(tmp_path / "feeds", "a.rss", b"one")
    put(tmp_path, "outside.rss", b"secret")
    web = Web(tmp_path / "feeds")
    web.settle()
    assert web.body("/a.rss") == b"one"
    (tmp_path / "feeds" / "a.rss").unlink()
    (tmp_path / "feeds" / "a.rss").symlink_to(tmp_path / "outside.rss")
    assert web.get("/a.rss").status_code == 404


def test_a_document_that_is_removed_and_comes_again_is_served_again(tmp_path: Path, web: Web) -> None:
    put(tmp_path, "a.rss", b"one")
    web.settle()
    assert web.body("/a.rss") == b"one"
    (tmp_path / "a.rss").unlink()
    assert web.get("/a.rss").status_code == 404
    put(tmp_path, "a.rss", b"two")
    assert web.body("/a.rss") == b"two"


def test_a_file_that_is_written_to_meanwhile_is_never_a_mixture(tmp_path: Path) -> None:
    whole = b"a" * 300_000 + b"b" * 300_000
    place = tmp_path / "a.rss"
    ended = threading.Event()

    def writing() -> None:
        for _ in range(100):
            with place.open("wb") as file:
                file.write(whole[:300_000])
                file.flush()
                file.write(whole[300_000:])
        ended.set()

    thread = threading.Thread(target=writing)
    thread.start()
    while not ended.is_set():
        found = folder.read(str(tmp_path), "/a.rss")
        assert found is None or whole.startswith(found.forms["identity"])
    thread.join()
    found = folder.read(str(tmp_path), "/a.rss")
    assert found is not None
    assert found.forms["identity"] == whole


# ── Where the hub stands ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("site_url", ["https://host.example/hub", "https://host.example/a/%D6%85"])
def test_a_document_stands_at_its_path_with_that_of_the_site_and_without(
    tmp_path: Path, site_url: str
) -> None:
    put(tmp_path, "day.rss", b"rss")
    put(tmp_path, "index.html", b"front")
    web = Web(tmp_path, site_url=site_url)
    base = site_url.removeprefix("https://host.example")
    for path, body in (("/day.rss", b"rss"), ("/", b"front")):
        assert web.body(path) == web.body(base + path) == body
        assert web.get(base + base + path).status_code == 404
    assert web.get("/hubday.rss").status_code == 404
    assert web.get(base + "/day.rss").headers["Link"].startswith(f'<{site_url}/day.rss>; rel="self"')


def test_what_is_no_document_goes_on_with_the_path_of_the_site_set_apart(tmp_path: Path) -> None:
    web = Web(tmp_path, site_url="https://host.example/hub")
    for path, script, rest in (
        ("/hub/health", "/hub", "/health"),
        ("/health", "", "/health"),
        ("/hub", "/hub", ""),
        ("/hubs", "", "/hubs"),
    ):
        told = web.get(path).headers
        assert (told["X-Script"], told["X-Path"]) == (script, rest)


def test_a_feed_of_the_same_name_as_the_path_of_the_site_keeps_its_editions(tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    put(tmp_path / "day", "2024-11-24.rss", b"rss")
    web = Web(tmp_path, site_url="https://host.example/day")
    assert web.body("/day/2024-11-24.rss") == web.body("/day/day/2024-11-24.rss") == b"rss"


@given(
    st.text(max_size=60)
    | st.text(st.sampled_from("/.%\\:~-ab\x00"), max_size=30).map(lambda text: f"/{text}")
)
def test_no_path_is_an_error_or_leads_out(path: str) -> None:
    nowhere = Path(__file__).parent / "golden" / "nowhere"
    assert folder.read(str(nowhere), path) is None
    assert folder.has_page(str(nowhere), path) is False
    environ = create_environ("/") | {"PATH_INFO": path}
    assert run_wsgi_app(Web(nowhere).layer, environ)[1].startswith("404")


def test_a_long_path_costs_no_more_than_a_short_one(tmp_path: Path) -> None:
    put(tmp_path, "day.rss", b"rss")
    began = time.process_time()
    assert folder.read(str(tmp_path), "/a" * 125_000 + ".rss") is None
    assert not folder.has_page(str(tmp_path), "/a" * 125_000 + "/")
    assert time.process_time() - began < 0.5  # following links through it took four seconds


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="which files are open cannot be seen here")
def test_a_folder_with_the_name_of_a_document_is_none_and_holds_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    (tmp_path / "y" / "index.html").mkdir(parents=True)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        assert folder.read(str(tmp_path), "/x.json") is None
        assert not folder.has_page(str(tmp_path), "/y/")
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 20


# ── What a request asks for ──────────────────────────────────────────────────────────────────────

TAG = "0123456789abcdef"
MODIFIED = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)


@given(st.text(max_size=80) | st.text(st.sampled_from('W/"*, ab\\'), max_size=30))
def test_no_header_of_a_request_is_an_error(text: str) -> None:
    assert is_among(TAG, text, weakly=True) in (True, False)
    assert is_unchanged_since(text, MODIFIED) in (True, False, None)
    assert "identity" in preferred(text)


@given(
    st.lists(st.sampled_from(['"other"', 'W/"third"', '"a,b"', '""']), max_size=4), st.booleans(), st.data()
)
def test_a_tag_is_known_wherever_it_stands_in_the_list(
    others: list[str], is_weak: bool, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(others)))
    own = f'W/"{TAG}"' if is_weak else f'"{TAG}"'
    tags = ", ".join([*others[:place], own, *others[place:]])
    assert is_among(TAG, tags, weakly=True)
    assert is_among(TAG, tags, weakly=False) is not is_weak
    assert not is_among(TAG, ", ".join(others), weakly=True)


@given(st.integers(-(10**9), 10**9) | st.integers(-2, 2))
def test_a_date_is_known_from_the_time_of_the_document_on(seconds: int) -> None:
    since = MODIFIED + timedelta(seconds=seconds)
    assert is_unchanged_since(http_date(since), MODIFIED) == (since >= MODIFIED)


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "1", "-1", "0"]
)
def test_an_odd_date_is_no_error(date: str) -> None:
    assert is_unchanged_since(date, MODIFIED) in (True, False, None)


WEIGHTS = st.dictionaries(
    st.sampled_from([*CODINGS, "*", "zstd"]), st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
)


@given(WEIGHTS)
def test_codings_are_ordered_by_their_weights_and_none_is_sent_that_is_refused(
    weights: dict[str, float],
) -> None:
    order = preferred(", ".join(f"{name};q={weight:.3f}" for name, weight in weights.items()))
    given_ = [weights.get(name, weights.get("*", 0.0)) for name in order]
    assert given_[:-1] == sorted(given_[:-1], reverse=True)
    assert all(given_[:-1])
    assert len(order) == len(set(order))
    wanted = {name for name in CODINGS if weights.get(name, weights.get("*", 0.0))}
    assert set(order) == wanted | {"identity"}


def test_a_header_that_is_too_long_to_remember_is_read_all_the_same() -> None:
    assert preferred("zstd, " * 1000 + "gzip") == ("gzip", "identity")
