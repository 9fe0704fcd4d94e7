import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.read.marks import _USE, Marks, _speaks_of_use, marks
from reading import of_rss
from samples import reading

ARTICLE = "https://morning.example/2024/11/24/three-roads/"
USES = (
    " quot| cite| citing| citation|reprint|reproduc|republish|reuse|re-use|materials|цитир|перепечат|"
    "копирован|использован|цитув|передрук|використан|մեջբեր|արտատպ|վերարտադր|օգտագործ|zitier|nachdruck|übernahme|"
    "weiterverw| reprod| reprise| citar|ციტ|გამოყენ|alıntı|alintı|اقتباس"
).split("|")
TEXT = "<p>Three roads lie open, and none of them is short.</p>"


def read(end, *, is_signed=False):
    return marks(f"{TEXT}\n{end}", article=ARTICLE, is_signed=is_signed)


@pytest.mark.parametrize(
    "line",
    [
        'The post <a href="{a}">Three roads</a> appeared first on <a href="{s}">The Morning</a>.',
        'Der Beitrag <a href="{a}">Drei Wege</a> erschien zuerst auf <a href="{s}">The Morning</a>.',
        'Запись <a href="{a}">Три дороги</a> впервые появилась <a href="{s}">The Morning</a>.',
        'L’article <a href="{a}">Trois routes</a> est apparu en premier sur <a href="{s}">The Morning</a>.',
        '<a href="{a}?utm_source=rss">Երեք ճանապարհ</a> գրառումն առաջինը հայտնվեց <a href="{s}">այստեղ</a>',
    ],
)
def test_where_a_post_appeared_first_is_left_out_in_any_language(line):
    found = read("<p>" + line.format(a=ARTICLE, s="https://morning.example/") + "</p>", is_signed=True)
    assert found == Marks(TEXT)


@pytest.mark.parametrize(
    "end",
    [
        f'<p>See <a href="{ARTICLE}">the first part</a> and <a href="https://b.example/">the reply</a>.</p>',
        f'<p>Read <a href="{ARTICLE}">it whole</a>.</p>',
        f'<p>{"Much more. " * 9}<a href="{ARTICLE}">a</a> <a href="https://morning.example/">b</a></p>',
        "<p>He quoted the mayor and said no more.</p>",
        "<p>The road opens on Monday, the minister said, at ten.</p>",
        "<p>On Sunday, in Arvan, <strong>nothing</strong> happened</p>",
        "<p><strong>However,</strong> the vote was lost, and won again</p>",
        "<blockquote><p><b>Ani Petrosyan</b>, research fellow</p></blockquote>",
    ],
)
def test_what_only_looks_like_a_mark_stays(end):
    html = f"{TEXT}\n{end}"
    assert marks(html, article=ARTICLE, is_signed=False) == Marks(html)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "<strong>Ani Petrosyan,</strong> research fellow, Institute for Regional Dialogue",
            "Ani Petrosyan",
        ),
        ("<b>Gor van der Manukyan</b>, historian", "Gor van der Manukyan"),
        ("<em>Анна Иванова, научный сотрудник, Институт диалога</em>", "Анна Иванова"),
        ("<strong>Անի Պետրոսյան</strong>, գիտաշխատող, Երկխոսության ինստիտուտ", "Անի Պետրոսյան"),
        ("<strong>ანი პეტროსიანი</strong>, მკვლევარი", "ანი პეტროსიანი"),
    ],
)
def test_the_authors_line_at_the_end_names_the_author(line, name):
    found = read(f"<p>{line}</p>")
    assert found.author is not None
    assert (found.author.name, found.text) == (name, TEXT)


def test_a_signature_is_text_where_the_author_is_known():
    line = "<p><strong>Ani Petrosyan,</strong> research fellow, Institute for Regional Dialogue</p>"
    assert read(line, is_signed=True).text.endswith(line)


@pytest.mark.parametrize(
    "notice",
    [
        "Media can quote materials of The Morning with a hyperlink to the quoted material.",
        "При цитировании материалов гиперссылка обязательна.",
        "Մեջբերումներ անելիս հիպերհղումը պարտադիր է։",
        "Передрук лише з гіперпосиланням на сайт.",
        "Nachdruck nur mit Verweis auf den Artikel.",
        "Toute reprise doit comporter un LIEN vers l’article.",
        "Citar solo con un enlace; debe llevar al artículo.",
        "ციტირებისას ბმული უნდა მიეთითოს.",
        "Alıntı için bağlantı zorunludur.",
        "يجب أن يحمل كل اقتباس رابط المقال.",
        "MATERIALS MAY BE REUSED WITH A L\u0130N\u212a.",
    ],
)
def test_a_reuse_notice_is_kept_as_rights_and_left_out_of_the_text(notice):
    found = read(f"<p>{notice}</p>")
    assert (found.notice, found.text) == (notice, TEXT)


def test_all_marks_at_the_end_are_found_whatever_their_order():
    found = read(
        "<p><strong>Ani Petrosyan,</strong> research fellow, Institute for Regional Dialogue</p>"
        "<p>Quotes need a hyperlink to the quoted material; it must stand in the first passage.</p>"
        f'<p>The post <a href="{ARTICLE}">Three roads</a> appeared first on '
        '<a href="https://morning.example/">The Morning</a>.</p>'
    )
    assert found.text == TEXT
    assert found.author is not None
    assert found.author.name == "Ani Petrosyan"
    assert found.notice.startswith("Quotes need a hyperlink")


@pytest.mark.parametrize("name", ["morning.xml", "morning-ru.xml", "morning-hy.xml"])
def test_an_excerpt_does_without_where_the_post_appeared_first_and_the_whole_text_keeps_its_end(name):
    for entry in reading(name).entries:
        assert "<a" not in entry.summary
        assert len(entry.content) > len(entry.summary)


def test_an_article_without_a_named_author_is_signed_at_its_end():
    entry = of_rss(
        "<title>Three roads</title><link>https://morning.example/three/</link><description>"
        "&lt;p>Three roads lie open.&lt;/p>&lt;p>&lt;strong>Ani Petrosyan,&lt;/strong> research fellow&lt;/p>"
        "&lt;p>Quotes need a hyperlink to the quoted material.&lt;/p></description>"
    )
    assert [person.name for person in entry.authors] == ["Ani Petrosyan"]
    assert entry.rights == "Quotes need a hyperlink to the quoted material."
    assert entry.summary == "<p>Three roads lie open.</p>"
    assert entry.content.endswith("material.</p>")


@given(st.lists(st.sampled_from(USES) | st.text(max_size=5), max_size=6).map("".join))
def test_no_word_of_use_is_passed_over_by_the_quick_look(words):
    for written in (words, words.upper(), words.lower(), words.title()):
        assert _speaks_of_use(written) == bool(_USE.search(written))
