import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hubs import ROOT

TYPES = {".py", ".html", ".css", ".svg", ".xml", ".atom", ".json", ".toml", ".md", ".js", ".mako"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=100)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def feedhub(wheel: Path, folder: Path, *words: str) -> str:
    """Run the installed program somewhere else."""
    told = subprocess.run(
        [sys.executable, "-c", "from feedhub.cli import main; main(prog_name='feedhub')", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
    )
    return told.stdout


def test_all_that_the_package_holds_is_in_the_wheel(wheel: Path) -> None:
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "feedhub").rglob("*")
        if path.suffix in TYPES and "__pycache__" not in path.parts
    }
    assert {"feedhub/config/new.toml", "feedhub/samples/morning.xml"} <= there
    assert there <= {path.relative_to(wheel).as_posix() for path in wheel.rglob("*")}


def test_an_installed_feedhub_makes_a_hub_and_publishes_it_anywhere(wheel: Path, tmp_path: Path) -> None:
    feedhub(wheel, tmp_path, "init", "hub")
    hub = tmp_path / "hub"
    assert "3 sources" in feedhub(wheel, hub, "check")
    feedhub(wheel, hub, "poll")
    assert b"The Morning</a>" in (hub / "feeds" / "day" / "index.html").read_bytes()
    assert (hub / "feeds" / "day.atom").read_bytes().count(b"<entry") > 10
