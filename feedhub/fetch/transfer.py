"""One request on its way, over all its hops.

The hops are followed by us, not by libcurl: so each is judged by the URL that it dials, credentials stay with
the host that they are for, and we know whether every one of them was permanent.
"""

import base64
import re
import socket
import time
from datetime import UTC, datetime
from urllib.parse import unquote, urldefrag, urlsplit

import pycurl

from feedhub import urls
from feedhub.errors import FetchError, Refused, TimedOut, Unreachable
from feedhub.model import Limits, Request

from . import decode, guard
from .answer import Answer
from .judge import Outcome, judged
from .problems import failure
from .words import seconds, status

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_ALWAYS = [f"Accept: {_ACCEPT}".encode(), f"Accept-Encoding: {decode.ACCEPTED}".encode(), b"A-IM: feed"]
_SUPPRESS_CONNECT_HEADERS = 265  # pycurl has no name for it
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PERMANENT = frozenset({301, 308})
_CUT = frozenset({pycurl.E_GOT_NOTHING, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR})


class _Dialling(socket.socket):
    """A socket of which libcurl takes a duplicate."""

    def __del__(self) -> None:
        self.close()  # else Python composes a warning, which costs more than the socket


class Transfer:
    """A request, the hop that it is at, and what it may still cost."""

    def __init__(self, request: Request, limits: Limits, private: frozenset[str]) -> None:
        """Take a request and the places (guard.places) that may be private; Refused if it cannot be sent."""
        self.request = request
        self.answer: Answer  # of the hop that was started last
        self._limits = limits
        self._private = private
        self._used = 0.0  # seconds, by the hops before
        self._started = 0.0
        self.due = 0.0  # by the steady clock: when the first byte of the answer must have come
        self._hops = 0
        self._is_permanent = True
        self._is_anew = False  # this hop is asked once more, on a connection of its own
        self._undialled: FetchError | None = None  # why an address of this hop was not even dialled
        address, self._credentials = _split_user(request.url)
        self._lead_to(address)
        self._has_user = bool(self._credentials)
        self._credentials = _authorization(request.auth) or self._credentials
        self._origin = self._site
        self._hop_credentials = ""  # for the place that this hop leads to, as its Location said
        self._began_private = self._place in private
        self._validators = _validators(request)
        if not self.url:
            raise Refused("the address is no http(s) URL")

    def _lead_to(self, url: str) -> None:
        """Lead the next hop to a URL."""
        self.url = url  # without user information
        self.host = urls.host(url)  # whom we are polite to, with its port where it is not the usual one
        self._site = urls.root(url)
        self._place = guard.place(url)

    def start(self, curl: "pycurl.Curl") -> None:
        """Set a handle (see `handle`) up for the next hop.

        TimedOut if the hops before left no time; Refused if the address may not be asked for.
        """
        self.answer = Answer(self._limits.max_size)
        self._undialled = None
        self._started = time.monotonic()
        self.due = self._started + self._limits.first_byte.total_seconds() - self._used
        left = self._limits.timeout.total_seconds() - self._used
        if left <= 0:
            raise TimedOut(f"no answer within {seconds(self._limits.timeout)}")
        self._check_place()
        self._set_up(curl, left)

    def end(self, curl: "pycurl.Curl", code: int, message: str) -> Outcome | None:
        """Take the end of a hop, as libcurl tells it; None if there is another hop to start."""
        self._used += time.monotonic() - self._started
        answer = self.answer
        if answer.problem:
            return answer.problem
        if code and curl.getinfo(pycurl.HTTP_CONNECTCODE) >= 300:
            return Unreachable(f"the proxy answered {status(curl.getinfo(pycurl.HTTP_CONNECTCODE))}")
        if answer.is_redirect:
            return self._hop()
        if code in _CUT and not answer.has_begun and not self._is_anew and _was_kept(curl):
            self._is_anew = True
            return None
        # The status of a failure stands, however the page that explains it ended.
        if code and (answer.has_feed or not answer.is_headed):
            if code == pycurl.E_COULDNT_CONNECT and self._undialled:
                return self._undialled
            return failure(curl, code, message, answer=answer, limits=self._limits)
        if not answer.is_headed:
            # libcurl takes an end within the headers for the end of an empty answer.
            return Unreachable("the answer broke off before its end")
        return judged(
            answer,
            url=self.url,
            moved=self._moved(),
            is_conditional=bool(self._validators),
            now=datetime.now(UTC),
        )

    def late(self) -> TimedOut:
        """Give the failure of a transfer whose first byte did not come in time."""
        return TimedOut(f"no answer within {seconds(self._limits.first_byte)}")

    def _hop(self) -> Outcome | None:
        """Go where the answer points."""
        answer = self.answer
        self._hops += 1
        if self._hops > self._limits.max_hops:
            return Refused(f"redirected more than {self._limits.max_hops} times")
        # Headers are read as Latin-1, but addresses that are not ASCII come in UTF-8.
        location = answer.headers["location"].encode("latin-1").decode("utf-8", "replace")
        url, credentials = _split_user(location, self.url)
        if not url:
            scheme = location.partition(":")[0][:20].lower()
            is_other = ":" in location and scheme.isalpha() and scheme not in ("http", "https")
            goal = f"{scheme}:, which" if is_other else "what"
            return Refused(f"redirected to {goal} is no http(s) URL")
        self._lead_to(url)
        self._hop_credentials = credentials
        self._is_anew = False
        self._is_permanent = self._is_permanent and answer.status in _PERMANENT
        return None

    def _moved(self) -> str:
        """Give the address to use from now on, if every hop was permanent."""
        if not self._hops or not self._is_permanent:
            return ""
        # At a new address what the old one's user information or auth said would be lost, or told to others.
        if self._has_user or (self._credentials and self._site != self._origin):
            return ""
        return self.url

    def _set_up(self, curl: "pycurl.Curl", left: float) -> None:
        answer = self.answer
        curl.setopt(pycurl.URL, self.url)
        curl.setopt(pycurl.FRESH_CONNECT, int(self._is_anew))
        curl.setopt(pycurl.HTTPHEADER, self._headers())
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(left * 1000)))
        curl.setopt(pycurl.HEADERFUNCTION, answer.on_header)
        curl.setopt(pycurl.WRITEFUNCTION, answer.on_body)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def _headers(self) -> list[bytes]:
        headers = [*self._validators]
        is_at_home = self._site == self._origin
        if credentials := self._credentials if is_at_home else self._hop_credentials:
            headers.append(f"Authorization: {credentials}")
        return [*_ALWAYS, *[header.encode("latin-1") for header in headers]]

    def _open(self, _purpose: int, address: "pycurl.CurlSockAddr") -> socket.socket | int:
        """Open the socket for an address that libcurl is about to dial, if it may be dialled."""
        ip, port = str(address.addr[0]), int(address.addr[1])
        if not self._may_dial(ip, port):
            self._undialled = self._not_public(ip)
            return int(pycurl.SOCKET_BAD)
        try:
            return _Dialling(address.family, address.socktype, address.protocol)
        except OSError as error:  # no IPv6 here, or too many open files: the next address may do
            self._undialled = self._undialled or Unreachable(f"no connection: {error.strerror}")
            return int(pycurl.SOCKET_BAD)

    def _may_dial(self, ip: str, port: int) -> bool:
        if self._limits.proxy:
            return True  # the operator's own; what it dials is for it to judge
        if self._place in self._private:
            if not self._place.endswith(f":{port}"):
                return False
            name = self._name()
            return name == ip or guard.literal(name) in ("", ip)
        return guard.is_public(ip)

    def _check_place(self) -> None:
        """Refuse what can be judged before its name is looked up."""
        if self._place in self._private:
            # A source out there may not lead us to an exception, nor use a connection that one has opened.
            is_refused = not self._began_private
        elif self._limits.proxy:
            name = self._name()
            ip = guard.literal(name)
            is_local = name == "localhost" or name.endswith(".localhost")
            is_refused = is_local or bool(ip and not guard.is_public(ip))
        else:
            is_refused = False
        if is_refused:
            raise self._not_public(self._name())

    def _not_public(self, what: str) -> Refused:
        """Say what may not be dialled, and the way out where it is the operator who leads there.

        The address that config.toml names is not told: its host may be a secret.
        """
        way = "" if self._hops else "; if it is yours, name its host and port in [fetch] private"
        return Refused(f"{what} is not a public address{way}")

    def _name(self) -> str:
        """Give the host that this hop goes to, without its port."""
        return urlsplit(self.url).hostname or ""


