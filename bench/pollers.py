"""FeedHub and its peers: how each is set up in a folder of its own, and how it polls once."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, cost_of
from bench.origin import Origin

ROOT = Path(__file__).parent.parent
_LIMIT = 600.0  # seconds for one poll
# No pauses: the peers make none.
_CONFIG = """\
[site]
title = "Bench"
[fetch]
private = {places}
pause = "0s"
per_host = 8
timeout = "60s"
[feeds.day]
title = "Day"
"""
_SOURCE = '[[sources]]\nname = "{name}"\nurl = "{url}"\n'
_SFEED = """\
sfeedpath="{folder}/feeds"
maxjobs=16
fetch() {{
	curl -L --max-redirs 0 -H "User-Agent:" -f -s -m 60 --noproxy '*' \\
		--etag-save "$3.etag" --etag-compare "$3.etag" "$2" 2>/dev/null
}}
feeds() {{
{feeds}
}}
"""
_NEWSBOAT = "auto-reload no\nuse-proxy no\ndownload-timeout 60\nreload-threads {threads}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one poll cost: by itself where the program can tell, and as a whole process."""

    poll: Cost
    whole: Cost


class Poller(ABC):
    """A program that polls."""

    name: str

    def __init__(self, folder: Path, origin: Origin, documents: Sequence[str]) -> None:
        """Set it up, with nothing polled yet."""
        self.folder = folder
        self.urls = [origin.url(number, name) for number, name in enumerate(documents)]
        self.documents = documents
        self.env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        self.env["HOME"] = str(folder)
        folder.mkdir(parents=True)
        self.set_up(origin)

    @classmethod
    @abstractmethod
    def version(cls) -> str:
        """Give its version; "" if it is not installed."""

    @abstractmethod
    def set_up(self, origin: Origin) -> None:
        """Write its configuration."""

    @abstractmethod
    def poll(self) -> Figures:
        """Poll all documents once."""

    def _cost(self, *words: str) -> Cost:
        return cost_of(words, self.folder, limit=_LIMIT, env=self.env)

    def _python(self, *words: str) -> Cost:
        self.env["PYTHONPATH"] = str(ROOT)
        return self._cost(sys.executable, *words)

    def _inside(self, *words: str) -> Figures:
        """Run `bench.inside`, which tells what the poll itself cost."""
        figures = self.folder / "inside.json"
        whole = self._python("-m", "bench.inside", *words, str(figures))
        told: Mapping[str, float] = json.loads(figures.read_text())
        return Figures(poll=Cost(wall=told["wall"], cpu=told["cpu"], pss=whole.pss), whole=whole)


class FeedHub(Poller):
    """Ours, polling alone."""

    name = "FeedHub"

    @classmethod
    def version(cls) -> str:
        """Give our version."""
        from feedhub import __version__

        return __version__

    def set_up(self, origin: Origin) -> None:
        """Write config.toml."""
        tables = (
            _SOURCE.format(name=name, url=url) for name, url in zip(self.documents, self.urls, strict=True)
        )
        text = _CONFIG.format(places=json.dumps(origin.places)) + "".join(tables)
        (self.folder / "config.toml").write_text(text)

    def poll(self) -> Figures:
        """Poll without publishing."""
        return self._inside("feedhub", str(self.folder / "config.toml"))


class Publishing(FeedHub):
    """Ours as `feedhub poll`: a process of its own that polls and publishes."""

    name = "feedhub poll"

    def poll(self) -> Figures:
        """Poll and publish."""
        whole = self._python("-m", "feedhub", "-c", str(self.folder / "config.toml"), "poll")
        return Figures(poll=whole, whole=whole)


class Reader(Poller):
    """`reader`, from PyPI."""

    name = "reader"

    @classmethod
    def version(cls) -> str:
        """Give its version; "" if it is not installed, or not whole."""
        if not (importlib.util.find_spec("reader") and importlib.util.find_spec("sgmllib")):
            return ""
        from importlib.metadata import version

        return version("reader")

    def set_up(self, origin: Origin) -> None:  # noqa: ARG002
        """Subscribe to all documents."""
        urls = self.folder / "urls.txt"
        urls.write_text("\n".join(self.urls))
        self._python("-m", "bench.inside", "reader-add", str(self.folder / "reader.sqlite"), str(urls))

    def poll(self) -> Figures:
        """Update all feeds, in ten threads."""
        return self._inside("reader", str(self.folder / "reader.sqlite"))


class Newsboat(Poller):
    """newsboat, from Debian."""

    name = "newsboat"

    @classmethod
    def version(cls) -> str:
        """Give its version; "" if it is not installed."""
        if not shutil.which("newsboat"):
            return ""
        told = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=True).stdout
        return told.split()[1]

    def set_up(self, origin: Origin) -> None:  # noqa: ARG002
        """Write its configuration and its list of addresses."""
        (self.folder / "config").write_text(_NEWSBOAT.format(threads=os.cpu_count() or 1))
        (self.folder / "urls").write_text("\n".join(self.urls) + "\n")

    def poll(self) -> Figures:
        """Reload all feeds."""
        files = {"-C": "config", "-u": "urls", "-c": "cache.db"}
        words = [word for flag, name in files.items() for word in (flag, str(self.folder / name))]
        whole = self._cost("newsboat", *words, "-x", "reload")
        return Figures(poll=whole, whole=whole)


class Sfeed(Poller):
    """sfeed_update, from Debian, told to ask with ETags."""

    name = "sfeed"

    @classmethod
    def version(cls) -> str:
        """Give its version; "" if it is not installed."""
        if not (shutil.which("sfeed_update") and shutil.which("curl")):
            return ""
        query = ["dpkg-query", "-W", "-f", "${Version}", "sfeed"]
        told = subprocess.run(query, capture_output=True, text=True) if shutil.which(query[0]) else None
        return told.stdout if told and told.stdout else "of unknown version"

    def set_up(self, origin: Origin) -> None:  # noqa: ARG002
        """Write its configuration."""
        feeds = "\n".join(
            f'\tfeed "{name}" "{url}"' for name, url in zip(self.documents, self.urls, strict=True)
        )
        (self.folder / "sfeedrc").write_text(_SFEED.format(folder=self.folder, feeds=feeds))

    def poll(self) -> Figures:
        """Update all feeds, sixteen at once."""
        whole = self._cost("sfeed_update", str(self.folder / "sfeedrc"))
        return Figures(poll=whole, whole=whole)


ALL: tuple[type[Poller], ...] = (FeedHub, Publishing, Reader, Newsboat, Sfeed)
