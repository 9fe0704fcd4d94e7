"""What comes in as bytes of any kind goes on as XML that a strict parser takes, or is refused by name."""

import time
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.errors import ReadError
from feedhub.read.decode import decoded
from feedhub.read.repair import MOST_ATTRIBUTES, MOST_DEPTH, repaired

DESK = '<rss version="2.0"><channel><title>Երևան: день, día</title><item/></channel></rss>'


def rss(title):
    return f'<rss version="2.0"><channel><title>{title}</title></channel></rss>'


def title(document, content_type=""):
    """Repair a document, have a strict parser read it, and give its title."""
    found = repaired(document if isinstance(document, bytes) else document.encode(), content_type)
    assert found.is_strict
    return ElementTree.fromstring(found.body).findtext("channel/title")


def refusal(document):
    with pytest.raises(ReadError) as caught:
        repaired(document if isinstance(document, bytes) else document.encode())
    return str(caught.value)


# ── Documents in order ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "document",
    [
        DESK,
        f"\ufeff{DESK}",
        f'<?xml version="1.0"?>\n{DESK}',
        f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>{DESK}',
        f"<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><!-- > <rss> -->\n{DESK}",
        f"\ufeff\ufeff <!-- Երևան 🙂 día -->\n{DESK}",
    ],
)
def test_a_document_in_order_comes_through_from_its_root_on(document):
    found = repaired(document.encode())
    assert found.body == DESK.encode()
    assert found.is_strict
    assert found.encoding == "utf-8"


@pytest.mark.parametrize(
    "inside",
    [
        "<![CDATA[a & b &nbsp; <p> &#x0; -- ]]>",
        "<!-- & &nbsp; < -->",
        "<?php echo '&nbsp;' ?>",
        "&#146;&#x41;&amp;lt;&quot;&apos;&gt;",
        "<x:y xmlns:x='urn:x' x:z='&amp;'/>",
        "a > b ]] > \u0085\u2028\U0001f600",
    ],
)
def test_what_is_well_formed_is_left_as_it_is(inside):
    assert repaired(rss(inside).encode()).body == rss(inside).encode()


def test_what_follows_the_root_in_good_order_is_left():
    assert repaired(f"{DESK}\n<!-- served in 3 ms -->\n".encode()).is_strict


# ── Encodings ────────────────────────────────────────────────────────────────────────────────────

