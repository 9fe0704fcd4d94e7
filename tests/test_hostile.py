"""A hub among sources that mean it harm: each gets its words, and two healthy ones go on being published."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hostile_server import (
    Act,
    Canary,
    HostileServer,
    answers,
    bomb,
    chunked,
    drips,
    floods,
    gives,
    gzipped,
    head,
    raw,
    resets,
    sends_to,
    then,
)
from hubs import Hub, Item, Running, rss
from loopback import Loopback

BEGAN = datetime.now(UTC).replace(microsecond=0)
ONCE = "1h"  # how often a source is polled that shows all it has at the first poll
AGAIN = "1s"  # and one that turns bad later
SIZE = "10 MB"
LIMITS = {
    "connect": "4s",
    "first_byte": "4s",
    "timeout": "8s",
    "max_size": SIZE,
    "per_host": 48,
    "cpu": "3s",
    "memory": "300 MB",
}
LATEST = 30.0  # seconds: until an entry of a healthy source is published; far more than it should take
BEFORE = 75.0  # seconds: by then every source has shown what it can do
GOOD = rss(Item(id="urn:example:good", title="Good news", link="https://good.example/1", at=BEGAN))
OK, FAILING, PAUSED = "ok", "failing", "paused"
SLOW_HEAD = "no answer within 4 s"
SLOW = "the answer was not complete within 8 s"
TOO_BIG = "an answer of more than 10 MB"
TOO_MUCH_HEAD = "an answer with more than 64 KB of headers"
BROKE_OFF = "the answer broke off before its end"
NO_PUBLIC = "is not a public address"
NO_WEB = "is no http(s) URL"
NO_XML = "not an XML document"


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What one source does, and what `feedhub sources` must say of it."""

    name: str
    act: Act | None = None  # None = nobody may come to its address
    url: str = ""  # "" = on the hostile server
    state: str = FAILING
    words: str = ""  # that its problem must hold
    entries: int = 0  # that it must have
    title: str = ""  # that one of them must have
    every: str = ONCE


def xml(body: str, declared: str = '<?xml version="1.0"?>') -> bytes:
    return (declared + body).encode()


def feed(items: str, before: str = "") -> str:
    return f'{before}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def item(title: str, more: str = "") -> str:
    return (
        f"<item><guid>urn:example:{abs(hash(title))}</guid><title>{title}</title>"
        f"<link>https://bad.example/1</link>{more}</item>"
    )


# ── The table ────────────────────────────────────────────────────────────────────────────────────


def behaviours(server: HostileServer, canary: Canary) -> Iterator[Behaviour]:
    """Give all behaviours; some need to know where the server and the canary are."""
    for kind in (slow, endless, coded, cut, redirected, answered, weapons, encoded):
        yield from kind()
    yield from leading_astray(server, canary)
    yield from named(canary)
    yield from external(canary)


def bad(name: str, act: Act, words: str, **more: Any) -> Behaviour:
    return Behaviour(name=name, act=act, words=words, **more)


def turns(name: str, act: Act, words: str) -> Behaviour:
    """A source that has an entry, and then turns bad: what it had stays."""
    good = gives(GOOD, 'ETag: "good"')
    return Behaviour(name=name, act=then(good, act), words=words, entries=1, title="Good news", every=AGAIN)


def good(name: str, act: Act, title: str = "Good news", entries: int = 1) -> Behaviour:
    return Behaviour(name=name, act=act, state=OK, title=title, entries=entries)


