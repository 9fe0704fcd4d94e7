"""The folder of finished documents: whole files, only when bytes change, and nothing of others touched."""

import gzip
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item
from feedhub.publish.folder import Manifest, locked, manifest, remove, stamp, sweep, write, write_manifest

OLD, NEW = b"old" * 20_000, b"new" * 30_000


def modified(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


# ── One document ──


def test_a_document_is_written_with_its_compressed_form_and_its_time(tmp_path: Path) -> None:
    assert write(tmp_path, "/day/2024-11-24.atom", OLD, START, now=START)
    file, packed = tmp_path / "day/2024-11-24.atom", tmp_path / "day/2024-11-24.atom.gz"
    assert file.read_bytes() == gzip.decompress(packed.read_bytes()) == OLD
    assert modified(file) == modified(packed) == START


def test_a_page_stands_as_the_index_of_its_address(tmp_path: Path) -> None:
    write(tmp_path, "/day/", OLD, START, now=START)
    write(tmp_path, "/", OLD, START, now=START)
    assert (tmp_path / "day/index.html").is_file()
    assert (tmp_path / "index.html").is_file()


def test_the_compressed_form_holds_neither_time_nor_name(tmp_path: Path) -> None:
    write(tmp_path / "a", "/day.atom", OLD, START, now=START)
    write(tmp_path / "b", "/other.atom", OLD, START + DAY, now=START)
    assert (tmp_path / "a/day.atom.gz").read_bytes() == (tmp_path / "b/other.atom.gz").read_bytes()


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    write(tmp_path, "/day.atom", OLD, START, now=START)
    before = [(file.stat().st_ino, file.stat().st_mtime_ns) for file in sorted(tmp_path.iterdir())]
    assert not write(tmp_path, "/day.atom", OLD, START + HOUR, now=START)
    assert [(file.stat().st_ino, file.stat().st_mtime_ns) for file in sorted(tmp_path.iterdir())] == before


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_time_moves_on_whenever_bytes_change(tmp_path: Path, hours: int) -> None:
    file = tmp_path / "day.atom"
    write(tmp_path, "/day.atom", OLD, START, now=START)
    assert write(tmp_path, "/day.atom", NEW, START + hours * HOUR, now=START + 2 * HOUR)
    # Where the document's own time has not moved on, nobody else knows since when it is so.
    assert modified(file) == START + (hours if hours > 0 else 2) * HOUR
    assert file.read_bytes() == NEW


def test_two_versions_never_share_a_second(tmp_path: Path) -> None:
    file = tmp_path / "day.atom"
    write(tmp_path, "/day.atom", OLD, START, now=START)
    for seconds, body in enumerate((NEW, OLD, NEW), start=1):
        assert write(tmp_path, "/day.atom", body, START, now=START)
        assert modified(file) == START + timedelta(seconds=seconds)


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"not gzip")])
def test_a_compressed_form_that_is_lost_or_wrong_is_made_again_and_the_document_left(
    tmp_path: Path, damage: object
) -> None:
    write(tmp_path, "/day.atom", OLD, START, now=START)
    file, packed = tmp_path / "day.atom", tmp_path / "day.atom.gz"
    inode = file.stat().st_ino
    damage(packed)  # type: ignore[operator]
    assert not write(tmp_path, "/day.atom", OLD, START, now=START)
    assert gzip.decompress(packed.read_bytes()) == OLD
    assert file.stat().st_ino == inode


def test_what_is_compressed_already_has_no_compressed_form(tmp_path: Path) -> None:
    write(tmp_path, "/static/icon.png", OLD, START, now=START)
    assert [file.name for file in (tmp_path / "static").iterdir()] == ["icon.png"]


