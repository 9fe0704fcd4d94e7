"""What of a document has not been read before: its head, and the items that are new or have changed. Pure.

An item is known again by a hash of its bytes and of all else that what is read of it depends on: the head but
for what it says anew with each item, the address, how the source is to be read, and the version of us. Only
items of which entries were made are known; with each goes a hash of its entry's key. Items that share a key
must be seen together to be told apart: they are never known, and where a new item has the key of a known
one, the document is read whole.
"""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from feedhub.read.repair import Repaired
from feedhub.read.strict import without

MOST_KNOWN = 1000  # items of a document; one with more is read whole each time
_MARK, _KEY = 8, 4  # bytes of the two hashes


@dataclass(frozen=True, slots=True)
class News:
    """A document without the items that are known, and what is to be remembered of it."""

    document: Repaired
    marks: tuple[bytes, ...] = ()  # of the items that are left, in order
    passed: Mapping[bytes, bytes] | None = None  # of those that were left out: mark -> hash of the key

    def misleads(self, keys: Sequence[str] | None) -> bool:
        """Tell whether the document must be read whole after all.

        `keys` are those of the entries that were made of its items in their order, "" where none was; None:
        the items were not made out for sure.
        """
        if not self.passed:
            return False
        known = {*self.passed.values()}
        return keys is None or len(keys) != len(self.marks) or any(_key(key) in known for key in keys if key)

    def seen(self, keys: Sequence[str] | None) -> str:
        """Give what `news` is to be told of the document the next time; "" = to read it whole."""
        if keys is None or len(keys) != len(self.marks):
            return ""
        known, times = {**(self.passed or {})}, Counter(keys)
        known.update(
            (mark, _key(key)) for mark, key in zip(self.marks, keys, strict=True) if key and times[key] == 1
        )
        if len(known) > MOST_KNOWN:
            return ""
        return b64encode(b"".join(mark + key for mark, key in known.items())).decode()


def news(document: Repaired, seen: str, *, told: str) -> News:
    """Leave out the items that are known; `told` is on what else depends what is read of a document."""
    head = blake2b(_head(document), key=blake2b(told.encode("utf-8", "surrogatepass")).digest()).digest()
    marks = [
        blake2b(document.body[start:end], digest_size=_MARK, key=head).digest()
        for start, end in document.items
    ]
    known = _known(seen)
    passed = {mark: known[mark] for mark in marks if mark in known}
    left = tuple(mark for mark in marks if mark not in passed)
    if not passed:
        return News(document, left)
    spans = [span for span, mark in zip(document.items, marks, strict=True) if mark in passed]
    return News(replace(document, body=b"".join(without(document.body, spans))), left, passed)


def _head(document: Repaired) -> bytes:
    """Give what is no item, without what changes with each of them and the space between them."""
    pieces = without(document.body, sorted((*document.items, *document.passing)))
    return b"\0".join(filter(None, map(bytes.strip, pieces)))


def _known(seen: str) -> dict[bytes, bytes]:
    packed = b64decode(seen)
    each = (packed[at : at + _MARK + _KEY] for at in range(0, len(packed), _MARK + _KEY))
    return {one[:_MARK]: one[_MARK:] for one in each}


def _key(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()
