"""Media types of what entries link to. Pure."""

from feedhub.model import Enclosure

_UNKNOWN_TYPE = "application/octet-stream"
_TYPES = {
    "aac": "audio/aac",
    "epub": "application/epub+zip",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
}


def enclosure_type(enclosure: Enclosure) -> str:
    """Give an enclosure's media type, by its address where the publisher gave none."""
    name = enclosure.url.partition("#")[0].partition("?")[0]
    return enclosure.type or _TYPES.get(name.rpartition(".")[2].lower(), _UNKNOWN_TYPE)


def feed_type(url: str) -> str:
    """Guess a feed's media type by its address, which is all that is known of it."""
    address = url.partition("#")[0].lower().rstrip("/")
    if address.endswith("json"):
        return "application/feed+json"
    return "application/atom+xml" if address.endswith(("atom", "atom.xml")) else "application/rss+xml"
