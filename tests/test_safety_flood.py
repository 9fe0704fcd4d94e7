"""Sources that give too much at once, or are suddenly another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubs import Hub, Item, rss
from loopback import Loopback

NOW = datetime.now(UTC).replace(microsecond=0)
ALL = 23  # items of the flood


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


def items(count: int, *, site: str = "paper.example", first: int = 0) -> list[Item]:
    return [
        Item(
            id=f"https://{site}/{number}",
            title=f"Item {number}",
            link=f"https://{site}/{number}",
            at=NOW - timedelta(minutes=number + 1),
        )
        for number in range(first, first + count)
    ]


def hub_of(folder: Path, web: Loopback, **fetch: object) -> Hub:
    table = {"private": [web.address], "pause": "0s", **fetch}
    return Hub(folder, web).configure({"name": "paper", "url": web.url("/feed")}, fetch=table)


def polled(hub: Hub) -> dict[str, object]:
    assert hub.invoke("poll", "paper").exit_code == 0
    told: dict[str, object] = hub.sources()["paper"]
    return told


def reasons(told: dict[str, object]) -> list[str]:
    refused = told["refused"]
    assert isinstance(refused, list)
    return [one["reason"] for one in refused]


# ── Floods ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("etag", ["", '"1"'])
def test_what_is_more_than_max_new_waits_for_the_next_poll_and_nothing_is_lost(
    etag: str, tmp_path: Path, web: Loopback
) -> None:
    hub = hub_of(tmp_path, web, max_new=10)
    web.serves("/feed", rss(*items(ALL)), etag=etag)
    first = polled(hub)
    assert (first["state"], first["entries"]) == ("ok", 10)
    assert reasons(first) == ["13 new entries wait for a later poll: no more than 10 at one poll are taken"]
    assert polled(hub)["entries"] == 20
    last = polled(hub)
    assert (last["entries"], reasons(last)) == (ALL, [])
    told = [headers.get("if-none-match", "") for _, _, headers in web.requests]
    assert told == ["", "", ""]
    polled(hub)
    assert web.requests[-1][2].get("if-none-match", "") == etag


def test_the_newest_of_a_flood_come_first(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web, max_new=3)
    web.serves("/feed", rss(*reversed(items(ALL))))
    polled(hub)
    assert {row[0] for row in hub.ask_database("SELECT title FROM entries")} == {"Item 0", "Item 1", "Item 2"}


def test_no_more_than_max_day_come_in_on_one_day_and_the_rest_on_the_next(
    tmp_path: Path, web: Loopback
) -> None:
    hub = hub_of(tmp_path, web, max_new=10, max_day=15)
    web.serves("/feed", rss(*items(ALL)))
    assert polled(hub)["entries"] == 10
    told = polled(hub)
    assert told["entries"] == 15
    assert reasons(told) == ["8 new entries wait for a later poll: no more than 15 on one day are taken"]
    assert polled(hub)["entries"] == 15
    yesterday = int(timedelta(hours=25) / timedelta(microseconds=1))
    hub.ask_database(f"UPDATE entries SET seen = seen - {yesterday}")
    assert polled(hub)["entries"] == ALL


def test_changes_of_known_entries_are_taken_in_the_midst_of_a_flood(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web, max_new=2, max_day=2)
    known = items(2)
    web.serves("/feed", rss(*known))
    polled(hub)
    changed = Item(id=known[0].id, title="Corrected", link=known[0].link, at=known[0].at)
    web.serves("/feed", rss(changed, known[1], *items(9, first=2)))
    assert polled(hub)["entries"] == 2
    assert ("Corrected",) in hub.ask_database("SELECT title FROM entries")


# ── Hijacks ──────────────────────────────────────────────────────────────────────────────────────


def hijacked(hub: Hub, web: Loopback) -> dict[str, object]:
    web.serves("/feed", rss(*items(6)), etag='"good"')
    polled(hub)
    other = rss(*items(9, site="casino.example"), title="Casino", link="https://casino.example/")
    web.serves("/feed", other, etag='"bad"')
    return polled(hub)


def test_a_source_that_is_suddenly_another_is_held_and_nothing_of_it_is_published(
    tmp_path: Path, web: Loopback
) -> None:
    hub = hub_of(tmp_path, web)
    for told in (hijacked(hub, web), polled(hub)):
        assert (told["state"], told["entries"], told["failures"]) == ("held", 6, 0)
        assert told["problem"] == (
            "its title, its site and nearly all ids changed at once (it was The Paper):"
            " 9 new entries are kept back until `feedhub resume paper`"
        )
    assert b"casino" not in hub.document("/day.atom")
    assert "held" in hub.invoke("sources").stdout


def test_a_held_source_is_taken_once_the_operator_resumes_it(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web)
    hijacked(hub, web)
    done = hub.invoke("resume", "paper")
    assert done.exit_code == 0
    assert done.stdout == "paper is held no longer: what it gives is taken at its next poll\n"
    told = polled(hub)
    assert (told["state"], told["entries"], told["problem"]) == ("ok", 15, "")
    assert b"casino" in hub.document("/day.atom")
    assert polled(hub)["state"] == "ok"


def test_the_leave_to_be_another_is_for_one_reading(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web)
    hijacked(hub, web)
    hub.invoke("resume", "paper")
    polled(hub)
    web.serves("/feed", rss(*items(99, site="bank.example"), title="Bank", link="https://bank.example/"))
    assert polled(hub)["state"] == "held"


def test_a_held_source_that_is_itself_again_is_held_no_longer(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web)
    hijacked(hub, web)
    web.serves("/feed", rss(*items(7)))
    told = polled(hub)
    assert (told["state"], told["entries"], told["problem"]) == ("ok", 7, "")


@pytest.mark.parametrize(
    "document",
    [
        rss(*items(9, site="casino.example"), title="Casino"),
        rss(*items(9, site="casino.example"), link="https://casino.example/"),
        rss(*items(9), title="The New Paper", link="https://new.example/"),
    ],
    ids=["the site stays", "the title stays", "the ids stay"],
)
def test_a_source_that_changes_in_part_is_not_held(document: bytes, tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web)
    web.serves("/feed", rss(*items(6)))
    polled(hub)
    web.serves("/feed", document)
    assert polled(hub)["state"] == "ok"


def test_a_source_whose_newest_entry_was_taken_down_is_known_by_the_one_before(
    tmp_path: Path, web: Loopback
) -> None:
    hub = hub_of(tmp_path, web)
    web.serves("/feed", rss(*items(1)))
    polled(hub)
    assert hub.invoke("takedown", "https://paper.example/0", "--reason", "asked").exit_code == 0
    web.serves("/feed", rss(*items(9, first=1)))
    assert (polled(hub)["state"], polled(hub)["entries"]) == ("ok", 10)
    assert hub.invoke("takedown", "https://paper.example/1", "--reason", "asked").exit_code == 0
    web.serves("/feed", rss(*items(9, site="casino.example"), title="Casino", link="https://casino.example/"))
    assert polled(hub)["state"] == "held"


def test_a_source_that_the_operator_sends_elsewhere_is_not_held(tmp_path: Path, web: Loopback) -> None:
    hub = hub_of(tmp_path, web)
    web.serves("/feed", rss(*items(6)))
    polled(hub)
    web.serves("/other", rss(*items(9, site="new.example"), title="New", link="https://new.example/"))
    hub.configure({"name": "paper", "url": web.url("/other")})
    told = polled(hub)
    assert (told["state"], told["entries"]) == ("ok", 15)


# ── Lengths ──────────────────────────────────────────────────────────────────────────────────────


def test_titles_names_and_lists_are_bounded_and_a_link_that_is_too_long_is_refused(
    tmp_path: Path, web: Loopback
) -> None:
    long = "long " * 200_000
    labels = "".join(f"<category>{number}</category>" for number in range(5000))
    files = "".join(f'<enclosure url="https://bad.example/{n}.mp3" type="audio/mpeg"/>' for n in range(5000))
    whole = f"<item><guid>1</guid><link>https://bad.example/1</link><title>{long}</title>{labels}{files}"
    whole += f"<author>{long}</author><category>{long}</category></item>"
    linked = f"<item><guid>2</guid><title>Two</title><link>https://bad.example/{'x' * 50_000}</link></item>"
    web.serves("/feed", f"<rss><channel><title>{long}</title>{whole}{linked}</channel></rss>")
    hub = hub_of(tmp_path, web)
    told = polled(hub)
    assert (told["state"], told["entries"]) == ("ok", 1)
    assert reasons(told) == ["its link is longer than 2000 characters"]
    assert len(hub.ask_database("SELECT entry FROM entries")[0][0]) < 50_000
    assert len(hub.document("/day.atom")) < 100_000
