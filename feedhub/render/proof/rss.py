"""What stands in RSS 2.0, and what must. Pure."""

from collections.abc import Iterator

from feedhub.model import Edition, Enclosure, Site
from feedhub.render.proof import elements
from feedhub.render.proof.addresses import address
from feedhub.render.proof.elements import one, part, whole
from feedhub.render.proof.expected import Expected
from feedhub.render.proof.media import enclosure_type
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Unreadable, differences, filled
from feedhub.render.proof.times import rfc822, rfc3339

_MINUTES = "15"  # a quarter of an hour, as its hint how long a reader may wait
# What must stand before what else readers may take for it, or let it replace.
_FIRST = {"description": "content:encoded", "link": "atom:link"}


def _read(document: bytes) -> Standing:
    root = elements.root(document)
    if root.tag != "rss" or root.attrib != {"version": "2.0"} or [each.tag for each in root] != ["channel"]:
        raise Unreadable("it is not RSS 2.0")
    channel = root[0]
    items = [_found(_placed(elements.stands(item, ""))) for item in channel.iterfind("item")]
    return Standing(_placed(elements.stands(channel, "", but="item")), items)


def _placed(stands: Stands) -> Stands:
    """Note what stands before what readers, who may take the first of its kind, must meet earlier."""
    names = list(stands)
    wrong = {
        f"{name} before its {first}": True
        for first, rivals in _FIRST.items()
        if first in stands
        for name in names[: names.index(first)]
        if name.startswith(rivals)
    }
    return {**stands, **wrong} if wrong else stands


def _found(stands: Stands) -> Found:
    return elements.found(stands, "guid", summary="description", content="content:encoded")


def _head(found: Stands, edition: Edition, site: Site) -> Iterator[str]:
    return differences(found, _must_stand(edition, site))


def _must_stand(edition: Edition, site: Site) -> Stands:
    feed = edition.feed
    page = address(site, feed, "page", edition.day)
    links = elements.own_links(edition, site, "rss")
    icon = whole({"url": [site.icon], "title": [feed.title], "link": [page]})
    is_archive = edition.day is not None and edition.closed
    return filled(
        {
            "title": [feed.title],
            "link": [page],
            "description": [feed.about or feed.title],
            "language": [feed.language or site.language],
            "generator": ["FeedHub"],
            "managingEditor": [f"{site.contact} ({site.title})"] if "@" in site.contact else [],
            "lastBuildDate": [rfc822(edition.updated)],
            "image": [icon] if site.icon else [],
            "fh:archive": [""] if is_archive else [],
            "ttl": [] if is_archive else [_MINUTES],
            **{
                f"atom:link {relation}": [part(rel=relation, type="application/rss+xml", href=url)]
                for relation, found in links.items()
                for url in found
            },
        }
    )


def _entry(said: Expected) -> Stands:
    entry = said.entry
    comments = entry.comments
    pictures, thumbnails = elements.pictures(entry.image)
    is_permalink = "true" if entry.published_id == entry.url else "false"
    return filled(
        {
            "title": [entry.title],
            "link": [entry.url],
            "guid": [part(entry.published_id, isPermaLink=is_permalink)],
            "description": [said.summary] if said.summary or said.content else [],
            "content:encoded": one(said.content),
            "dc:creator": [author.name or author.email for author in said.authors],
            "pubDate": [rfc822(entry.published)],
            "atom:updated": [rfc3339(said.changed)],
            "dc:language": one(said.language),
            "category": [
                *(part(category.term, domain=category.scheme) for category in entry.categories),
                *(part(label, domain=scheme) for label, scheme in said.labels),
            ],
            "enclosure": [_first(file) for file in entry.enclosures[:1]],
            "media:content": [*map(_further, entry.enclosures[1:]), *pictures],
            "media:thumbnail": thumbnails,
            "comments": one(comments.url) if comments else [],
            "slash:comments": [str(comments.count)] if comments and comments.count is not None else [],
            "wfw:commentRss": one(comments.feed_url) if comments else [],
            "source": [part(said.publisher, url=said.feed_url or said.site_url)],
            "atom:link via": elements.via(said),
            "atom:link related": elements.related(said),
            "dc:rights": one(said.rights),
            "creativeCommons:license": one(said.license),
            **elements.more(said),
        }
    )


def _first(file: Enclosure) -> elements.Part:
    return part(url=file.url, type=enclosure_type(file), length=str(file.length or 0))


def _further(file: Enclosure) -> elements.Part:
    length, duration = (str(value or "") for value in (file.length, file.duration))
    title = {"media:title": [part(file.title, type="plain")] if file.title else []}
    said = {"url": file.url, "type": enclosure_type(file), "fileSize": length, "duration": duration}
    return whole(title, said)


RSS = Form(_read, _head, _entry)
