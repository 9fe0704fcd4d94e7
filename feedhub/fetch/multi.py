"""libcurl's multi interface, driven by the system's own poll: many transfers in one thread."""

import select
import socket
import threading
import time
from contextlib import suppress
from math import ceil

import pycurl

_LEAVE = 0.2  # seconds that closing may take
_RINGS = 65_536  # bytes, a ring each, that are heard at once
_AWAITED = {
    pycurl.POLL_IN: select.POLLIN,
    pycurl.POLL_OUT: select.POLLOUT,
    pycurl.POLL_INOUT: select.POLLIN | select.POLLOUT,
}

Ended = tuple["pycurl.Curl", int, str]  # the handle, libcurl's code (0 = no failure) and its message


class Multi:
    """The transfers under way and their sockets."""

    def __init__(self, *, connections: int) -> None:
        self._multi = pycurl.CurlMulti()
        # libcurl lets go of a socket after each answer and takes it up with the next request: that costs two
        # calls of the system with epoll, and none here.
        self._poll = select.poll()
        self._watched: set[int] = set()  # the descriptors of libcurl's
        self._alarm: float | None = None  # when libcurl wants to be called, by the steady clock
        self._bell, self._ringer = socket.socketpair()
        for end in (self._bell, self._ringer):
            end.setblocking(False)
        self._poll.register(self._bell, select.POLLIN)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_alarm)
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)  # kept open for later

    def add(self, curl: "pycurl.Curl") -> None:
        """Begin a transfer."""
        self._multi.add_handle(curl)

    def remove(self, curl: "pycurl.Curl") -> None:
        """End a transfer, or let go of one that has ended."""
        self._multi.remove_handle(curl)

    def run(self, wait: float) -> list[Ended]:
        """Move the transfers on once, after waiting up to `wait` seconds for the network."""
        if self._alarm is not None:
            wait = min(wait, self._alarm - time.monotonic())
        for descriptor, events in self._poll.poll(ceil(max(0.0, wait) * 1000)):
            if descriptor == self._bell.fileno():
                self._bell.recv(_RINGS)
            elif descriptor in self._watched:  # not if what came for another has closed it
                # What has failed is for libcurl to find out, whatever it waits for.
                readable = pycurl.CSELECT_IN if events & ~select.POLLOUT else 0
                writable = pycurl.CSELECT_OUT if events & ~select.POLLIN else 0
                self._multi.socket_action(descriptor, readable | writable)
        if self._alarm is not None and self._alarm <= time.monotonic():
            self._alarm = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def wake(self) -> None:
        """Have the wait end that `run` is in, or else the next one; from any thread."""
        with suppress(OSError):  # it has rung so often that nothing more goes in, or all is closed already
            self._ringer.send(b"!")

    def close(self) -> None:
        """Close every connection; the handles must have been removed."""
        # libcurl waits for name servers that do not answer, for ten seconds and more.
        closing = threading.Thread(target=self._multi.close, name="fetch-close", daemon=True)
        closing.start()
        closing.join(_LEAVE)
        self._bell.close()
        self._ringer.close()

    def _ended(self) -> list[Ended]:
        ended: list[Ended] = []
        left = 1
        while left:
            left, whole, failed = self._multi.info_read()
            ended += [(curl, 0, "") for curl in whole]
            ended += failed
        return ended

    def _watch(self, what: int, descriptor: int, _multi: object, _kept: object) -> None:
        if what == pycurl.POLL_REMOVE:
            if descriptor in self._watched:
                self._watched.remove(descriptor)
                self._poll.unregister(descriptor)
        else:
            self._watched.add(descriptor)
            self._poll.register(descriptor, _AWAITED[what])

    def _set_alarm(self, milliseconds: int) -> None:
        self._alarm = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
