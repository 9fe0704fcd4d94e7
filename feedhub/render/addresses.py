"""Where each of our documents stands: the paths under feeds/ and the public URLs. Pure."""

from datetime import date

from feedhub.model import Site

# The content types that the documents are served with.
MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "page": "text/html; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
}


SEARCH = "/search"
# The pages of a feed that tell how to take it elsewhere, and what others show of it.
BESIDE = ("subscribe", "embed", "frame", "fragment")


def beside(feed_name: str, kind: str) -> str:
    """Give the path of one of a feed's pages that stand beside that of its entries."""
    return f"/{feed_name}/{kind}/"


def path(feed_name: str, format: str, day: date | None = None) -> str:  # noqa: A002
    """Give the path of an edition's document in a format, or of its page; without a day, the current one.

    What answers a question has it in its name, as `search?q=words`.
    """
    name, mark, question = feed_name.partition("?")
    if f"/{name}" == SEARCH:
        return f"{SEARCH}{'' if format == 'page' else f'.{format}'}{mark}{question}"
    stem = f"/{feed_name}" if day is None else f"/{feed_name}/{day.isoformat()}"
    return f"{stem}/" if format == "page" else f"{stem}.{format}"


def url(site: Site, feed_name: str, format: str, day: date | None = None) -> str:  # noqa: A002
    """Give the public URL of what `path` names."""
    return site.url + path(feed_name, format, day)


def home(site: Site) -> str:
    """Give the public URL of the front page."""
    return f"{site.url}/"


def media_type(format: str) -> str:  # noqa: A002
    """Give a format's media type without parameters, as links name it."""
    return MEDIA_TYPES[format].partition(";")[0]
