"""`feedhub serve`, and the web server that `run` has too."""

import signal
import threading
from types import FrameType
from wsgiref.types import WSGIApplication

import click
from waitress.server import create_server

from feedhub.config import Config
from feedhub.health import health
from feedhub.store import Store
from feedhub.web import create_app


def application(config: Config, store: Store) -> WSGIApplication:
    """Make the web side of a hub."""
    return create_app(
        config.feeds,
        site_url=config.site.url,
        cache=config.server.cache,
        health=lambda: health(store, config.feeds),
        first_feed=config.site.feeds[0].name if config.site.feeds else "",
    )


class WebServer:
    """waitress in a thread of its own; raises OSError if the address is taken."""

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        self._server = create_server(app, host=config.server.host, port=config.server.port, ident=None)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop taking requests; those under way get a second."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        self._server.close()
        self._thread.join(1)


class Stop:
    """Waits for SIGTERM or Ctrl-C."""

    def __init__(self) -> None:
        self._event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _: int, __: FrameType | None) -> None:
        self._event.set()

    def wait(self) -> None:
        """Wait for the signal."""
        self._event.wait()


def tell_addresses(config: Config) -> None:
    """Print where the hub's pages and feeds are."""
    click.echo(f"{config.site.title}: {config.site.url}/")
    for feed in config.site.feeds:
        click.echo(f"  {feed.title}: {config.site.url}/{feed.name}/  .rss .atom .json")


def serve_until_stopped(config: Config) -> None:
    """Serve the finished documents until a signal comes."""
    stop, store = Stop(), Store(config.store_url)
    server = WebServer(application(config, store), config)
    tell_addresses(config)
    stop.wait()
    server.stop()
    store.close()
