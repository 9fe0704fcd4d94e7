"""What stands at the end of an article and is none of its text: who wrote it, and how it may be used. Pure.

Publishers sign their articles there, state their rules, and let their software add where the post appeared
first. An excerpt does without these; what they say is kept as the author and the rights.
"""

import re
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedhub import markup, urls
from feedhub.model import Person
from feedhub.read import notices

_LAST = 3  # passages at the end that may be such marks
_MOST_SIGNATURE = 160  # characters
_MOST_FRAME = 60  # characters of "The post … appeared first on …" without the two links
_TARGET = re.compile(r'<a [^>]*?href="([^"]*)"')
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HAS_WORDS = re.compile(r">\s*[^<\s&]")
_TAG = re.compile("<[^>]*>")
_ARTICLES = frozenset("the a an das die les los our".split())  # begin titles, and no names
_PARTICLES = frozenset(
    "af al av bin bint da dal das de del della den der di do dos du e el ibn la las le los ten ter van ver"
    " von y zu zum zur ап аль бин ван да де ди дю ибн ла ле фон ալ բեն դե դի լա վան ֆոն".split()
)
_AND = frozenset("and et i och og und y и і та և եւ".split())  # between two whole names
_PARTICLE = re.compile(r"^(?:d|l|al|el|аль|эль)[-’'](?=\w)")
_NAME = re.compile(r"[^\W\d_][\w’'.-]*(?:\s+[^\W\d_][\w’'.-]*){1,4}")  # two to five words


@dataclass(frozen=True, slots=True)
class Marks:
    """What the end of an article says."""

    text: str  # the article without them, as HTML
    author: Person | None = None
    notice: str = ""  # of how it may be used, as plain text


def marks(html: str, *, article: str, is_signed: bool) -> Marks:
    """Read the marks at the end of an article; `is_signed`: its author is known already."""
    if not (
        _may_end_with(html, article, is_signed=is_signed)
        and _may_have(html[-2500:], article, is_signed=is_signed)
    ):
        return Marks(html)
    tree = markup.fragment(html)
    author, notice, changed, is_unsigned = None, "", False, not is_signed
    for passage in _last_passages(tree):
        words, lines = markup.plain_of(passage), "\n".join(markup.lines_of(passage))
        if is_appearance(passage, words, article):
            pass
        elif place := notices.notice(lines):
            said = " ".join(lines[slice(*place)].split())
            if said != words:
                notice, changed = said, True
                markup.take_out(passage, *(_letters(lines[:end]) for end in place))
                break  # what is left of it is the end of the text
            if _is_all(passage, tree):
                break
            notice = said
        elif (
            is_unsigned
            and markup.plain_of(tree).endswith(words)
            and (name := signature(passage, words))
            and not _is_all(passage, tree)
        ):
            author, is_unsigned = Person(name=name), False
        else:
            break
        passage.drop_tree()
        changed = True
    return Marks(markup.inner(tree).strip() if changed else html, author, notice)


def _may_end_with(html: str, article: str, *, is_signed: bool) -> bool:
    """Tell at less cost whether the last paragraph may be a mark: where it is none, there are none."""
    start = html.rfind("<p>")
    start = max(start, html.rfind("<p ", start + 1))
    last = html[start:]
    # One at the very end, with none in it, stands in nothing else; one without a word does not count.
    if start < 0 or not html.endswith("</p>") or last.count("</p>") > 1 or not _HAS_WORDS.search(last):
        return True
    if not is_signed and last.count("<") > 2:
        return True
    if last.count("<a ") >= 2 and _leads_to(last, article):
        return True
    return notices.may_speak_of_links(last) and notices.speaks_of_use(_TAG.sub("", last))


def _may_have(end: str, article: str, *, is_signed: bool) -> bool:
    """Tell at little cost whether it is worth looking closer."""
    if not is_signed and "<p><" in end:
        return True
    if end.count("<a ") >= 2 and _leads_to(end, article):
        return True
    return notices.may_speak_of_links(end) and notices.speaks_of_use(end)


