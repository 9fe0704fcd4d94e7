"""What the values of config.toml may be: each function takes what stands there and gives what it means.

Pure, but for the table of time zones. What is wrong is raised as a ValueError in the operator's words.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from feedhub import urls
from feedhub.config.words import listed, meant, quoted
from feedhub.text import globs, patterns
from feedhub.text.folding import folded

_DURATION = re.compile(r"(\d{1,9})([smhd])", re.A)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=36_500)
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?([KMG]?I?B)", re.A | re.I)
_FACTORS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*", re.A)
# BCP 47 (RFC 5646, 2.1) without the four- to eight-letter languages, of which none was ever registered:
# "english" is a mistake.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+",
    re.A | re.I,
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_HOST = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?", re.A | re.I
)
_FRAMER = re.compile(
    r"\*|(?:https?://)?(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?:\d{1,5}|\*))?", re.A | re.I
)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.A)
_PLACE = re.compile(r"\{(\w*)\}")


def duration(value: object) -> timedelta:
    """Read `30s`, `5m`, `2h`, `1d`; `0s` is one too."""
    if isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        # Checked before timedelta is made, which overflows at 2.7 million years.
        found = timedelta(**{_UNITS[match[2]]: int(match[1])}) if len(match[1]) < 10 else _LONGEST * 2
        if found > _LONGEST:
            raise ValueError("is longer than a hundred years")
        return found
    raise ValueError(f'must be a duration such as "30s", "5m", "2h" or "1d", not {_shown(value)}')


def span(value: object) -> timedelta:
    """Read a duration that is not nothing."""
    found = duration(value)
    if not found:
        raise ValueError('must be longer than "0s"')
    return found


def keep(value: object) -> str:
    """Read how long texts are kept: so far `forever` is all there is."""
    if value == "forever":
        return "forever"
    hint = meant(value, ["forever"]) if isinstance(value, str) else ""
    raise ValueError(f'must be "forever" so far, not {_shown(value)}{hint}')


def size(value: object) -> int:
    """Read a number of bytes: `64 KB` and `10 MB` count in thousands, `64 KiB` in 1024s."""
    if isinstance(value, str) and (match := _SIZE.fullmatch(value)):
        found = int(float(match[1]) * _FACTORS[match[2].lower()])
        if not found:
            raise ValueError('must be more than "0 B"')
        return found
    raise ValueError(f'must be a size such as "64 KB" or "10 MB", not {_shown(value)}')


def choice(allowed: tuple[str, ...]) -> Callable[[object], str]:
    """Make the reader of a word that is one of those allowed."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        hint = meant(value, allowed) if isinstance(value, str) else ""
        raise ValueError(f"must be {listed(allowed)}, not {_shown(value)}{hint}")

    return read


def some(value: object) -> tuple[object, ...]:
    """Read a list of texts that may be a single text without brackets."""
    return (value,) if isinstance(value, str) else many(value)


def many(value: object) -> tuple[object, ...]:
    """Read a list."""
    if not isinstance(value, list):
        # pydantic collects ValueErrors and lets TypeErrors through.
        raise ValueError(f"must be a list, in brackets, not {kind(value)}")  # noqa: TRY004
    return tuple(value)


def named(values: tuple[str, ...]) -> tuple[str, ...]:
    """Take a list that is not empty."""
    if not values:
        raise ValueError("names nothing; leave the key out instead")
    return values


def text(value: str) -> str:
    """Take a text that can stand in XML."""
    if match := _ILLEGAL.search(value):
        raise ValueError(f"holds a control character (U+{ord(match[0]):04X}), which no feed may hold")
    return value


def word(value: str) -> str:
    """Take a text that is not blank."""
    if not value.strip():
        raise ValueError("is empty")
    return text(value)


def pattern(value: str) -> str:
    """Take a pattern of a rule: words, a glob or a regular expression."""
    patterns.pattern(word(value))
    return value


def host_pattern(value: str) -> str:
    """Take a pattern that may fit a host: only a regular expression holds a slash."""
    if "/" in value and not value.startswith("/"):
        host = value.rpartition("://")[2].partition("/")[0]
        raise ValueError(f'has a "/", as no host has{f"; did you mean {quoted(host)}?" if host else ""}')
    return value


def language_pattern(value: str) -> str:
    """Take a pattern that may fit a language tag: words are a whole one."""
    is_words = not value.startswith("/") and not globs.is_glob(value)
    return language(value) if is_words and not _LANGUAGE.fullmatch(folded(value)) else value


