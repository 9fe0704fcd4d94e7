"""What stands in Atom 1.0, and what must. Pure."""

from collections.abc import Iterator, Sequence

from feedhub import urls
from feedhub.model import Category, Deleted, Edition, Enclosure, Person, Site
from feedhub.render import addresses
from feedhub.render.item import Item
from feedhub.render.lineage import updated
from feedhub.render.proof import elements
from feedhub.render.proof.elements import Part, one, part, whole
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Unreadable, differences, filled
from feedhub.render.proof.times import rfc3339
from feedhub.render.types import feed_type

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRY = f"{{{_ATOM}}}entry"


def _read(document: bytes) -> Standing:
    root = elements.root(document)
    if root.tag != f"{{{_ATOM}}}feed":
        raise Unreadable("it is not Atom")
    entries = [_found(elements.stands(entry, _ATOM)) for entry in root.iterfind(_ENTRY)]
    return Standing(elements.stands(root, _ATOM, but=_ENTRY), entries)


def _found(stands: Stands) -> Found:
    return elements.found(stands, "id", summary="summary", content="content")


def _head(found: Stands, edition: Edition, site: Site) -> Iterator[str]:
    return differences(found, _must_stand(edition, site))


def _must_stand(edition: Edition, site: Site) -> Stands:
    feed, home = edition.feed, addresses.home(site)
    links = elements.own_links(edition, site, "atom")
    page = addresses.url(site, feed.name, "page", edition.day)
    publisher = {
        "name": [site.title],
        "email": [site.contact] if "@" in site.contact else [],
        "uri": [home],
    }
    return filled(
        {
            "@xml:lang": feed.language or site.language,
            "id": [edition.id],
            "title": [part(feed.title, type="text")],
            "subtitle": [feed.about or feed.title],
            "updated": [rfc3339(edition.updated)],
            "author": [whole(publisher)],
            "generator": [part("FeedHub", uri=home)],
            "icon": one(site.icon),
            "logo": one(site.icon),
            "fh:archive": [""] if edition.day and edition.closed else [],
            "at:deleted-entry": [_tombstone(deleted, site) for deleted in edition.deleted],
            "link alternate": [part(rel="alternate", type="text/html", href=page)],
            **{
                f"link {relation}": [part(rel=relation, type="application/atom+xml", href=url)]
                for relation, found in links.items()
                for url in found
            },
        }
    )


def _tombstone(deleted: Deleted, site: Site) -> Part:
    by = whole({"name": [site.title], "uri": [addresses.home(site)]})
    said = {"at:by": [by], "at:comment": one(deleted.reason)}
    return whole(said, {"ref": deleted.published_id, "when": rfc3339(deleted.when)})


def _entry(item: Item) -> Stands:
    entry, source = item.entry, item.lineage
    comments = entry.comments
    pictures, thumbnails = elements.pictures(entry.image)
    return filled(
        {
            "@xml:lang": item.language,
            "id": [entry.published_id],
            "title": [part(entry.title, type="text")],
            "link alternate": [part(rel="alternate", type="text/html", href=entry.url)],
            "link via": elements.via(item),
            "link related": elements.related(item),
            "link replies": _replies(item),
            "link enclosure": [_enclosure(file) for file in entry.enclosures],
            "link license": [part(rel="license", href=source.license)] if source.license else [],
            "published": [rfc3339(entry.published)],
            "updated": [rfc3339(updated(entry))],
            "author": _authors(source.authors),
            "category": [
                *map(_category, entry.categories),
                *(part(term=label, scheme=scheme) for label, scheme in item.labels),
            ],
            "summary": [part(item.summary, type="html")] if item.summary else [],
            "content": [part(item.content, type="html")] if item.content else [],
            "rights": one(source.rights),
            "source": [_source(item)],
            "thr:total": [str(comments.count)] if comments and comments.count is not None else [],
            "media:content": pictures,
            "media:thumbnail": thumbnails,
            **elements.more(item),
        }
    )


def _replies(item: Item) -> list[Part]:
    comments = item.entry.comments
    if not comments:
        return []
    found = []
    if comments.url:
        count = "" if comments.count is None else str(comments.count)
        found.append(part(rel="replies", type="text/html", href=comments.url, **{"thr:count": count}))
    if comments.feed_url:
        found.append(part(rel="replies", type=feed_type(comments.feed_url), href=comments.feed_url))
    return found


def _enclosure(file: Enclosure) -> Part:
    length = "" if file.length is None else str(file.length)
    return part(rel="enclosure", type=file.type, href=file.url, title=file.title, length=length)


def _authors(authors: Sequence[Person]) -> list[Part]:
    return [whole({"name": [author.name or author.email], "uri": one(author.url)}) for author in authors]


def _category(category: Category) -> Part:
    # RSS takes any text for a domain; here it must be an IRI (RFC 4287, 4.2.2.2).
    scheme = category.scheme if urls.is_iri(category.scheme) else ""
    return part(term=category.term, scheme=scheme, label=category.label)


def _source(item: Item) -> Part:
    entry, source = item.entry, item.lineage
    origin, feed = entry.origin, source.feed_url
    # Without an author in it the entry would pass for the work of our feed's author (RFC 4287, 4.1.2).
    stand_in = origin.authors or (Person(name=source.title),)
    said: Stands = {
        "id": [source.id],
        "title": [source.title],
        "updated": [rfc3339(source.updated)],
        "link self": [part(rel="self", type=feed_type(feed), href=feed)] if feed else [],
        "link alternate": [part(rel="alternate", type="text/html", href=source.site_url)],
        "author": [] if entry.authors else _authors(stand_in),
        "icon": one(origin.icon),
        "rights": [] if entry.rights else one(origin.rights),
    }
    return whole(said)


ATOM = Form(_read, _head, _entry)
