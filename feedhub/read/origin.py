"""Whose a document is: its origin and its ids, and nothing of what others may not learn. Pure."""

import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from feedhub import urls
from feedhub.model import Origin, Source

_SEPARATORS = re.compile(r"[/?&=;#:@]+")


def base(source: Source, url: str) -> str:
    """Give what relative addresses in a document from a URL resolve against; "" for a document on disk.

    Of an address with a secret in it that is the site alone: a link must not carry the secret on.
    """
    if not urls.is_web(url):
        return ""
    return urls.root(url) if source.is_secret else urls.without_user(url)


def own(source: Source, told: Origin, home: str) -> Origin:
    """Give a source's origin, of what its document tells; `home` is what `base` gave.

    What is published as its feed is its own self link, else its address without user information; nothing
    of it where the source has a secret, and of a document on disk only the self link.
    """
    feed_url = urls.without_user(told.feed_url or (source.url if source.is_open else ""))
    if _is_private(source):
        feed_url, told = "", _without_secrets(told, source)
    site_url = told.site_url or urls.root(home)
    return replace(
        told,
        id=told.id or feed_url or site_url,
        title=told.title or source.title or urls.host(site_url) or source.name,
        feed_url=feed_url,
        site_url=site_url,
    )


def minted_from(source: Source, told: Origin) -> str:
    """Give the address from which ids are minted: the source's, unless others may not know it."""
    if source.is_open:
        return urls.without_user(source.url)
    if _is_private(source):
        told = _without_secrets(told, source)
    return told.feed_url or told.site_url or source.name


def handed_on(named: Origin | None, own: Origin, source: Source) -> Origin:
    """Give an entry's first publisher: what the item names as its source, unless that is the source itself.

    The hops before come after the source: they are those that the item names.
    """
    if named is None or _is_same(named, own, source):
        return own
    if _is_private(source):
        named = _without_secrets(named, source)
    return replace(named, via=(own, *named.via))


def _is_same(named: Origin, own: Origin, source: Source) -> bool:
    if named.id and named.id == own.id:
        return True
    addresses = {urls.canonical(url) for url in (own.feed_url, own.site_url, source.url)} - {""}
    given = {urls.canonical(named.feed_url), urls.canonical(named.site_url)} - {""}
    if given:
        return bool(addresses & given)
    return not named.title or named.title.casefold() == own.title.casefold()


def _is_private(source: Source) -> bool:
    return bool(source.auth or source.is_secret)


def _without_secrets(told: Origin, source: Source) -> Origin:
    """Leave out the addresses that hold a piece of the source's own: any of them may be the secret."""
    parts = urlsplit(source.url)
    told_by_url = (parts.path, parts.query, parts.fragment, parts.netloc.rpartition("@")[0])
    secrets = {piece for part in told_by_url for piece in _pieces(part)}

    def open_(url: str) -> str:
        return "" if secrets & _pieces(url) else url

    return replace(
        told,
        id=open_(told.id),
        feed_url=open_(told.feed_url),
        site_url=open_(told.site_url),
        categories=tuple(replace(each, scheme=open_(each.scheme)) for each in told.categories),
        license=open_(told.license),
        icon=open_(told.icon),
    )


def _pieces(text: str) -> set[str]:
    return {*_SEPARATORS.split(text), *_SEPARATORS.split(unquote(text))} - {""}