def slow() -> Iterator[Behaviour]:
    begun = head("Content-Type: application/rss+xml", "Content-Length: 5000")
    yield bad("silent", raw(hold=30), SLOW_HEAD)
    yield bad("status-by-bytes", drips(b"HTTP/1.1 2", b"0"), SLOW_HEAD)
    yield bad("headers-by-bytes", drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"), SLOW)
    yield bad("headers-by-lines", drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), SLOW)
    yield bad("body-by-bytes", drips(begun, b"x"), SLOW)
    yield bad("chunks-by-bytes", drips(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"), SLOW)
    yield bad("stops-in-the-body", raw(begun + GOOD[:100], hold=30), SLOW)
    yield bad("stops-before-the-body", raw(begun, hold=30), SLOW)
    yield bad("whole-but-open", raw(head() + GOOD, hold=30), SLOW)
    yield bad(
        "continues-slowly",
        drips(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        SLOW_HEAD,
    )
    yield turns("slow-later", drips(begun, b"<"), SLOW)
    yield turns("silent-later", raw(hold=30), SLOW_HEAD)
    yield bad("slow-redirect", drips(b"HTTP/1.1 302 Found\r\nLocation: /", b"x"), SLOW_HEAD)


def endless() -> Iterator[Behaviour]:
    yield bad("endless-body", floods(head("Content-Type: text/xml")), TOO_BIG)
    yield bad(
        "endless-chunks", floods(head("Transfer-Encoding: chunked"), chunked(b"x" * 60_000, end=b"")), TOO_BIG
    )
    yield bad("tells-terabytes", raw(head("Content-Length: 1000000000000") + b"x" * 100, hold=10), TOO_BIG)
    yield bad("endless-headers", floods(b"HTTP/1.1 200 OK\r\n", b"X-Name: value\r\n" * 100), TOO_MUCH_HEAD)
    yield bad("one-endless-header", floods(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 4096), TOO_MUCH_HEAD)
    yield bad("huge-header", raw(head("X: " + "x" * 90_000) + GOOD), TOO_MUCH_HEAD)
    yield bad(
        "ten-thousand-headers", raw(head(*(f"X-{number}: y" for number in range(10_000)))), TOO_MUCH_HEAD
    )
    yield bad("early-answers-for-ever", floods(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50), TOO_MUCH_HEAD)
    yield bad("continues-for-ever", floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), TOO_MUCH_HEAD)
    yield good("early-hints", raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + head() + GOOD))
    yield bad("endless-status-line", floods(b"HTTP/1.1 200 ", b"x" * 4096), TOO_MUCH_HEAD)
    yield bad(
        "endless-chunk-size",
        floods(head("Transfer-Encoding: chunked"), b"0" * 4096),
        "the connection broke off: chunk hex-length longer than 17",
    )
    yield bad(
        "endless-chunk-extension", floods(head("Transfer-Encoding: chunked") + b"1;", b"x" * 4096), SLOW
    )
    yield bad(
        "endless-trailers",
        floods(head("Transfer-Encoding: chunked") + chunked(GOOD, end=b"0\r\n"), b"X: y\r\n" * 99),
        TOO_MUCH_HEAD,
    )
    yield turns("endless-later", floods(head("Content-Type: text/xml")), TOO_BIG)


def coded() -> Iterator[Behaviour]:
    gzip = "Content-Encoding: gzip"
    yield bad("gzip-bomb", gives(bomb(300_000_000), gzip), TOO_BIG)
    yield bad("deflate-bomb", gives(bomb(200_000_000, 15), "Content-Encoding: deflate"), TOO_BIG)
    yield bad("raw-deflate-bomb", gives(bomb(200_000_000, -15), "Content-Encoding: deflate"), TOO_BIG)
    yield bad("nested-bomb", gives(gzipped(bomb(100_000_000)), gzip), NO_XML)
    yield bad(
        "chained-codings", gives(gzipped(gzipped(GOOD)), "Content-Encoding: gzip, gzip"), "did not ask for"
    )
    yield bad("long-chain", gives(GOOD, "Content-Encoding: " + ", ".join(["gzip"] * 500)), "did not ask for")
    yield bad("repeated-coding", gives(gzipped(GOOD), gzip, gzip), "did not ask for")
    yield bad("brotli", gives(b"\x0b\x02\x80", "Content-Encoding: br"), "did not ask for")
    yield bad("zstandard", gives(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd"), "did not ask for")
    yield bad("made-up-coding", gives(GOOD, "Content-Encoding: \x1b[31mred"), "did not ask for")
    yield good("coding-that-is-none", gives(GOOD, "Content-Encoding: UTF-8"))
    yield bad("gzip-that-is-none", gives(GOOD, gzip), "data of the answer is broken")
    yield bad("gzip-in-pieces", gives(gzipped(b"") * 5000, gzip), "in more than 1000 compressed pieces")
    yield bad("gzip-of-nothing", gives(gzipped(b""), gzip), "with nothing in it")
    yield turns("cut-gzip", gives(gzipped(GOOD)[:-12], gzip), "broke off in the midst of its compressed data")
    yield turns(
        "cut-deflate", gives(bomb(1_000_000, 15)[:-9], "Content-Encoding: deflate"), "broke off in the midst"
    )
    yield good("gzip-with-padding", gives(gzipped(GOOD) + b"\0" * 999, gzip))


def cut() -> Iterator[Behaviour]:
    told = head("Content-Length: 5000")
    yield turns("short-body", raw(told + GOOD), BROKE_OFF)
    yield turns("cut-chunk", raw(head("Transfer-Encoding: chunked") + b"fff\r\n" + GOOD), BROKE_OFF)
    yield turns("no-last-chunk", raw(head("Transfer-Encoding: chunked") + chunked(GOOD, end=b"")), BROKE_OFF)
    yield turns("cut-document", gives(GOOD[:-20]), "ends before its root element does")
    yield turns("cut-in-an-item", gives(GOOD[: GOOD.index(b"<link>https://good")]), "ends before its root")
    yield turns("cut-in-the-head", raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/x"), BROKE_OFF)
    yield turns("reset-in-the-body", resets(told + GOOD[:200]), "cut the connection")
    yield turns("nothing-later", gives(b""), "with nothing in it")
    yield turns("no-feed-later", gives(b"<html><body>Parked</body></html>"), "an HTML page, not a feed")
    yield bad("reset", resets(), "cut the connection")
    yield bad("hangs-up", raw(), "the server cut the connection without an answer")
    yield bad("cut-json", gives(b'{"items": [{"id": "1"', kind="application/feed+json"), "not valid JSON")


def redirected() -> Iterator[Behaviour]:
    yield bad("loop", sends_to("/loop"), "redirected more than 5 times")
    yield bad("loop-of-queries", sends_to("?again", 307), "answered 404")
    for step in range(7):
        name, goal = f"chain-{step}", f"/chain-{step + 1}"
        if step < 2:
            yield bad(name, sends_to(goal, 301), "redirected more than 5 times")
        else:
            yield good(name, sends_to(goal, 301))
    yield good("chain-7", gives(GOOD))
    yield bad("goes-nowhere", answers(302, b""), "answered 302 Found without saying where")
    yield bad("goes-to-nothing", sends_to(""), "redirected to what is no http(s) URL")
    for name, goal in OTHER_SCHEMES.items():
        yield bad(f"goes-to-{name}", sends_to(goal), NO_WEB)


OTHER_SCHEMES = {
    "file": "file:///etc/passwd",
    "file-in-capitals": "FILE:///etc/passwd",
    "file-at-a-host": "file://localhost/etc/passwd",
    "ftp": "ftp://127.0.0.2/feed",
    "gopher": "gopher://127.0.0.2:70/_GET%20/",
    "data": "data:application/rss+xml,<rss><channel/></rss>",
    "javascript": "javascript:alert(1)",
    "dict": "dict://127.0.0.2:11211/stats",
    "ldap": "ldap://127.0.0.2/",
    "smb": "smb://127.0.0.2/share",
    "jar": "jar:http://127.0.0.2/x!/",
    "no-host": "http:///etc/passwd",
    "a-broken-port": "http://127.0.0.2:99999/",
    "broken-brackets": "http://[::1/",
}


def leading_astray(server: HostileServer, canary: Canary) -> Iterator[Behaviour]:
    """Redirects to the canary in every spelling, and to places where no feed is."""
    for name, host in SPELLINGS.items():
        yield bad(f"leads-to-{name}", sends_to(f"http://{host}:{canary.port}/"), NO_PUBLIC)
    for name, place in PRIVATE_PLACES.items():
        yield bad(f"leads-to-{name}", sends_to(f"http://{place}/"), NO_PUBLIC)
    port = canary.port
    yield bad("leads-by-two-slashes", sends_to(f"//127.0.0.2:{port}/"), NO_PUBLIC)
    yield bad("leads-by-a-user", sends_to(f"http://{server.address}@127.0.0.2:{port}/"), NO_PUBLIC)
    yield bad("leads-by-a-password", sends_to(f"http://good.example:80@127.0.0.2:{port}/"), NO_PUBLIC)
    yield bad("leads-by-an-old-page", sends_to(f"http://127.0.0.2:{port}/", 301), NO_PUBLIC)
    yield bad("leads-by-a-method", sends_to(f"http://127.0.0.2:{port}/", 308), NO_PUBLIC)
    yield bad("leads-to-https", sends_to(f"https://127.0.0.2:{port}/"), NO_PUBLIC)
    yield turns("leads-astray-later", sends_to(f"http://127.0.0.2:{port}/"), NO_PUBLIC)
    yield bad("leads-in-two-steps", sends_to("/leads-to-a-dotted-quad"), NO_PUBLIC)
    yield bad("leads-to-another-port", sends_to(f"http://127.0.0.1:{port}/"), NO_PUBLIC)


SPELLINGS = {
    "a-dotted-quad": "127.0.0.2",
    "a-short-quad": "127.2",
    "three-parts": "127.0.2",
    "a-number": "2130706434",
    "a-hexadecimal": "0x7f000002",
    "hexadecimal-parts": "0x7f.0x0.0x0.0x2",
    "an-octal": "017700000002",
    "octal-parts": "0177.0.0.02",
    "a-trailing-dot": "127.0.0.2.",
    "mapped": "[::ffff:127.0.0.2]",
    "mapped-in-hexadecimal": "[::ffff:7f00:2]",
    "compatible": "[::127.0.0.2]",
    "nat64": "[64:ff9b::127.0.0.2]",
    "local-nat64": "[64:ff9b:1::7f00:2]",
    "6to4": "[2002:7f00:2::1]",
    "teredo": "[2001:0:7f00:2::80ff:fffd]",
    "loopback-6": "[::1]",
    "loopback-6-in-full": "[0:0:0:0:0:0:0:1]",
    "any-6": "[::]",
    "any": "0.0.0.0",
    "zero": "0",
    "localhost": "localhost",
    "localhost-in-capitals": "LOCALHOST",
    "localhost-with-a-dot": "localhost.",
    "wide-digits": "\uff11\uff12\uff17.0.0.2",
    "ringed-digits": "\u2460\u2461\u2466.0.0.2",
    "wide-dots": "127\u30020\u30020\u30022",
    "a-wide-localhost": "\uff4cocalhost",
}
PRIVATE_PLACES = {
    "ten": "10.0.0.1",
    "one-seven-two": "172.16.0.1",
    "one-nine-two": "192.168.0.1",
    "metadata": "169.254.169.254/latest/meta-data",
    "metadata-mapped": "[::ffff:169.254.169.254]",
    "metadata-as-a-number": "2852039166",
    "metadata-6": "[fd00:ec2::254]",
    "link-local": "[fe80::1]",
    "unique-local": "[fd12:3456::1]",
    "site-local": "[fec0::1]",
    "shared": "100.64.0.1",
    "benchmarks": "198.18.0.1",
    "documentation": "192.0.2.1",
    "documentation-6": "[2001:db8::1]",
    "multicast": "224.0.0.1",
    "multicast-6": "[ff02::1]",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "ten-by-6to4": "[2002:0a00:0001::1]",
}


def named(canary: Canary) -> Iterator[Behaviour]:
    """Sources whose own address in config.toml leads to the canary, or into our network."""
    for name, host in SPELLINGS.items():
        if host.isascii():
            url = f"http://{host}:{canary.port}/feed"
            yield Behaviour(name=f"is-{name}", url=url, words=NO_PUBLIC)
    yield Behaviour(name="is-metadata", url="http://169.254.169.254/latest/meta-data/", words=NO_PUBLIC)
    yield Behaviour(
        name="is-unknown", url="http://no-such-host.invalid/feed", words="the host name could not be"
    )


def answered() -> Iterator[Behaviour]:
    statuses = {
        204: "nothing to read",
        205: "nothing to read",
        300: "",
        400: "",
        401: "answered 401 Unauthorized",
        403: "answered 403 Forbidden",
        404: "answered 404 Not Found",
        405: "",
        406: "",
        407: "",
        408: "",
        410: "answered 410 Gone; it is not polled any more",
        418: "",
        429: "",
        451: "",
        500: "",
        502: "",
        503: "answered 503 Service Unavailable",
        508: "",
        999: "answered 999",
    }
    for status, words in statuses.items():
        body = b"" if status in (204, 205) else GOOD
        state = PAUSED if status == 410 else FAILING
        yield bad(f"status-{status}", answers(status, body), words or f"answered {status}", state=state)
    yield bad(
        "not-modified-at-once", answers(304, b"", 'ETag: "1"'), "304 Not Modified, though nothing was known"
    )
    yield bad("asks-for-a-year", answers(503, b"", "Retry-After: 31536000"), "answered 503")
    yield bad("asks-for-nonsense", answers(429, b"", "Retry-After: \x1b[2J soon"), "answered 429")
    yield bad(
        "a-login",
        gives(b"<!DOCTYPE html><title>Log in</title>", kind="text/html"),
        "an HTML page, not a feed",
    )
    yield bad("a-page-as-a-feed", gives(b"<html><head></head></html>"), "an HTML page, not a feed")
    yield bad("nothing", gives(b""), "with nothing in it")
    yield bad("blanks", gives(b" \n" * 500), "an empty document")
    yield bad("a-picture", gives(b"\x89PNG\r\n\x1a\n" + b"\0" * 500, kind="image/png"), NO_XML)
    yield bad("a-program", gives(b"MZ\x90\0" * 500, kind="application/octet-stream"), NO_XML)
    yield bad("plain-words", gives(b"Come back later.", kind="text/plain"), NO_XML)
    yield bad(
        "other-xml", gives(b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"), "not a feed"
    )
    yield bad("json-of-another-kind", gives(b'{"error": "\x1b[31mno"}', kind="application/json"), "not")
    yield bad("a-json-list", gives(b"[1, 2, 3]", kind="application/json"), "not a JSON Feed")
    yield good("a-feed-as-a-page", gives(GOOD, kind="text/html"))
    yield good("a-feed-as-a-picture", gives(GOOD, kind="image/png"))
    yield good("a-feed-of-no-type", raw(head("Content-Type:", "Content-Type: \xff\xfe") + GOOD))
    yield bad("not-http", raw(b"SSH-2.0-OpenSSH_9.6\r\n", hold=1), "the answer is not HTTP")
    yield bad("http-without-a-head", raw(GOOD), "the answer is not HTTP")
    yield bad(
        "two-lengths",
        raw(head("Content-Length: 10", "Content-Length: 4000") + GOOD),
        "the answer is not HTTP",
    )
    yield bad("a-negative-length", raw(head("Content-Length: -5") + GOOD), "the answer is not HTTP")
    yield bad("a-length-of-words", raw(head("Content-Length: many") + GOOD), "the answer is not HTTP")
    yield bad("a-status-of-words", raw(b"HTTP/1.1 two hundred\r\n\r\n" + GOOD), "the answer is not HTTP")
    yield bad("a-nul-in-the-head", raw(head("X: a\0b") + GOOD), "the answer is not HTTP")
    for name, etag in ODD_VALIDATORS.items():
        yield good(f"etag-{name}", then(gives(GOOD, f"ETag: {etag}"), gives(GOOD, f"ETag: {etag}")))
    yield good(
        "dates-of-nonsense", gives(GOOD, "Last-Modified: yesterday", "Date: 0", "Expires: -1", "Age: -9")
    )
    yield good("fresh-for-ever", gives(GOOD, "Cache-Control: max-age=99999999999999999999"))


ODD_VALIDATORS = {
    "weak": 'W/"1"',
    "unquoted": "abc",
    "open": '"abc',
    "empty": '""',
    "star": "*",
    "in-latin-1": '"caf\xe9"',
    "long": '"' + "x" * 5000 + '"',
    "with-escapes": '"\x1b[31m"',
    "with-commas": '"a", "b"',
}


def weapons() -> Iterator[Behaviour]:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    own = "a DTD with its own entities"
    yield bad(
        "billion-laughs", gives(xml(feed(item("&l9;"), f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>'))), own
    )
    big = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>'
    yield bad("quadratic-entities", gives(xml(feed(item("&a;" * 20_000), big))), own)
    yield bad("a-recursive-entity", gives(xml(feed(item("&a;"), '<!DOCTYPE r [<!ENTITY a "&a;">]>'))), own)
    yield bad(
        "deep-elements", gives(xml(feed("<a>" * 100_000 + "</a>" * 100_000))), "nested more than 256 deep"
    )
    yield bad(
        "deep-in-an-item", gives(xml(feed(item("x", "<b>" * 5000 + "</b>" * 5000)))), "nested more than 256"
    )
    yield bad(
        "deep-and-open", gives(xml("<rss><channel>" + "<a>" * 200)), "ends before its root element does"
    )
    many = " ".join(f'a{n:x}=""' for n in range(1_000_000))[:9_900_000].rpartition(" ")[0]
    yield bad(
        "a-million-attributes",
        gives(xml(feed(f"<item {many}/>"))),
        "more than",  # 1000 attributes, or the memory that it may take
    )
    twice = "a='' " * 1_000_000
    yield bad(
        "one-attribute-a-million-times",
        gives(xml(feed(f"<item {twice}/>"))),
        "an element has more than 1000 attributes",
    )
    yield bad(
        "attributes-of-no-xml",
        gives(xml(feed(f"<item {twice}/>&x"))),
        "an element has more than 1000 attributes",
    )
    names = " ".join(f'xmlns:p{n}="urn:{n}"' for n in range(150_000))
    yield good("many-prefixes", gives(xml(f"<rss {names}><channel/></rss>")), title="", entries=0)
    yield bad(
        "100000-items",
        gives(xml(feed("<item><guid>a</guid></item>" * 100_000))),
        "more than 10000 entries in one document",
    )
    yield bad(
        "100000-atom-entries",
        gives(xml(f'<feed xmlns="http://www.w3.org/2005/Atom">{"<entry/>" * 100_000}</feed>')),
        "more than 10000 entries in one document",
    )
    yield bad(
        "100000-json-items",
        gives(b'{"items": [' + b"{}," * 99_999 + b"{}]}"),
        "more than 10000 entries in one document",
    )
    yield bad("deep-json", gives(b'{"items": ' + b"[" * 1_000_000), "not valid JSON")
    yield bad("deep-json-objects", gives(b'{"items":' * 300_000), "not valid JSON")
    yield bad("huge-json-number", gives(b'{"items": [' + b"9" * 1_000_000 + b"]}"), "not valid JSON")
    token = "x" * 8_000_000
    yield good("a-huge-title", gives(xml(feed(item(token)))), title="")
    yield good(
        "a-huge-text", gives(xml(feed(item("Long", f"<description>{token}</description>")))), title="Long"
    )
    yield good("a-huge-comment", gives(xml(feed(item("Said"), f"<!--{token}-->"))), title="Said")
    yield good(
        "a-huge-id",
        gives(xml(feed(f"<item><guid>{token}</guid><link>https://b.example/</link></item>"))),
        title="",
    )
    yield bad("a-huge-name", gives(xml(f"<{token}/>")), "not a feed: it has neither a channel nor entries")
    yield bad(
        "a-huge-attribute", gives(xml(f'<rss a="{token}">')), "the document ends before its root element does"
    )
    yield good("newlines-before", gives(b"\n" * 500_000 + GOOD))
    yield good(
        "a-huge-author", gives(xml(feed(item("By", f"<author>{'a(' * 100_000}</author>")))), title="By"
    )
    yield good(
        "a-huge-style",
        gives(xml(feed(item("Drawn", f"<description>&lt;p style='{'a:b;' * 90_000}'&gt;x</description>")))),
        title="Drawn",
    )
    yield good("odd-references", gives(xml(feed(item("&#x110000;&#xD800;&#0;&nosuch;A")))), title="&nosuch;A")
    yield good(
        "a-foreign-place",
        gives(xml(feed(item("Pos", '<p xmlns="http://www.opengis.net/gml">1</p>')))),
        title="Pos",
    )
    yield good(
        "names-that-are-keys",
        gives(xml(feed(item("Keys", "<links>x</links><authors>y</authors>")))),
        title="Keys",
    )
    yield bad("a-path", gives(b"/etc/passwd"), NO_XML)
    yield bad("a-path-as-a-url", gives(b"file:///etc/passwd"), NO_XML)
    yield bad("only-openers", gives(b"<" * 8_000_000), NO_XML)
    yield bad("only-ampersands", gives(b"<rss>" + b"&" * 8_000_000), "ends before its root")
    yield bad("only-sections", gives(b"<rss>" + b"<![CDATA[" * 400_000), "ends before its root")
    yield bad("only-comments", gives(b"<!--" * 900_000), NO_XML)
    yield bad("an-endless-doctype", gives(b"<!DOCTYPE rss [" + b"<!ELEMENT a ANY>" * 200_000), own)
    yield bad("instructions", gives(b"<?a?>" * 700_000), "an empty document")


def external(canary: Canary) -> Iterator[Behaviour]:
    """Documents that would have us fetch or open something else."""
    base = f"http://127.0.0.2:{canary.port}"
    own = "a DTD with its own entities"
    yield bad(
        "xxe-file",
        gives(xml(feed(item("&x;"), '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))),
        own,
    )
    yield bad("xxe-web", gives(xml(feed(item("&x;"), f'<!DOCTYPE r [<!ENTITY x SYSTEM "{base}/x">]>'))), own)
    yield good(
        "xxe-parameter",
        gives(xml(feed(item("P"), f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{base}/p"> %p;]>'))),
        title="P",
    )
    yield good(
        "an-external-dtd",
        gives(xml(feed(item("Outside"), f'<!DOCTYPE rss SYSTEM "{base}/d.dtd">'))),
        title="Outside",
    )
    yield good(
        "a-public-dtd",
        gives(xml(feed(item("Public"), f'<!DOCTYPE rss PUBLIC "-//N//D" "{base}/d">'))),
        title="Public",
    )
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{base}/i" parse="text"/>'
    yield good(
        "xinclude",
        gives(xml(feed(item("Included", f"<description>{include}</description>")))),
        title="Included",
    )
    style = f'<?xml-stylesheet type="text/xsl" href="{base}/s.xsl"?>'
    yield good("a-style-sheet", gives(xml(feed(item("Styled"), style))), title="Styled")
    yield bad("a-body-that-is-a-url", gives(base.encode()), NO_XML)
    yield good(
        "a-base-elsewhere",
        gives(xml(f'<rss version="2.0" xml:base="{base}/"><channel>{item("Based")}</channel></rss>')),
        title="Based",
    )
    schema = f'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="a {base}/s"'
    schemed = f"<rss {schema}><channel>{item('Schemed')}</channel></rss>"
    yield good("a-schema-elsewhere", gives(xml(schemed)), title="Schemed")
    picture = f'&lt;img src="{base}/i.png"&gt;&lt;link rel=stylesheet href="{base}/s"&gt;'
    yield good(
        "pictures-elsewhere",
        gives(xml(feed(item("Seen", f"<description>{picture}</description>")))),
        title="Seen",
    )


def encoded() -> Iterator[Behaviour]:
    armenian = "\u053c\u0578\u0582\u0580\u0565\u0580 \u0587 \u0562\u0561\u057c\u0565\u0580"
    russian = "\u041d\u043e\u0432\u043e\u0441\u0442\u0438 \u0434\u043d\u044f"

    def said(title: str, name: str) -> str:
        return f'<?xml version="1.0" encoding="{name}"?>' + feed(item(title))

    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield good(codec, gives(said(armenian, "utf-16").encode(codec)), title=armenian)
    yield good("utf-8-with-a-mark", gives(said(armenian, "koi8-r").encode("utf-8-sig")), title=armenian)
    yield good("koi8-r", gives(said(russian, "koi8-r").encode("koi8-r")), title=russian)
    yield good("windows-1251", gives(said(russian, "windows-1251").encode("cp1251")), title=russian)
    yield good(
        "charset-only",
        gives(feed(item(russian)).encode("koi8-r"), kind="text/xml; charset=koi8-r"),
        title=russian,
    )
    yield good("declared-wrongly", gives(said(armenian, "us-ascii").encode()), title=armenian)
    yield good(
        "declared-twice",
        gives(said(armenian, "utf-8").encode(), kind="text/xml; charset=iso-8859-1"),
        title=armenian,
    )
    yield good("declared-as-nothing", gives(said(armenian, "no-such-thing").encode()), title=armenian)
    yield good("utf-7", gives(said("+ADw-script+AD4-", "utf-7").encode()), title="+ADw-script+AD4-")
    yield good("declared-as-a-codec", gives(said("Zipped", "zlib_codec").encode()), title="Zipped")
    damaged = said(f"{armenian} \u0586!", "utf-8").encode()[::-1].replace(b"!\x86\xd6", b"!\x86\xff", 1)[::-1]
    yield good("one-bad-byte", gives(damaged), title=armenian)
    yield good("nul-characters", gives(feed(item("N\0u\0l")).encode()), title="Nul")
    yield good("control-characters", gives(feed(item("A\x01\x08\x1b[31mB")).encode()), title="A[31mB")
    yield good("c1-controls", gives(feed(item("A\x9b31mB")).encode()), title="A\u203a31mB")
    yield good("no-characters", gives(feed(item("A\ufffe\uffffB")).encode()), title="AB")
    yield bad("only-nul", gives(b"\0" * 100_000), "an empty document")
    yield bad("half-a-utf-16", gives(b"\xff\xfe<"), NO_XML)
    yield bad("random-bytes", gives(bytes(range(256)) * 4000), NO_XML)


# ── The hub ──────────────────────────────────────────────────────────────────────────────────────


class Healthy:
    """A source that has something new now and then, and how long that took to be published."""

    def __init__(self, name: str, web: Loopback) -> None:
        self.name = name
        self.url = web.url("/feed")
        self.delays: list[float] = []
        self._web = web
        self._items: list[Item] = []
        self._told = 0.0
        self._write()

    def look(self, published: bytes) -> None:
        """Once the newest entry is published, write the next."""
        if self._items[-1].title.encode() in published:
            self.delays.append(time.monotonic() - self._told)
            self._write()

    @property
    def waiting(self) -> float:
        return time.monotonic() - self._told

    def _write(self) -> None:
        number = len(self._items) + 1
        words = f"{self.name} number {number}."
        link = f"https://{self.name}.example/{number}"
        at = BEGAN - timedelta(seconds=1) + timedelta(milliseconds=number)
        self._items.append(Item(id=link, title=words, link=link, at=at))
        self._web.serves("/feed", rss(*reversed(self._items), title=self.name))
        self._told = time.monotonic()


def problems(wanted: list[Behaviour], told: dict[str, dict[str, Any]], titles: dict[str, str]) -> list[str]:
    """Give what differs from what the table says."""
    found = []
    for one in wanted:
        row = told[one.name]
        is_right = (
            row["state"] == one.state
            and one.words in row["problem"]
            and row["entries"] == one.entries
            and one.title in titles.get(one.name, "")
            and row["problem"].isprintable()
        )
        if not is_right:
            seen = f"{row['state']} {row['problem']!r} {row['entries']} {titles.get(one.name)!r:.100}"
            found.append(f"{one.name}: {seen}")
    return found


def until_shown(
    running: Running, hub: Hub, healthy: list[Healthy], shown: Callable[[], list[str]]
) -> list[str]:
    """Let the hub run until every source has shown what it does; gives what is wrong in the end."""
    ends, looked, wrong = time.monotonic() + BEFORE, time.monotonic(), ["nothing was seen"]
    while time.monotonic() < ends and (wrong or min(len(one.delays) for one in healthy) < 3):
        published = running.get("/day.atom").body
        for one in healthy:
            one.look(published)
            assert one.waiting < LATEST, f"{one.name} is not published any more\n{running.output[-5000:]}"
        if time.monotonic() - looked > 3:
            wrong, looked = shown(), time.monotonic()
        time.sleep(0.2)
    assert running.get("/health").status == 200
    return wrong


@pytest.mark.timeout(200)
def test_no_source_harms_the_hub_or_its_neighbours_and_each_failure_has_its_words(tmp_path: Path) -> None:
    with HostileServer() as server, Canary() as canary, Loopback() as one, Loopback() as other:
        table = list(behaviours(server, canary))
        assert len({behaviour.name for behaviour in table}) == len(table) >= 100
        for behaviour in table:
            if behaviour.act:
                server.acts(f"/{behaviour.name}", behaviour.act)
        healthy = [Healthy("morning", one), Healthy("evening", other)]
        hub = Hub(tmp_path, one, other).configure(
            *({"name": each.name, "url": each.url, "every": "1s"} for each in healthy),
            *(
                {"name": each.name, "url": each.url or server.url(f"/{each.name}"), "every": each.every}
                for each in table
            ),
            fetch=LIMITS | {"pause": "0s", "private": [server.address, one.address, other.address]},
        )

        def shown() -> list[str]:
            rows = hub.ask_database(
                "SELECT source, group_concat(title, char(10)) FROM entries GROUP BY source"
            )
            return problems(table, hub.sources(), dict(rows))

        assert hub.invoke("poll", *(each.name for each in healthy)).exit_code == 0
        with hub.process("run") as running:
            running.until(lambda: running.get("/day.atom").status == 200)
            wrong = until_shown(running, hub, healthy, shown)
            assert not wrong, "\n".join(wrong)
            assert canary.touched == 0
            assert min(len(each.delays) for each in healthy) >= 3
