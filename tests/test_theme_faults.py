"""A mistake in a theme is the theme's: no entry is held back for it, and the last good pages stay."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from desk import DAY, HOUR, START, Desk, item, paper
from editions import FEED, site
from feedhub.errors import RenderError
from feedhub.health import health
from feedhub.model import Edition, Image, Site, Terms
from feedhub.publish import Published
from feedhub.publish.documents import Known
from feedhub.publish.specimen import SOURCES, made_up, mistakes
from feedhub.publish.takedown import take_down
from feedhub.render import FORMATS
from feedhub.render.article import Article
from feedhub.render.page import page
from feedhub.search import search
from hubs import ROOT

TEMPLATES = ROOT / "feedhub" / "render" / "templates"
ARTICLE = (TEMPLATES / "article.html").read_text(encoding="utf-8")
PAGE = (TEMPLATES / "page.html").read_text(encoding="utf-8")
BASE = (TEMPLATES / "base.html").read_text(encoding="utf-8")
FRAGMENT = (TEMPLATES / "fragment.html").read_text(encoding="utf-8")
TODAY = START + DAY
FEEDS = ("/day.rss", "/day.atom", "/day.json", "/day/2024-11-25.rss", "/day/2024-11-24.rss")
PAGES = ("/", "/day/", "/day/2024-11-25/", "/day/2024-11-24/")
NEVER_CREDITED = ARTICLE.replace("{{ shown.passage }}", "{{ shown.passage|striptags }}")
NOT_CREDITED = "its text does not link to the article where the credit belongs"


def themed(desk: Desk, **templates: str) -> None:
    """Have the desk's theme hold these templates; without any, it has none."""
    files = tuple((f"{name}.html", text) for name, text in sorted(templates.items()))
    desk.site = replace(desk.site, theme_files=files)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a desk with a day that is closed and one that is open, both published."""
    desk = Desk(tmp_path)
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(START)
    desk.arrives(item("c", published=TODAY), at=TODAY)
    desk.publishes(TODAY)
    return desk


def goes_on(desk: Desk, known: Known | None = None) -> Published:
    """Publish once more, with an entry that has come."""
    desk.arrives(item("d", published=TODAY), at=TODAY + HOUR)
    return desk.publishes(TODAY + HOUR, known=known or Known())


@pytest.mark.parametrize(
    ("theme", "problem"),
    [
        pytest.param(
            {"article": NEVER_CREDITED},
            f"/ and 3 more: site.theme: the template article.html: {NOT_CREDITED}",
            id="the credit is lost",
        ),
        pytest.param(
            {"article": ARTICLE.replace("{{ shown.passage }}", "{{ shown.nope.x }}")},
            "/ and 3 more: site.theme: the template article.html: "
            "'feedhub.render.article.Article object' has no attribute 'nope'",
            id="it cannot be filled",
        ),
        pytest.param(
            {"page": '{% extends "base.html" %}'},
            "/ and 3 more: site.theme: the template page.html: it is missing from the document",
            id="it holds no articles",
        ),
        pytest.param(
            {"article": ARTICLE.replace("time(", "moment(")},
            "/ and 3 more: site.theme: the template article.html: the template page.html: ",
            id="a template of ours misses something",
        ),
        pytest.param(
            {"base": BASE.replace("</body>", "<script></script></body>"), "page": PAGE, "article": ARTICLE},
            "/ and 3 more: site.theme: the template base.html: script may not stand in it",
            id="one of several templates is to blame",
        ),
        pytest.param(
            {"fragment": FRAGMENT.replace("{{ entry.words }}", "")},
            "/day/fragment/ and 1 more: site.theme: the template fragment.html: its text is not the entry's",
            id="in what other sites show",
        ),
    ],
)
def test_a_mistake_in_a_theme_is_told_once_and_leaves_the_last_good_pages(
    desk: Desk, theme: dict[str, str], problem: str
) -> None:
    good = {path: desk.body(path) for path in PAGES}
    themed(desk, **theme)
    done = goes_on(desk)
    assert not done.held
    assert not list(desk.store.faults.all())
    (told,) = done.problems
    assert told.startswith(problem)
    if "fragment" not in theme:
        assert {path: desk.body(path) for path in PAGES} == good
    assert [desk.keys(path) for path in FEEDS] == [
        ["c", "d", "a", "b"],
        ["c", "d", "a", "b"],
        ["c", "d", "a", "b"],
        ["c", "d"],
        ["a", "b"],
    ]
    said = health(desk.store, desk.folder)
    assert (said["status"], said["publishing"], said["held"]) == ("degraded", "failing", 0)


def test_what_the_proof_finds_is_told_with_an_entry_to_look_at(desk: Desk) -> None:
    themed(desk, article=NEVER_CREDITED)
    (told,) = goes_on(desk).problems
    assert told.endswith(f"{NOT_CREDITED} (entry https://morning.example/c/)")


def test_what_cannot_be_filled_is_told_with_its_line(desk: Desk) -> None:
    themed(desk, article=ARTICLE.replace("{{ shown.passage }}", "{{ shown.nope }}"))
    line = next(n for n, text in enumerate(ARTICLE.splitlines(), 1) if "{{ shown.passage }}" in text)
    (told,) = goes_on(desk).problems
    assert told.endswith(f" (line {line})")


@pytest.mark.parametrize(
    "image",
    [
        '{% if shown.picture %}<img src="https://others.example/x.gif">{% endif %}',
        "{% if shown.picture %}{{ shown.picture.size }}{% endif %}",
    ],
)
def test_a_mistake_that_only_some_entries_meet_is_the_themes_too(desk: Desk, image: str) -> None:
    desk.configures(paper("morning", terms=Terms(pictures=True)))
    desk.arrives(
        item("p", published=TODAY, image=Image(url="https://morning.example/p.jpg")), at=TODAY + HOUR
    )
    desk.publishes(TODAY + HOUR)
    themed(desk, article=ARTICLE.replace('<div class="passage', image + '<div class="passage'))
    done = goes_on(desk)
    assert not done.held
    (told,) = done.problems
    assert "the template article.html: " in told
    assert desk.keys("/day.atom") == ["c", "d", "p", "a", "b"]


@pytest.mark.parametrize("wrong", [{"url": "javascript:alert(1)"}, {"title": "a\x01b"}, {"title": ""}])
def test_an_entry_that_is_wrong_itself_is_held_back_beside_a_mistake_in_the_theme(
    desk: Desk, wrong: dict[str, str]
) -> None:
    good = desk.body("/day/")
    themed(desk, article=NEVER_CREDITED)
    desk.arrives(replace(item("bad", published=TODAY), **wrong), at=TODAY + HOUR)  # type: ignore[arg-type]
    done = goes_on(desk)
    assert list(done.held) == ["https://morning.example/bad/"]
    assert len(done.problems) == 1
    assert NOT_CREDITED in done.problems[0]
    assert desk.body("/day/") == good
    assert desk.keys("/day/2024-11-25.rss") == ["c", "d"]


def test_a_theme_that_is_right_has_an_entry_held_back_that_is_wrong(desk: Desk) -> None:
    themed(desk, article=ARTICLE)
    desk.arrives(item("worse", published=TODAY, title="a\x01b"), at=TODAY + HOUR)
    done = goes_on(desk)
    assert list(done.held) == ["https://morning.example/worse/"]
    assert not done.problems
    assert b"/d/" in desk.body("/day/")


@pytest.mark.parametrize(
    ("page", "drawing"), [(None, "article"), (PAGE.replace('"article.html"', '"mine.html"'), "mine")]
)
def test_a_theme_that_is_mended_brings_its_pages_back(desk: Desk, page: str | None, drawing: str) -> None:
    known = Known()
    around = {"page": page} if page else {}
    themed(desk, **around, **{drawing: NEVER_CREDITED})
    assert goes_on(desk, known).problems
    themed(desk, **around, **{drawing: ARTICLE.replace("h-entry", "h-entry mended")})
    done = desk.publishes(TODAY + 2 * HOUR, known=known)
    assert not done.problems
    assert not done.held
    for path in PAGES:
        assert b"h-entry mended" in desk.body(path)
    assert b"/d/" in desk.body("/day/")
    assert health(desk.store, desk.folder)["status"] == "ok"


def test_pages_that_stay_keep_their_style_sheet_until_they_are_made_anew(desk: Desk) -> None:
    (style,) = (desk.folder / "static").glob("style-*.css")
    themed(desk, article=NEVER_CREDITED)
    desk.site = replace(desk.site, theme_files=(*desk.site.theme_files, ("style.css", "p { color: teal }")))
    goes_on(desk)
    assert style.name.encode() in desk.body("/day/")
    assert style.exists()
    desk.publishes(TODAY + 2 * HOUR)
    assert style.exists()
    desk.site = replace(desk.site, theme_files=(("style.css", "p { color: teal }"),))
    desk.publishes(TODAY + 3 * HOUR)
    assert style.name.encode() not in desk.body("/day/2024-11-24/")
    assert not style.exists()


def test_pages_that_a_theme_spoils_are_not_tried_again_until_they_would_be_others(desk: Desk) -> None:
    known = Known()
    made: list[date | None] = []

    def counted(made_of: Edition, site: Site) -> bytes:
        made.append(made_of.day)
        return FORMATS["rss"](made_of, site)

    def days() -> set[date | None]:
        made.clear()
        done = desk.publishes(TODAY + 2 * HOUR, formats={**FORMATS, "rss": counted}, known=known)
        assert [problem.partition(": ")[0] for problem in done.problems] == ["/ and 3 more"]
        assert health(desk.store, desk.folder)["publishing"] == "failing"
        return set(made)

    themed(desk, article=NEVER_CREDITED)
    assert days() == {None, START.date(), TODAY.date()}
    assert days() == set()
    desk.arrives(item("e", published=TODAY), at=TODAY + 2 * HOUR)
    assert days() == {None, TODAY.date()}
    themed(desk, article=NEVER_CREDITED + "\n")
    assert days() == {None, START.date(), TODAY.date()}


def test_a_page_that_a_theme_spoils_does_not_stay_where_it_tells_of_what_was_taken_down(desk: Desk) -> None:
    known = Known()
    themed(desk, article=NEVER_CREDITED)
    desk.publishes(TODAY, known=known)
    link = "https://morning.example/a/"
    assert take_down(desk.store, desk.site, desk.folder, link, reason="Asked for", now=TODAY)
    desk.publishes(TODAY + HOUR, known=known)
    assert not desk.file("/day/2024-11-24/").exists()
    assert desk.keys("/day/2024-11-24.rss") == ["b"]


@pytest.mark.parametrize(
    "mistake", ["{{ shown.passage|striptags }}", "{{ shown.nope }}", "{{ shown.passage if shown.note }}"]
)
def test_what_a_theme_spoils_is_no_answer_that_nothing_was_found(desk: Desk, mistake: str) -> None:
    themed(desk, article=ARTICLE.replace("{{ shown.passage }}", mistake))
    with pytest.raises(RenderError, match=r"^site\.theme: the template article\.html: "):
        search(desk.store, desk.site, {"q": "text"}, "page")
    assert b"Title of b" in search(desk.store, desk.site, {"q": "text"}, "atom")
    themed(desk, article=ARTICLE)
    assert b"/b/" in search(desk.store, desk.site, {"q": "text"}, "page")


# ── Before anything is published ──

RIGHT = {"article": ARTICLE, "base": BASE, "page": PAGE, "fragment": FRAGMENT}


def tried(language: str = "en", **templates: str) -> list[str]:
    files = tuple((f"{name}.html", text) for name, text in templates.items())
    return mistakes(site(language=language, theme_files=files))


@pytest.mark.parametrize("language", ["en", "hy", "fr", "ar"])
def test_a_theme_that_is_right_is_found_right_in_any_language(language: str) -> None:
    assert tried(language, **RIGHT) == []


@pytest.mark.parametrize("name", [field.name for field in fields(Article)])
def test_the_day_that_is_made_up_tells_all_that_an_article_can(name: str) -> None:
    every = "{% for shown in [lead] + top|list + more|list %}{% if shown.NAME %}told{% endif %}{% endfor %}"
    theme = (("page.html", every.replace("NAME", name)),)
    around = replace(site(theme_files=theme), sources=SOURCES)
    assert b"told" in page(made_up(FEED), around)


@pytest.mark.parametrize("part", ["lead", "top", "more", "sections", "earlier", "later"])
def test_the_day_that_is_made_up_has_every_part_of_a_page(part: str) -> None:
    theme = (("page.html", f"{{% if {part} %}}told{{% endif %}}"),)
    assert page(made_up(FEED), replace(site(theme_files=theme), sources=SOURCES)) == b"told"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("article", NEVER_CREDITED, NOT_CREDITED),
        ("article", ARTICLE.replace("p-note", ""), "it lacks its p-note"),
        ("page", PAGE.replace("section.articles", "[]"), "it is missing from the document"),
        ("page", PAGE.replace("{{ feed.title }}", "{{ lead.title }}"), "'None' has no attribute 'title'"),
        ("page", "{{ lead.title }}" + PAGE, "it is no page"),
        ("fragment", FRAGMENT.replace("{{ entry.words }}", ""), "its text is not the entry's"),
        ("archive", "{{ 1 / 0 }}", "ZeroDivisionError: division by zero (line 1)"),
    ],
)
def test_a_mistake_in_a_theme_is_found_before_anything_is_published(
    name: str, text: str, problem: str
) -> None:
    (told,) = tried(**RIGHT | {name: text})
    assert told.startswith(f"the template {name}.html: ")
    assert problem in told
