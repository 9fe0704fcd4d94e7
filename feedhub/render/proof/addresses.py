"""Where documents must stand: section 8 of the design, read once more. Pure."""

from datetime import date

from feedhub.model import Feed, Site


def address(site: Site, feed: Feed, form: str, day: date | None = None) -> str:
    """Give the public address of a feed's document in a form, "page" included; of a day, if one is named."""
    name, mark, question = feed.name.partition("?")
    dated = f"/{day.isoformat()}" if day else ""
    page = "" if name == "search" else "/"
    return f"{site.url}/{name}{dated}{page if form == 'page' else f'.{form}'}{mark}{question}"
