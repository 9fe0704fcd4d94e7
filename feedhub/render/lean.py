"""Scripts and style sheets as they are sent: without what only those need who write them. Pure."""

import re

# A comment has its lines for itself; a script's texts hold no line that looks like one.
_BESIDE_THE_POINT = {
    "js": re.compile(rb"(?m)^(?:\s*//.*\n|\s+)"),
    "css": re.compile(rb"(?m)^(?:\s*/\*(?:[^*]|\*(?!/))*\*/\n|\s+)"),
}


def lean(name: str, body: bytes) -> bytes:
    """Leave out comments and indentation of a file of ours, by the kind that its name tells."""
    pattern = _BESIDE_THE_POINT.get(name.rpartition(".")[2])
    return pattern.sub(b"", body) if pattern else body
