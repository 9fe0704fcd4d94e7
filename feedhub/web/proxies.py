"""What reverse proxies say of who asked. Believed only from those that [server] proxies names."""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Address = IPv4Address | IPv6Address

_TOLD = tuple(
    f"HTTP_{name}"
    for name in "FORWARDED X_FORWARDED_FOR X_FORWARDED_PROTO X_FORWARDED_HOST X_FORWARDED_PORT"
    " X_FORWARDED_PREFIX X_FORWARDED_BY X_REAL_IP".split()
)


def believing(app: WSGIApplication, proxies: Collection[str]) -> WSGIApplication:
    """Wrap an application so that REMOTE_ADDR is the reader's address, as trusted proxies tell it.

    What is told falls away, whoever told it. It matters to logs alone: no address that we write starts
    with a Host header or with what a proxy says; all start with `site.url`.
    """
    trusted = {address for address in map(_address, proxies) if address}

    def believed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told = {name: environ.pop(name) for name in _TOLD if name in environ}
        if told and _address(environ.get("REMOTE_ADDR", "")) in trusted:
            if reader := _reader(told.get("HTTP_X_FORWARDED_FOR", ""), trusted):
                environ["REMOTE_ADDR"] = str(reader)
            scheme = told.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return app(environ, start_response)

    return believed


def _reader(forwarded: str, trusted: Collection[Address]) -> Address | None:
    """Give the last address that none of our proxies has: what stands before it anybody may have written."""
    found = None
    for written in reversed(forwarded.split(",")):
        address = _address(written.strip())
        if address is None:
            break
        found = address
        if address not in trusted:
            break
    return found


def _address(written: str) -> Address | None:
    try:
        address = ip_address(written)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
