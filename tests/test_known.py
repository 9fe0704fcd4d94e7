"""What is known from one publishing to the next saves work, and changes nothing that is published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import DAY, HOUR, START, Desk, item
from editions import FEED, NOON, PICTURE, TERMS, edition, editions, entry, site, source
from feedhub.model import Edition, Site, Story, Terms
from feedhub.publish.documents import Known, Proofed, proofed
from feedhub.render import FORMATS
from feedhub.render.keeping import Keeping
from feedhub.render.page import page
from feedhub.render.proof import proof
from feedhub.render.proof.cut import cut
from feedhub.render.proof.proved import Proved

PATHS = ("/day.rss", "/day.atom", "/day.json", "/day/frame/", "/day/fragment/", "/day/", "/")


def made_anew(made: Edition, known: Site) -> Proofed:
    return proofed(made, known, PATHS, FORMATS)


# ── Nothing is published otherwise ───────────────────────────────────────────────────────────────


@st.composite
def _changes(draw: st.DrawFn, made: Edition, known: Site) -> tuple[Edition, Site]:
    """Change an edition and its site here and there, as editors, publishers and operators do."""
    entries = [each for each in made.entries if draw(st.integers(0, 4))]
    if entries and draw(st.booleans()):
        number = draw(st.integers(0, len(entries) - 1))
        entries[number] = replace(entries[number], title=draw(st.sampled_from(["Other", "Further"])))
    if draw(st.booleans()):
        entries.append(entry("new", published=NOON - timedelta(days=1), image=PICTURE))
    names = [each.published_id for each in entries]
    some = st.lists(st.sampled_from(names), max_size=2) if names else st.just([])
    sources = (
        [source(terms=draw(TERMS), title="The Evening")] if draw(st.booleans()) else known.sources.values()
    )
    changed = replace(
        made,
        entries=tuple(draw(st.permutations(entries)) if draw(st.booleans()) else entries),
        updated=made.updated + timedelta(seconds=draw(st.integers(-1, 5))),
        day=draw(st.sampled_from([made.day, None, DAY_OF_TEST])),
        feed=replace(
            made.feed, **draw(st.sampled_from([{}, {"language": "hy"}, {"timezone": "Asia/Tokyo"}]))
        ),
        lead=next(iter(draw(some)), ""),
        featured=frozenset(draw(some)),
        notes=dict.fromkeys(draw(some), "A note."),
        corrected=dict.fromkeys(draw(some), NOON),
        stories=tuple(story for story in made.stories if story.told_by in names and draw(st.booleans())),
    )
    theme = draw(st.sampled_from([(), (), (("style.css", "p {}"),), (("article.html", ARTICLE),)]))
    home = draw(st.sampled_from([known.url, known.url, "https://other.example"]))
    return changed, site(*sources, theme_files=theme, url=home)


DAY_OF_TEST = NOON.date()
_TEMPLATES = Path(__file__).parent.parent / "feedhub" / "render" / "templates"
ARTICLE = (
    (_TEMPLATES / "article.html").read_text().replace("<article ", '<article data-at="{{ canonical }}" ')
)


@given(editions(), st.data())
@settings(max_examples=60, deadline=None)
def test_documents_are_the_same_with_and_without_what_is_known(
    drawn: tuple[Edition, Site], data: st.DataObject
) -> None:
    known = Known()
    made, around = drawn
    for _ in range(3):
        now = proofed(made, around, PATHS, FORMATS, known)
        assert now == made_anew(made, around)
        made, around = data.draw(_changes(made, around))


def test_what_has_not_changed_is_made_once() -> None:
    known = Known()
    first, second, third = entry("a"), entry("b"), entry("c")
    proofed(edition(first, second), site(), PATHS, FORMATS, known)
    made = edition(replace(first), replace(second), third)
    proofed(edition(first, second), site(), PATHS, FORMATS, known)
    assert len(known.items) == 2
    proofed(made, site(), PATHS, FORMATS, known)
    assert len(known.items) == 3


# ── Nothing wrong is let through ─────────────────────────────────────────────────────────────────

A, B, C = (entry(key, published=NOON - timedelta(minutes=number)) for number, key in enumerate("abc"))
MADE = edition(A, B, C)
RENDER: dict[str, Callable[[Edition, Site], bytes]] = {**FORMATS, "page": partial(page, path="/day/")}


def _proved(form: str, made: Edition = MADE, known: Site | None = None) -> tuple[Proved, bytes, Site]:
    proved, around = Proved(), known or site()
    document = RENDER[form](made, around)
    assert proof(form, document, made, around, proved) == []
    return proved, document, around


@pytest.mark.parametrize("form", RENDER)
def test_entries_that_were_proved_are_left_out(form: str) -> None:
    proved, document, around = _proved(form)
    rest = proved.rest(form, document, MADE, around)
    assert rest
    assert rest.edition.entries == ()
    assert len(rest.known) == 3
    assert b"Title of" not in rest.document
    new = edition(replace(A, title="Other"), B, C)
    rest = proved.rest(form, RENDER[form](new, around), new, around)
    assert rest
    assert [each.key for each in rest.edition.entries] == ["a"]
    assert rest.document.count(b"Other") == document.count(b"Title of a")


@pytest.mark.parametrize("form", RENDER)
def test_what_has_come_is_known_the_next_time(form: str) -> None:
    proved, _, around = _proved(form)
    new = edition(replace(A, title="The feedhub known 0"), B, replace(C, title="<!--feedhub known 1-->"))
    document = RENDER[form](new, around)
    assert proof(form, document, new, around, proved) == []
    rest = proved.rest(form, document, new, around)
    assert rest
    assert len(rest.known) == 3


@pytest.mark.parametrize("form", RENDER)
@pytest.mark.parametrize(
    "changed",
    [
        edition(A, B, replace(C, title="Other")),
        edition(A, B, replace(C, summary="<p>Other words.</p>")),
        edition(A, C, B),
        edition(A, B),
        edition(A, B, C, entry("d", published=NOON - timedelta(hours=1))),
        edition(A, B, C, lead=C.published_id, featured=frozenset({B.published_id})),
        edition(A, B, C, stories=(Story(told_by=C.published_id, others=(entry("d"),)),)),
        edition(A, B, C, feed=replace(FEED, language="hy")),
        edition(A, B, C, updated=NOON - timedelta(days=2)),
        edition(A, B, B),
    ],
)
def test_a_document_that_was_right_is_wrong_for_another_edition(form: str, changed: Edition) -> None:
    proved, document, around = _proved(form)
    faults = proof(form, document, changed, around)
    assert proof(form, document, changed, around, proved) == faults


@pytest.mark.parametrize("form", RENDER)
def test_a_document_that_was_right_is_wrong_on_other_terms(form: str) -> None:
    proved, document, _ = _proved(form)
    around = site(source(terms=Terms(show="title", rule="Titles only")))
    assert proof(form, document, MADE, around, proved) == proof(form, document, MADE, around) != []


def _moved(document: bytes, form: str, into: bytes) -> bytes:
    """Put the last entry somewhere else."""
    found = cut(form, document)
    assert found
    piece = found.pieces[-1]
    return document.replace(piece, b"").replace(into, into + piece)


_AROUND = [
    (b"<!--", b"-->"),
    (b"<![CDATA[", b"]]>"),
    (b"<script>", b"</script>"),
    (b"<textarea>", b"</textarea>"),
    (b"<title>", b"</title>"),
    (b"<p>", b"</p>"),
    (b"<div hidden='", b"'></div>"),
    (b"<item>", b"</item>"),
    (b'<article class="h-entry">', b"</article>"),
    (b"[", b"]"),
    (b'"', b'"'),
    (b"<?x ", b"?>"),
    (b"<template>", b"</template>"),
    (b"<b>", b""),
    (b"", b"</div>"),
    (b"", b"\n,"),
    (b"\n", b""),
]


@pytest.mark.parametrize("form", RENDER)
@pytest.mark.parametrize("around", _AROUND)
def test_what_is_put_around_a_proved_entry_is_seen(form: str, around: tuple[bytes, bytes]) -> None:
    proved, document, known = _proved(form)
    found = cut(form, document)
    assert found
    for piece in found.pieces:
        changed = document.replace(piece, around[0] + piece + around[1])
        assert proof(form, changed, MADE, known, proved) == proof(form, changed, MADE, known)


@pytest.mark.parametrize("form", RENDER)
def test_entries_that_were_proved_may_not_move_come_twice_or_go(form: str) -> None:
    proved, document, known = _proved(form)
    found = cut(form, document)
    assert found
    first, second, third = found.pieces
    for changed in (
        document.replace(first, b"#").replace(second, first).replace(b"#", second),
        document.replace(third, first),
        document.replace(third, third + first),
        document.replace(third, b""),
        document + third,
        third + document,
        document.replace(b"</channel>", b"</channel>" + third),
        document.replace(b"<channel>", b"<channel>" + third),
    ):
        assert proof(form, changed, MADE, known, proved) == proof(form, changed, MADE, known)


@given(
    form=st.sampled_from(sorted(RENDER)),
    at=st.floats(0, 1),
    gone=st.integers(0, 60),
    put=st.sampled_from(
        [
            b"",
            b"<",
            b">",
            b"<b>",
            b"</item>",
            b"<item>",
            b"</article>",
            b"<!--",
            b"-->",
            b'"',
            b"\n",
            b",",
            b"}",
            b"x",
        ]
    ),
)
@settings(max_examples=400, deadline=None)
def test_no_splice_of_bytes_is_hidden_by_what_was_proved(form: str, at: float, gone: int, put: bytes) -> None:
    proved, document, known = PROVED[form]
    place = int(at * len(document))
    changed = document[:place] + put + document[place + gone :]
    assert proof(form, changed, MADE, known, proved) == proof(form, changed, MADE, known)


PROVED = {form: _proved(form) for form in RENDER}


def test_a_page_that_shows_an_entry_where_none_is_seen_is_not_right() -> None:
    """A theme may hide an entry that was proved: in a comment, in a script."""
    proved, document, known = _proved("page")
    entries = cut("page", document)
    assert entries
    hidden = document.replace(entries.pieces[1], b"<!-- " + entries.pieces[1] + b" -->")
    assert proof("page", hidden, MADE, known, proved)


# ── How long it is kept ──────────────────────────────────────────────────────────────────────────


def _keeping(most: int = 100) -> tuple[Keeping[list[str]], list[str]]:
    return Keeping(lambda made: len(made[0]), most), []


def _gather(keeping: Keeping[list[str]], made: list[str], edition: str, *words: str) -> None:
    def make(word: str) -> list[str]:
        made.append(word)
        return [word]

    assert [each[0] for each in keeping.gather(edition, ((word, partial(make, word)) for word in words))] == [
        *words
    ]


def test_what_an_edition_holds_is_kept_and_no_more() -> None:
    keeping, made = _keeping()
    _gather(keeping, made, "one", "a", "b")
    _gather(keeping, made, "two", "b", "c")
    _gather(keeping, made, "one", "a")
    assert made == ["a", "b", "c"]
    assert len(keeping) == 3
    keeping.keep_only({"one"})
    assert len(keeping) == 1
    _gather(keeping, made, "two", "c")
    assert made == ["a", "b", "c", "c"]


def test_what_is_too_much_is_made_but_not_kept() -> None:
    keeping, made = _keeping(most=2)
    for _ in range(2):
        _gather(keeping, made, "one", "a", "b", "c")
    assert made == ["a", "b", "c", "c"]
    assert len(keeping) == 2


def test_a_day_that_is_over_is_forgotten(tmp_path: Path) -> None:
    desk, known = Desk(tmp_path, limit=1), Known()
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(START + HOUR, known=known)
    assert len(known.items) == 2
    desk.arrives(item("c", published=START + DAY), at=START + DAY)
    desk.publishes(START + DAY + HOUR, known=known)
    assert desk.days().keys() == {"2024-11-24", "2024-11-25"}
    assert len(known.items) == 1
    desk.publishes(START + DAY + 2 * HOUR, known=known)
    assert len(known.items) == 1
    desk.store.close()


def test_only_editions_that_changed_are_rendered(tmp_path: Path) -> None:
    desk, known, rendered = Desk(tmp_path), Known(), list[object]()

    def counting(render: Callable[[Edition, Site], bytes], made: Edition, around: Site) -> bytes:
        rendered.append(made.day)
        return render(made, around)

    formats = {name: partial(counting, render) for name, render in FORMATS.items()}
    for days in range(5):
        at = START + days * DAY
        desk.arrives(item(f"{days}", published=at), at=at)
        desk.publishes(at + HOUR, known=known, formats=formats)
    rendered.clear()
    desk.publishes(at + 2 * HOUR, known=known, formats=formats)
    assert rendered == []
    desk.arrives(item("new", published=at), at=at + 2 * HOUR)
    done = desk.publishes(at + 3 * HOUR, known=known, formats=formats)
    assert set(rendered) == {None, at.date()}
    assert len(rendered) == 2 * len(FORMATS)
    older = [f"{START.date() + days * DAY}" for days in range(4)]
    assert not [path for path in done.written if any(day in path for day in older)]
    desk.store.close()
