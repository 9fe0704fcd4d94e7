from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Site, Source
from feedhub.read.opml import Outline, is_opml, outlines, slug
from feedhub.render.opml import opml

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>List</title></head>\n<body>\n'
)
FIRST = 5  # the line of what comes after HEAD
A, B, C = (f"https://{name}.example/feed" for name in "abc")


def listed(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines) + "\n</body>\n</opml>\n").encode()


def feed(url: str, more: str = "") -> str:
    return f'<outline type="rss" text="T" xmlUrl="{escape(url)}" {more}/>'


def read(*lines: str) -> tuple[Outline, ...]:
    return outlines(listed(*lines)).outlines


def test_an_outline_tells_address_title_site_language_and_line() -> None:
    more = 'title="Other" htmlUrl="https://a.example" language="hy_AM" description="x" version="RSS2"'
    assert read(f'<outline type="rss" text=" The\n Paper " xmlUrl=" {A}?x=1&amp;y=2 " {more}/>') == (
        Outline(
            url=A + "?x=1&y=2",
            title="The Paper",
            line=FIRST,
            site_url="https://a.example/",
            language="hy-AM",
        ),
    )


@pytest.mark.parametrize(
    "line",
    [
        f'<outline xmlUrl="{A}" text="T"/>',
        f"<OUTLINE XMLURL='{A}' TEXT='T' />",
        f'<outline text="" title="T" xmlurl="{A}"></outline>',
        f'<outline text="T" type="rss" url="{A}"/>',
        f'<outline\n  text = "T"\n  xmlUrl = "{A}"\n/>',
        f'<outline text="T" xmlUrl="feed:{A}"/>',
        f'<outline text="T"xmlUrl="{A}"/>',
    ],
)
def test_a_feed_is_taken_however_its_outline_is_written(line: str) -> None:
    [outline] = read(line)
    assert (outline.url, outline.title) == (A, "T")


def test_folders_become_groups_the_outermost_first_and_categories_follow() -> None:
    found = read(
        '<outline text="World News"><outline text="Հայաստան">',
        feed(A, 'category="/Politics/Local,tag"'),
        "</outline>",
        feed(B),
        "</outline>",
        feed(C),
    )
    assert [outline.groups for outline in found] == [
        ("world-news", "հայաստան", "politics", "local", "tag"),
        ("world-news",),
        (),
    ]


def test_a_feed_in_a_feed_s_outline_takes_no_group_of_it() -> None:
    found = read(f'<outline text="Outer" xmlUrl="{A}">', feed(B), "</outline>", feed(C))
    assert [outline.groups for outline in found] == [(), (), ()]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("World News", "world-news"),
        ("  R&D / Økonomi 2024 ", "r-d-økonomi-2024"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("Новости", "новости"),
        ("***", ""),
        ("snake_case", "snake-case"),
    ],
)
def test_a_group_is_named_after_its_folder_in_any_script(name: str, group: str) -> None:
    assert slug(name) == group


def test_a_feed_in_several_folders_is_named_once_with_all_their_groups() -> None:
    found = outlines(
        listed(
            '<outline text="One">',
            feed(A),
            '</outline><outline text="Two">',
            feed(A.replace("https", "http") + "/"),
            "</outline>",
        )
    )
    assert [(outline.url, outline.groups) for outline in found.outlines] == [(A, ("one", "two"))]
    assert found.refused == (
        (FIRST + 3, f"the same feed as in line {FIRST + 1}: {A.replace('https', 'http')}/"),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('<outline type="rss" text="Gone"/>', 'the outline "Gone" has no address of a feed'),
        ('<outline text="Gone" xmlUrl=""/>', "has no address of a feed"),
        ('<outline type="rss" text="Gone" xmlUrl=""></outline>', "has no address of a feed"),
        ('<outline xmlUrl="feeds/a.xml"/>', "is no http(s) one"),
        ('<outline text="X" xmlUrl="javascript:alert(1)"/>', "is no http(s) one"),
        ('<outline text="X" xmlUrl="file:///etc/passwd"/>', "is no http(s) one"),
        ('<outline text="X" xmlUrl="https://u:hidden@a.example/"/>', "has a password"),
        ('<outline text="X" type="include" url="https://a.example/x.opml"/>', "another list is included"),
        (f'<outline text="X xmlUrl="{C}"/>', "not well formed"),
        (f'<outline text="X" xmlUrl="{C}/>', "not well formed"),
        (f'<outline text="X" xmlUrl={C}/>', "not well formed"),
        (f'<outline text="X" xmlUrl="{C}"', "not well formed"),
    ],
)
def test_a_bad_outline_is_refused_by_its_line_and_the_others_are_taken(line: str, words: str) -> None:
    found = outlines(listed(feed(A), "", line, feed(B)))
    assert [outline.url for outline in found.outlines] == [A, B]
    assert [number for number, _ in found.refused] == [FIRST + 2]
    assert words in found.refused[0][1]
    assert "hidden" not in found.refused[0][1]


