"""config.toml taken up as it is saved; of a bad one the problems are told, and the last good one goes on."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change, watch

from feedhub.cli.loading import loaded
from feedhub.config import Config
from feedhub.errors import ConfigError, FeedHubError

_log = logging.getLogger("feedhub")
_GLANCE = 1000  # milliseconds from one look at a watch to the next
_SETTLED = 200  # milliseconds without a change: editors write a file in several steps


class ConfigFile:
    """The configuration that is in force, and what is wrong with the file since."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.problems: tuple[str, ...] = ()
        self._begun = config  # whose store is open and whose server listens, whatever the file says since

    def watch(
        self, taken_up: Callable[[Config], None], stop: threading.Event, *, stands: Callable[[], None]
    ) -> None:
        """Call `taken_up` with the last configuration whenever a good one was saved and is in force.

        `stands` is called again and again while all is well. Raises FeedHubError if the file cannot be
        watched.
        """
        while not stop.is_set():
            try:
                self._watch(taken_up, stop, stands)
            except OSError as error:
                self._reload(taken_up)  # late as it is, whenever watching begins anew
                raise FeedHubError(f"{self.config.path.name} cannot be watched: {error}") from error

    def _watch(
        self, taken_up: Callable[[Config], None], stop: threading.Event, stands: Callable[[], None]
    ) -> None:
        """Watch until what there is to watch is another."""
        watched = _Watched(self.config)
        is_first = True
        for changes in watch(
            *watched.folders,
            watch_filter=watched.is_ours,
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
            stands()
            if _Watched(self.config).stands != watched.stands:
                return

    def _reload(self, taken_up: Callable[[Config], None]) -> None:
        before = self.config
        try:
            now = loaded(before.path, listening=self._begun.server.listen)
        except ConfigError as error:
            if error.problems != self.problems:
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
            self._tell_what_waits(before)

    def _tell_what_waits(self, before: Config) -> None:
        """Say what has changed that an open store and a listening server cannot take up."""
        for table, of in (("store", _store), ("server", _server)):
            if of(self.config) not in (of(before), of(self._begun)):
                _log.warning("config problem='[%s] takes effect at the next start'", table)


def _store(config: Config) -> object:
    return config.store_url


def _server(config: Config) -> object:
    server = config.server
    return server.listen, server.metrics, server.access_log


class _Watched:
    """What there is to watch for a configuration, as it stands in the file system now."""

    def __init__(self, config: Config) -> None:
        path = config.path
        # Editors replace the file, and some systems the file that it is a link to, or a folder on the way.
        files = (path, path.resolve())
        self._names = {file.name for file in files}
        self._themes = {config.theme.resolve()} if config.theme else set()
        folders = {file.parent for file in files}
        self.folders = folders | {folder for folder in self._themes if folder.is_dir()}
        # A folder that was replaced is another, though its inode may be used again: then it has changed.
        self.stands = {(folder, *_told(folder, folder in self._themes)) for folder in folders | self._themes}

    def is_ours(self, _: Change, changed: str) -> bool:
        """Tell whether a change is one of the configuration."""
        return Path(changed).name in self._names or Path(changed).parent in self._themes


def _told(folder: Path, also_when: bool) -> tuple[int, ...]:
    try:
        told = folder.stat()
    except OSError:
        return ()
    return (told.st_dev, told.st_ino, told.st_ctime_ns if also_when else 0)
