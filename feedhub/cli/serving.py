"""`feedhub serve`, and the web server that `run` has too."""

import signal
import socket
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from wsgiref.types import WSGIApplication

import click

from feedhub.cli import connections
from feedhub.cli.observing import (
    begin_log,
    listening,
    listening_beside,
    metrics_of,
    share_counts,
    tells_of,
)
from feedhub.cli.threads import Threads
from feedhub.cli.watching import ConfigFile
from feedhub.cli.webside import WebSide
from feedhub.config import Config
from feedhub.errors import StoreError
from feedhub.store import Store
from feedhub.web.observed import Tell

_THREADS = 2  # of each process of granian's that run our code
_LEAVE = 2  # seconds that requests under way get when these processes are to end


class WebServer:
    """waitress in a thread of its own; raises OSError if the address cannot be listened at."""

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        host, port = config.server.host, config.server.port
        try:
            self._server = connections.server(app, host=host, port=port)
        except OSError as error:
            raise _cannot_listen(config, error) from error
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._server.run()
        except OSError:
            # Its loop may be waiting for the very socket that stop() closes.
            if not self._is_stopping:
                raise

    def stop(self) -> None:
        """Stop taking requests; those under way get a second."""
        self._is_stopping = True
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


def serve_until_stopped(config: Config, *, workers: int | None = None) -> None:
    """Serve the finished documents until a signal comes: here, or in some processes that do nothing else."""
    begin_log()
    if workers is not None:
        _serve_in_processes(config, workers)
        return
    metrics = metrics_of(config)
    tells = tells_of(config, metrics)
    stop = Stop()
    with ExitStack() as running:
        store = Store(config.store_url, may_open_late=True)
        running.callback(store.close)
        running.callback(listening(config, store, metrics))
        threads = Threads()
        running.callback(threads.end)
        running.callback(WebServer(_kept_up_to_date(config, store, tells, threads), config).stop)
        tell_addresses(config)
        stop.wait()


def _serve_in_processes(config: Config, workers: int) -> None:
    try:
        from granian.constants import HTTPModes, Interfaces
        from granian.log import LogLevels
        from granian.server import Server
    except ImportError as error:
        raise click.ClickException("--workers needs granian: pip install 'feedhub[fast]'") from error
    _check_address(config)
    _bring_up_to_date(config)
    server = Server(
        "feedhub",
        address=config.server.host,
        port=config.server.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        # An answer takes microseconds, so threads would only wait for each other; the others are for when
        # one asks the store.
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_LEAVE,
        log_level=LogLevels.warning,
    )
    server.on_startup(partial(tell_addresses, config))
    with listening_beside(config) as counts:
        server.serve(target_loader=partial(_opened, config, counts), wrap_loader=False)


def _bring_up_to_date(config: Config) -> None:
    """Open the store once before the workers open it all together; raises StoreError if it can be none."""
    with closing(Store(config.store_url, may_open_late=True)) as store, suppress(StoreError):
        store.polling.held()  # what fails now may do later, and documents are served without it


def _check_address(config: Config) -> None:
    """Raise OSError if somebody listens there: granian's workers would share the port with them."""
    host, port = config.server.host, config.server.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise _cannot_listen(config, error) from error


def _cannot_listen(config: Config, error: OSError) -> OSError:
    place = f"{config.server.host}:{config.server.port}"
    return OSError(f"cannot listen at {place}: {error.strerror or error}")


def _opened(config: Config, counts: Path | None) -> WSGIApplication:
    """Make the web side in a process of its own: connections to a store do not outlive a fork."""
    if counts:
        share_counts(counts)
    tells = tells_of(config, metrics_of(config))
    store = Store(config.store_url, may_open_late=True)
    return _kept_up_to_date(config, store, tells, Threads(), answering=_THREADS)


def _kept_up_to_date(
    config: Config,
    store: Store,
    tells: Sequence[Tell],
    threads: Threads,
    *,
    answering: int = connections.THREADS,
) -> WSGIApplication:
    """Make the web side, which takes up config.toml as it is saved; `answering` is how many threads do."""
    file = ConfigFile(config)
    web = WebSide(file, store, tells, threads.failing, threads=answering)
    threads.keep_watching(file, lambda _: web.take_up())
    return web