TEXTS = {
    "cp1252": "café “quoted”",
    "cp1251": "Новости дня",
    "koi8-r": "Новости дня",
    "iso8859-7": "Ειδήσεις",
    "iso8859-2": "Zprávy dne",
    "cp1254": "Günün haberleri",
    "gb18030": "今日新闻",
    "big5": "今日新聞",
    "cp932": "今日のニュース",
    "euc_jp": "今日のニュース",
    "cp949": "오늘의 뉴스",
    "cp874": "ข่าววันนี้",
    "utf-8": "Օրվա լուրեր",
}


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("windows-1252", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("KOI8-R", "koi8-r"),
        ("iso-8859-7", "iso8859-7"),
        ("iso-8859-2", "iso8859-2"),
        ("iso-8859-9", "cp1254"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("gb18030", "gb18030"),
        ("big5", "big5"),
        ("shift_jis", "cp932"),
        ("x-sjis", "cp932"),
        ("euc-jp", "euc_jp"),
        ("euc-kr", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("tis-620", "cp874"),
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
    ],
)
def test_the_encoding_that_a_document_or_its_server_names_is_read(label, codec):
    text = TEXTS[codec]
    assert title(f'<?xml version="1.0" encoding="{label}"?>{rss(text)}'.encode(codec)) == text
    assert title(rss(text).encode(codec), f"application/xml; charset={label}") == text
    assert title(rss(text).encode(codec), f'text/xml; charset="{label}"; x=y') == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(codec):
    document = f'<?xml version="1.0" encoding="windows-1251"?>{DESK}'.encode(codec)
    assert title(document, "text/xml; charset=koi8-r") == "Երևան: день, día"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("head", ['<?xml version="1.0" encoding="utf-16"?>', "", "\n"])
def test_wide_characters_are_known_without_a_mark(codec, head):
    assert title(f"{head}{DESK}".encode(codec)) == "Երևան: день, día"


@pytest.mark.parametrize(
    "label",
    ["utf-16", "UCS-2", "utf-7", "us-ascii", "klingon", "rot13", "base64", "unicode_escape", "x" * 40],
)
def test_a_name_that_cannot_be_right_is_passed_over(label):
    assert title(f'<?xml version="1.0" encoding="{label}"?>{DESK}') == "Երևան: день, día"
    assert title(DESK, f"text/xml; charset={label}") == "Երևան: день, día"


def test_the_declaration_wins_over_the_server():
    document = f'<?xml version="1.0" encoding="koi8-r"?>{rss("Новости")}'.encode("koi8-r")
    assert title(document, "text/xml; charset=windows-1251") == "Новости"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_a_declaration_that_is_often_a_mere_default_does_not_win_over_valid_utf_8(label):
    document = f'<?xml version="1.0" encoding="{label}"?>{rss("Новости – «día»")}'
    assert title(document) == "Новости – «día»"
    assert title(document.encode().replace(b"d\xc3\xada", b"d\xeda")) != "Новости – «día»"


def test_what_is_utf_8_throughout_is_utf_8_whatever_the_server_names():
    assert title(DESK, "text/xml; charset=iso-8859-1") == "Երևան: день, día"


def test_utf_8_with_a_damaged_byte_stays_utf_8():
    text = "Երևանի լուրեր. " * 20
    document = rss(text + "@").encode().replace(b"@", b"\xff")
    assert title(document) == text + "\ufffd"
    assert title(b'<?xml version="1.0" encoding="UTF-8"?>' + document) == text + "\ufffd"


def test_what_is_no_utf_8_though_it_says_so_is_read_as_the_server_says_or_as_browsers_do():
    document = f'<?xml version="1.0" encoding="utf-8"?>{rss("café")}'.encode("cp1252")
    assert title(document) == "café"
    russian = f'<?xml version="1.0" encoding="utf-8"?>{rss("Новости")}'.encode("cp1251")
    assert title(russian, "text/xml; charset=windows-1251") == "Новости"


@pytest.mark.parametrize(
    "content_type",
    ["", ";", "charset", "charset=", ";charset=\x00\n\ud800", "text/xml; charset*=x''y", "x" * 9999],
)
def test_a_content_type_that_says_nothing_changes_nothing(content_type):
    assert title(DESK, content_type) == "Երևան: день, día"


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=50))
def test_any_bytes_become_text(body, content_type):
    text, name = decoded(body, content_type)
    assert text.encode("utf-8").decode() == text
    assert name


# ── Repairs ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("a & b", "a & b"),
        ("a &", "a &"),
        ("?a=1&b=2&c;", "?a=1&b=2&c;"),
        ("?a=1&amp;b=2&copy=3", "?a=1&b=2&copy=3"),
        ("one&nbsp;two&mdash;three&hellip;", "one\u00a0two—three…"),
        ("&eacute;&Eacute;&euro;&zwj;", "éÉ€\u200d"),
        ("&LT;b&GT; &AMP;amp; &QUOT;", '<b> &amp; "'),
        ("&nosuch; &lt; &amp;nbsp;", "&nosuch; < &nbsp;"),
        ("a&#x0;b&#0;c&#8;d", "abcd"),
        ("a&#xD800;b&#55296;c&#xFFFF;d", "abcd"),
        ("a&#x110000;b&#99999999999999999999;c", "abc"),
        ("&#X41;&#x000000000000041;&#0000000065;", "AAA"),
        ("&#; &#x; &#xg; &#a;", "&#; &#x; &#xg; &#a;"),
        ("a\x00b\x08c\x0bd\x1fe\ufffef\uffffg", "abcdefg"),
        ("1 < 2 <3 <= <", "1 < 2 <3 <= <"),
        ("a ]]> b & c", "a ]]> b & c"),
        ("<![CDATA[a &nbsp; & b]]> &nbsp;", "a &nbsp; & b \u00a0"),
        ("<![CDATA[a\x00b]]>", "ab"),
        ("a<!-- -- & --> b", "a b"),
        ("a<?xml version='1.0'?> b", "a b"),
    ],
)
def test_what_a_strict_parser_stumbles_over_is_mended(inside, expected):
    assert title(rss(inside)) == expected