def test_a_reader_sees_whole_documents_and_never_a_compressed_form_that_is_older(tmp_path: Path) -> None:
    versions = [bytes([65 + number % 26]) * (20_000 + number) for number in range(200)]
    write(tmp_path, "/day.atom", versions[0], START, now=START)
    seen: list[str] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            body = (tmp_path / "day.atom").read_bytes()
            packed = gzip.decompress((tmp_path / "day.atom.gz").read_bytes())
            if body not in versions or packed not in versions:
                seen.append("a torn document")
            elif versions.index(packed) < versions.index(body):
                seen.append("an older compressed form")

    reader = threading.Thread(target=look)
    reader.start()
    for version in versions:
        write(tmp_path, "/day.atom", version, START, now=START)
    is_over.set()
    reader.join()
    assert not seen
    assert len(list(tmp_path.iterdir())) == 3


def test_a_document_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "day.atom").mkdir()
    with pytest.raises(OSError, match=r"day\.atom"):
        write(tmp_path, "/day.atom", OLD, START, now=START)
    assert not [file for file in tmp_path.iterdir() if file.name.endswith(".new")]


def test_removing_a_document_removes_its_compressed_form_and_the_folders_that_it_leaves_empty(
    tmp_path: Path,
) -> None:
    write(tmp_path, "/day/2024-11-24/", OLD, START, now=START)
    write(tmp_path, "/day/2024-11-24.atom", OLD, START, now=START)
    remove(tmp_path, "/day/2024-11-24/")
    assert sorted(file.name for file in (tmp_path / "day").iterdir()) == [
        "2024-11-24.atom",
        "2024-11-24.atom.br",
        "2024-11-24.atom.gz",
    ]
    remove(tmp_path, "/day/2024-11-24.atom")
    remove(tmp_path, "/day/2024-11-24.atom")
    assert not list(tmp_path.iterdir())


def test_a_stamp_is_another_when_a_document_or_its_compressed_form_is_another(tmp_path: Path) -> None:
    stamps = {stamp(tmp_path, "/day.atom")}
    write(tmp_path, "/day.atom", OLD, START, now=START)
    stamps.add(stamp(tmp_path, "/day.atom"))
    write(tmp_path, "/day.atom", NEW, START, now=START)
    stamps.add(stamp(tmp_path, "/day.atom"))
    (tmp_path / "day.atom.gz").write_bytes(b"")
    stamps.add(stamp(tmp_path, "/day.atom"))
    assert len(stamps) == 4


# ── The manifest and the lock ──


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    told = Manifest(
        {"/day.atom": "mark", "/day/": ""},
        ("/day.rss: Ё\ud800".encode("utf-8", "replace").decode(),),
        "by these",
    )
    write_manifest(tmp_path, told)
    assert manifest(tmp_path) == told


def test_a_manifest_of_before_settings_were_told_still_says_what_is_ours(tmp_path: Path) -> None:
    (tmp_path / ".manifest.json").write_text('{"documents": {"/day.atom": "mark"}, "problems": []}')
    assert manifest(tmp_path) == Manifest({"/day.atom": "mark"})


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b"\xff", b'{"documents": 1, "problems": []}'])
def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / ".manifest.json").write_bytes(text)
    assert manifest(tmp_path) == Manifest()


def test_the_lock_keeps_others_out_until_it_is_given_back(tmp_path: Path) -> None:
    is_in = threading.Event()

    def enter() -> None:
        with locked(tmp_path):
            is_in.set()

    with locked(tmp_path):
        other = threading.Thread(target=enter)
        other.start()
        assert not is_in.wait(0.2)
    assert is_in.wait(30)
    other.join()


# ── The whole folder ──


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning")
    desk.arrives(item("a"), item("old", published=START - 2 * DAY), at=START)
    desk.publishes(START)
    return desk


def test_what_we_did_not_write_stays(desk: Desk) -> None:
    foreign = [desk.folder / name for name in ("robots.txt", "day/notes.txt", "day/2020-01-01.atom")]
    for file in foreign:
        file.write_text("ours")
    desk.sets(name="news")
    done = desk.publishes(START)
    assert "/day.atom" in done.removed
    assert not (desk.folder / "day.atom").exists()
    assert [file.read_text() for file in foreign] == ["ours"] * 3


