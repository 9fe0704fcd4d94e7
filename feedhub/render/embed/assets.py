"""The scripts and style sheets of embeds, and where they stand. Pure."""

import hashlib
import re
from importlib.resources import files

from feedhub.render.lean import lean

STABLE = "/embed.js"  # the newest script, for those who do not name a version
# Whoever named a version of the script goes on getting just that one.
VERSIONED = re.compile(r"/static/embed-[0-9a-f]{16}\.js")
_NAMES = ("embed.js", "frame.js", "frame.css", "copy.js", "builder.js", "tools.css")


def _loaded() -> dict[str, tuple[str, bytes]]:
    """Give each file, by its name, an address that changes with its bytes."""
    found = {}
    for name in _NAMES:
        body = lean(name, (files("feedhub.render") / "static" / name).read_bytes())
        stem, _, suffix = name.partition(".")
        found[name] = (f"/static/{stem}-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}", body)
    return found


_FILES = _loaded()
ASSETS: dict[str, bytes] = {**dict(_FILES.values()), STABLE: _FILES["embed.js"][1]}  # path -> bytes


def address(name: str) -> str:
    """Give the path of a file."""
    return _FILES[name][0]
