"""Content codings, undone as the chunks come, never further than there is room. Pure.

libcurl could do it, but takes a gzip stream that breaks off for a whole one.
"""

import zlib

from feedhub.errors import Refused, Unreachable

ACCEPTED = "gzip, deflate"
# Some servers put a charset or a made-up word where the coding belongs: the body is as it is.
_NO_CODINGS = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})
_GZIP = 31  # zlib's window bits for each format
_ZLIB = 15
_RAW = -15
_MAX_MEMBERS = 1000  # of one gzip stream; a block compressor makes one for each 64 KB


class Plain:
    """The body as it came."""

    is_whole = True

    def decode(self, chunk: bytes, room: int) -> bytes:
        """Give up to room + 1 bytes."""
        return chunk[: room + 1]


class Inflated:
    """A gzip or deflate body; `is_whole` once its end has been read."""

    def __init__(self, coding: str) -> None:
        self.is_whole = False
        self._coding = coding
        self._stream: zlib._Decompress | None = None
        self._members = 0
        self._held = b""
        self._is_over = False

    def decode(self, chunk: bytes, room: int) -> bytes:
        """Give what a chunk holds, up to room + 1 bytes in all; Unreachable if it is broken."""
        data = self._held + chunk
        self._held = b""
        pieces = []
        while data and not self._is_over and room >= 0:
            if self._stream is None and not self._open(data):
                break
            piece, data = self._inflate(data, room)
            room -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _open(self, data: bytes) -> bool:
        """Begin the stream, or the next member of it; False if more bytes are needed or it is over."""
        if self._coding == "gzip":
            # What follows the last member is padding (RFC 1952, 2.2 knows only members).
            self._is_over = self._members > 0 and data[:1] != b"\x1f"
            bits = _GZIP
        elif len(data) < 2:
            self._held = data
            return False
        else:
            # "deflate" means zlib (RFC 9110, 8.4.1.2), but many servers send it raw.
            has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            bits = _ZLIB if has_header else _RAW
        if self._is_over:
            return False
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise Refused(f"an answer in more than {_MAX_MEMBERS} compressed pieces")
        self.is_whole = False
        self._stream = zlib.decompressobj(bits)
        return True

    def _inflate(self, data: bytes, room: int) -> tuple[bytes, bytes]:
        """Give what was decoded and what is left for the next member."""
        if self._stream is None:
            return b"", b""
        try:
            piece = self._stream.decompress(data, room + 1)
        except zlib.error as error:
            raise Unreachable(f"the {self._coding} data of the answer is broken") from error
        if not self._stream.eof:
            return piece, b""
        rest = self._stream.unused_data
        self._stream = None
        self.is_whole = True
        self._is_over = self._coding != "gzip"
        return piece, rest


Decoder = Plain | Inflated


def decoder(content_encoding: str) -> Decoder:
    """Give what undoes a Content-Encoding; Refused if it is one that we did not ask for."""
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding.removeprefix("x-") for coding in codings if coding not in _NO_CODINGS]
    match codings:
        case []:
            return Plain()
        case ["gzip" | "deflate" as coding]:
            return Inflated(coding)
        case _:
            raise Refused(f"an answer in the coding {', '.join(codings)[:60]!r}, which we did not ask for")