def tables(value: object) -> tuple[object, ...]:
    """Read a list of tables."""
    if not isinstance(value, list):
        raise ValueError(f"must be a list of tables, in brackets, not {kind(value)}")  # noqa: TRY004
    return tuple(value)


def linked(value: str) -> str:
    """Take the text of a credit, in which `{source}` stands for the publisher's name."""
    for name in _PLACE.findall(value):
        if name != "source":
            raise ValueError(
                f'may hold "{{source}}", not {quoted("{" + name + "}")}; did you mean "{{source}}"?'
            )
    return word(value)


def slug(value: str) -> str:
    """Take a name that can stand in an address."""
    if not _SLUG.fullmatch(value):
        better = slugged(value)
        hint = f"; did you mean {quoted(better)}?" if better else ""
        raise ValueError(f"must be of small letters a-z, digits and hyphens, not {quoted(value)}{hint}")
    return value


def slugged(value: str) -> str:
    """Make a slug of any text; "" if nothing remains."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower(), flags=re.A).strip("-")


def zone(value: str) -> str:
    """Take the name of a time zone (IANA)."""
    try:
        ZoneInfo(value)
    # A folder of zones (America) is an OSError; a name that cannot be a path, a ValueError.
    except (KeyError, ValueError, OSError):
        hint = meant(value, available_timezones())
        raise ValueError(f'is no time zone, such as "Europe/Paris": {quoted(value)}{hint}') from None
    return value


def language(value: str) -> str:
    """Take a language tag (BCP 47)."""
    if not _LANGUAGE.fullmatch(value):
        better = value.replace("_", "-")
        hint = f"; did you mean {quoted(better)}?" if _LANGUAGE.fullmatch(better) else ""
        raise ValueError(f'must be a language tag such as "en" or "hy-AM", not {quoted(value)}{hint}')
    return value


def framer(value: str) -> str:
    """Take who may frame us: `*`, a host or an origin, as CSP's frame-ancestors has them."""
    if not _FRAMER.fullmatch(value):
        raise ValueError(f'must be "*" or a site such as "https://example.org", not {quoted(value)}')
    return value.lower()


def address(value: str) -> str:
    """Take an IP address."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(f'must be an IP address such as "127.0.0.1", not {quoted(value)}') from None


def place(value: str) -> str:
    """Take `host:port`, in lower case."""
    host, port = split_place(value)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def perhaps_place(value: str) -> str:
    """Take `host:port` as `place` does, or nothing."""
    return place(value) if value else ""


def split_place(value: str) -> tuple[str, int]:
    """Split `host:port`; an IPv6 address stands in brackets, which fall away."""
    host, _, port = value.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    bare = host[1:-1] if is_bracketed else host
    is_host = _is_ipv6(bare) if is_bracketed else bool(_HOST.fullmatch(bare))
    is_port = port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65_536
    if is_host and is_port:
        return bare.lower(), int(port)
    hint = f'; did you mean "127.0.0.1:{port}" or "0.0.0.0:{port}"?' if is_port and not host else ""
    raise ValueError(f'must be a host and a port such as "127.0.0.1:8000", not {quoted(value)}{hint}')


def _is_ipv6(value: str) -> bool:
    try:
        return ipaddress.ip_address(value).version == 6
    except ValueError:
        return False


def web(value: str) -> str:
    """Take an absolute http(s) URL; what is wrong is told without the value, which may hold a secret."""
    found = urls.absolute(value)
    if not found:
        raise ValueError('must be an address that starts with "http://" or "https://"')
    return found


def contact(value: str) -> str:
    """Take an e-mail or web address that can stand in an HTTP header."""
    found = value.removeprefix("mailto:")
    if not found or _EMAIL.fullmatch(found):
        return found
    if found := urls.absolute(value):
        return found
    raise ValueError("must be an e-mail address or a web address")


def report(value: str) -> str:
    """Take an e-mail or web address for reports of weaknesses; RFC 9116 (2.5.3) wants https."""
    found = contact(value)
    if found.startswith("http:"):
        raise ValueError("must begin with https: nobody else is to read what is reported")
    return found


def kind(value: object) -> str:
    """Say what a TOML value is, without showing it."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _shown(value: object) -> str:
    match value:
        case str():
            return quoted(value)
        case bool() | list() | tuple() | dict():
            return kind(value)
        case int() | float():
            return f"the number {value}" if abs(value) < 10**12 else "a number"
        case _:
            return kind(value)
