import contextlib
import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.errors import FetchError, Refused, Unreachable
from feedhub.fetch.decode import Decoder, decoder


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "identity": bytes,
    "": bytes,
    "UTF-8": bytes,
}


def unpack(undo: Decoder, packed: bytes, step: int = 7, room: int = 100_000) -> bytes:
    return b"".join(undo.decode(packed[at : at + step], room) for at in range(0, len(packed), step))


@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)), st.integers(1, 500))
def test_what_was_packed_comes_out_whole_however_it_is_cut(body: bytes, coding: str, step: int) -> None:
    undo = decoder(coding)
    assert unpack(undo, PACKERS[coding](body), step) == body
    assert undo.is_whole


@given(st.binary(min_size=1, max_size=500), st.sampled_from(["gzip", "deflate", "Deflate"]), st.data())
def test_what_breaks_off_is_never_whole(body: bytes, coding: str, data: st.DataObject) -> None:
    packed = PACKERS[coding](body)
    cut = data.draw(st.integers(1, len(packed) - 1))
    undo = decoder(coding)
    unpack(undo, packed[:cut])
    assert not undo.is_whole


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(1, 40))
def test_garbage_is_an_error_or_not_whole_or_bounded(garbage: bytes, coding: str, step: int) -> None:
    with contextlib.suppress(FetchError):
        assert len(unpack(decoder(coding), garbage, step, room=50)) <= 51 * (len(garbage) // step + 1)


def test_several_gzip_members_are_one_body() -> None:
    undo = decoder("gzip")
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0padding"
    assert unpack(undo, packed) == b"one two"
    assert undo.is_whole


def test_a_second_member_that_breaks_off_is_noticed() -> None:
    undo = decoder("gzip")
    unpack(undo, gzip.compress(b"one ") + gzip.compress(b"two")[:-3])
    assert not undo.is_whole


def test_a_bomb_gives_no_more_than_there_is_room() -> None:
    undo = decoder("gzip")
    assert len(undo.decode(gzip.compress(b"\0" * 5_000_000), 1000)) == 1001


def test_a_myriad_of_members_is_refused() -> None:
    with pytest.raises(Refused, match="pieces"):
        unpack(decoder("gzip"), gzip.compress(b"") * 1001, step=4000)


def test_data_that_is_no_gzip_is_broken() -> None:
    with pytest.raises(Unreachable, match="gzip data of the answer is broken"):
        unpack(decoder("gzip"), b"<rss/> as it is")


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br"])
def test_a_coding_that_nobody_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(Refused, match="did not ask for"):
        decoder(coding)
