"""What an embed costs the page that shows it: bytes, requests and time, in Chromium, on the sample day.

    python -m bench.embeds [--rounds 7]

The hub and the page stand at two loopback addresses. Time is from the start of the page until the first
entry is drawn; the browser has nothing cached. Needs Debian's chromium.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from feedhub.cli.serving import WebServer
from feedhub.cli.webside import application
from feedhub.config import Config, load
from feedhub.render import addresses
from feedhub.render.embed.builder import ways
from feedhub.render.oembed import oembed
from feedhub.store import Store

ROOT = Path(__file__).parent.parent
_PORT = 8797
_BARE = '<!DOCTYPE html><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"><p>x</p>'
_ENTRIES = ".entry, .h-entry"
_DRAWN = f"""new Promise(tell => {{
    const feeds = () => [...document.querySelectorAll("feedhub-feed")]
    const entry = root => root?.querySelector("{_ENTRIES}")
    const isThere = () => [document, ...feeds().map(feed => feed.shadowRoot)]
        .some(root => entry(root)?.getBoundingClientRect().height)
    const now = () => performance.timeOrigin + performance.now()
    const look = () => requestAnimationFrame(isThere() ? () => tell(now()) : look)
    look()
}})"""


@dataclass(frozen=True)
class Cost:
    """What one way cost."""

    own: int  # bytes as they are sent, its code in the page included
    requests: int  # beside the page's own
    drawn: float  # milliseconds


def main() -> None:
    """Measure each way, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed")
    with (
        tempfile.TemporaryDirectory() as folder,
        _hub(Path(folder)) as config,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        _print(_measured(browser, _pages(config), Path(folder), rounds))
        browser.close()


@contextmanager
def _hub(folder: Path) -> Iterator[Config]:
    """Publish and serve the samples."""
    shutil.copytree(ROOT / "feedhub" / "samples", folder / "feedhub" / "samples")
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(f'{text}\n[server]\nlisten = "127.0.0.1:{_PORT}"\n', encoding="utf-8")
    polled = [sys.executable, "-m", "feedhub", "-c", str(path), "poll"]
    subprocess.run(polled, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    config = load(path, {})
    store = Store(config.store_url)
    server = WebServer(application(config, store), config)
    try:
        yield config
    finally:
        server.stop()
        store.close()


def _pages(config: Config) -> Mapping[str, str]:
    """Give what stands on a page that embeds the first feed, by way; oEmbed gives the frame alone."""
    feed = config.site.feeds[0]
    code = {way.name: way.code for way in ways(feed, config.site)}
    shown = oembed(addresses.url(config.site, feed.name, "page"), config.site)
    fragment = (config.feeds / feed.name / "fragment" / "index.html").read_text(encoding="utf-8")
    return {
        "script": code["script"],
        "component": code["component"],
        "frame": code["iframe"],
        "frame by oEmbed": str(shown["html"]),
        "fragment": fragment,
    }


def _measured(
    browser: Browser, pages: Mapping[str, str], folder: Path, rounds: int
) -> Mapping[str, list[Cost]]:
    web = folder / "web"
    web.mkdir()
    for number, inside in enumerate(pages.values()):
        (web / f"{number}.html").write_text(_BARE + inside, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(web)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found: dict[str, list[Cost]] = {name: [] for name in pages}
    for _ in range(rounds):
        for number, name in enumerate(pages):
            url = f"http://127.0.0.1:{server.server_address[1]}/{number}.html"
            found[name].append(_cost(browser, url))
    server.shutdown()
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def _cost(browser: Browser, url: str) -> Cost:
    """Open a page in a window that has nothing cached, and see what it takes."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[int] = []
    page.on("requestfinished", lambda request: asked.append(request.sizes()["responseBodySize"]))
    page.goto(url, wait_until="load")
    began = float(page.evaluate("performance.timeOrigin"))
    drawn = float(page.frames[-1].evaluate(_DRAWN))
    page.wait_for_load_state("networkidle")
    context.close()
    return Cost(own=sum(asked) - len(_BARE), requests=len(asked) - 1, drawn=drawn - began)


def _print(found: Mapping[str, list[Cost]]) -> None:
    print("| way | requests | bytes | ms until the first entry is drawn |\n|---|---|---|---|")
    for name, costs in found.items():
        drawn = statistics.median(cost.drawn for cost in costs)
        print(f"| {name} | {costs[0].requests} | {costs[0].own:,} | {drawn:.0f} |")


if __name__ == "__main__":
    main()
