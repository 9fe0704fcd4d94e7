"""What commands do when what they print is not taken: the disk is full, or its encoding lacks the letters."""

import errno
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedhub.cli import main
from feedhub.cli.curating import decide_on
from feedhub.cli.polling import poll_once
from feedhub.cli.taking import let_back, take
from feedhub.config import Config, load
from hubs import Hub

LINK = "https://morning.example/2024/11/24/three-roads/"
ARMENIAN = "Առաւօտ 🗞"


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def deed(work: Callable[[Config], None], hub: Hub) -> None:
    with redirect_stdout(Full()), pytest.raises(OSError, match="No space"):
        work(load(hub.path, {}))


def holds(hub: Hub) -> bool:
    return LINK.encode() in hub.document("/day.rss")


def test_what_a_command_has_done_is_published_though_what_it_says_cannot_be_written(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    deed(lambda config: poll_once(config, (), as_json=False), hub)
    assert holds(hub)
    deed(lambda config: decide_on(config, "drop", LINK, "day", text="", by="ani"), hub)
    assert not holds(hub)
    deed(lambda config: decide_on(config, None, LINK, "day", text="", by="ani"), hub)
    assert holds(hub)
    deed(lambda config: take(config, LINK, "The publisher asked for it"), hub)
    assert not holds(hub)
    assert b"The publisher asked for it" in hub.document("/day.atom")
    deed(lambda config: let_back(config, LINK), hub)
    assert b"The publisher asked for it" not in hub.document("/day.atom")


# ── Encodings ──


def invoke_in(encoding: str, hub: Hub, *words: str) -> Result:
    return CliRunner(charset=encoding).invoke(main, ["-c", str(hub.path), *words], prog_name="feedhub")


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": ARMENIAN, "home_page_url": LINK}
    item = {"id": LINK, "url": LINK, "title": ARMENIAN, "content_text": ARMENIAN}
    (tmp_path / "feed.json").write_text(json.dumps(document | {"items": [item]}), encoding="utf-8")
    hub = Hub(tmp_path).configure({"name": "paper", "url": "feed.json", "title": ARMENIAN[:6]})
    assert hub.invoke("poll").exit_code == 0
    return hub


@pytest.mark.parametrize("encoding", ["koi8-r", "latin-1"])
def test_letters_that_the_encoding_lacks_end_no_command(encoding: str, hub: Hub) -> None:
    why = invoke_in(encoding, hub, "why", LINK)
    assert (why.exit_code, why.stdout.splitlines()[0]) == (0, json.dumps(ARMENIAN)[1:-1])
    dropped = invoke_in(encoding, hub, "drop", LINK, "day", ARMENIAN)
    assert (dropped.exit_code, dropped.stderr) == (0, "")
    assert ARMENIAN in hub.invoke("log").stdout


def test_json_stays_json_in_every_encoding(hub: Hub) -> None:
    for words in (("why", LINK), ("sources",), ("config",)):
        told = invoke_in("koi8-r", hub, *words, "--json")
        assert told.exit_code == 0
        assert ARMENIAN[:6] in str(json.loads(told.stdout))


def test_what_the_encoding_has_is_printed_as_it_is(hub: Hub) -> None:
    assert ARMENIAN in invoke_in("utf-8", hub, "why", LINK).stdout
