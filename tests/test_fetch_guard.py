import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.fetch.guard import is_public, literal, place, places


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::808:808",
        "2002:808:808::1",
    ],
)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.1
    192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a9fe:a9fe
    64:ff9b:1:7f00:0:100:808:808 2002:7f00:1::1 2002:a00:1:: 2001:0:808:808:0:0:80ff:fffe 2001:db8::1 3fff::1
    fc00::1 fd12::1 fe80::1 fe80::1%1 fec0::1 ff02::1 100::1 5f00::1 4000::1 2001:10::1 nonsense""".split(),
)
def test_other_addresses_may_not(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_all_its_forms(inner: object) -> None:
    number = int(inner)  # type: ignore[call-overload]
    low = f"{number >> 16:x}:{number & 0xFFFF:x}"
    for form in (f"::ffff:{low}", f"64:ff9b::{low}", f"64:ff9b:1::{low}", f"2002:{low}::"):
        assert is_public(form) == is_public(str(inner)), form


def test_a_place_is_the_host_and_port_of_a_url() -> None:
    assert place("http://News.example/feed") == "news.example:80"
    assert place("https://news.example:8443/feed") == "news.example:8443"
    assert place("http://[0:0::1]:8000/") == "[::1]:8000"
    assert place("not a url") == ""


@given(
    st.sampled_from(["", ":1", ":80", ":443", ":999", ":1200", ":08080", ":59999", ":65535", ":65536", ":x"])
)
def test_a_place_is_the_same_however_its_host_is_written(port: str) -> None:
    """Capitals lead the long way."""
    for scheme in ("http", "https"):
        assert place(f"{scheme}://m.example{port}/feed") == place(f"{scheme}://M.example{port}/feed")


def test_exceptions_compare_with_places() -> None:
    assert places(["LocalHost:8000", "[0::1]:80", "10.0.0.5:81", "nonsense"]) >= {
        "localhost:8000",
        "[::1]:80",
        "10.0.0.5:81",
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "017700000001", "2130706433"])
def test_every_spelling_of_an_address_is_seen(host: str) -> None:
    assert literal(host) == "127.0.0.1"


def test_a_name_is_no_address() -> None:
    assert literal("news.example") == ""