def handle(limits: Limits, authorities: str) -> "pycurl.Curl":
    """Give a handle that transfers may use one after the other; `authorities` is a file, or ""."""
    curl = pycurl.Curl()
    for option, value in (
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.HTTP_CONTENT_DECODING, 0),
        (pycurl.PROXY, limits.proxy.encode()),  # "" also keeps the environment's out
        (pycurl.NOPROXY, ""),
        (_SUPPRESS_CONNECT_HEADERS, 1),
        (pycurl.USERAGENT, _one_line(limits.user_agent).encode()),
        (pycurl.CONNECTTIMEOUT_MS, max(1, int(limits.connect.total_seconds() * 1000))),
    ):
        curl.setopt(option, value)
    if authorities:
        curl.setopt(pycurl.CAINFO, authorities)
        curl.setopt(pycurl.PROXY_CAINFO, authorities)
    return curl


def let_go(curl: "pycurl.Curl") -> None:
    """Have an idle handle hold nothing of the transfer that it was used for."""
    for option in (pycurl.HEADERFUNCTION, pycurl.WRITEFUNCTION, pycurl.OPENSOCKETFUNCTION):
        curl.unsetopt(option)


def _was_kept(curl: "pycurl.Curl") -> bool:
    """Tell whether a hop ran on a connection that was kept open: servers close those without a word.

    libcurl asks anew by itself, but gives up after five such connections.
    """
    return not curl.getinfo(pycurl.NUM_CONNECTS)


def _split_user(url: str, base: str = "") -> tuple[str, str]:
    """Give a URL without user information and fragment, and the Authorization that its user stands for."""
    whole = urls.absolute(url, base)
    if "@" not in whole and "#" not in whole:
        return whole, ""
    parts = urlsplit(whole)
    address = urldefrag(urls.without_user(whole)).url
    if not parts.username:
        return address, ""
    return address, _basic(unquote(parts.username), unquote(parts.password or ""))


def _authorization(auth: str) -> str:
    """Give the Authorization header for a source's `auth`; Refused if it is of no known kind."""
    kind, _, rest = auth.partition(":")
    match kind:
        case "":
            return ""
        case "basic":
            name, _, password = rest.partition(":")
            return _basic(name, password)
        case "bearer" if rest.isascii() and rest.isprintable():
            return f"Bearer {rest}"
        case _:
            raise Refused('auth is neither "basic:NAME:PASSWORD" nor "bearer:TOKEN"')


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _validators(request: Request) -> list[str]:
    pairs = (("If-None-Match", request.etag), ("If-Modified-Since", request.last_modified))
    return [f"{name}: {value}" for name, value in pairs if value and _is_header(value)]


def _is_header(value: str) -> bool:
    return not _CONTROL.search(value) and (value.isascii() or max(value) < "\u0100")


def _one_line(text: str) -> str:
    return _CONTROL.sub("", text)
