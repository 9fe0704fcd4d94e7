"""What libcurl calls a failure, in words that an operator understands."""

import errno
import os

import pycurl

from feedhub.errors import FetchError, Refused, TimedOut, Unreachable
from feedhub.model import Limits

from .answer import MAX_HEAD, Answer
from .words import seconds, size

_TOO_LARGE = 100  # pycurl has no names for these two
_HTTP2_STREAM = 92
_SYSTEM = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "the server cut the connection",
    errno.ENETUNREACH: "its network cannot be reached",
    errno.EHOSTUNREACH: "its host cannot be reached",
}
_WORDS = {
    pycurl.E_COULDNT_RESOLVE_HOST: "the host name could not be found",
    pycurl.E_COULDNT_RESOLVE_PROXY: "the proxy's host name could not be found",
    pycurl.E_GOT_NOTHING: "the server cut the connection without an answer",
    pycurl.E_PARTIAL_FILE: "the answer broke off before its end",
    pycurl.E_UNSUPPORTED_PROTOCOL: "the answer is not HTTP",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "the answer is not HTTP",
    pycurl.E_SSL_CACERT_BADFILE: "no list of trusted certificate authorities on this machine: "
    "install ca-certificates, or set SSL_CERT_FILE",
}
_BROKEN = frozenset({pycurl.E_RECV_ERROR, pycurl.E_SEND_ERROR, pycurl.E_HTTP2, _HTTP2_STREAM})


def failure(curl: "pycurl.Curl", code: int, message: str, *, answer: Answer, limits: Limits) -> FetchError:
    """Translate what ended a transfer; `message` is libcurl's own."""
    match code:
        case pycurl.E_OPERATION_TIMEDOUT:
            return _timed_out(curl, message, answer, limits)
        case pycurl.E_COULDNT_CONNECT:
            return Unreachable(_system_words(curl) or "no connection")
        case pycurl.E_PEER_FAILED_VERIFICATION:
            return Unreachable(f"TLS certificate not valid: {_detail(message)}")
        case pycurl.E_SSL_CONNECT_ERROR:
            return Unreachable(f"no secure connection: {_detail(message)}")
        case pycurl.E_URL_MALFORMAT:
            return Refused("the address is no URL")
    if code == _TOO_LARGE:
        return Refused(f"an answer with more than {size(MAX_HEAD)} of headers")
    if code in _WORDS:
        return Unreachable(_WORDS[code])
    if code in _BROKEN:
        return Unreachable(_system_words(curl) or f"the connection broke off: {_detail(message)}")
    return Unreachable(f"no answer: {_detail(message)}")


def _timed_out(curl: "pycurl.Curl", message: str, answer: Answer, limits: Limits) -> TimedOut:
    if message.startswith("Resolving"):
        return TimedOut("the host name was not found in time")
    if not curl.getinfo(pycurl.PRETRANSFER_TIME):
        return TimedOut(f"no connection within {seconds(min(limits.connect, limits.timeout))}")
    if answer.has_begun:
        return TimedOut(f"the answer was not complete within {seconds(limits.timeout)}")
    return TimedOut(f"no answer within {seconds(limits.timeout)}")


def _system_words(curl: "pycurl.Curl") -> str:
    number = curl.getinfo(pycurl.OS_ERRNO)
    return _SYSTEM.get(number) or (os.strerror(number).lower() if number else "")


def _detail(message: str) -> str:
    """Leave out what only programmers read: "TLS connect error: error:0A00010B:SSL routines::"."""
    message = message.rpartition("::")[2]
    return message.removeprefix("SSL certificate problem: ").removeprefix("SSL: ") or "no reason given"
