"""waitress, and its connections: what a reader who sends much or reads nothing may cost is bounded."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server

THREADS = 4  # that run our code
_CONNECTIONS = 800  # of a thousand open files that a process may usually have; waitress takes 100 by itself
_IDLE = 30  # seconds
_HEADERS = 16_384  # bytes that a request may have before its body
_BODY = 4_096  # bytes; nothing that we have reads any
_SMALL = 8_192  # bytes; what is less costs nothing to copy


def server(app: WSGIApplication, *, host: str, port: int) -> Any:
    """Make waitress's server for an application, listening; raises OSError if it cannot."""
    # One line for each request that has to wait is a line for whoever likes to fill a journal.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets: dict[int, object] = {}
    made = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        # What proxies tell is for the application to judge: waitress knows one trusted proxy only.
        clear_untrusted_proxy_headers=False,
        connection_limit=_CONNECTIONS,
        channel_timeout=_IDLE,
        max_request_header_size=_HEADERS,
        max_request_body_size=_BODY,
        asyncore_use_poll=True,  # select() takes no descriptor above 1023
    )
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = _Connection
    return made


class _Request(HTTPRequestParser):  # type: ignore[misc] # waitress has no types
    """Hands back what comes behind a request, for when that has been answered."""

    def __init__(self, adj: Any, keep: Callable[[bytes], None]) -> None:
        super().__init__(adj)
        self._keep = keep

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if not self.completed or self.empty:
            return taken
        # It is whole, or refused: whoever waits to be told to go on with it would be told for nothing.
        self.expect_continue = False
        self._keep(data[taken:])
        return len(data)


class _Connection(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """Takes a request up when the answer to the one before has been sent.

    waitress takes up all that it has read, and a thread that has answered more than somebody reads waits for
    them to read it, for as long as they hold the connection.
    """

    _unread = b""

    def parser_class(self, adj: Any) -> _Request:
        """Make what reads the next request."""
        return _Request(adj, self._keep)

    def _keep(self, unread: bytes) -> None:
        self._unread = unread

    def readable(self) -> bool:
        return not self._unread and bool(super().readable())

    def writable(self) -> bool:
        return self._is_next() or bool(super().writable())

    def handle_write(self) -> None:
        """Send what is left of an answer, then take up the next request."""
        super().handle_write()
        if self._is_next():
            unread, self._unread = self._unread, b""
            self.received(unread)

    def _is_next(self) -> bool:
        return bool(self._unread) and self.connected and bool(super().readable())

    def write_soon(self, data: Any) -> int:
        """Send bytes without copying them: those who read nothing hold the document that all others get."""
        if isinstance(data, bytes) and len(data) > _SMALL:
            data = ReadOnlyFileBasedBuffer(BytesIO(data))  # which shares them
            data.prepare()
        sent: int = super().write_soon(data)
        return sent
