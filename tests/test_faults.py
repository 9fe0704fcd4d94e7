"""What breaks under a running hub: its documents stay served, /health tells it, and it heals by itself."""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubs import Hub, Item, Running, rss
from loopback import Loopback

NOW = datetime.now(UTC).replace(microsecond=0)
NO_LIMIT = resource.RLIM_INFINITY


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


@pytest.fixture
def hub(tmp_path: Path, web: Loopback) -> Hub:
    says(web, "First")
    return Hub(tmp_path, web).configure({"name": "paper", "url": web.url("/feed"), "every": "1s"})


def says(web: Loopback, *titles: str) -> None:
    links = {title: f"https://paper.example/{title.lower()}" for title in titles}
    web.serves(
        "/feed", rss(*(Item(id=link, title=title, link=link, at=NOW) for title, link in links.items()))
    )


def is_published(running: Running, title: str) -> bool:
    return title.encode() in running.get("/day.atom").body


def health(running: Running) -> dict[str, object]:
    told: dict[str, object] = json.loads(running.get("/health").body)
    return told


def is_well(running: Running) -> bool:
    return health(running)["status"] == "ok"


def limit_files(running: Running, size: int) -> None:
    """Let the process write no file beyond a size: what a full disk does, and as suddenly."""
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))


def test_a_full_disk_leaves_what_is_served_and_heals_by_itself(hub: Hub, web: Loopback) -> None:
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
        before = running.get("/day.atom").body
        limit_files(running, 1)
        says(web, "First", "Second")
        running.until(lambda: health(running)["store"] == "failing")
        assert health(running)["status"] == "degraded"
        assert running.get("/day.atom").body == before
        assert running.get("/").status == 200
        limit_files(running, NO_LIMIT)
        running.until(lambda: is_published(running, "Second") and is_well(running))


def test_a_folder_that_cannot_be_written_leaves_what_is_served_and_heals_by_itself(
    hub: Hub, web: Loopback
) -> None:
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
        lock = hub.feeds / ".lock"
        lock.unlink()
        lock.mkdir()  # whoever runs this, and be it root, cannot write here now
        says(web, "First", "Second")
        running.until(lambda: health(running)["publishing"] == "failing")
        assert health(running)["status"] == "degraded"
        assert is_published(running, "First")
        lock.rmdir()
        running.until(lambda: is_published(running, "Second") and is_well(running))


