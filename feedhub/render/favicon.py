"""The picture that browsers ask for at /favicon.ico. Pure."""

import struct
from importlib.resources import files

FAVICON = "/favicon.ico"
_OWN = (files("feedhub.render") / "static" / "icon.png").read_bytes()
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 256  # pixels of a side that an icon's header can tell
_HEADER = struct.Struct("<3H4B2H2L")  # one picture, then its bytes


def favicon(picture: bytes = b"") -> bytes:
    """Put a picture into an icon: a PNG of at most 256 pixels a side, or an icon as it is; else our own."""
    if picture.startswith(b"\0\0\1\0"):
        return picture
    return _icon(picture) or _icon(_OWN)


def _icon(png: bytes) -> bytes:
    if not png.startswith(_SIGNATURE) or len(png) < len(_SIGNATURE) + 16:
        return b""
    width, height = struct.unpack_from(">2L", png, len(_SIGNATURE) + 8)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return b""
    # 256 is written as 0.
    sides = width % _LARGEST, height % _LARGEST
    return _HEADER.pack(0, 1, 1, *sides, 0, 0, 1, 32, len(png), _HEADER.size) + png
