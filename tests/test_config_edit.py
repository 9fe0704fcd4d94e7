import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub import config
from feedhub.config.edit import NewSource, add_sources, free_name, remove_source, set_paused
from feedhub.errors import ConfigError

TEXT = """\
#:schema ./config.schema.json
# What we read

[[sources]]   # the first
name   = "morning"
url    = "https://morning.example/feed/"
groups = [
  "daily",   # our word
]

[sources.terms]
excerpt = 400
# as they asked us

# ── Highland ──
[[sources]]
name = "journal"
url = "journal.atom"
terms = { show = "full" }   # whole
paused = false

# ── What we publish ──
[feeds.day]
title = "Day \\u00e9"  # a comment

# [[sources]]
# url = "https://later.example/"
"""
PAPER = NewSource("paper", "https://paper.example/feed/", "The Paper", ("daily", "big"), "en")
PAPER_TEXT = """
[[sources]]
name = "paper"
title = "The Paper"
url = "https://paper.example/feed/"
groups = ["daily", "big"]
language = "en"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "config.toml"
    found.write_text(TEXT, encoding="utf-8")
    return found


def names(path: Path) -> list[str]:
    return [source.name for source in config.load(path, {}).sources]


# ── Adding ───────────────────────────────────────────────────────────────────────────────────────


def test_a_new_source_stands_after_the_last_one_and_before_the_next_chapter(path: Path) -> None:
    add_sources(path, [PAPER])
    before, after = TEXT.split("paused = false\n")
    assert path.read_text(encoding="utf-8") == before + "paused = false\n" + PAPER_TEXT + after
    assert names(path) == ["morning", "journal", "paper"]
    source = config.load(path, {}).sources[2]
    assert (source.title, source.groups, source.language) == ("The Paper", ("daily", "big"), "en")


def test_what_is_not_known_of_a_source_is_not_written(path: Path) -> None:
    add_sources(path, [NewSource("a", "https://a.example/"), NewSource("b", "https://b.example/")])
    written = '\n[[sources]]\nname = "a"\nurl = "https://a.example/"\n'
    assert written + written.replace("a.", "b.").replace('"a"', '"b"') in path.read_text(encoding="utf-8")


def test_any_title_is_written_so_that_it_is_read_again(path: Path) -> None:
    title = "\"Quoted\" \\ and 'more' — Утро Առավոտ 🗞 [x] # no comment\n\ttwo lines \u2028"
    add_sources(path, [NewSource("a", "https://a.example/", title)])
    assert config.load(path, {}).sources[2].title == title


def test_comments_under_the_last_source_stay_with_it(path: Path) -> None:
    path.write_text('[[sources]]\nurl = "a.xml"\n# of a\n\n# of day\n[feeds.day]\n', encoding="utf-8")
    add_sources(path, [NewSource("b", "b.xml")])
    new = '[[sources]]\nname = "b"\nurl = "b.xml"\n'
    written = f'[[sources]]\nurl = "a.xml"\n# of a\n\n{new}\n# of day\n[feeds.day]\n'
    assert path.read_text(encoding="utf-8") == written


def test_comments_that_head_the_next_table_stay_with_that(path: Path) -> None:
    path.write_text('[[sources]]\nurl = "a.xml"\n# of day\n[feeds.day]\n', encoding="utf-8")
    add_sources(path, [NewSource("b", "b.xml")])
    written = (
        '[[sources]]\nurl = "a.xml"\n\n[[sources]]\nname = "b"\nurl = "b.xml"\n\n# of day\n[feeds.day]\n'
    )
    assert path.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("text", ["[feeds.day]", "[feeds.day]\n", "# only\n[feeds.day]\n\n"])
def test_the_first_source_of_a_file_stands_at_its_end(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
    add_sources(path, [NewSource("a", "a.xml")])
    written = path.read_text(encoding="utf-8")
    assert written.startswith(text)
    assert written.rstrip("\n").endswith('\n\n[[sources]]\nname = "a"\nurl = "a.xml"')
    assert names(path) == ["a"]


@pytest.mark.parametrize(
    "listed",
    [
        'sources = [{ url = "a.xml" }]',
        'sources = [\n  { url = "a.xml" },  # the first\n]',
        "sources = []",
    ],
)
def test_sources_that_are_a_list_in_brackets_stay_one(listed: str, path: Path) -> None:
    text = f'# of us\n{listed}  # all\n\n[feeds.day]  # day\ntitle="x"\n'
    path.write_text(text, encoding="utf-8")
    before = names(path)
    add_sources(path, [NewSource("b", "b.xml", "B", ("x",))])
    assert names(path) == [*before, "b"]
    set_paused(path, "b", True)
    assert config.load(path, {}).sources[-1].paused
    remove_source(path, "b")
    written = path.read_text(encoding="utf-8")
    assert names(path) == before
    assert written.startswith("# of us\nsources = [")
    assert written.endswith(']  # all\n\n[feeds.day]  # day\ntitle="x"\n')


# ── Removing and pausing ─────────────────────────────────────────────────────────────────────────


def test_removing_takes_the_tables_of_a_source_and_leaves_the_comments_around_them(path: Path) -> None:
    remove_source(path, "morning")
    begin, end = TEXT.index("[[sources]]"), TEXT.index("# as they asked us")
    assert path.read_text(encoding="utf-8") == TEXT[:begin] + TEXT[end:]


def test_removing_takes_tables_of_a_source_that_stand_elsewhere_too(path: Path) -> None:
    text = '[[sources]]\nurl = "a.xml"\n\n[feeds.day]\n\n[sources.terms]\nexcerpt = 5\n\n[site]\n'
    path.write_text(text, encoding="utf-8")
    remove_source(path, "a")
    assert path.read_text(encoding="utf-8") == "[feeds.day]\n\n[site]\n"


def test_what_was_added_and_removed_leaves_no_trace(path: Path) -> None:
    add_sources(path, [PAPER])
    remove_source(path, "paper")
    assert path.read_text(encoding="utf-8") == TEXT


def test_a_source_is_removed_by_the_name_that_its_address_gives_it(path: Path) -> None:
    path.write_text('[[sources]]\nurl = "https://www.a.example/x"\n[feeds.day]\n', encoding="utf-8")
    remove_source(path, "a-example")
    assert path.read_text(encoding="utf-8") == "[feeds.day]\n"


def test_pausing_adds_one_line_under_the_keys_of_the_source_in_their_layout(path: Path) -> None:
    path.write_text(TEXT.replace('groups = [\n  "daily",   # our word\n]\n', ""), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    set_paused(path, "morning", True)
    line = 'url    = "https://morning.example/feed/"\n'
    assert path.read_text(encoding="utf-8") == before.replace(line, line + "paused = true\n")
    assert config.load(path, {}).sources[0].paused
    set_paused(path, "morning", False)
    assert path.read_text(encoding="utf-8") == before


def test_pausing_changes_the_line_that_there_is_and_keeps_its_comment(path: Path) -> None:
    path.write_text(TEXT.replace("paused = false", "paused=false# for now"), encoding="utf-8")
    set_paused(path, "journal", True)
    assert "paused=true# for now\n" in path.read_text(encoding="utf-8")
    set_paused(path, "journal", False)
    assert path.read_text(encoding="utf-8") == TEXT.replace("paused = false", "paused=false# for now")


@pytest.mark.parametrize(("name", "paused"), [("morning", False), ("journal", False)])
def test_a_change_that_changes_nothing_writes_nothing(name: str, paused: bool, path: Path) -> None:
    before = path.stat()
    set_paused(path, name, paused)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


# ── What is refused ──────────────────────────────────────────────────────────────────────────────


def test_a_name_that_no_source_has_is_told_with_what_was_probably_meant(path: Path) -> None:
    with pytest.raises(ConfigError, match='no source has the name "mornin"; did you mean "morning"'):
        remove_source(path, "mornin")
    assert path.read_text(encoding="utf-8") == TEXT


def test_nothing_is_written_if_the_result_would_be_wrong(path: Path) -> None:
    with pytest.raises(ConfigError, match=r'nothing was changed.*\n.*"morning" is the name of'):
        add_sources(path, [PAPER, NewSource("morning", "https://other.example/")])
    path.write_text(TEXT + '[feeds.x]\ntake = { groups = ["daily"] }\n', encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(ConfigError, match='no source is in the group "daily"'):
        remove_source(path, "morning")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["config.toml"]


def test_a_file_that_is_wrong_already_is_told_as_ever(path: Path) -> None:
    path.write_text(TEXT.replace("excerpt", "exerpt"), encoding="utf-8")
    with pytest.raises(ConfigError, match='exerpt: unknown key; did you mean "excerpt"'):
        add_sources(path, [PAPER])


def test_a_secret_is_asked_of_the_environment_that_is_given(path: Path) -> None:
    path.write_text(TEXT.replace("morning.example/feed/", "morning.example/${KEY}"), encoding="utf-8")
    with pytest.raises(ConfigError, match="the environment does not set KEY"):
        add_sources(path, [PAPER], environ={})
    add_sources(path, [PAPER], environ={"KEY": "hunter2"})
    assert "hunter2" not in path.read_text(encoding="utf-8")


# ── The file ─────────────────────────────────────────────────────────────────────────────────────


def test_the_permissions_of_the_file_stay(path: Path) -> None:
    path.chmod(0o640)
    add_sources(path, [PAPER])
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_refusal_names_the_lines_of_the_file_as_it_stands(path: Path) -> None:
    text = TEXT + '[feeds.day.take]\nsources = ["morning"]\n'
    path.write_text(text, encoding="utf-8")
    line = text.splitlines().index('sources = ["morning"]') + 1
    with pytest.raises(ConfigError) as raised:
        remove_source(path, "morning")
    assert raised.value.problems[1].startswith(f"config.toml:{line}: feeds.day.take.sources[1]: ")


def test_paths_in_a_linked_file_start_from_where_the_link_stands(tmp_path: Path) -> None:
    (tmp_path / "hub" / "theme").mkdir(parents=True)
    (tmp_path / "hub" / "theme" / "style.css").touch()
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "hub.toml"
    file.write_text('[site]\ntheme = "theme"\n' + TEXT, encoding="utf-8")
    link = tmp_path / "hub" / "config.toml"
    link.symlink_to(file)
    set_paused(link, "morning", True)
    assert link.is_symlink()
    assert "paused = true" in re.sub(" +", " ", file.read_text(encoding="utf-8"))


def test_a_link_to_the_file_stays_a_link(path: Path) -> None:
    link = path.parent / "link.toml"
    link.symlink_to(path.name)
    add_sources(link, [PAPER])
    assert link.is_symlink()
    assert names(path) == ["morning", "journal", "paper"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_ends_of_lines_and_a_byte_order_mark_stay(mark: bytes, path: Path) -> None:
    crlf = mark + TEXT.replace("\n", "\r\n").encode()
    path.write_bytes(crlf)
    add_sources(path, [PAPER])
    set_paused(path, "journal", True)
    written = path.read_bytes()
    assert written == re.sub(rb"(?<!\r)\n", b"\r\n", written)
    assert written.startswith(mark + b"#:schema")
    assert PAPER_TEXT.replace("\n", "\r\n").encode() in written
    set_paused(path, "journal", False)
    remove_source(path, "paper")
    assert path.read_bytes() == crlf.replace(b"paused = false\r\n", b"")


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://www.morning.example/feed/", [], "morning-example"),
        ("https://morning.example/feed/", ["morning-example"], "morning-example-2"),
        (
            "https://morning.example/category/Young-Leaders/feed/",
            ["morning-example"],
            "morning-example-young-leaders",
        ),
        ("https://morning.example/sport.xml", ["morning-example"], "morning-example-sport"),
        (
            "https://morning.example/sport.xml",
            ["morning-example", "morning-example-sport", "morning-example-sport-2"],
            "morning-example-sport-3",
        ),
        ("posts/desk.xml", [], "desk"),
        ("posts/desk.xml", ["desk"], "desk-2"),
        ("https://Լուր.example/", [], "example"),
        ("", [], "source"),
    ],
)
def test_a_name_comes_from_the_address_and_is_free(url: str, taken: list[str], name: str) -> None:
    assert free_name(taken, url) == name


# ── For any file ─────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        "",
        "# a word",
        "   # more",
        '[[sources]]\nname = "s%d"\nurl = "x.xml"',
        '[[ sources ]] # odd\n"name" = \'s%d\'\n  url="x.xml" # where',
        '[[sources]]\nname = "s%d"\nurl = """x.xml"""\ngroups = [ "a",\n # in\n\n"b" ]\npaused=true',
        '[[sources]]\nurl = "x.xml"\nname = "s%d"\n\n[sources.terms]\nrule = """\n[[sources]]\n#"""\n# end',
        "[feeds.f%d]\n# empty\n",
        '[feeds.f%d]\ntitle = "x"\n[[feeds.f%d.rules]]\nwhen = {}\nthen = "drop"',
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(PIECES, max_size=12))
    numbered = [piece.replace("%d", str(number)) for number, piece in enumerate(pieces)]
    text = "\n".join(["[feeds.first]", *numbered]) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def pieces(before: str, after: str) -> list[str]:
    """Give the runs of lines each of which, taken out of a text, gives another; none = more has changed."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if old and not old[-1].endswith("\n") and after.endswith("\n"):
        old[-1] += "\r\n" if "\r\n" in before else "\n"
    more = len(new) - len(old)
    starts = [start for start in range(len(old) + 1) if new[:start] + new[start + more :] == old]
    return ["".join(new[start : start + more]) for start in starts]


def tables(piece: str) -> list[dict[str, object]]:
    try:
        found: list[dict[str, object]] = tomllib.loads(piece).get("sources", [])
    except tomllib.TOMLDecodeError:
        return []
    return found


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


@settings(deadline=None, max_examples=150)
@given(text=documents())
def test_all_that_was_in_a_file_stays_byte_for_byte_when_sources_are_added(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("hub") / "config.toml"
    path.write_bytes(text.encode())
    new = [PAPER, NewSource("other", "o.xml")]
    add_sources(path, new)
    after = path.read_bytes().decode()
    assert [source.table for source in new] in [tables(piece) for piece in pieces(text, after)]
    assert names(path)[-2:] == ["paper", "other"]
    remove_source(path, "other")
    remove_source(path, "paper")
    assert lines(path.read_bytes().decode()) == lines(text)


@settings(deadline=None, max_examples=150)
@given(text=documents(), data=st.data())
def test_all_else_stays_byte_for_byte_when_a_source_is_paused_or_removed(
    text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("hub") / "config.toml"
    path.write_bytes(text.encode())
    if not (there := names(path)):
        return
    name = data.draw(st.sampled_from(there))
    was_paused = config.load(path, {}).sources[there.index(name)].paused
    set_paused(path, name, True)
    after = path.read_bytes().decode()
    if was_paused:
        assert after == text
    else:
        assert "paused = true" in [piece.strip() for piece in pieces(text, after)]
    path.write_bytes(text.encode())
    remove_source(path, name)
    gone = pieces(path.read_bytes().decode(), text)
    assert [name] in [[table.get("name") for table in tables(piece)] for piece in gone]
    assert names(path) == [one for one in there if one != name]
