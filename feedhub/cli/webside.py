"""The web side of a hub, made anew whenever another config.toml is in force."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedhub.cli import connections
from feedhub.cli.observing import watched
from feedhub.cli.watching import ConfigFile
from feedhub.config import Config
from feedhub.health import health, is_ready
from feedhub.render.oembed import oembed
from feedhub.search import search
from feedhub.store import Store
from feedhub.web import create_app
from feedhub.web.observed import Tell


def application(
    config: Config,
    store: Store,
    *,
    is_right: Callable[[], bool] = lambda: True,
    failing: Collection[str] = (),
    threads: int = connections.THREADS,
) -> WSGIApplication:
    """Make the web side of a configuration; `is_right` tells whether config.toml is as it stands now.

    `failing` is as in `health`, and may change; `threads` is how many answer.
    """
    paused = {source.name for source in config.sources if source.paused}
    return create_app(
        config.feeds,
        site_url=config.site.url,
        cache=config.server.cache,
        health=lambda: health(
            store, config.feeds, paused=paused, is_config_right=is_right(), failing=tuple(failing)
        ),
        is_ready=lambda: is_ready(config.feeds, config.site.feeds),
        first_feed=config.site.feeds[0].name if config.site.feeds else "",
        proxies=config.server.proxies,
        framers=config.embed_allow,
        search=partial(search, store, config.site) if config.site.search else None,
        searches=threads // 2,
        closes=max((feed.closes for feed in config.site.feeds), default=timedelta()),
        oembed=lambda url, width, height: oembed(url, config.site, max_width=width, max_height=height),
    ).wsgi_app


class WebSide:
    """The application of a configuration that may change; `tells` learn of every answer."""

    def __init__(
        self,
        file: ConfigFile,
        store: Store,
        tells: Sequence[Tell],
        failing: Collection[str],
        *,
        threads: int = connections.THREADS,
    ) -> None:
        self._file = file
        self._store = store
        self._tells = tells
        self._failing = failing
        self._threads = threads
        self.take_up()

    def take_up(self) -> None:
        """Answer as the configuration says that is in force now."""
        config = self._file.config
        app = application(
            config,
            self._store,
            is_right=lambda: not self._file.problems,
            failing=self._failing,
            threads=self._threads,
        )
        self._app = watched(app, config, self._tells)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self._app(environ, start_response)
