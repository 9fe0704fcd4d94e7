"""URLs: absolute, safe, comparable. Pure; every function takes any text and gives "" where there is none."""

import re
import uuid
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_plus, urljoin, urlsplit, urlunsplit

_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")  # what else a URL allows there, no name has
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_IRI = re.compile(r"(?:[^\s\x00-\x20\x7f-\x9f<>\"{}|\\^`%\ud800-\udfff\ufffe\uffff]|%[0-9A-Fa-f]{2})+")
# With a port only if it is surely one, and not the usual one.
_USUAL_SITE = r"https?://[a-z0-9][a-z0-9.-]*(?::(?:[1-9]\d{3}|[1-5]\d{4}))?"
# What `absolute` would give back as it is; by far the most addresses are such.
_READY = re.compile(
    rf"{_USUAL_SITE}/(?:[\w/:@!$&'()*+,;=~.-]|%[0-9A-Fa-f]{2})*"
    r"(?:\?(?:[\w/:@!$&'()*+,;=~.?-]|%[0-9A-Fa-f]{2})+)?(?:#(?:[\w/:@!$&'()*+,;=~.?-]|%[0-9A-Fa-f]{2})+)?",
    re.ASCII,
)
_BREAK = re.compile(r"[\t\r\n]")
_ROOTED = re.compile(r"/(?!/)")
_SITE = re.compile(rf"{_USUAL_SITE}(?=/)", re.ASCII)
_TAG = re.compile(r"tag:[^:,/]+,\d{4}(?:-\d{2}(?:-\d{2})?)?:.*", re.I)  # RFC 4151
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:.+", re.I)  # RFC 8141
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
# An id is never opened by us, but readers have been seen to link it.
_UNSAFE_SCHEMES = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Query parameters that say how a reader came, never which article it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|yclid|ysclid|igshid|mc_[ce]id|_hsenc|_hsmi"
    r"|mkt_tok|oly_(?:anon|enc)_id|vero_id|wickedid|at_(?:medium|campaign|custom\d)|__twitter_impression)",
    re.I,
)


def is_web(url: str) -> bool:
    """Tell whether a text is an absolute http(s) URL with a host."""
    if _READY.fullmatch(url):
        return True
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        return False
    return bool(_IRI.fullmatch(url))


def is_iri(text: str) -> bool:
    """Tell whether a text may stand as an Atom id as it is: an IRI (RFC 3987), valid by its scheme."""
    if _READY.fullmatch(text):
        return True
    match = _SCHEME.match(text)
    if not match or not _IRI.fullmatch(text):
        return False
    match scheme := match[0][:-1].lower():
        case "http" | "https":
            return is_web(scheme + text[len(scheme) :])
        case "tag":
            return bool(_TAG.fullmatch(text))
        case "urn":
            wanted = _UUID if text[4:9].lower() == "uuid:" else _URN
            return bool(wanted.fullmatch(text))
        case _:
            return len(scheme) > 1 and scheme not in _UNSAFE_SCHEMES and len(text) > len(match[0])


def absolute(url: str, base: str = "") -> str:
    """Resolve a reference (RFC 3986) and give it as an ASCII http(s) URL; "" if that cannot be done.

    What browsers forgive is forgiven: white space around and line breaks within, spaces and other
    characters that should have been escaped.
    """
    if _READY.fullmatch(url):
        return url
    if _ROOTED.match(url) and "/." not in url and (site := _site(base)):
        resolved = site + url
        if _READY.fullmatch(resolved):
            return resolved
    url = _BREAK.sub("", url.strip(" \t\r\n\f\x00\u00a0\ufeff"))
    if not url:
        return ""
    try:
        url = urljoin(base, url) if base and not _SCHEME.match(url) else url
        if _READY.fullmatch(url):
            return url
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return ""
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    if user := parts.netloc.rpartition("@")[0]:
        host = f"{_escape(user)}@{host}"
    resolved = urlunsplit(
        (parts.scheme, host, _escape(parts.path, "") or "/", _escape(parts.query), _escape(parts.fragment))
    )
    return resolved if is_web(resolved) else ""


@lru_cache(maxsize=100)
def _site(base: str) -> str:
    """Give where a base's host ends; "" for one that is not of the usual form."""
    found = _SITE.match(base)
    return found[0] if found else ""


def _escape(part: str, brackets: str = "[]") -> str:
    """Percent-encode what may not stand in a URL, and nothing else.

    Brackets may not stand there either, but servers have been met that know their own queries only so.
    """
    part = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", re.sub("[\ud800-\udfff]", "\ufffd", part))
    return quote(part, safe="/%:@!$&'()*+,;=~-._?" + brackets)


@lru_cache(maxsize=4096)  # an article's is asked for some eight times while it is read and saved
def canonical(url: str) -> str:
    """Give what two addresses of one article have in common, to compare, not to open."""
    if _READY.fullmatch(url) and "?" not in url and "#" not in url:
        name, _, path = url.partition("//")[2].partition("/")  # the same as below, ten times as fast
        return f"//{name}/{path.rstrip('/')}"
    url = without_tracking(absolute(url))
    if not url:
        return ""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") or "/"
    query = "&".join(
        f"{key}={value}" for key, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    return urlunsplit(("", host(url), path, query, parts.fragment))


def without_tracking(url: str) -> str:
    """Leave out the query parameters that tell how a reader came; the rest stays byte for byte."""
    head, mark, fragment = url.partition("#")
    address, question, query = head.partition("?")
    if not question:
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(unquote_plus(pair.partition("=")[0]))]
    if len(kept) == len(pairs):
        return url
    return address + ("?" + "&".join(kept) if kept else "") + mark + fragment


def without_user(url: str) -> str:
    """Leave out a user's name and password."""
    if _READY.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def host(url: str) -> str:
    """Give the host in lower case, with its port where that is not the scheme's own."""
    if site := _SITE.match(url):
        return site[0].partition("//")[2]
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if port is None or port == _DEFAULT_PORTS.get(parts.scheme):
        return name
    return f"{name}:{port}"


def root(url: str) -> str:
    """Give the address of the site that a URL is on."""
    if site := _SITE.match(url):
        return site[0] + "/"
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/" if parts.hostname else ""


def minted(feed_url: str, key: str) -> str:
    """Mint the published id of an entry whose publisher gave none that may stand (RFC 9562, version 5).

    It depends on the source's feed and the entry's key alone, so two hubs mint alike.
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{feed_url} {key}").urn