def test_lines_are_counted_in_the_document_as_it_stands() -> None:
    lines = ("<!-- two\nlines", "<outline/> -->", "<![CDATA[", "]]>", '<outline text="&"', "/>")
    for newline in ("\n", "\r\n", "\r"):
        body = listed(*lines).replace(b"\n", newline.encode())
        assert [line for line, _ in outlines(b"\xef\xbb\xbf\n" + body).refused] == [FIRST + 1 + 5]


def test_bare_ampersands_angle_brackets_and_entities_do_no_harm() -> None:
    [outline] = read(
        '<outline text="R&D < S&eacute;n&#233; &copy" xmlUrl="https://a.example/?a=1&copy=2&lt=3"/>'
    )
    assert outline.title == "R&D < Séné &copy"
    assert outline.url == "https://a.example/?a=1&copy=2&lt=3"


def test_control_characters_are_no_part_of_a_title() -> None:
    [outline] = read(f'<outline text="\x1b[31mRed&#27;[0m&#x202e;" xmlUrl="{A}"/>')
    assert outline.title == "[31mRed[0m"


def test_a_document_that_breaks_off_says_so_and_gives_what_it_has() -> None:
    found = outlines((HEAD + feed(A) + "\n<outline te").encode())
    assert [outline.url for outline in found.outlines] == [A]
    assert found.refused[-1] == (FIRST + 1, "the document breaks off here: it has no </opml>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_list_is_read_in_the_encoding_that_it_has(encoding: str) -> None:
    text = listed(f'<outline text="Новости" xmlUrl="{A}"/>').decode()
    body = text.replace("UTF-8", encoding.removesuffix("-sig").replace("cp1251", "windows-1251")).encode(
        encoding
    )
    assert is_opml(body)
    assert outlines(body).outlines[0].title == "Новости"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss><channel/></rss>",
        b"<!DOCTYPE html><html><body>opml</body></html>",
        b"plain text about <opml>",
        b"{}",
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>',
    ],
)
def test_what_is_no_opml_is_refused_as_a_whole(body: bytes) -> None:
    assert not is_opml(body)
    with pytest.raises(ReadError):
        outlines(body)


def test_an_empty_list_holds_nothing() -> None:
    assert outlines(b"<opml version='1.0'><head/><body/></opml>").outlines == ()
    assert outlines(listed('<outline text="Empty folder"></outline>')).refused == ()


def test_our_own_export_comes_back_as_it_went() -> None:
    sources = [
        Source(name="a", url=A, title='The "A" & <B>', groups=("one", "two"), language="hy"),
        Source(name="b", url=B + "?x=1&y=2", title="B"),
    ]
    body = opml(Site(title="Hub", url="https://hub.example", sources={each.name: each for each in sources}))
    found = outlines(body)
    assert found.refused == ()
    assert [(each.url, each.title, each.groups, each.language) for each in found.outlines] == [
        (A, 'The "A" & <B>', ("one", "two"), "hy"),
        (B + "?x=1&y=2", "B", (), ""),
    ]


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 3)), max_size=12))
def test_every_feed_is_found_whatever_the_titles_are(titles: list[tuple[str, int]]) -> None:
    lines, wanted = [], []
    for number, (title, depth) in enumerate(titles):
        url = f"https://paper.example/{number}"
        label = escape(title.replace("\r", " ").replace("\0", " ").encode("utf-8", "replace").decode())
        lines.append(
            "<outline text='f'>" * depth + f'<outline text="{label}" xmlUrl="{url}"/>' + "</outline>" * depth
        )
        wanted.append((url, ("f",) if depth else ()))
    found = outlines(listed(*lines))
    assert [(outline.url, outline.groups) for outline in found.outlines] == wanted
    assert found.refused == ()


PIECES = (
    f'<outline|</outline>| text="a"| xmlUrl=|"{A}"|/>|>|"|\'|<!--|-->|<![CDATA[|\n|&|&#0;|&#xD800;|<|=|x'
    "|</body></opml>|<outline/"
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_broken_list_breaks_the_reader(pieces: list[str]) -> None:
    body = HEAD + "".join(pieces)
    found = outlines(body.encode())
    assert all(urls.is_web(outline.url) for outline in found.outlines)
    assert all(FIRST <= line <= body.count("\n") + 1 for line, _ in found.refused)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ['<outline a="', "<outline ", "<outline a='<", "<!--", "<outline a=b ", "<outline text='a'>"]
)
def test_hostile_lists_cost_no_more_than_their_length(piece: str) -> None:
    outlines((HEAD + piece * 100_000).encode())


def test_thousands_of_outlines_are_read() -> None:
    lines = [feed(f"https://paper{number}.example/feed") for number in range(5_000)]
    assert len(outlines(listed(*lines)).outlines) == 5_000
