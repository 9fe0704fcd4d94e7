import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.read.marks import Marks, marks
from feedhub.read.notices import _USE, speaks_of_use
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


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<em>Ani Petrosyan</em>, Institute for Regional Dialogue", "Ani Petrosyan"),
        ("<b>Ani Petrosyan</b>, member of parliament, 8th convocation", "Ani Petrosyan"),
        ("<i>Ani Petrosyan, analyst, 2024</i>", "Ani Petrosyan"),
        ("<b>ANI PETROSYAN</b>, historian (Arvan)", "ANI PETROSYAN"),
        ("<b>Omar al-Rashid Khan</b>, historian", "Omar al-Rashid Khan"),
        ("<b>Jean d’Arvan</b>, historien", "Jean d’Arvan"),
        ("<b>Луис де ла Крус</b>, историк", "Луис де ла Крус"),
        ("<b>Ани Петросян и Гор Манукян</b>, историки", "Ани Петросян и Гор Манукян"),
    ],
)
def test_an_affiliation_may_be_told_in_many_ways(line, name):
    author = read(f"<p>{line}</p>").author
    assert author is not None
    assert author.name == name


@pytest.mark.parametrize(
    "line",
    [
        "<i>Valley Readi-Cut Houses</i>, 1973. (Arvan) — from my library",
        "<i>Valley Building Art</i>, 1918. (Arvan)",
        "<i>Valley Building Art</i>, Arvan, 1918",
        "<i>Homes of the Valley</i>, 7th edition, 1960. (Arvan) — from my library",
        "<b>Crest House</b>, Arvan, 1973",
        "<b>Crest House</b>, (1973)",
        "<em>House of Valleys</em>, a novel",
        "<em>The Valley Times</em>, Arvan",
        "<em>Valleys and Roads</em>, a novel",
        "<em>Дороги и долины</em>, роман",
        "<b>Notes on Cables</b>, work in progress",
    ],
)
def test_the_title_of_a_work_names_no_author(line):
    html = f"{TEXT}\n<p>{line}</p>"
    assert marks(html, article=ARTICLE, is_signed=False) == Marks(html)


def test_a_line_with_more_of_the_text_behind_it_is_no_signature():
    html = f"{TEXT}\n<p><b>Ani Petrosyan</b>, research fellow</p>\n<ul><li>She spoke first.</li></ul>"
    assert marks(html, article=ARTICLE, is_signed=False) == Marks(html)


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
        "Articles of the U.S. Courier may be reprinted only with a hyperlink to St. Aubin Times.",
        "Материалы газеты имени А. Б. Вымышленного можно цитировать только с гиперссылкой.",
    ],
)
def test_a_reuse_notice_is_kept_as_rights_and_left_out_of_the_text(notice):
    found = read(f"<p>{notice}</p>")
    assert (found.notice, found.text) == (notice, TEXT)


@pytest.mark.parametrize(
    "notice",
    [
        "Quotations from The Morning need a hyperlink to the quoted material, placed in the first passage.",
        "Media can quote materials of The Morning with hyperlink to the certain material quoted. "
        "The hyperlink should be placed on the first passage of the text.",
        "Articles may be reprinted in full with the author’s name and a hyperlink to the article.",
        "Articles may be republished with an active link to the original.",
        "Reproduction of our materials without a link is not allowed; it must lead to the article.",
        "Использование материалов сайта разрешено только со ссылкой на «Утро».",
        "При перепечатке ссылка на «Утро» обязательна.",
        "Цитирование только с активной ссылкой на материал.",
        "Використання матеріалів можливе лише за умови посилання на сайт.",
        "Լրատվամիջոցները կարող են մեջբերել «Առավոտի» նյութերը՝ հիպերհղումով մեջբերվող նյութին։",
        "Կայքի նյութերն օգտագործելիս հղումը պարտադիր է։",
        "Արտատպելիս պարտադիր է հղումը կայքին։",
        "© «Լուսաբաց»: Հոդվածների արտատպումը՝ միայն կայքին հղմամբ։",
        "© 2024 The Morning. All rights reserved. Articles may be reprinted with a hyperlink to them.",
        "Media may quote our articles freely. A hyperlink to the article is required.",
        "© 2024. Все права защищены. Цитирование разрешено. Гиперссылка на статью обязательна.",
    ],
)
def test_a_notice_is_found_in_the_turns_that_newspapers_use(notice):
    assert read(f"<p>{notice}</p>").notice == notice


