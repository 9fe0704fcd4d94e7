"""Every document tells the same of every entry, and what the entry says: read by readers of their own."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

import corpus
import told
from editions import edition, editions, site
from feedhub.model import Edition, Entry, Person, Site, Source
from feedhub.render import FORMATS
from feedhub.render.proof import proof
from feedhub.render.remembered import forget
from reading import URL, reading
from samples import SAMPLES

_LATER = datetime(2100, 1, 1, tzinfo=UTC)  # than any date in a document; only saving knows what is too late


@given(editions())
@settings(max_examples=200, deadline=None)
def test_every_document_tells_the_same_of_every_entry(drawn: tuple[Edition, Site]) -> None:
    made, known = replace(drawn[0], stories=()), drawn[1]
    for _, (rss, atom, json, shown) in told.by_all(told.rendered(made, known), made, known):
        assert rss == atom == json == shown


def assert_told(entries: tuple[Entry, ...], source: Source) -> None:
    """Have an edition of entries as they were read told alike, and truly, in every document."""
    unique = {entry.published_id: entry for entry in entries}
    ascending = sorted(unique.values(), key=lambda one: one.published_id)
    made = edition(*sorted(ascending, key=lambda one: one.published, reverse=True), updated=_LATER)
    known = site(source)
    documents = told.rendered(made, known)
    for entry, (rss, atom, json, shown) in told.by_all(documents, made, known):
        assert rss == atom == json == shown
        people = entry.authors or entry.origin.authors
        assert (rss.id, rss.link, rss.title) == (entry.published_id, entry.url, " ".join(entry.title.split()))
        assert rss.published == entry.published.replace(microsecond=0)
        assert rss.updated == (entry.updated or entry.published).replace(microsecond=0)
        assert rss.authors == tuple(" ".join(_name(one).split()) for one in people)
        assert rss.credits[0] == entry.url
    for form, document in documents.items():
        assert proof(form, document, made, known) == []
    forget()


def _name(person: Person) -> str:
    return person.name or person.email


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.[ajx]*")), ids=lambda file: file.name)
def test_every_entry_of_the_samples_is_told_alike_and_truly(file: Path) -> None:
    found = reading(file.read_bytes()).entries
    assert found
    assert_told(found, Source(name="morning", url=URL))


@pytest.mark.skipif(not corpus.IS_HERE, reason="there is no local corpus")
@pytest.mark.parametrize("row", corpus.rows(), ids=lambda row: row["file"][-40:])
def test_every_entry_of_the_corpus_is_told_alike_and_truly(row: dict[str, str]) -> None:
    if found := corpus.ours(row):
        assert_told(found.entries, Source(name="morning", url=corpus.URL, timezone="UTC"))


@given(editions())
@settings(max_examples=40, deadline=None)
def test_it_never_matters_what_was_asked_before_or_in_which_order(drawn: tuple[Edition, Site]) -> None:
    made, known = drawn
    first = {form: render(made, known) for form, render in FORMATS.items()}
    for form in reversed(FORMATS):
        for forgetting in (True, False):
            if forgetting:
                forget()
            turned = replace(made, entries=made.entries[::-1])
            FORMATS[form](turned, known)
            assert FORMATS[form](made, known) == first[form]
            assert proof(form, first[form], replace(made), known) == []
