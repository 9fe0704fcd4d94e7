"""URLs: absolute, safe, comparable."""

import uuid
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import urls

BASE = "https://m.example/a/b?c=d#e"

RESOLVED = {
    "": "",
    "   ": "",
    "x": "https://m.example/a/x",
    "/x": "https://m.example/x",
    "../x": "https://m.example/x",
    "../../../x": "https://m.example/x",
    "./": "https://m.example/a/",
    "?q=1": "https://m.example/a/b?q=1",
    "#n": "https://m.example/a/b?c=d#n",
    "//o.example/x": "https://o.example/x",
    "http://o.example": "http://o.example/",
    "HTTP://O.Example/X": "http://o.example/X",
    "https://o.example:443/": "https://o.example/",
    "http://o.example:80/x": "http://o.example/x",
    "http://o.example:8080/x": "http://o.example:8080/x",
    "https://o.example:/x": "https://o.example/x",
    "https://o.example:99999/": "",
    "https://o.example:0/": "",
    "https://o.example:x/": "",
    "https://[::1]:8000/x": "https://[::1]:8000/x",
    "https://[::1/x": "",
    "https://": "",
    "https:///x": "",
    "https:x": "",
    "https://o example/": "",
    "https://o<b>.example/": "",
    "https://u:p@o.example/": "https://u:p@o.example/",
    'https://u"x:p@o.example/': "https://u%22x:p@o.example/",
    "https://մամուլ.example/լուր": "https://xn--y9awwbu4d.example/%D5%AC%D5%B8%D6%82%D6%80",
    "https://o.example/a b": "https://o.example/a%20b",
    "https://o.example/a%20b": "https://o.example/a%20b",
    "https://o.example/100%": "https://o.example/100%25",
    "https://o.example/%zz": "https://o.example/%25zz",
    "https://o.example/a|b^c`d{e}": "https://o.example/a%7Cb%5Ec%60d%7Be%7D",
    'https://o.example/"<>\\': "https://o.example/%22%3C%3E%5C",
    "https://o.example/?q=[1]&r='x'": "https://o.example/?q=[1]&r='x'",
    "https://o.example/x?": "https://o.example/x",
    "https://o.example/x#": "https://o.example/x",
    "\n https://o.ex\nample/x\t": "https://o.example/x",
    "\u00a0https://o.example/x\ufeff": "https://o.example/x",
    "javascript:alert(1)": "",
    "java\nscript:alert(1)": "",
    "mailto:a@o.example": "",
    "data:text/html,x": "",
    "ftp://o.example/x": "",
    "file:///etc/passwd": "",
    "tel:+374": "",
    "x:y": "",
    "https://o.example/\ud800": "https://o.example/%EF%BF%BD",
}


@pytest.mark.parametrize(("reference", "wanted"), RESOLVED.items())
def test_a_reference_is_resolved_or_none(reference: str, wanted: str) -> None:
    assert urls.absolute(reference, BASE) == wanted


@pytest.mark.parametrize("reference", ["x", "/x", "?x", "#x", "//o.example/", "www.o.example/x", ""])
def test_without_a_base_a_relative_reference_is_none(reference: str) -> None:
    assert urls.absolute(reference) == ""


TEXT = st.text(
    st.sampled_from("https://m.exampl:@[]?#&=%20;'\"<>\\^`{}|~ \t\n\x00աß．") | st.characters(), max_size=30
)


@given(TEXT, TEXT.map("https://m.example/".__add__) | TEXT)
def test_whatever_comes_in_an_absolute_url_is_safe_ascii_and_stays_as_it_is(
    reference: str, base: str
) -> None:
    found = urls.absolute(reference, base)
    assert found == "" or (urls.is_web(found) and found.isascii() and urls.is_iri(found))
    assert urls.absolute(found) == found
    assert urls.absolute(found, "https://other.example/") == found


@given(TEXT)
def test_no_function_fails_on_any_text(text: str) -> None:
    urls.is_web(text)
    urls.is_iri(text)
    urls.host(text)
    urls.root(text)
    urls.without_user(text)
    urls.without_tracking(text)
    urls.canonical(text)


_PORTS = st.sampled_from(["", ":1", ":80", ":443", ":999", ":1200", ":08080", ":59999", ":65535", ":65536"])


@given(st.sampled_from(["http", "https"]), _PORTS, st.text("abc/.%?#&=+;,:@!$'()*~-_123", max_size=30))
def test_a_url_in_order_is_given_back_as_the_long_way_would(scheme: str, port: str, tail: str) -> None:
    """Capitals in a name are no order: they lead the long way."""
    in_order, long_way = (f"{scheme}://{name}.example{port}/{tail}" for name in "mM")
    assert urls.absolute(in_order) == urls.absolute(long_way)
    assert urls.canonical(in_order) == urls.canonical(long_way)
    assert urls.is_web(in_order) == urls.is_web(long_way)
    assert urls.host(in_order) == urls.host(long_way)
    assert urls.root(in_order) == urls.root(long_way).lower()


IRIS = {
    "https://m.example/?p=1": True,
    "http://m.example": True,
    "HTTPS://m.example/": True,
    "https://մամուլ.example/լուր": True,
    "tag:m.example,2024:1": True,
    "tag:m.example,2024-11-24:/x": True,
    "tag:m.example:1": False,
    "urn:uuid:6f1e3f6a-5c5b-5d0e-9a1e-0c4c2f1d7b11": True,
    "URN:UUID:6F1E3F6A-5C5B-5D0E-9A1E-0C4C2F1D7B11": True,
    "urn:uuid:1": False,
    "urn:isbn:9780000000000": True,
    "urn:x": False,
    "ftp://m.example/x": True,
    "x:y": False,
    "yt:video:1": True,
    "javascript:x": False,
    "data:,x": False,
    "file:///x": False,
    "https://": False,
    "https:///x": False,
    "https://m.example/a b": False,
    "https://m.example/%zz": False,
    "https://m.example/<x>": False,
    "m.example/x": False,
    "1203": False,
    "abc:": False,
    "": False,
}