@pytest.mark.parametrize(
    "before",
    [
        " ",
        "\n\n",
        "\ufeff\ufeff",
        "\x00\x00",
        '\n<?xml version="1.0"?>',
        '<?xml version="1.0"?><?xml version="1.0"?>',
        '<?xml version="1.0">',
        "Warning: something is deprecated in line 3\n<?xml version='1.0'?>",
        "<br />\n<b>Warning</b>: something in <b>line 3</b><br />\n<?xml version='1.0'?>",
        "<script>var a = 1 < 2;</script>",
        "<!-- never closed",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">',
        '<!doctype rss SYSTEM "a>b.dtd" >',
        "<!DOCTYPE rss [ ]>",
        '<!DOCTYPE rss [<!-- ]> " --><!ENTITY % HTMLlat1 PUBLIC "-//W3C//x" "http://w.example/x.ent">%HTMLlat1;]>',
        "<!DOCTYPE html>",
    ],
)
def test_what_stands_before_the_root_is_dropped(before):
    found = repaired(f"{before}{DESK}".encode())
    assert found.body == DESK.encode()
    assert found.is_strict


@pytest.mark.parametrize(
    "rest",
    ["junk", "<script src='x'/>", "\x00\x00", "<!-- never closed", DESK, "</rss>", "<", "&nbsp;", "]]>"],
)
def test_what_stands_after_the_root_is_dropped(rest):
    found = repaired(f"{DESK}{rest}".encode())
    assert found.body == DESK.encode()
    assert found.is_strict


def test_what_stands_after_a_damaged_document_is_dropped_too():
    found = repaired(f"{rss('a & b')} & more".encode())
    assert found.body == rss("a &amp; b").encode()
    assert found.is_strict


def test_prefixes_that_were_never_declared_are_declared():
    document = '<rss version="2.0"><channel><dc:creator x:y="1"/><title>a</title></channel></rss>'
    found = repaired(document.encode())
    assert found.is_strict
    assert [element.tag for element in ElementTree.fromstring(found.body).iter()] == [
        "rss",
        "channel",
        "{http://purl.org/dc/elements/1.1/}creator",
        "title",
    ]


def test_what_cannot_be_mended_is_handed_on_and_says_so():
    document = "<rss version=2.0><channel><title>a & b</title><p>one<p>two</channel></rss>"
    found = repaired(document.encode())
    assert not found.is_strict
    assert found.body == document.replace("&", "&amp;").encode()


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_text_in_a_document_is_mended_or_refused(inside, before, after):
    document = f"{before}{rss(inside)}{after}".encode("utf-8", "surrogatepass")
    try:
        found = repaired(document)
    except ReadError:
        return
    if found.is_strict:
        ElementTree.fromstring(found.body)


plain_texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<&\ufffe\uffff"), max_size=80
).filter(lambda text: "]]>" not in text)


@settings(deadline=None)
@given(plain_texts)
def test_plain_text_comes_through_unchanged(text):
    assert (title(rss(text)) or "") == text


