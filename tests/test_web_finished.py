import gzip
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header

from feedhub.render import addresses
from feedhub.web.conditional import is_known, takes_gzip
from feedhub.web.finished import MEDIA_TYPES, FinishedDocuments


def put(folder: Path, name: str, body: bytes, *, packed: bool = False) -> None:
    for place, content in ((folder / f"{name}.gz", gzip.compress(body)), (folder / name, body)):
        if packed or place.name == name:
            new = place.with_name(f".{place.name}.new")
            new.write_bytes(content)
            new.replace(place)


def test_formats_are_sent_with_the_media_types_that_documents_name_them_by() -> None:
    suffixes = {"rss": ".rss", "atom": ".atom", "json": ".json", "page": ".html", "opml": ".opml"}
    assert {name: MEDIA_TYPES[suffix] for name, suffix in suffixes.items()} == addresses.MEDIA_TYPES


def test_an_unchanged_document_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.rss", b"one", packed=True)
    documents = FinishedDocuments(tmp_path)
    assert documents.find("/a.rss") is documents.find("/a.rss") is not None


def test_a_document_is_read_again_when_it_or_its_compressed_form_changes(tmp_path: Path) -> None:
    documents = FinishedDocuments(tmp_path)
    put(tmp_path, "a.rss", b"one")
    first = documents.find("/a.rss")
    put(tmp_path, "a.rss", b"one", packed=True)
    second = documents.find("/a.rss")
    assert first is not None
    assert second is not None
    assert (first.compressed, second.compressed) == (None, gzip.compress(b"one"))
    assert first.digest == second.digest


def test_what_was_asked_for_longest_ago_makes_room(tmp_path: Path) -> None:
    for name in "abc":
        put(tmp_path, f"{name}.rss", name.encode() * 40)
    documents = FinishedDocuments(tmp_path, room=100)
    a, b = documents.find("/a.rss"), documents.find("/b.rss")
    assert documents.find("/a.rss") is a
    documents.find("/c.rss")
    assert documents.find("/a.rss") is a
    assert documents.find("/b.rss") is not b
    assert documents.find("/b.rss") == b


def test_a_document_larger_than_the_room_is_served_all_the_same(tmp_path: Path) -> None:
    put(tmp_path, "a.rss", b"x" * 200)
    found = FinishedDocuments(tmp_path, room=100).find("/a.rss")
    assert found is not None
    assert found.body == b"x" * 200


def test_a_folder_behind_a_link_is_served_and_may_be_switched(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "a.rss", name.encode())
    link = tmp_path / "feeds"
    link.symlink_to("one")
    documents = FinishedDocuments(link)
    first = documents.find("/a.rss")
    link.unlink()
    link.symlink_to("two")
    second = documents.find("/a.rss")
    assert first is not None
    assert second is not None
    assert (first.body, second.body) == (b"one", b"two")


def test_a_document_that_is_replaced_meanwhile_is_never_torn_or_mixed(tmp_path: Path) -> None:
    bodies = [str(number).encode() * 20_000 for number in range(10)]
    put(tmp_path, "a.rss", bodies[0], packed=True)
    documents = FinishedDocuments(tmp_path)
    ended = threading.Event()

    def replacing() -> None:
        for number in range(150):
            put(tmp_path, "a.rss", bodies[number % 10], packed=True)
        ended.set()

    thread = threading.Thread(target=replacing)
    thread.start()
    digests: dict[str, bytes] = {}
    while not ended.is_set():
        found = documents.find("/a.rss")
        assert found is not None
        assert found.body in bodies
        assert found.compressed is None or gzip.decompress(found.compressed) == found.body
        assert digests.setdefault(found.digest, found.body) == found.body
    thread.join()
    last = documents.find("/a.rss")
    assert last is not None
    assert last.body == bodies[149 % 10]


@given(
    st.text(max_size=60)
    | st.text(st.sampled_from("/.%\\:~-ab\x00"), max_size=30).map(lambda text: f"/{text}")
)
def test_no_path_is_an_error_or_leads_out(path: str) -> None:
    documents = FinishedDocuments(Path(__file__).parent / "golden" / "nowhere")
    assert documents.find(path) is None
    assert documents.has_page(path) is False


TAG = "0123456789abcdef"
MODIFIED = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)


@given(st.text(max_size=80) | st.text(st.sampled_from('W/"*, ab\\'), max_size=30))
def test_no_header_of_a_request_is_an_error(text: str) -> None:
    assert is_known(TAG, MODIFIED, if_none_match=text, if_modified_since="") in (True, False)
    assert is_known(TAG, MODIFIED, if_none_match="", if_modified_since=text) in (True, False)
    assert takes_gzip(parse_accept_header(text, Accept)) in (True, False)


@given(
    st.lists(st.sampled_from(['"other"', 'W/"third"', '"a,b"', '""']), max_size=4), st.booleans(), st.data()
)
def test_a_tag_is_known_wherever_it_stands_in_the_list(
    others: list[str], is_weak: bool, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(others)))
    own = f'W/"{TAG}"' if is_weak else f'"{TAG}"'
    tags = ", ".join([*others[:place], own, *others[place:]])
    assert is_known(TAG, MODIFIED, if_none_match=tags, if_modified_since="")
    assert not is_known(
        TAG, MODIFIED, if_none_match=", ".join(others) or '"x"', if_modified_since=http_date(MODIFIED)
    )


@given(st.integers(-(10**9), 10**9) | st.integers(-2, 2))
def test_a_date_is_known_from_the_time_of_the_document_on(seconds: int) -> None:
    since = MODIFIED + timedelta(seconds=seconds)
    known = is_known(TAG, MODIFIED, if_none_match="", if_modified_since=http_date(since))
    assert known == (since >= MODIFIED)


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "1", "-1", "0"]
)
def test_an_odd_date_is_no_error(date: str) -> None:
    assert is_known(TAG, MODIFIED, if_none_match="", if_modified_since=date) in (True, False)
