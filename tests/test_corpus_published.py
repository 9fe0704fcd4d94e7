"""Real documents through a whole hub, where a local corpus stands beside the project: what is published of
each against an independent reading of it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import corpus
from feedhub import urls
from hubs import Hub
from judge import Judgement, judged
from loopback import Loopback

pytestmark = [
    pytest.mark.skipif(not corpus.IS_HERE, reason="there is no local corpus"),
    pytest.mark.timeout(900),  # the hub makes some five thousand documents
]

FORMATS = ("atom", "rss", "json")
# The server of the documents and the hub share a process, and perhaps a busy machine: nothing is timed here.
PATIENCE = {"at_once": 16, "connect": "60s", "first_byte": "120s", "timeout": "300s", "cpu": "120s"}


@dataclass(frozen=True)
class Published:
    """What is published of one source."""

    file: str
    body: bytes
    url: str
    items: list[dict[str, Any]]
    entries: dict[str, list[dict[str, Any]]]  # by format
    told: dict[str, Any]  # of it, by `feedhub sources`


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Published]]:
    """Poll and publish every document of the corpus once, each in a feed of its own, in full."""
    with Loopback() as web:
        hub = Hub(tmp_path_factory.mktemp("hub"), web)
        rows = {f"s{number}": row for number, row in enumerate(corpus.rows())}
        for name, row in rows.items():
            web.serves(f"/{name}", corpus.document(row), type=corpus.content_type(row))
        hub.configure(
            *({"name": name, "url": web.url(f"/{name}")} for name in rows),
            feeds={name: {"title": name, "limit": 3000, "take": {"sources": [name]}} for name in rows},
            site={"timezone": "UTC"},
            defaults={"terms": {"show": "full"}},
            fetch={"per_host": 16, **PATIENCE},
        )
        polled = hub.invoke("poll")
        assert polled.exit_code == 0, polled.output[-2000:]
        told = hub.sources()
        yield [_published(hub, name, row, web.url(f"/{name}"), told[name]) for name, row in rows.items()]


def _published(hub: Hub, name: str, row: dict[str, str], url: str, told: dict[str, Any]) -> Published:
    body = corpus.document(row)
    entries = {form: corpus.truth(hub.document(f"/{name}.{form}")) for form in FORMATS}
    return Published(row["file"], body, url, corpus.truth(body), entries, told)


@pytest.mark.parametrize("form", FORMATS)
def test_every_entry_is_published_as_it_stands_in_its_source(published: list[Published], form: str) -> None:
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for source in published:
        for item in source.items:
            elsewhere[item["id"]].add(urls.canonical(urls.absolute(item["link"], source.url)))
    found = Judgement()
    wrong: dict[str, list[str]] = defaultdict(list)
    for source in published:
        if source.items:
            refused = source.told["refused"]
            one = judged(
                source.body, source.items, source.entries[form], refused, url=source.url, elsewhere=elsewhere
            )
            for kind, told in one.wrong.items():
                wrong[kind] += [f"{source.file}: {each}" for each in told]
            found += one
    dates = wrong.pop("date", [])
    assert len(dates) * 1000 <= found.dates, dates
    assert {kind: told for kind, told in wrong.items() if told} == {}
    assert found.items > 5000
    assert found.refused + found.repeated < found.items / 100


DOCUMENT = b"""<rss version="2.0"><channel><title>The Morning</title>
<item><guid>urn:x-test:1</guid><link>https://morning.example/1</link><title>First</title>
<author>ani@morning.example (Ani)</author><category>News</category>
<pubDate>Sun, 24 Nov 2024 10:24:00 GMT</pubDate></item>
<item><guid>urn:x-test:2</guid><link>https://morning.example/2</link><title>Second</title></item>
<item><title>Without a link</title></item></channel></rss>"""
FALSE: dict[str, dict[str, Any]] = {
    "link": {"link": "https://morning.example/3"},
    "title": {"title": "Third"},
    "id": {"id": "urn:x-test:3"},
    "date": {"published": "2024-11-24T11:24:00Z"},
    "author": {"authors": ["Vahan"]},
    "category": {"categories": []},
}


def of_sample(entries: list[dict[str, Any]], refused: int = 1) -> set[str]:
    reasons = [{"reason": "it has no link to an article"}] * refused
    items = corpus.truth(DOCUMENT)
    found = judged(
        DOCUMENT, items, entries, reasons, url="https://morning.example/", elsewhere=defaultdict(set)
    )
    return {kind for kind, told in found.wrong.items() if told}


def test_the_judge_finds_nothing_where_nothing_is_wrong() -> None:
    assert of_sample(corpus.truth(DOCUMENT)[:2]) == set()


@pytest.mark.parametrize("kind", FALSE)
def test_the_judge_sees_what_is_wrong(kind: str) -> None:
    first, second, _ = corpus.truth(DOCUMENT)
    assert of_sample([second, {**first, **FALSE[kind]}]) == {kind}


def test_the_judge_sees_what_is_lost_invented_or_refused_without_need() -> None:
    first, second, third = corpus.truth(DOCUMENT)
    assert of_sample([first]) == {"lost"}
    assert of_sample([first, second], refused=0) == {"lost"}
    assert of_sample([first, second], refused=2) == {"refused"}
    assert of_sample([first, second, {**third, "title": "Made up", "link": "https://x.example/"}]) == {
        "invented"
    }
