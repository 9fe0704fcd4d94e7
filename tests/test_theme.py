"""Themes: files that stand in place of the pages' own, one by one."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from desk import DAY as ONE_DAY
from desk import START, Desk, item
from editions import DAY, FEED, edition, entry, site
from feedhub.errors import RenderError
from feedhub.model import Image
from feedhub.render import article as articles
from feedhub.render.archive import Cell, Month, archive
from feedhub.render.frame import frame
from feedhub.render.page import Part, page
from feedhub.render.proof import proof
from feedhub.render.theme import problems, static
from hubs import ROOT, Hub

DOCS = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
ARTICLE = (ROOT / "feedhub" / "render" / "templates" / "article.html").read_text(encoding="utf-8")
NOT_CREDITED = ARTICLE.replace("{{ shown.passage }}", "{{ shown.passage|striptags }}")
MADE = edition(entry("a"), entry("b", image=Image(url="https://morning.example/b.jpg")), day=DAY)
PLAIN = """\
{% extends "base.html" %}
{% from "article.html" import article with context %}
{% block main %}<main id="news"><h1>Plainly: {{ feed.title }}</h1>
{% for shown in [lead] + top|list + more|list %}{{ article(shown, say) }}{% endfor %}
{% for section in sections %}
{% for shown in section.articles %}{{ article(shown, say) }}{% endfor %}
{% endfor %}
</main>{% endblock %}
"""


def test_a_template_of_a_theme_stands_in_place_of_ours_and_the_others_stay() -> None:
    known = site(theme_files=(("page.html", PLAIN),))
    document = page(MADE, known)
    assert b"<h1>Plainly: Day newsfeed</h1>" in document
    assert b'<header class="site">' in document
    assert proof("page", document, MADE, known) == []
    assert archive(FEED, [DAY], known) == archive(FEED, [DAY], site())


def test_a_style_sheet_of_a_theme_has_an_address_of_its_own() -> None:
    theme = (("style.css", "body { color: teal }"),)
    (icon, style), (_, ours) = static(theme), static()
    assert static(theme)[style] == b"body { color: teal }"
    assert style != ours
    assert icon in static()
    assert style.rpartition("/")[2].encode() in page(MADE, site(theme_files=theme))


def test_a_theme_may_have_templates_of_its_own() -> None:
    files = (("archive.html", '{% include "mine.html" %}'), ("mine.html", "<p>{{ months|length }}</p>"))
    assert archive(FEED, [DAY], site(theme_files=files)) == b"<p>1</p>"


def test_what_a_publisher_writes_stays_text_in_a_theme() -> None:
    known = site(theme_files=(("page.html", "{{ lead.title }}"),))
    assert page(edition(entry(title="<script>"), day=DAY), known) == b"&lt;script&gt;"


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ lead.nothing }}",
        '{% include "none.html" %}',
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ top + 1 }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        '{{ "\\ud800" }}',
    ],
)
def test_a_template_that_cannot_be_filled_is_named(text: str) -> None:
    with pytest.raises(RenderError, match=r"the template page\.html"):
        page(MADE, site(theme_files=(("page.html", text),)))


@pytest.mark.parametrize("template", ["archive.html", "subscribe.html", "builder.html", "frame.html"])
def test_a_template_that_cannot_be_filled_stops_no_feed(template: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("a"), at=START)
    desk.publishes(START)
    good = desk.snapshot()
    desk.site = replace(desk.site, theme_files=((template, "{{ 1 / 0 }}"),))
    desk.arrives(item("b", published=START + ONE_DAY), at=START + ONE_DAY)
    problems = desk.publishes(START + ONE_DAY).problems
    assert all(f"the template {template}: ZeroDivisionError" in problem for problem in problems)
    assert len(problems) == 1
    path = problems[0].partition(": ")[0]
    assert desk.body(path) == good[str(desk.file(path).relative_to(desk.folder))][0]
    for format_ in ("rss", "atom", "json"):
        assert desk.keys(f"/day.{format_}") == ["b", "a"]


def test_a_theme_that_drops_what_every_page_must_tell_makes_no_page() -> None:
    bare = "<!DOCTYPE html>\n" + PLAIN.replace("{{ article(shown, say) }}", "<p>{{ shown.title }}</p>")
    known = site(theme_files=(("page.html", bare),))
    assert proof("page", page(MADE, known), MADE, known)


def test_what_is_wrong_with_a_template_is_told_with_its_line() -> None:
    theme = (("page.html", "<p>\n{% if %}\n"), ("style.css", "{% if %}"), ("base.html", "{{ fine }}"))
    (problem,) = problems(theme)
    assert problem.startswith("page.html:2: ")


# ── What a template gets is documented ──


def names(heading: str) -> set[str]:
    """Give the names that the documentation has under a heading."""
    part = DOCS.partition(f"\n{heading}:\n")[2]
    table = part[: part.find("\n\n", 2)]
    cells = " ".join(re.findall(r"^\| (`.*?`) \|", table, re.M))
    return set(re.findall(r"`([\w.]+)", cells))


def test_every_name_that_a_template_gets_is_documented() -> None:
    said = frame(FEED, site(), "/day/")
    assert names("All pages") == (
        said.keys() - {"site", "feed"} | {"picture_hosts", "site.title", "feed.title", "feed.about"}
    )
    shown = {f"shown.{field.name}" for field in fields(articles.Article)}
    assert names("An article") == shown


def test_every_name_of_the_pages_own_is_documented() -> None:
    every = "{% for name in self._TemplateReference__context.get_all() %}{{ name }} {% endfor %}"
    for template, render, heading in (
        ("page.html", lambda known: page(MADE, known), "`page.html`"),
        ("archive.html", lambda known: archive(FEED, [DAY], known), "`archive.html`"),
    ):
        given = set(render(site(theme_files=((template, every),))).decode().split())
        plain = {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
        assert names(heading) == given - plain - frame(FEED, site(), "/day/").keys() - {"picture_hosts"}


def test_every_field_of_what_stands_in_them_is_documented() -> None:
    for kind in (Part, Month, Cell, articles.Picture, articles.Other):
        for field in fields(kind):
            assert f"`{field.name}`" in DOCS, f"{kind.__name__}.{field.name}"


def test_every_file_that_a_theme_may_replace_is_documented() -> None:
    table = set(re.findall(r"^\| `(\w+\.(?:css|html|svg))` \|", DOCS, re.M))
    assert table == {"style.css", "icon.svg", "base.html", "page.html", "archive.html", "article.html"}


# ── In a hub ──


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path).take_samples()
    text = hub.path.read_text(encoding="utf-8")
    hub.path.write_text(text.replace("[site]\n", '[site]\ntheme = "theme"\n', 1), encoding="utf-8")
    (tmp_path / "theme").mkdir()
    return hub


def test_a_hub_publishes_its_theme_and_keeps_the_last_good_page(hub: Hub) -> None:
    template = hub.folder / "theme" / "page.html"
    template.write_text(PLAIN, encoding="utf-8")
    assert hub.invoke("poll").exit_code == 0
    good = hub.document("/day/index.html")
    assert b"Plainly: Day newsfeed" in good

    template.write_text("{{ nobody }}", encoding="utf-8")
    broken = hub.invoke("publish")
    assert "the template page.html: 'nobody' is undefined" in broken.stderr
    assert hub.document("/day/index.html") == good

    template.write_text("\n{% if %}", encoding="utf-8")
    wrong = hub.invoke("check")
    assert wrong.exit_code == 2
    assert "config.toml: site.theme: page.html:2: " in wrong.stderr


def test_a_mistake_in_a_theme_is_one_line_of_stderr_and_changes_no_document(hub: Hub) -> None:
    template = hub.folder / "theme" / "article.html"
    template.write_text(ARTICLE, encoding="utf-8")
    assert hub.invoke("check").exit_code == 0
    assert hub.invoke("poll").exit_code == 0
    good = hub.files()
    template.write_text(NOT_CREDITED, encoding="utf-8")
    wrong = hub.invoke("check")
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("config.toml: site.theme: the template article.html: its text does not")
    broken = hub.invoke("publish")
    assert broken.exit_code == 1
    (line,) = broken.stderr.splitlines()
    assert line.startswith("not published: / and ")
    assert "more: site.theme: the template article.html: its text does not link to the article" in line
    now = hub.files()
    del good[".manifest.json"], now[".manifest.json"]
    assert now == good


def test_a_hub_that_runs_shows_its_last_good_pages_until_its_theme_is_mended(hub: Hub) -> None:
    template = hub.folder / "theme" / "article.html"
    template.write_text(ARTICLE, encoding="utf-8")
    with hub.process() as running:
        running.until(lambda: b"h-entry" in running.get("/").body)
        running.until(lambda: json.loads(running.get("/health").body)["status"] == "ok")
        template.write_text(NOT_CREDITED, encoding="utf-8")
        running.until(lambda: json.loads(running.get("/health").body)["publishing"] == "failing")
        assert json.loads(running.get("/health").body)["held"] == 0
        assert b"h-entry" in running.get("/").body
        assert running.output.count("publish held=") == 0
        template.write_text(ARTICLE.replace("h-entry", "h-entry mended"), encoding="utf-8")
        running.until(lambda: b"h-entry mended" in running.get("/").body)
        running.until(lambda: json.loads(running.get("/health").body)["status"] == "ok")


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("style.css", b"\xff", "style.css in it is not in UTF-8"),
        ("style.css", b" " * 500_001, "style.css in it is larger than 500 KB"),
        ("notes.txt", b"x", "must be a folder with templates or a style sheet: .css, .html, .svg"),
    ],
)
def test_a_folder_that_is_no_theme_is_an_error_of_the_configuration(
    hub: Hub, name: str, body: bytes, words: str
) -> None:
    (hub.folder / "theme" / name).write_bytes(body)
    wrong = hub.invoke("check")
    assert (wrong.exit_code, wrong.stderr.count("site.theme: ")) == (2, 1)
    assert words in wrong.stderr


def test_a_theme_that_is_not_there_is_an_error_with_its_line(hub: Hub) -> None:
    (hub.folder / "theme").rmdir()
    wrong = hub.invoke("check")
    line = next(number for number, text in enumerate(hub.path.read_text().splitlines(), 1) if "theme" in text)
    assert f"config.toml:{line}: site.theme: must be a folder that can be read: No such file" in wrong.stderr
