"""Where in a passage is a notice of how articles may be quoted, as newspapers set it under them? Pure.

A notice says that a link is what a quotation takes. News speaks of links, quotations and duties too: so these
words are not enough. They must say in one language's turns that the link is the condition, and nobody may be
said to have told it. What is in doubt is news: a notice that stays is text too much, a sentence that goes is
lost. So of a passage that holds news beside its notice, only the sentences are the notice that say it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import dropwhile, pairwise, takewhile

from feedhub import text

_MOST_NOTICE = 500  # characters
_USE = re.compile(
    r"\bquot|\bcit(?:e|ing|ation)|reprint|reproduc|republish|re-?use|materials|"
    r"цитир|перепечат|копирован|использован|цитув|передрук|використан|"
    r"մեջբեր|արտատպ|վերարտադր|օգտագործ|"
    r"zitier|nachdruck|übernahme|weiterverw|\breprod|\breprise|\bcitar|ციტ|გამოყენ|alıntı|اقتباس",
    re.I,
)
# To search without regard to case takes several times as long as to look for these in folded text; no text
# that _USE fits is without one of them.
_USE_STEMS = tuple(
    "quot cite citing citation citar reprint reproduc republish re-use reuse materials цитир"
    " перепечат копирован использован цитув передрук використан մեջբեր արտատպ վերարտադր օգտագործ"
    " zitier nachdruck übernahme weiterverw reprod reprise ციტ გამოყენ alinti اقتباس".split()
)
_ASCII_STEMS = tuple(filter(str.isascii, _USE_STEMS))
_LINK = re.compile(
    r"\bhyper-?link|\blinks?\b|\bback-?link|гиперссыл|ссылк|гіперпосил|посиланн|հղում|հղմ|հիպերհղ|"
    r"\bverweis|\bverlink|\blien\b|\benlace|\bcollegamento|ბმულ|\bbağlantı|رابط",
    re.I,
)
# No text that _LINK fits is without one of these words, or a letter of a script that has others for it: what
# these bytes begin in UTF-8, and the signs that stand for i, k and s.
_LINK_STEMS = tuple(b"link verweis lien enlace collegamento".split())
_OTHER_LETTERS = (b"\xc4", b"\xc5", b"\xd0", b"\xd5", b"\xd8", b"\xe1", b"\xe2\x84\xaa")
_OBLIGES = re.compile(
    r"\bmust\b|\bshould\b|\bneed|\brequir|\bonly\b|\bmay\b|\bcan\b|\bprovided\b|\bplaced\b|"
    r"обязател|только|должн|лише|обов|պետք|պարտադիր|կարող|միայն|"
    r"\bmüss|\bnur\b|\bdoit|\bdoivent|\bdebe|\bdeve|უნდა|zorunlu|يجب",
    re.I,
)
_CONDITION = r"(?:required|mandatory|obligatory|compulsory|necessary|must|should)"
_TAKES = r"\b(?:with|without|by|via|include|including|contain|carry|needs?|requires?|provided?)\s+"
_COPIES = (
    r"(?:re-?print|re-?publi(?:sh|c)|re-?us(?:e|ed|ing)\b|reproduc(?:e|ed|ing|tion)\b"
    r"|quot(?:e|ed|ing|ations?)\b)"
)
_WORKS = r"\b(?:materials?|contents?|articles?|texts?|publications?|posts?)\b"
# How each language says that it is copied, and that the link is what that takes.
_TURNS = tuple(
    (re.compile(use, re.I), re.compile(link, re.I))
    for use, link in (
        (
            rf"\b{_COPIES}|\bquotes\b|\bcit(?:e|ing|ations?)\b",
            rf"(?:{_TAKES}|\bwith\s+(?:[\w’'-]+\s+){{3}})(?:[\w-]+\s+){{0,3}}(?:hyper|back)-?links?\b"
            rf"|\b(?:hyper|back)-?links?\b[^.;]{{0,60}}\b{_CONDITION}\b",
        ),
        (
            rf"\b{_COPIES}[^.;]{{0,60}}{_WORKS}|{_WORKS}[^.;]{{0,60}}\b{_COPIES}",
            rf"{_TAKES}(?:(?:an?|the|active|direct|visible|clickable)\s+){{0,3}}links?\b(?!\s+between)"
            rf"|\blinks?\s+(?:back\s+)?to\b[^.;]{{0,60}}\b(?:is|are)\s+{_CONDITION}\b",
        ),
        (
            r"цитирован|цитировать|перепечат|копирован|воспроизведен"
            r"|использован\w*[^.;]{0,40}(?:материал|текст|информаци|публикац|стат[ье]|контент)"
            r"|(?:материал|текст|публикац|стат[ье])\w*[^.;]{0,40}использован",
            r"гиперссыл|активн\w+ ссылк|ссылка\b[^.;]{0,80}\bобязательна\b|обязательна\b[^.;]{0,30}\bссылка\b"
            r"|(?:при (?:условии|наличии)|только со?|с обязательной)\b[^.;]{0,40}\bссылк",
        ),
        (
            r"цитув|передрук"
            r"|використан\w*[^.;]{0,40}(?:матеріал|текст|інформаці|публікац|стат[тей])"
            r"|(?:матеріал|текст|публікац|стат[тей])\w*[^.;]{0,40}використан",
            r"гіперпосил|активн\w+ посилан|\bпосилання\b[^.;]{0,80}\bобов['’ʼ]язков"
            r"|за умови[^.;]{0,40}посилан|(?:лише|тільки) (?:із?|з)\b[^.;]{0,40}посилан",
        ),
        (
            r"մեջբեր|արտատպ|վերարտադր"
            r"|(?:նյութ|հոդված|տեքստ|հրապարակ)\w*[^։;]{0,40}օգտագործ"
            r"|օգտագործ\w*[^։;]{0,40}(?:նյութ|հոդված|տեքստ|հրապարակ)",
            r"հիպերհղ|\bհղում(?:ը|ն)\b[^։;]{0,60}պարտադիր (?:է|են)"
            r"|պարտադիր (?:է|են)[^։;]{0,30}\bհղում(?:ը|ն)\b|միայն[^։;]{0,40}\bհղմամբ",
        ),
        (
            r"(?<!mit )nachdruck|weiterverw|\bzitieren|\bzitate?\b"
            r"|übernahme (?:von|der) (?:texte|inhalte|artikel|beiträge)",
            r"\bhyperlink|\bnur (?:mit|unter|bei)\b[^.;]{0,40}(?:\bverweis|\bverlink|\blink\b)"
            r"|(?:\bverlinkung|\blink)\b[^.;]{0,60}(?:erforderlich|pflicht|\bmüss)",
        ),
        (
            r"\btoute (?:reprise|reproduction|citation)\b"
            r"|\b(?:reprise|reproduction) d[^.;]{0,20}(?:articles?|textes?)\b",
            r"\bhyperlien|\blien (?:vers|hypertexte|actif|direct)\b",
        ),
        (
            r"\bcitar\b|\breproducir\b|\breproducción\b",
            r"\bhiper(?:enlace|vínculo)|\bs[oó]lo con (?:un )?enlace\b|\benlace (?:es )?obligatorio\b",
        ),
        (r"\bcitar[ei]?\b|\breprod", r"\bcollegamento (?:ipertestuale|attivo|diretto)\b"),
        (r"ციტირებ|გამოყენებ", r"ბმულ\w*[^.;]{0,40}(?:უნდა მიეთით|სავალდებულო)"),
        (r"alıntı", r"\bbağlantı\w*[^.;]{0,40}zorunlu"),
        (r"اقتباس", r"(?:يجب|إلزامي)[^.؛]{0,60}رابط|رابط[^.؛]{0,60}(?:يجب|إلزامي)"),
    )
)
_IS_TOLD = re.compile(
    r"\b(?:said|says|told|announced|according to|"
    r"сообщ(?:ил|ает|ают|ила|или)|заяв(?:ил|ила|или|ляет)|рассказал\w*|переда(?:ет|ёт)|"
    r"по (?:\w+ )?(?:данным|словам)|"
    r"повідом(?:ив|ила|или|ляє|ляють)|заяв(?:ив|ляє)|за (?:\w+ )?(?:даними|словами)|"
    r"հայտն(?:ել|ում|եց)|հաղորդ(?:ել|ում|եց)|հայտարար(?:ել|ում|եց)|աս(?:ել|աց|ում)|"
    r"sagte[n]?|erklärte[n]?|laut|a déclaré|a dit|selon|dijo|según)\b",
    re.I,
)
# What stands before a notice, and belongs to it: whose the articles are, and that they may be quoted.
_WHOSE = re.compile(
    r"^(?:©|\(c\)|copyright\s*(?:©|\(c\)|\d)).{0,60}$|\brights? reserved\b"
    r"|\bправа (?:защищ|сохран|захищ|збереж)|իրավունքներ\w* (?:պաշտպանված|պահպանված|վերապահված)"
    r"|\brechte vorbehalten|\bdroits réservés|\bderechos reservados|\bdiritti riservati"
    r"|უფლება დაცულია|\bhak\w+ saklı|الحقوق محفوظة",
    re.I | re.S,
)
_OURS = rf"(?:\b(?:our|these)\s+(?:\w+\s+)?{_WORKS}|\barticles\b)"
_ALLOWS = re.compile(
    rf"\b(?:may|can)\b[^.;]{{0,20}}\b{_COPIES}[^.;]{{0,20}}{_OURS}"
    rf"|{_OURS}[^.;]{{0,20}}\b(?:may|can)\b[^.;]{{0,20}}\b{_COPIES}"
    r"|^(?:quoting|quotation|reprinting|reproduction)\b[^.;]{0,80}\b(?:allow|permit|free|forbid|prohibit)"
    r"|^(?:цитирование|перепечатка)\b[^.;]{0,80}\b(?:разреш|допуска|запрещ)"
    r"|^(?:цитування|передрук)\b[^.;]{0,80}\b(?:дозвол|заборон)"
    r"|^(?:մեջբեր|արտատպ)[^։;]{0,80}(?:թույլատր|արգել)",
    re.I,
)
# What stands behind one, and goes on with it: where the link is to stand, and whereto it is to lead.
_MUST = (
    r"(?:must|should|has to|needs to|is (?:required|mandatory|obligatory)|должна|обязательна|має"
    r"|повинн|обов['’ʼ]язков|պետք է|պարտադիր է|muss|doit|debe|deve)"
)
_THE = r"^(?:(?:the|this|such an?|an?|der|ein|le|un|ce|el|il|эта)\s+)?(?:(?:active|direct|активная)\s+)?"
_GOES_ON = re.compile(
    rf"{_THE}(?:{_LINK.pattern})\w*\s+{_MUST}"
    rf"|{_THE}(?:hyper-?|гипер|гіпер|հիպեր|hiper)\w+[^.;։]*{_MUST}"
    rf"|^(?:it|она|вона|այն)\s+{_MUST}[^.;։]*(?:passage|paragraph|article|original|page|text|абзац|стать|հոդված|պարբեր)",
    re.I,
)


# Where a sentence may end, though an excerpt is not to: behind an abbreviation, a footnote's mark, no space.
_MAY_END = re.compile(
    r"""(?:[.!?…։․]|(?<=[\u0561-\u0587]):)(?:[\"'»”’)\]\u200b]|\[\d+\])*\s*(?=[«“„\"(]?[^\W\d_])"""
)
_INITIAL = re.compile(r"(?:^|[\s(«“\"])[^\W\d_]$")
_STOPPED = re.compile(r"""[.!?…։․:][\"'»”’)\]]*\s*$""")
_SENTENCE = 5  # words; fewer are a name, or what is left of one


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: str


def notice(lines: str) -> tuple[int, int] | None:
    """Tell from where to where the words of a passage, in lines, say how articles may be quoted, if they do.

    They do so at its beginning or its end, and of both at its end: what stands between news is news.
    """
    if not _is_notice(lines):
        return None
    sentences = _sentences(lines)
    for begins in (_begins, _may_begin):
        for run in _runs(sentences, begins):
            if run and _is_notice(lines[run[0].start : run[-1].end]):
                return _without_news(lines, run)
    return None


def _without_news(lines: str, run: list[_Sentence]) -> tuple[int, int]:
    """Leave out of a notice the news that its first and its last sentence hold, if each is more than one."""
    start, end = run[0].start, run[-1].end
    for place in reversed(_places(lines, run[0])):
        before = lines[start:place]
        if _is_sentence(before) and not _may_begin(before.strip()) and _is_notice(lines[place:end]):
            start = place
            break
    for place in _places(lines, run[-1]):
        if place > start and _is_sentence(lines[place:end]) and _is_notice(lines[start:place]):
            return start, place
    return start, end


def _places(lines: str, sentence: _Sentence) -> list[int]:
    """Give where within a sentence another may begin."""
    return [
        match.end()
        for match in _MAY_END.finditer(lines, sentence.start, sentence.end)
        if not text.is_small(lines[match.end()]) and not _is_initial(lines[: match.start()])
    ]


def _is_initial(before: str) -> bool:
    """Tell whether a stop after this stands behind the first letter of a name."""
    return bool(_INITIAL.search(before[-2:])) and not text.is_small(before[-1])


def _is_sentence(words: str) -> bool:
    return len(words.split()) >= _SENTENCE


def _sentences(lines: str) -> list[_Sentence]:
    """Cut words into sentences; a line ends one too, unless the next goes on in it, with a small letter."""
    breaks = (
        at
        for at, char in enumerate(lines)
        if char == "\n" and (not text.is_small(lines[at + 1 : at + 2]) or _STOPPED.search(lines[:at]))
    )
    ends = sorted({0, *text.sentence_ends(lines), *breaks, len(lines)})
    found = (_Sentence(start, end, lines[start:end].strip()) for start, end in pairwise(ends))
    return [sentence for sentence in found if sentence.words]


def _runs(sentences: list[_Sentence], begins: Callable[[str], bool]) -> Iterator[list[_Sentence]]:
    """Give the last sentences, then the first ones, as many as may be a notice."""

    def belongs(one: _Sentence) -> bool:
        return begins(one.words) or bool(_GOES_ON.search(one.words))

    last = [*takewhile(belongs, reversed(sentences))]
    for run in (reversed(last), takewhile(belongs, sentences)):
        yield [*dropwhile(lambda one: not begins(one.words), run)]


def _begins(sentence: str) -> bool:
    return bool(_WHOSE.search(sentence)) or _is_notice(sentence)


def _may_begin(sentence: str) -> bool:
    """Tell whether a sentence belongs to a notice, where that is none without it."""
    return _begins(sentence) or bool(_ALLOWS.search(sentence))


def _is_notice(words: str) -> bool:
    return (
        len(words) <= _MOST_NOTICE
        and speaks_of_use(words)
        and bool(_LINK.search(words))
        and bool(_OBLIGES.search(words))
        and not _IS_TOLD.search(words)
        and any(use.search(words) and link.search(words) for use, link in _TURNS)
    )


def may_speak_of_links(end: str) -> bool:
    """Tell at very little cost whether there may be a notice: each says that the source is to be linked."""
    written = end.encode().lower()
    return any(stem in written for stem in _LINK_STEMS) or any(sign in written for sign in _OTHER_LETTERS)


def speaks_of_use(words: str) -> bool:
    """Tell whether there is a word of quoting, copying or using."""
    # A quotation's own tags would be taken for such words.
    folded = words.replace("blockquote", "").replace("İ", "i").casefold().replace("ı", "i")
    stems = _ASCII_STEMS if folded.isascii() else _USE_STEMS
    return any(stem in folded for stem in stems) and bool(_USE.search(words))