SENTENCES = [
    "Building materials can be reused.",
    "It must sail by noon, the owners hope.",
    "It may rain on Friday.",
    "The tunnel is a link that must open by May.",
    "Prosecutors said materials seized in the raid may link the suspect to the bombing.",
    "Materials seized in the raid may link the suspect to the bombing.",
    "Citing two officials, Reuters said the rail link may open only in 2027.",
    "The rail link may open only in 2027, the paper writes, citing two officials.",
    "Citing a study, the ministry said the link between the vaccine and the illness can be excluded.",
    "The study, quoted in a journal, must be read with the link between smoking and cancer in mind.",
    "The road, with a direct link to the airport, must open by May, the minister was quoted as saying.",
    "The bill would require platforms to add a hyperlink whenever they quote a newspaper.",
    "Scientists must reproduce the result before a link with the virus can be called proven.",
    "Broadband links to the islands should be restored by Friday; old cables can be reused.",
    "Как сообщает агентство со ссылкой на МИД, установка может быть использована только в 2027 году.",
    "Агентство пишет со ссылкой на МИД: материалы могут быть использованы только в суде.",
    "Ссылка на закон, по его словам, обязательна при использовании материалов дела.",
    "Հղում անելով պաշտոնյաներին՝ գործակալությունը հաղորդում է, որ սարքավորումները կարող են օգտագործվել։",
    "Թերթը, հղում անելով նախարարությանը, մեջբերում է պարտադիր ծառայության մասին օրենքը։",
    "Про це повідомляє агентство з посиланням на джерела: лише третину коштів було використано.",
    "Агентство пише з посиланням на джерела, що лише третину матеріалів було використано.",
    "Die Übernahme ist nur mit Verweis auf das Kartellrecht zu stoppen.",
    "Er forderte mit Nachdruck, den Ausbau nur mit Verweis auf die Kosten zu bremsen.",
    "La reprise du dialogue doit passer par un lien de confiance.",
    "El enlace ferroviario debe abrir en mayo, volvió a citar el ministro.",
    "Alıntı yapan bakan, bağlantı yolunun zor açılacağını yazdı.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_the_news_is_never_taken_for_a_notice(sentence):
    html = f"{TEXT}\n<p>{sentence}</p>"
    assert marks(html, article=ARTICLE, is_signed=True) == Marks(html)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_of_the_news_goes_with_a_notice_beside_it(sentence):
    for passage in (f"{sentence} {RULE}", f"{RULE} {sentence}", f"{sentence}<br>{RULE}"):
        found = read(f"<p>{passage}</p>", is_signed=True)
        assert sentence in found.text
        assert sentence not in found.notice


@pytest.mark.parametrize(
    "above", ["", "<h2>Heading</h2>", "<div><h2>Head<em>ing</em></h2></div><h3>Another</h3>"]
)
@pytest.mark.parametrize(
    "only",
    ["Quotes need a hyperlink to the quoted material.", "<b>Ani Petrosyan</b>, research fellow"],
)
def test_what_is_all_there_is_to_read_is_no_mark(only, above):
    html = f"{above}<p>{only}</p>"
    assert marks(html, article=ARTICLE, is_signed=False) == Marks(html)


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


NEWS = "The ferry will sail again on Friday, with 40 cabins."
RULE = "Articles may be reprinted only with a hyperlink to the quoted article."


@pytest.mark.parametrize(
    ("passage", "left", "notice"),
    [
        (f"{NEWS} {RULE}", NEWS, RULE),
        (f"{RULE} {NEWS}", f" {NEWS}", RULE),
        (f"{NEWS}<br>\n{RULE}", NEWS, RULE),
        (f"The ferry sails<br>{RULE}", "The ferry sails", RULE),
        (f"{RULE}<br>The ferry sails", "The ferry sails", RULE),
        (
            f"<b>{NEWS}</b> <em>{RULE}</em>",
            f"<b>{NEWS}</b>",
            RULE,
        ),
        (
            f'{NEWS} <em>Articles may be reprinted only with a <a href="https://morning.example/">hyper<b>link'
            "</b></a> to the quoted article</em>.",
            NEWS,
            RULE,
        ),
        (
            f'<em>{NEWS} Articles may be <a href="https://morning.example/rules">reprinted</a> only with a '
            "hyperlink to the quoted article.</em>",
            f"<em>{NEWS}</em>",
            RULE,
        ),
        (
            f'<img src="https://morning.example/port.jpg">{NEWS} {RULE}',
            f'<img src="https://morning.example/port.jpg">{NEWS}',
            RULE,
        ),
        (
            f"{NEWS} © 2024 The Morning. All rights reserved. {RULE} The hyperlink must stand first.",
            NEWS,
            f"© 2024 The Morning. All rights reserved. {RULE} The hyperlink must stand first.",
        ),
        (
            f"It must sail by noon. {RULE} It must stand in the first passage.",
            "It must sail by noon.",
            f"{RULE} It must stand in the first passage.",
        ),
        (
            "Паром выйдет в пятницу. При цитировании материалов гиперссылка обязательна.",
            "Паром выйдет в пятницу.",
            "При цитировании материалов гиперссылка обязательна.",
        ),
        (
            "Լաստանավը կմեկնի ուրբաթ։ Մեջբերումներ անելիս հիպերհղումը պարտադիր է։",
            "Լաստանավը կմեկնի ուրբաթ։",
            "Մեջբերումներ անելիս հիպերհղումը պարտադիր է։",
        ),
        (
            "«Առավոտի» բոլոր իրավունքները պաշտպանված են։ Մեջբերելիս հիպերհղումը պարտադիր է։ "
            "Գովազդի համար կայքը պատասխանատու չէ։",
            " Գովազդի համար կայքը պատասխանատու չէ։",
            "«Առավոտի» բոլոր իրավունքները պաշտպանված են։ Մեջբերելիս հիպերհղումը պարտադիր է։",
        ),
        (
            "Новый мост на севере города открыли в 2020 г. При цитировании гиперссылка обязательна.",
            "Новый мост на севере города открыли в 2020 г.",
            "При цитировании гиперссылка обязательна.",
        ),
        (f"The line serves both halves of the U.S. {RULE}", "The line serves both halves of the U.S.", RULE),
        (f"The new bridge is open since May.{RULE}", "The new bridge is open since May.", RULE),
        (f"The new bridge is open.[1] {RULE}", "The new bridge is open.[1]", RULE),
        (
            f"{RULE[:-1]} to Highland Inc. The ferry sails on Friday.",
            " The ferry sails on Friday.",
            f"{RULE[:-1]} to Highland Inc.",
        ),
        (
            f"{RULE}<br>iPhone sales fell in May by a tenth.",
            "iPhone sales fell in May by a tenth.",
            RULE,
        ),
    ],
)
def test_news_beside_a_notice_stays_and_is_no_right(passage, left, notice):
    found = read(f"<p>{passage}</p>", is_signed=True)
    assert (found.text, found.notice) == (f"{TEXT}\n<p>{left}</p>", notice)


@pytest.mark.parametrize(
    "passage",
    [
        f"The bill is read today. {RULE} Fines reach 500 marks.",
        "The minister quoted the treaty on Friday. The hyperlink must stand first.",
        f"{RULE[:-1]}, the ministry said. {NEWS}",
    ],
)
def test_what_may_be_the_news_of_a_passage_stays_whole(passage):
    html = f"{TEXT}\n<p>{passage}</p>"
    assert marks(html, article=ARTICLE, is_signed=True) == Marks(html)


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


def test_news_that_shares_a_paragraph_with_a_notice_is_in_both_texts_and_no_right():
    entry = of_rss(
        "<title>Port</title><link>https://morning.example/port/</link><description>"
        f"&lt;p>First paragraph of news on the port.&lt;/p>&lt;p>{NEWS} {RULE}&lt;/p></description>"
    )
    assert entry.summary == f"<p>First paragraph of news on the port.</p><p>{NEWS}</p>"
    assert entry.content == f"<p>First paragraph of news on the port.</p><p>{NEWS} {RULE}</p>"
    assert entry.rights == RULE


@pytest.mark.parametrize(
    ("passage", "left"), [(RULE, f"<p>{RULE}</p>"), (f"{NEWS} {RULE}", f"<p>{NEWS}</p>")]
)
def test_something_is_left_to_read_under_a_heading(passage, left):
    entry = of_rss(
        "<title>Port</title><link>https://morning.example/port/</link><description>"
        f"&lt;h2>Heading&lt;/h2>&lt;p>{passage}&lt;/p></description>"
    )
    assert entry.summary == f"<h2>Heading</h2>{left}"


@given(st.lists(st.sampled_from(USES) | st.text(max_size=5), max_size=6).map("".join))
def test_no_word_of_use_is_passed_over_by_the_quick_look(words):
    for written in (words, words.upper(), words.lower(), words.title()):
        assert speaks_of_use(written) == bool(_USE.search(written))
