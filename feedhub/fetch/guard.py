"""Which addresses may be dialled. Pure.

Only public unicast addresses may, so that no source leads us into our own network; the operator names the
exceptions one by one, as the host and port that stand in the URL.
"""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_USUAL = re.compile(r"(https?)://([a-z0-9][a-z0-9.-]*)(?::([1-9]\d{3}|[1-5]\d{4}))?/", re.ASCII)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: nothing else has been given out
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637; Python 3.11 does not know it
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215


def is_public(address: str) -> bool:
    """Tell whether an IP address is a public unicast one, whatever form hides an IPv4 address in it."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return _is_public_v4(ip)
    hidden = _embedded(ip)
    if hidden:
        return all(_is_public_v4(inner) for inner in hidden)
    return ip in _GLOBAL_UNICAST and ip.is_global and ip not in _DOCUMENTATION


def _is_public_v4(ip: IPv4Address) -> bool:
    # is_global alone is True for 224.0.0.1.
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _embedded(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    """Give the IPv4 addresses that an IPv6 address is translated or tunnelled to."""
    number = int(ip)
    last = IPv4Address(number & 0xFFFF_FFFF)
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip in _COMPATIBLE or ip in _NAT64:
        return (last,)
    if ip in _LOCAL_NAT64:
        # Shorter prefixes put the address elsewhere: only the /96 form has zeros before it.
        return (last,) if not number >> 32 & 0xFFFF_FFFF else (IPv4Address(0),)
    if ip.sixtofour:
        return (ip.sixtofour,)
    return ip.teredo or ()


def place(url: str) -> str:
    """Give "host:port" as a URL names it: the unit of exceptions; "" if it names none."""
    if usual := _USUAL.match(url):
        return f"{usual[2]}:{usual[3] or _DEFAULT_PORTS[usual[1]]}"
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return ""
    return f"{_plain(name)}:{port}" if name and port else ""


def places(private: Iterable[str]) -> frozenset[str]:
    """Give the exceptions, "host:port" each ("[::1]:8000" for IPv6), so that they compare with place()."""
    return frozenset(place(f"http://{entry}") for entry in private) - {""}


def literal(host: str) -> str:
    """Give the IP address that a host is written as, in whatever notation; "" if it is a name."""
    host = host.strip("[]")
    try:
        return str(ip_address(host))
    except ValueError:
        return _odd_literal(host)


def _odd_literal(host: str) -> str:
    # 127.1, 0x7f000001 and 017700000001 are addresses too, to those who dial them.
    try:
        return str(IPv4Address(socket.inet_aton(host)))
    except OSError:
        return ""


def _plain(host: str) -> str:
    if ":" not in host:
        return host.lower()
    try:
        return f"[{ip_address(host)}]"
    except ValueError:
        return host.lower()
