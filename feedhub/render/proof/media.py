"""Media types as they must stand in documents. Pure."""

from feedhub.model import Enclosure

# By the endings of their addresses, where the publisher says nothing.
_ENDINGS = {
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "audio/aac": (".aac",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/wav": (".wav",),
    "video/mp4": (".mp4",),
    "video/webm": (".webm",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/epub+zip": (".epub",),
}


def enclosure_type(file: Enclosure) -> str:
    """Give the media type that must stand for a file."""
    if file.type:
        return file.type
    path = file.url.split("#")[0].split("?")[0].lower()
    for type_, endings in _ENDINGS.items():
        if path.endswith(endings):
            return type_
    return "application/octet-stream"


def feed_type(url: str) -> str:
    """Give the media type that must stand for a feed: Atom's or JSON Feed's where its address says so."""
    end = url.split("#")[0].lower().rstrip("/")
    if end.endswith("json"):
        return "application/feed+json"
    if end.endswith(("atom", "atom.xml")):
        return "application/atom+xml"
    return "application/rss+xml"
