"""config.toml taken up as it is saved; of a bad one the problems are told, and the last good one goes on."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change, watch

from feedhub.cli.loading import loaded
from feedhub.config import Config
from feedhub.errors import ConfigError

_log = logging.getLogger("feedhub")
_GLANCE = 1000  # milliseconds from one look at a watch to the next
_SETTLED = 200  # milliseconds without a change: editors write a file in several steps


class ConfigFile:
    """The configuration that is in force, and what is wrong with the file since."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.problems: tuple[str, ...] = ()

    def watch(self, taken_up: Callable[[Config], None], stop: threading.Event) -> None:
        """Call `taken_up` with the last configuration whenever a good one was saved and is in force."""
        path = self.config.path.absolute()
        # Editors replace the file, and some systems the file that it is a link to.
        folders = {path.parent, path.resolve().parent}
        names = {path.name, path.resolve().name}
        themes = {self.config.theme.resolve()} if self.config.theme else set()

        def is_ours(_: Change, changed: str) -> bool:
            return Path(changed).name in names or Path(changed).parent in themes

        is_first = True
        for changes in watch(
            *folders,
            *themes,
            watch_filter=is_ours,
            stop_event=stop,
            recursive=False,
            step=_SETTLED,
            raise_interrupt=False,
            rust_timeout=_GLANCE,
            yield_on_timeout=True,
        ):
            # The first time for what was saved before the watch stood.
            if changes or is_first:
                self._reload(taken_up)
            is_first = False

    def _reload(self, taken_up: Callable[[Config], None]) -> None:
        before = self.config
        try:
            now = loaded(before.path)
        except ConfigError as error:
            self.problems = error.problems
            for problem in error.problems:
                _log.error("config problem=%r", problem)
            return
        if self.problems:
            _log.info("config outcome=right")
        self.problems = ()
        if now != before:
            self.config = now
            try:
                taken_up(before)
            except Exception:
                self.config = before  # so that it is tried again
                raise
            _log.info("config outcome=taken_up sources=%d feeds=%d", len(now.sources), len(now.site.feeds))
