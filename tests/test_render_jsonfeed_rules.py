import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from editions import editions
from feedhub.model import Edition, Site
from feedhub.render import FORMATS
from hubs import Hub
from jsonfeed_rules import VERSION, broken_rules


def document(**more: Any) -> bytes:
    item = {"id": "1", "content_html": "", **more.pop("item", {})}
    return json.dumps({"version": VERSION, "title": "x", "items": [item], **more}).encode()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"{", "no JSON"),
        (b"[]", "no object"),
        (b'{"title": "a", "title": "b"}', "twice"),
        (document(version="https://jsonfeed.org/version/1"), "version"),
        (document(home_page_url="/"), "home_page_url"),
        (document(unknown="x"), "unknown"),
        (document(_feedhub="x"), "extension"),
        (document(feed_url="https://a.example/", next_url="https://a.example/"), "itself"),
        (document(item={"id": 1}), "id"),
        (document(item={"date_published": "2024-11-24T10:00:00"}), "date_published"),
        (document(item={"date_published": "2024-11-24"}), "date_published"),
        (document(item={"tags": "x"}), "tags"),
        (document(item={"authors": [{}]}), "author"),
        (document(item={"attachments": [{"url": "https://a.example/"}]}), "mime_type"),
        (document(item={"attachments": [{"url": "https://a.example/", "mime_type": "audio"}]}), "mime_type"),
        (document(items=[{"id": "1"}]), "content_html"),
        (document(items=[{"id": "1", "content_text": ""}] * 2), "twice"),
    ],
)
def test_what_breaks_a_rule_of_json_feed_is_found(broken: bytes, said: str) -> None:
    assert any(said in one for one in broken_rules(broken))


def test_what_keeps_the_rules_is_let_be() -> None:
    assert broken_rules(document()) == []


@given(editions())
@settings(max_examples=150, deadline=None)
def test_every_edition_is_a_json_feed(drawn: tuple[Edition, Site]) -> None:
    assert broken_rules(FORMATS["json"](*drawn)) == []


@pytest.mark.parametrize("show", ["title", "summary", "full"])
def test_every_document_of_the_samples_is_a_json_feed(show: str, tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples(**{"defaults.terms": {"show": show}})
    assert hub.invoke("poll").exit_code == 0
    found = [file.relative_to(hub.feeds) for file in sorted(hub.feeds.rglob("*.json"))]
    documents = [hub.feeds / file for file in found if not str(file).startswith(".")]
    assert len(documents) > 5
    for file in documents:
        assert broken_rules(file.read_bytes()) == [], file.name
