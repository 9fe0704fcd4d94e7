"""One answer as it comes in: the status, the headers and, within bounds, the decoded body. Pure."""

from collections.abc import Sequence

from feedhub.errors import FetchError, Refused, Unreachable

from .decode import Decoder, Plain, decoder
from .words import size

MAX_HEAD = 64_000  # bytes of headers
_MAX_ASIDE = 64_000  # bytes of a body that nobody reads: for those the connection is worth keeping
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WITH_FEED = frozenset({200, 226})  # 226: only what is new (RFC 3229)
_DIGITS = 3  # of a status
_BLANK = frozenset({b"\r\n", b"\n"})  # the line that ends a head
_FOLDED = (" ", "\t")  # how a line begins that goes on with the one before
_TAKEN = -2  # any number but the length of what was given: libcurl then ends the transfer


class Answer:
    """What one hop answered; on_header and on_body are libcurl's callbacks."""

    def __init__(self, max_size: int) -> None:
        self.status = 0  # as long as the head is not there
        self.headers: dict[str, str] = {}  # names in lower case; repeated ones joined with ", "
        self.problem: FetchError | None = None  # why we ended it ourselves
        self.is_headed = False  # the status and the headers are all there
        self.held = 0  # bytes of the body
        self._max_size = max_size
        self._head_size = 0
        self._aside = 0
        self._received = 0
        self._lines: list[bytes] = []  # of the head, while it comes
        self._decoder: Decoder = Plain()
        self._pieces: list[bytes] = []

    @property
    def has_begun(self) -> bool:
        """Tell whether a first byte came of an answer that is not on the way to another."""
        status = self.status or _status(self._lines)
        return status >= 200 and status not in _REDIRECTS

    @property
    def is_redirect(self) -> bool:
        """Tell whether it sends us elsewhere."""
        return self.is_headed and self.status in _REDIRECTS and "location" in self.headers

    @property
    def has_feed(self) -> bool:
        """Tell whether its status promises a body to read."""
        return self.is_headed and self.status in _WITH_FEED

    def on_header(self, line: bytes) -> int | None:
        """Take one line of the head, or of the trailers; None: all of it was taken."""
        self._head_size += len(line)
        if self._head_size > MAX_HEAD:
            self.problem = Refused(f"an answer with more than {size(MAX_HEAD)} of headers")
            return _TAKEN
        if not self.is_headed:
            self._lines.append(line)
            if line in _BLANK:
                self._end_head()
                return _TAKEN if self.problem else None
        return None

    def on_body(self, chunk: bytes) -> int:
        """Take a piece of the body as it came over the wire."""
        if not self.has_feed:
            self._aside += len(chunk)
            return len(chunk) if self._aside <= _MAX_ASIDE else _TAKEN
        self._received += len(chunk)
        room = self._max_size - self.held
        try:
            piece = self._decoder.decode(chunk, room)
        except FetchError as error:
            self.problem = error
            return _TAKEN
        self.held += len(piece)
        self._pieces.append(piece)
        # Compressed data may also go on for ever and hold nothing.
        if len(piece) > room or self._received > self._max_size + self._max_size // 100 + 1000:
            self._refuse_size()
            return _TAKEN
        return len(chunk)

    def body(self) -> bytes:
        """Give the decoded body; Unreachable if its compressed form broke off."""
        if self._received and not self._decoder.is_whole:
            raise Unreachable("the answer broke off in the midst of its compressed data")
        return b"".join(self._pieces)

    def _end_head(self) -> None:
        lines, self._lines = self._lines, []
        self.status = _status(lines)
        self.is_headed = self.status >= 200
        if not self.is_headed:
            return  # a 100 Continue, or a proxy's word: another head follows
        self.headers = _headers(lines)
        if not self.has_feed:
            return
        length = self.headers.get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > self._max_size * 1.01 + 1000:
            self._refuse_size()
            return
        try:
            self._decoder = decoder(self.headers.get("content-encoding", ""))
        except FetchError as error:
            self.problem = error

    def _refuse_size(self) -> None:
        self._pieces.clear()
        self.held = 0
        self.problem = Refused(f"an answer of more than {size(self._max_size)}")


def _status(head: Sequence[bytes]) -> int:
    """Give the status that a head begins with (RFC 9112, 4); 0 if there is none."""
    words = head[0].split(None, 2) if head else []
    is_told = len(words) > 1 and words[0].startswith(b"HTTP/") and len(words[1]) == _DIGITS
    return int(words[1]) if is_told and words[1].isdigit() else 0


def _headers(head: Sequence[bytes]) -> dict[str, str]:
    """Give the fields of a head, those too that go on in a second line (RFC 9112, 5)."""
    headers: dict[str, str] = {}
    last = ""
    for line in b"".join(head[1:]).decode("latin-1").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in _FOLDED and last:
            headers[last] += " " + line.strip()
        elif last := name.strip().lower() if colon else "":
            value = value.strip(" \t\r")
            headers[last] = f"{headers[last]}, {value}" if last in headers else value
    return headers
