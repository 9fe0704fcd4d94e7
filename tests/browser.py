"""Pages as their readers see them: Debian's Chromium, driven by Playwright and judged by axe-core."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, sync_playwright

from loopback import HOST

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # No other host is ever reached, whatever a page asks for.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}, EXCLUDE localhost",
]
# WCAG 2.2 AA, and what axe-core holds to be good practice.
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_AXE: str = Axe().axe_script
_JUDGED = "([within, rules]) => axe.run(within || document, rules).then(results => results.violations)"
_SHIFTS = """() => new Promise(tell => {
    let sum = 0
    new PerformanceObserver(list => list.getEntries().forEach(shift => sum += shift.value))
        .observe({type: "layout-shift", buffered: true})
    requestAnimationFrame(() => setTimeout(() => tell(sum), 100))
})"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def launched() -> Iterator[Browser]:
    """Start a browser; skips the test where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Look:
    """A page that was opened, what it asked for and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)  # every address, that of the page first
    complaints: list[str] = field(default_factory=list)  # of its console, its scripts and its requests

    def hears(self, said: ConsoleMessage) -> None:
        """Remember what the console tells, if that is a complaint."""
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def hosts(self) -> set[str]:
        """Give the hosts, with their ports, that it asked for something."""
        return {urlsplit(url).netloc for url in self.asked if not url.startswith("data:")}

    def scheme(self, name: str) -> None:
        """Have the reader's system like "light" or "dark" from now on."""
        self.page.emulate_media(color_scheme=name)  # type: ignore[arg-type]

    def violations(self, within: str | None = None) -> list[str]:
        """Give what axe-core finds wrong in the page, or in one part of it, by its selector."""
        return _violations(self.page, within)

    def violations_in_frames(self) -> list[str]:
        """Give what axe-core finds wrong in what is framed; what is a part of a page needs no heading."""
        found = [wrong for frame in self.page.frames[1:] for wrong in _violations(frame, None)]
        return [wrong for wrong in found if not wrong.startswith("page-has-heading-one")]

    def shift(self) -> float:
        """Give by how much its layout, and that of its frames, has shifted since it was opened."""
        return float(sum(frame.evaluate(_SHIFTS) for frame in self.page.frames))

    def too_wide(self) -> int:
        """Give by how many pixels it is wider than its window."""
        return int(self.page.evaluate(_TOO_WIDE))


def _violations(place: Page | Frame, within: str | None) -> list[str]:
    if not place.evaluate("'axe' in window"):
        place.evaluate(_AXE)  # half a megabyte
    found = place.evaluate(_JUDGED, [within, _RULES])
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


@contextmanager
def look(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, scheme: str = "light", **more: Any
) -> Iterator[Look]:
    """Open a page in a window of its own, without anything remembered.

    `scheme` is "light" or "dark"; `more` are Playwright's options of a context, such as
    java_script_enabled, locale, reduced_motion.
    """
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, **more)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        seen = Look(page)
        page.on("request", lambda request: seen.asked.append(request.url))
        page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", seen.hears)
        page.goto(url, wait_until="load")
        yield seen
    finally:
        context.close()
