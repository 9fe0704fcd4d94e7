import os
from pathlib import Path

import pytest

from feedhub.errors import FetchError, Refused, Unreachable
from feedhub.fetch import Outcome, fetch
from feedhub.model import Limits, Request, Response, Unchanged


def get(url: str, *, etag: str = "", last_modified: str = "", limits: Limits | None = None) -> Outcome:
    request = Request(source="desk", url=url, etag=etag, last_modified=last_modified)
    [(_, outcome)] = fetch([request], limits or Limits())
    return outcome


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "our desk.xml"
    path.write_bytes(b"<rss/>")
    os.utime(path, ns=(1_732_443_840_000_000_000,) * 2)
    return path


def test_a_document_on_disk_is_an_answer(document: Path) -> None:
    outcome = get(document.as_uri())
    assert isinstance(outcome, Response)
    assert outcome.body == b"<rss/>"
    assert outcome.url == document.as_uri()
    assert outcome.headers["last-modified"] == "Sun, 24 Nov 2024 10:24:00 GMT"


def test_a_document_that_did_not_change_is_unchanged(document: Path) -> None:
    first = get(document.as_uri())
    assert isinstance(first, Response)
    etag, last_modified = first.headers["etag"], first.headers["last-modified"]
    assert isinstance(get(document.as_uri(), etag=etag, last_modified=last_modified), Unchanged)
    assert isinstance(get(document.as_uri(), last_modified=last_modified), Unchanged)


def test_a_document_that_changed_within_the_same_second_is_new(document: Path) -> None:
    first = get(document.as_uri())
    assert isinstance(first, Response)
    document.write_bytes(b"<rss />")
    os.utime(document, ns=(1_732_443_840_000_000_001,) * 2)
    second = get(document.as_uri(), etag=first.headers["etag"], last_modified=first.headers["last-modified"])
    assert isinstance(second, Response)
    assert second.body == b"<rss />"


def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    expected: dict[str, tuple[type[FetchError], str]] = {
        (tmp_path / "none.xml").as_uri(): (Unreachable, "there is no such file"),
        tmp_path.as_uri(): (Unreachable, "that is a folder, not a file"),
        (tmp_path / "pipe").as_uri(): (Refused, "that is not a file"),
        (tmp_path / "empty").as_uri(): (Refused, "the file is empty"),
        "file:///a%00b": (Refused, "the address names no file"),
        "file://far.example/etc/hosts": (Refused, "a file on another machine cannot be read"),
    }
    for url, (kind, words) in expected.items():
        outcome = get(url)
        assert type(outcome) is kind, url
        assert str(outcome) == words


def test_a_document_larger_than_the_limit_is_refused(document: Path) -> None:
    assert isinstance(get(document.as_uri(), limits=Limits(max_size=6)), Response)
    assert str(get(document.as_uri(), limits=Limits(max_size=5))) == "a file of more than 5 bytes"