def test_publishing_that_fails_as_nobody_foresaw_is_told_until_it_succeeds(hub: Hub, web: Loopback) -> None:
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
        manifest = hub.feeds / ".manifest.json"
        spoilt = manifest.read_bytes().replace(b'"/day.atom"', b'"/no\\u0000file": "", "/day.atom"', 1)

        def fails() -> bool:
            manifest.write_bytes(spoilt)  # each time: a publishing that is under way writes it anew
            return health(running)["publishing"] == "failing"

        says(web, "First", "Second")
        running.until(fails)
        assert health(running)["status"] == "degraded"
        manifest.unlink()
        running.until(lambda: is_published(running, "Second") and is_well(running))


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def through_a_read_only_mount(folder: Path) -> list[str]:
    """Give the program that shows a folder read-only to whatever it becomes, and to that alone."""
    through = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(folder)]
    if not shutil.which("unshare") or subprocess.run([*through, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a folder read-only")
    return through


@pytest.mark.parametrize("command", ["run", "serve"])
def test_what_was_published_is_served_from_a_read_only_disk(command: str, hub: Hub, web: Loopback) -> None:
    assert hub.invoke("poll").exit_code == 0
    before = hub.document("day.atom")
    says(web, "First", "Second")
    with hub.process(command, through=through_a_read_only_mount(hub.folder)) as running:
        running.until(lambda: running.get("/day.atom").body == before)
        assert health(running)["status"] == "degraded"


def test_a_hub_on_a_read_only_disk_heals_when_it_can_be_written(hub: Hub, web: Loopback) -> None:
    assert hub.invoke("poll").exit_code == 0
    says(web, "First", "Second")
    with hub.process(through=through_a_read_only_mount(hub.folder)) as running:
        running.until(lambda: health(running)["publishing"] == "failing")
        enter = ["nsenter", "--mount", f"--target={running.process.pid}"]
        subprocess.run([*enter, "mount", "-o", "remount,bind,rw", str(hub.folder)], check=True)
        running.until(lambda: is_published(running, "Second") and is_well(running))


def files(hub: Hub) -> set[str]:
    """Give the files of feeds/ once a publishing that has entries is over; before, none."""
    manifest = hub.feeds / ".manifest.json"
    if b'"/day.atom"' not in manifest.read_bytes() or list(hub.feeds.rglob("*.new")):
        return set()
    return {str(path.relative_to(hub.feeds)) for path in hub.feeds.rglob("*.*")}


def test_a_folder_that_vanished_is_made_again(hub: Hub, web: Loopback) -> None:
    assert hub.invoke("poll").exit_code == 0
    paths = files(hub)
    assert "day.atom" in paths
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
        hub.feeds.rename(hub.folder / "elsewhere")  # at once, whatever is being written there
        says(web, "First", "Second")
        running.until(lambda: is_published(running, "Second") and is_well(running))
        running.until(lambda: files(hub) == paths)


def test_a_hub_that_starts_on_a_damaged_database_serves_leaves_it_alone_and_heals(
    hub: Hub, web: Loopback
) -> None:
    database = hub.folder / "feedhub.db"
    assert hub.invoke("poll").exit_code == 0
    before = (hub.feeds / "day.atom").read_bytes()
    whole = database.read_bytes()
    database.write_bytes(b"no database " * 1000)
    says(web, "First", "Second")
    with hub.process() as running:
        running.until(lambda: running.get("/day.atom").body == before)
        running.until(lambda: health(running)["store"] == "failing")
        assert health(running)["status"] == "degraded"
        assert database.read_bytes() == b"no database " * 1000
        database.write_bytes(whole)
        running.until(lambda: is_published(running, "Second") and is_well(running))


def test_a_hub_that_never_published_does_not_start_on_a_damaged_database(hub: Hub) -> None:
    (hub.folder / "feedhub.db").write_bytes(b"no database " * 1000)
    told = hub.invoke("run")
    assert told.exit_code == 1
    assert "feedhub.db cannot be opened: file is not a database" in told.stderr


def test_documents_are_served_beside_a_damaged_database(hub: Hub) -> None:
    assert hub.invoke("poll").exit_code == 0
    (hub.folder / "feedhub.db").write_bytes(b"no database " * 1000)
    with hub.process("serve") as running:
        running.until(lambda: is_published(running, "First"))
        assert health(running)["status"] == "degraded"


@pytest.mark.parametrize("kept", [0, 100, 5000], ids=["emptied", "cut in its head", "cut"])
def test_a_damaged_database_leaves_what_is_served_and_heals_when_it_is_put_back(
    kept: int, hub: Hub, web: Loopback
) -> None:
    database = hub.folder / "feedhub.db"
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
    whole = database.read_bytes()
    with hub.process() as running:
        running.until(lambda: is_published(running, "First") and is_well(running))
        before = running.get("/day.atom").body
        hub.ask_database("PRAGMA wal_checkpoint(TRUNCATE)")
        with database.open("r+b") as file:
            file.write(os.urandom(kept))
            file.truncate(kept)
        says(web, "First", "Second")
        running.until(lambda: health(running)["store"] == "failing")
        assert health(running)["status"] == "degraded"
        assert running.get("/day.atom").body == before
        with database.open("r+b") as file:
            file.write(whole)
            file.truncate(len(whole))
        running.until(lambda: is_published(running, "Second"))
