"""How long the parts of an entry may be, and how many: what is longer is shortened, not refused. Pure."""

from dataclasses import replace
from typing import TypeVar

from feedhub import text
from feedhub.model import Category, Enclosure, Entry, Image, NotTaken, Origin, Person

LONGEST_LINK = 2000  # characters, in texts too; browsers and servers take little more
_LONGEST_TITLE = 500  # characters
_LONGEST_NAME = 200
_LONGEST_NOTICE = 2000
_MOST = 50  # authors, categories, files

_Value = TypeVar("_Value", Category, Enclosure, Entry, Image, NotTaken, Origin, Person)


def bounded(entry: Entry, own: Origin) -> Entry:
    """Give an entry whose titles, names, addresses and lists are of a bearable length; `own` has such."""
    enclosures = [
        _with(each, title=_words(each.title, _LONGEST_NAME), type=each.type[:_LONGEST_NAME])
        for each in entry.enclosures
        if _fits(each.url)
    ]
    comments = entry.comments
    if comments and not (_fits(comments.url) and _fits(comments.feed_url)):
        comments = None
    return _with(
        entry,
        title=_words(entry.title, _LONGEST_TITLE),
        authors=tuple(map(_person, entry.authors[:_MOST])),
        categories=tuple(map(_category, entry.categories[:_MOST])),
        enclosures=tuple(enclosures[:_MOST]),
        image=_image(entry.image) if entry.image else None,
        comments=comments,
        related=tuple(filter(_fits, entry.related))[:_MOST],
        rights=_words(entry.rights, _LONGEST_NOTICE),
        license=_address(entry.license),
        origin=entry.origin if entry.origin is own else bounded_origin(entry.origin),
    )


def bounded_origin(origin: Origin) -> Origin:
    """Give an origin whose names and addresses are of a bearable length."""
    return _with(
        origin,
        id=origin.id[:LONGEST_LINK],
        title=_words(origin.title, _LONGEST_NAME),
        feed_url=_address(origin.feed_url),
        site_url=_address(origin.site_url),
        authors=tuple(map(_person, origin.authors[:_MOST])),
        categories=tuple(map(_category, origin.categories[:_MOST])),
        rights=_words(origin.rights, _LONGEST_NOTICE),
        license=_address(origin.license),
        icon=_address(origin.icon),
        via=tuple(map(bounded_origin, origin.via[:_MOST])),
    )


def bounded_refusal(refused: NotTaken) -> NotTaken:
    """Give what tells of an item that was not taken, short enough to be shown."""
    return _with(
        refused,
        id=refused.id[:_LONGEST_NAME],
        title=_words(refused.title, _LONGEST_NAME),
        link=refused.link[:_LONGEST_NAME],
    )


def _person(person: Person) -> Person:
    if len(person.name) + len(person.email) + len(person.url) <= _LONGEST_NAME:
        return person
    # Some write all their names into one.
    name, email = _words(person.name, _LONGEST_NOTICE), person.email
    if len(email) > _LONGEST_NAME:
        name, email = name or _words(email, _LONGEST_NAME), ""
    return _with(person, name=name, email=email, url=_address(person.url))


def _category(category: Category) -> Category:
    if len(category.term) + len(category.label) + len(category.scheme) <= _LONGEST_NAME:
        return category
    term, label = _words(category.term, _LONGEST_NAME), _words(category.label, _LONGEST_NAME)
    return _with(category, term=term, label=label, scheme=_address(category.scheme))


def _image(image: Image) -> Image | None:
    if not _fits(image.url):
        return None
    described = _words(image.description, _LONGEST_NOTICE)
    return _with(image, description=described, credit=_words(image.credit, _LONGEST_NAME))


def _with(value: _Value, **given: object) -> _Value:
    """Give a value with other attributes; itself, which costs less, where it has them already."""
    if all(getattr(value, name) == one for name, one in given.items()):
        return value
    return replace(value, **given)  # type: ignore[arg-type]


def _words(words: str, most: int) -> str:
    # Cut roughly first: to count the characters of a text of megabytes takes long.
    return words if len(words) <= most else text.shorten(words[: 2 * most], most) or words[:most]


def _address(url: str) -> str:
    return url if _fits(url) else ""


def _fits(url: str) -> bool:
    return len(url) <= LONGEST_LINK
