"""What stands in Atom 1.0, and what must. Pure."""

from collections.abc import Iterator, Sequence

from feedhub.model import Category, Deleted, Edition, Enclosure, Person, Site
from feedhub.render.proof import elements
from feedhub.render.proof.addresses import address
from feedhub.render.proof.elements import Part, one, part, whole
from feedhub.render.proof.expected import Expected
from feedhub.render.proof.media import feed_type
from feedhub.render.proof.passage import is_iri
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Unreadable, differences, filled
from feedhub.render.proof.times import rfc3339

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRY = f"{{{_ATOM}}}entry"
_COUNT = elements.attribute("thr:count")


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
    feed, home = edition.feed, f"{site.url}/"
    links = elements.own_links(edition, site, "atom")
    page = address(site, feed, "page", edition.day)
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
    by = whole({"name": [site.title], "uri": [f"{site.url}/"]})
    said = {"at:by": [by], "at:comment": one(deleted.reason)}
    return whole(said, {"ref": deleted.published_id, "when": rfc3339(deleted.when)})


def _entry(said: Expected) -> Stands:
    entry = said.entry
    comments = entry.comments
    pictures, thumbnails = elements.pictures(entry.image)
    return filled(
        {
            "@xml:lang": said.language,
            "id": [entry.published_id],
            "title": [part(entry.title, type="text")],
            "link alternate": [part(rel="alternate", type="text/html", href=entry.url)],
            "link via": elements.via(said),
            "link related": elements.related(said),
            "link replies": _replies(said),
            "link enclosure": [_enclosure(file) for file in entry.enclosures],
            "link license": [part(rel="license", href=said.license)] if said.license else [],
            "published": [rfc3339(entry.published)],
            "updated": [rfc3339(said.changed)],
            "author": _authors(said.authors),
            "category": [
                *map(_category, entry.categories),
                *(part(term=label, scheme=scheme) for label, scheme in said.labels),
            ],
            "summary": [part(said.summary, type="html")] if said.summary else [],
            "content": [part(said.content, type="html")] if said.content else [],
            "rights": one(said.rights),
            "source": [_source(said)],
            "thr:total": [str(comments.count)] if comments and comments.count is not None else [],
            "media:content": pictures,
            "media:thumbnail": thumbnails,
            **elements.more(said),
        }
    )


def _replies(said: Expected) -> list[Part]:
    comments = said.entry.comments
    if not comments:
        return []
    found = []
    if comments.url:
        count = "" if comments.count is None else str(comments.count)
        found.append(part(rel="replies", type="text/html", href=comments.url, **{_COUNT: count}))
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
    scheme = category.scheme if is_iri(category.scheme) else ""
    return part(term=category.term, scheme=scheme, label=category.label)


def _source(said: Expected) -> Part:
    entry, origin, feed = said.entry, said.entry.origin, said.feed_url
    # Without an author in it the entry would pass for the work of our feed's author (RFC 4287, 4.1.2).
    stand_in = origin.authors or (Person(name=said.publisher),)
    return whole(
        {
            "id": [said.source_id],
            "title": [said.publisher],
            "updated": [rfc3339(said.source_updated)],
            "link self": [part(rel="self", type=feed_type(feed), href=feed)] if feed else [],
            "link alternate": [part(rel="alternate", type="text/html", href=said.site_url)],
            "author": [] if entry.authors else _authors(stand_in),
            "icon": one(origin.icon),
            "rights": [] if entry.rights else one(origin.rights),
            "category": [] if entry.categories else [*map(_category, origin.categories)],
        }
    )


ATOM = Form(_read, _head, _entry)