def test_without_a_manifest_nothing_is_removed_and_nothing_written_twice(desk: Desk) -> None:
    (desk.folder / ".manifest.json").unlink()
    desk.sets(name="news")
    desk.publishes(START)
    assert (desk.folder / "day.atom").exists()
    (desk.folder / ".manifest.json").unlink()
    assert not desk.publishes(START).written


def test_a_folder_that_vanishes_comes_back_as_it_was(desk: Desk) -> None:
    before = {name: body for name, (body, _, _) in desk.snapshot().items()}
    for root, folders, files in os.walk(desk.folder, topdown=False):
        for name in files:
            (Path(root) / name).unlink()
        for name in folders:
            (Path(root) / name).rmdir()
    desk.folder.rmdir()
    desk.publishes(START + HOUR)
    after = {name: body for name, (body, _, _) in desk.snapshot().items()}
    documents = {name for name in before if not name.startswith(("static", "subscriptions", "."))}
    assert {name: after[name] for name in documents} == {name: before[name] for name in documents}


@pytest.mark.parametrize("path", ["/day.atom", "/day/2024-11-22.rss", "/day/2024-11-22/", "/"])
def test_a_document_that_somebody_removed_or_changed_is_made_again(desk: Desk, path: str) -> None:
    body = desk.body(path)
    desk.file(path).unlink()
    assert desk.publishes(START).written == [path]
    assert desk.body(path) == body
    desk.file(path).write_bytes(b"cut off")
    assert desk.publishes(START).written == [path]
    assert desk.body(path) == body


def test_a_folder_that_cannot_be_written_is_told_and_the_old_documents_stay(desk: Desk) -> None:
    before = desk.body("/day.atom")
    blocked = desk.file("/day/2024-11-24.atom")
    desk.arrives(item("b"), at=START + HOUR)
    blocked.unlink()
    blocked.mkdir()
    with pytest.raises(OSError, match="2024-11-24"):
        desk.publishes(START + HOUR)
    assert desk.body("/day/2024-11-22.atom")
    blocked.rmdir()
    desk.publishes(START + HOUR)
    assert desk.keys("/day/2024-11-24.atom") == ["a", "b"]
    assert desk.body("/day.atom") != before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_told_and_the_old_documents_stay(desk: Desk) -> None:
    before = desk.snapshot()
    desk.arrives(item("b"), at=START + HOUR)
    for folder in (desk.folder, desk.folder / "day"):
        folder.chmod(0o555)
    with pytest.raises(PermissionError):
        desk.publishes(START + HOUR)
    assert desk.snapshot() == before
    for folder in (desk.folder, desk.folder / "day"):
        folder.chmod(0o755)


def test_what_a_killed_publisher_had_begun_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "/day/2024-11-24.atom", OLD, START, now=START)
    before = {file.name for file in (tmp_path / "day").iterdir()}
    (tmp_path / "day" / ".2024-11-24.rss.4711.new").write_bytes(b"<rss")
    sweep(tmp_path)
    assert {file.name for file in (tmp_path / "day").iterdir()} == before


def test_nothing_is_swept_while_another_publisher_is_at_work(tmp_path: Path) -> None:
    begun = tmp_path / ".day.rss.4711.new"
    with locked(tmp_path):
        begun.write_bytes(b"<rss")
        sweep(tmp_path)
        assert begun.exists()


def test_what_a_problem_says_is_kept_in_every_locale(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from feedhub.publish.folder import *\n"
        "for _ in range(2): write_manifest(Path(sys.argv[1]), Manifest({}, ('\\u0531',)))"
    )
    plain = {
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env=plain)
    assert manifest(tmp_path).problems == ("Ա",)
