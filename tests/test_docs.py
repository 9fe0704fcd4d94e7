import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from feedhub import __version__
from feedhub.cli import main
from feedhub.config import load
from feedhub.store import Store
from hubs import ROOT, Hub, Running

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
START, *_ = COMMANDS.partition("\n## ")
SECTIONS = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", COMMANDS, re.S | re.M))
HELP = {"-h", "--help"}


def code(page: str) -> str:
    """Give what a page sets as code, in its lines and in blocks of their own."""
    return "\n".join(re.findall(r"`([^`\n]+)`", page) + re.findall(r"^    .*", page, re.M))


def flags(command: click.Command) -> set[str]:
    options = [one for one in command.params if isinstance(one, click.Option)]
    return {flag for one in options for flag in (*one.opts, *one.secondary_opts)}


def flags_named(page: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", code(page)))


def links(page: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`\n]*`", "", page, flags=re.S))


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.*)", page, re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


# ── Commands and flags ───────────────────────────────────────────────────────────────────────────


def test_every_command_has_its_section_in_the_commands_page_and_nothing_else_has() -> None:
    assert list(SECTIONS) == list(dict.fromkeys(SECTIONS))
    assert set(SECTIONS) == set(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_a_section_begins_with_how_the_command_is_called(name: str) -> None:
    assert SECTIONS[name].strip().startswith(f"feedhub {name}")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_section_of_a_command_names_its_flags_and_no_other(name: str) -> None:
    assert flags_named(SECTIONS[name]) == flags(main.commands[name])


def test_the_flags_of_the_program_are_named_at_the_start_of_the_commands_page() -> None:
    assert flags_named(START) == flags(main) | HELP


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_readme_names_every_command(name: str) -> None:
    assert re.search(rf"^\| `{name}[ `]", README, re.M)


def test_the_readme_names_no_command_that_there_is_not() -> None:
    named = re.findall(r"^\| `([a-z-]+)(?: [^`]*)?` \|", README.partition("## Commands")[2], re.M)
    named += re.findall(r"`(?:\.venv/bin/python -m )?feedhub (?:-c \S+ )?([a-z][a-z-]*)", README)
    assert named
    assert set(named) <= set(main.commands)


def test_the_targets_of_make_that_the_readme_names_exist() -> None:
    named = set(re.findall(r"make ([a-z]+)", code(README)))
    assert {"run", "test", "check"} <= named
    assert all(re.search(rf"^{target}:", MAKEFILE, re.M) for target in named)


def test_the_problem_that_the_commands_page_shows_is_told_just_so(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^    (config\.toml:(\d+): .*)$", SECTIONS["check"], re.M)
    words, line = shown
    lines = [
        "[feeds.day]",
        "[[sources]]",
        'url = "one.xml"',
        "[[sources]]",
        'name = "two"',
        'url = "two.xml"',
    ]
    lines += ["#"] * (int(line) - len(lines) - 1) + ['ulr = "three.xml"']
    hub = Hub(tmp_path)
    hub.path.write_text("\n".join(lines), encoding="utf-8")
    assert hub.invoke("check").stderr == words + "\n"


def test_the_keys_of_sources_json_are_those_that_the_commands_page_names(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    named = re.findall(r"^\| `(\w+)` \|", SECTIONS["sources"], re.M)
    assert all(list(row) == named for row in hub.sources().values())


# ── Addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


@pytest.fixture(scope="module")
def serving(hub: Hub) -> Iterator[Running]:
    with hub.process("serve") as running:
        running.until_serving()
        yield running


def addresses(page: str) -> set[str]:
    return set(re.findall(r"`(/[^`\s]*)`", page))


def test_every_address_that_is_published_stands_in_the_readme(hub: Hub) -> None:
    hidden = re.compile(r"\.(?!well-known/)|.*\.(gz|br)$")
    files = [path for path in hub.files() if not hidden.match(path)]
    published = {"/" + path.removesuffix("index.html") for path in files}
    as_written = {
        "/static/…" if path.startswith("/static/") else re.sub(r"/\d{4}-\d\d-\d\d", "/2024-11-24", path)
        for path in published
        if not path.startswith(("/newsfeed", "/young-leaders-school"))
    }
    assert len(as_written) == 22
    assert as_written <= addresses(README)


def test_every_other_address_of_the_web_side_stands_in_the_readme(hub: Hub) -> None:
    from feedhub.web.app import _USUAL, create_app

    app = create_app(
        hub.feeds, site_url=hub.url(), first_feed="day", cache=load(hub.path, {}).server.cache, health=dict
    )
    fixed = {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}
    assert fixed | set(_USUAL) <= addresses(README)


@pytest.mark.parametrize("path", sorted(addresses(README) - {"/static/…", "/oembed"}))
def test_an_address_in_the_readme_is_served(path: str, serving: Running) -> None:
    answer = serving.get(path)
    assert answer.status in (200, 308)
    if answer.status == 308:
        assert serving.get("/" + answer.headers["location"]).status == 200


def test_the_address_that_the_readme_opens_is_the_default_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[sources]]\nurl = "a.xml"\n[feeds.day]\n', encoding="utf-8")
    server = load(tmp_path / "config.toml", {}).server
    assert f"<http://{server.host}:{server.port}>" in README
    assert f"`{server.host}:{server.port}`" in SECTIONS["serve"]


# ── Links, versions, changes ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_readme_leads_to_every_page_of_the_documentation() -> None:
    assert {page.relative_to(ROOT).as_posix() for page in PAGES[1:]} <= set(links(README))


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    heads = re.findall(r"^## (.*)", CHANGELOG, re.M)
    assert heads[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", head) for head in heads[1:])


def test_the_version_of_the_package_is_that_of_the_project() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["version"] == __version__


def test_the_readme_names_the_python_that_the_project_asks_for() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"Python {told['project']['requires-python'].removeprefix('>=')}" in README


def test_the_store_is_where_the_readme_says(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    Store(load(hub.path, {}).store_url).close()
    assert (tmp_path / "feedhub.db").exists()
    assert "`feedhub.db`" in README


# ── What a document holds ────────────────────────────────────────────────────────────────────────


def test_every_test_that_the_pages_name_exists_and_every_row_that_is_tested_is_told() -> None:
    tests = {
        name: file.name
        for file in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)
    }
    page = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named <= set(tests)
    assert {name for name, file in tests.items() if file == "test_documents.py"} <= named
    rows = re.findall(r"^\| (?!\|)(?!-)(.*) \|$", page, re.M)
    assert [row for row in rows if not re.search(r"`test_\w+`$", row)] == []