def _leads_to(end: str, article: str) -> bool:
    """Tell whether one of several links leads to the article itself."""
    if urlsplit(article).path.rstrip("/").replace("&", "&amp;") not in end:
        return False
    where = urls.canonical(article)
    return any(urls.canonical(target) == where for target in _TARGET.findall(unescape(end)))


def _last_passages(tree: HtmlElement) -> list[HtmlElement]:
    """Give the last paragraphs that stand in the text itself, not in a quotation or a list; backwards."""
    found = (
        paragraph
        for paragraph in reversed(list(tree.iter("p")))
        if all(ancestor.tag in ("div", "section", "article") for ancestor in paragraph.iterancestors())
        and markup.plain_of(paragraph)
    )
    return list(islice(found, _LAST))


def _is_all(passage: HtmlElement, tree: HtmlElement) -> bool:
    """Tell whether a passage is all there is to read; headings alone are no text."""
    headings = (
        heading
        for heading in tree.iter(*_HEADINGS)
        if not any(ancestor.tag in _HEADINGS for ancestor in heading.iterancestors())
    )
    least = sum(_letters(markup.plain_of(one)) for one in (passage, *headings))
    return _letters(markup.plain_of(tree)) == least


def _letters(words: str) -> int:
    """Count what is no white space."""
    return len("".join(words.split()))


def is_appearance(passage: HtmlElement, words: str, article: str) -> bool:
    """Tell whether a passage only says where the post appeared first, in whatever language.

    It holds two links, to the article and to its site, and a few words around them.
    """
    links = list(passage.iter("a"))
    if len(links) != 2:
        return False
    first, second = ((link.get("href") or "") for link in links)
    frame = len(words) - sum(len(markup.plain_of(link)) for link in links)
    return (
        0 < frame <= _MOST_FRAME
        and urls.canonical(first) == urls.canonical(article)
        and urls.host(second) == urls.host(article)
        and urls.canonical(second) != urls.canonical(article)
    )


def signature(passage: HtmlElement, words: str) -> str:
    """Give the author's name of a line such as `Name, role, organisation`; "" if it is none.

    The name must stand out in bold or italics, so that no sentence with commas is taken for a signature. So
    do the titles of works where their sources are told: these have words in small letters that no name has,
    and years or editions behind the comma.
    """
    marked = next(passage.iter("strong", "b", "em", "i"), None)
    if marked is None or (passage.text or "").strip() or len(words) > _MOST_SIGNATURE:
        return ""
    name, comma, role = words.partition(",")
    is_line = bool(comma and role.strip()) and not words.rstrip().endswith((".", "!", "?", ":", "։"))
    shown = markup.plain_of(marked)
    if not is_line or not shown.startswith(name):
        return ""
    is_as_titles_are = marked.tag in ("em", "i") and shown.rstrip(", ") == name
    if _dates_a_work(role.strip(), is_as_titles_are=is_as_titles_are):
        return ""
    return name if _NAME.fullmatch(name) and _is_like_a_name(name) else ""


def _dates_a_work(role: str, *, is_as_titles_are: bool) -> bool:
    """Tell whether what stands behind the comma says when or where a work came out, not what somebody is."""
    if not role[0].isalpha():
        return True
    has_number = any(map(str.isdigit, role))
    return has_number and (is_as_titles_are or role[0].isupper())


def _is_like_a_name(words: str) -> bool:
    """Tell whether all words begin with capitals, where their script has any, but for what stands between."""
    found = words.split()
    # The name proper of al-Rashid and d’Arvan stands behind the particle.
    proper = [_PARTICLE.sub("", word) for word in found]
    small = [at for at, word in enumerate(proper) if word[0].title() != word[0]]
    if found[0].lower() in _ARTICLES or {0, len(found) - 1} & {*small}:
        return False
    return all(found[at] in _PARTICLES or (at == 2 and found[at] in _AND) for at in small)
