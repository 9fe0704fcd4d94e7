"""The screenshots of docs/: the front page of the samples in Debian's Chromium. Run by `make screenshots`."""

import struct
import sys
import zlib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import launched, look  # noqa: E402 - a module of the tests
from hubs import Hub  # noqa: E402
from servers import under_waitress  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
SIZES = ((360, 780), (768, 1100), (1280, 1500))  # pixels
_COLOURS = 256


def main() -> None:
    """Poll the samples, look at them, and write what is seen."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        hub = Hub(Path(folder)).take_samples()
        assert hub.invoke("poll").exit_code == 0
        with under_waitress(hub), launched() as browser:
            for width, height in SIZES:
                for scheme in ("light", "dark"):
                    with look(browser, hub.url("/"), width=width, height=height, scheme=scheme) as seen:
                        picture = smaller(seen.page.screenshot())
                    (FOLDER / f"front-{width}-{scheme}.png").write_bytes(picture)
                    print(f"front-{width}-{scheme}.png: {len(picture):,} bytes")


def smaller(png: bytes) -> bytes:
    """Write a PNG of RGB with a palette: its commonest colours, and for the others the nearest of them."""
    width, height, pixels = _pixels(png)
    counts = Counter(pixels)
    palette = [colour for colour, _ in counts.most_common(_COLOURS)]
    index = {colour: _nearest(colour, palette) for colour in counts}
    rows = (bytes(map(index.__getitem__, pixels[at : at + width])) for at in range(0, len(pixels), width))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", data),
        (b"IEND", b""),
    )
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    distances = [sum((one - other) ** 2 for one, other in zip(colour, each, strict=True)) for each in palette]
    return distances.index(min(distances))


def _pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Read a PNG of RGB, 8 bits each, not interlaced (PNG, 2nd edition, 9.2)."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    width, height, depth, kind = struct.unpack_from(">IIBB", png, 16)
    assert (depth, kind) == (8, 2)
    raw, size, above, pixels = zlib.decompress(data), width * 3, bytearray(width * 3), []
    for start in range(0, len(raw), size + 1):
        row = bytearray(raw[start + 1 : start + 1 + size])
        _unfilter(raw[start], row, above)
        pixels += [bytes(row[place : place + 3]) for place in range(0, size, 3)]
        above = row
    return width, height, pixels


def _unfilter(kind: int, row: bytearray, above: bytearray) -> None:
    for place in range(len(row)):
        left, corner = (row[place - 3], above[place - 3]) if place > 2 else (0, 0)
        up = above[place]
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        row[place] = (row[place] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    straight = left + up - corner
    return min((left, up, corner), key=lambda each: abs(straight - each))


if __name__ == "__main__":
    main()