pieces = st.sampled_from(
    "< > & ; &# &#x 1 a <a </a> <![CDATA[ ]]> <!-- --> <? ?> ' \" = x: <x:y \0 <!DOCTYPE [".split()
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
def test_no_heap_of_markup_raises_anything_but_a_read_error(markup):
    for document in (markup, rss(markup), f"<rss {markup}></rss>"):
        try:
            found = repaired(document.encode())
        except ReadError:
            continue
        if found.is_strict:
            ElementTree.fromstring(found.body)


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────

DEEP = "<a>" * (MOST_DEPTH - 1) + "</a>" * (MOST_DEPTH - 1)
WIDE = " ".join(f'a{number}="="' for number in range(MOST_ATTRIBUTES))


def test_the_limits_themselves_are_allowed():
    assert repaired(f"<rss>{DEEP}</rss>".encode()).is_strict
    assert repaired(f"<rss><a {WIDE}/></rss>".encode()).is_strict


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "an empty document"),
        (" \r\n\t", "an empty document"),
        ("\ufeff", "an empty document"),
        ("\0" * 100, "an empty document"),
        ("<?xml version='1.0'?>\n<!-- nothing -->", "an empty document"),
        ("Service unavailable", "not an XML document"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "not an XML document"),
        ("<!doctype html><title>Home</title>", "an HTML page, not a feed"),
        ("<html><body></body></html>", "an HTML page, not a feed"),
        ("\n<!-- x --><HTML lang='en'>", "an HTML page, not a feed"),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html xmlns='z'/>", "an HTML page, not a feed"),
        ("<body>Please wait", "an HTML page, not a feed"),
        ("<script>location='/'</script>", "an HTML page, not a feed"),
        ("One moment <html><p>", "an HTML page, not a feed"),
        (f"<!DOCTYPE rss [<!ENTITY a 'b'>]>{DESK}", "a DTD with its own entities"),
        (
            f"<!DOCTYPE rss SYSTEM 'x' [ <!ENTITY\na SYSTEM 'file:///a'>]>{DESK}",
            "a DTD with its own entities",
        ),
        (
            f'<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY copy "&#160;">]>{DESK}',
            "a DTD with its own entities",
        ),
        (f'<!DOCTYPE rss [<!ENTITY nbsp "&#160;&#160;">]>{DESK}', "a DTD with its own entities"),
        (f"<!DOCTYPE rss [{' ' * 9000}]>{DESK}", "a DTD with its own entities"),
        ("<rss>", "the document ends before its root element does"),
        (DESK[:-1], "the document ends before its root element does"),
        (DESK[:-6], "the document ends before its root element does"),
        (DESK[:40], "the document ends before its root element does"),
        (rss("a & b")[:-6], "the document ends before its root element does"),
        (rss("<p>one<p>two")[:-6], "the document ends before its root element does"),
        ("<rss><channel><title><![CDATA[a", "the document ends before its root element does"),
        (f"<rss><a>{DEEP}</a></rss>", "elements are nested more than 256 deep"),
        ("<rss>" * 100_000, "elements are nested more than 256 deep"),
        (f"<rss><a {WIDE} b='1'/></rss>", "an element has more than 1000 attributes"),
        (f"<rss b=1><a {WIDE} b='1'></rss>", "an element has more than 1000 attributes"),
    ],
)
def test_what_is_no_feed_or_built_to_harm_is_refused_by_name(document, reason):
    assert refusal(document) == reason


@pytest.mark.parametrize("name", ["opml", "urlset", "x:feed", "RDF", "wrapper"])
def test_other_xml_is_left_to_the_parser_to_judge(name):
    document = f"<{name} xmlns:x='urn:x'></{name}>".encode()
    assert repaired(document).body == document


@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ("", "\n", DESK),
        ("", "<?x?>", DESK),
        ("", "<!---->", DESK),
        ("", "<!DOCTYPE ", ""),
        ("<!DOCTYPE rss [", "<!--", DESK),
        ("", "<rs", ""),
        ("<", "a", ""),
        ("<rss ", " ", "></rss>"),
        ("<rss ", "a='1' ", "></rss>"),
        ("<rss>&", "<x a=1 ", "</rss>"),
        ("<rss a='", "'\"", "</rss>"),
        ("<rss>", "&", "</rss>"),
        ("<rss>&#", "1", ";</rss>"),
        ("<rss>", "&#x1", "</rss>"),
        ("<rss>", "<", "</rss>"),
        ("<rss>", "<!--", "</rss>"),
        ("<rss>", "<?", "</rss>"),
        ("<rss>", "<![CDATA[", "</rss>"),
        ("<rss><x:y", " a:", "</rss>"),
        ("<rss>", "<x:y/>", "</rss>"),
        (f"{DESK}", "<!-- ", ""),
    ],
)
def test_the_cost_grows_with_the_length_not_with_its_square(start, unit, end):
    document = (start + unit * (500_000 // len(unit)) + end).encode()
    begun = time.process_time()
    with suppress(ReadError):
        repaired(document)
    # Half a megabyte takes a fifth of a second at most; the square of that would take minutes.
    assert time.process_time() - begun < 10