@pytest.mark.parametrize(("text", "stands"), IRIS.items())
def test_an_id_may_stand_where_it_is_an_iri_valid_by_its_scheme(text: str, stands: bool) -> None:
    assert urls.is_iri(text) is stands


SAME = [
    "https://m.example/a",
    "http://m.example/a",
    "https://M.Example:443/a/",
    "https://m.example/a?utm_source=x&utm_medium=y",
    "//m.example/a",
    "https://u:p@m.example/a",
]


@pytest.mark.parametrize("url", SAME)
def test_addresses_of_one_article_are_canonically_the_same(url: str) -> None:
    absolute = urls.absolute(url, "https://m.example/")
    assert urls.canonical(absolute) == urls.canonical(SAME[0])


@pytest.mark.parametrize(
    "url",
    [
        "https://m.example/b",
        "https://m.example/A",
        "https://o.example/a",
        "https://m.example:8443/a",
        "https://m.example/a?p=1",
        "https://m.example/a#x",
    ],
)
def test_addresses_of_other_articles_are_not(url: str) -> None:
    assert urls.canonical(url) != urls.canonical(SAME[0])


def test_the_order_of_parameters_does_not_matter_to_compare() -> None:
    assert urls.canonical("https://m.example/?b=2&a=1") == urls.canonical("https://m.example/?a=1&b=2")


TRACKED = {
    "https://m.example/a": "https://m.example/a",
    "https://m.example/a?p=1&utm_source=x&q=%20": "https://m.example/a?p=1&q=%20",
    "https://m.example/a?utm_source=x": "https://m.example/a",
    "https://m.example/a?UTM_Source=x#c": "https://m.example/a#c",
    "https://m.example/a?fbclid=1&gclid=2&mc_cid=3&yclid=4&igshid=5": "https://m.example/a",
    "https://m.example/a?%75tm_source=x": "https://m.example/a",
    "https://m.example/a?p=utm_source": "https://m.example/a?p=utm_source",
    "https://m.example/a?source=rss&ref=x": "https://m.example/a?source=rss&ref=x",
    "https://m.example/a?b=&c&d==": "https://m.example/a?b=&c&d==",
    "https://m.example/a#?utm_source=x": "https://m.example/a#?utm_source=x",
}


@pytest.mark.parametrize(("url", "wanted"), TRACKED.items())
def test_only_tracking_parameters_are_left_out(url: str, wanted: str) -> None:
    assert urls.without_tracking(url) == wanted


@given(st.from_regex(r"https?://[a-z][a-z0-9.-]{0,3}/[a-z/.:@;%20~-]{0,8}", fullmatch=True))
def test_what_tells_how_a_reader_came_is_no_part_of_any_canonical_address(url: str) -> None:
    assert urls.canonical(f"{url}?utm_source=a") == urls.canonical(url)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://u:p@M.Example:443/a", "m.example"),
        ("http://m.example:8080/", "m.example:8080"),
        ("https://[::1]/", "::1"),
        ("https://[x", ""),
        ("x", ""),
    ],
)
def test_the_host_of_a_url(url: str, name: str) -> None:
    assert urls.host(url) == name


def test_the_root_of_a_url_has_no_user() -> None:
    assert urls.root("https://u:p@m.example:8443/a?b") == "https://m.example:8443/"
    assert urls.root("x") == urls.root("https://[x") == ""


def test_a_url_without_its_user() -> None:
    assert urls.without_user("https://u:p@m.example/a?b#c") == "https://m.example/a?b#c"
    assert urls.without_user("https://[x") == ""


def test_minted_ids_are_uuids_by_the_feed_and_the_key() -> None:
    minted = urls.minted("https://m.example/feed", "1203")
    assert minted == urls.minted("https://m.example/feed", "1203")
    assert minted != urls.minted("https://m.example/feed", "1204")
    assert minted != urls.minted("https://o.example/feed", "1203")
    assert uuid.UUID(minted).version == 5
    assert urls.is_iri(minted)


_PIECES = st.lists(st.sampled_from("/ a .. . ?x=1 #f %20 %zz é // : [ & a.b \\ ?".split()), max_size=7)


@given(
    _PIECES.map("".join),
    st.sampled_from(["https://h.example/p/q", "https://h.example:80/", "https://h.example:8080/p", "", "x"]),
)
def test_a_path_from_the_root_resolves_as_any_reference_does(rest: str, base: str) -> None:
    """The shorter way for such paths ends where the usual one does."""
    try:
        usual = urljoin(base, f"/{rest}")
    except ValueError:  # brackets that hold no address
        usual = ""
    assert urls.absolute(f"/{rest}", base) == urls.absolute(usual)


@pytest.mark.parametrize(
    "host", ["a;b", "a'b", "a,b", "a*b", "a=b", "a&b", "a$b", "a!b", "a(b", "a%20b", "[::1;x]"]
)
def test_what_no_host_is_called_is_no_address(host: str) -> None:
    assert urls.absolute(f"https://{host}/x") == ""


@pytest.mark.parametrize(
    "host", ["a.example", "a_b.example", "a-b.example", "127.0.0.1:8080", "[2001:db8::1]:81"]
)
def test_what_hosts_are_called_stays(host: str) -> None:
    assert urls.absolute(f"https://{host}/x") == f"https://{host}/x"
