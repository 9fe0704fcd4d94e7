"""Untrusted HTML to safe HTML with absolute links. Pure; the only user of nh3.

Order matters. Characters that XML forbids go first, by themselves and as references: `java&#1;script:`
passes a sanitizer and turns live when they are removed after it. Then the text is sanitized and its
addresses resolved, each judged by `urls.absolute` too, because sanitizers have been seen to let schemes
through. In the end it is sanitized until that changes nothing: what the next parser sees is what we saw.
"""

import re
from contextvars import ContextVar

import nh3

from feedhub import urls

_TAGS = set(
    "a abbr acronym article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol"
    " p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var video wbr".split()
)
_DROPPED_WHOLE = set(
    "script style template noscript noembed noframes iframe object svg math title textarea select".split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "width", "height"},
}
_ADDRESSES = frozenset({"href", "src", "cite", "poster"})
_MAILTO = re.compile(r"mailto:[^\s\x00-\x1f<>\"'`\\]+@[^\s\x00-\x1f<>\"'`\\]+", re.I)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")
# Where there are no scripts, what stands in a noscript is for us to read.
_NOSCRIPT = re.compile(r"</?noscript(?:\s[^<>]*)?>", re.I)
# Blocks that we do not let through: without their tags their words would run into each other.
_BLOCK = re.compile(
    r"<(/?)(?:address|center|dialog|fieldset|form|hgroup|legend|main|marquee|nav|search)(?=[\s/>])",
    re.I,
)
# As the sanitizer writes them: names in lower case, values in double quotes, no < or > in them.
_PICTURE = re.compile(r"<img[^>]*>")
_PIXEL = re.compile(r' (?:width|height)="[01](?:px)?"')
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_PRE = re.compile(r"(<pre[^>]*>)(?=\n)")
_VOID = frozenset("br col hr img source wbr".split())
_DEEPEST = 100  # elements in each other: parsers give up beyond 250, with all that follows
_MOST_PASSES = 5

_CONTROL = re.compile(_FORBIDDEN.pattern[:-1] + "\x80-\x9f]")
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}

_where: ContextVar[tuple[str, str]] = ContextVar("_where")  # the base of a text and its article


def without_controls(text: str) -> str:
    """Remove the characters that XML 1.0 forbids, by themselves and as numeric references.

    C1 controls are what windows-1252 has there: nobody means controls, and browsers read them so too.
    """
    if "&#" in text:
        text = _REFERENCE.sub(_reference, text)
    if not _CONTROL.search(text):
        return text
    return _FORBIDDEN.sub("", text.translate(_WINDOWS_1252))


def _reference(match: re.Match[str]) -> str:
    digits = (match[1] or match[2]).lstrip("0")
    number = int(digits, 16 if match[1] else 10) if 0 < len(digits) < 8 else 0
    if not 0 < number <= 0x10FFFF or _FORBIDDEN.match(chr(number)):
        return ""
    return match[0]


def clean(html: str, *, base: str, article: str) -> str:
    """Sanitize HTML and make its addresses absolute: against `base`, a bare `#note` against the article.

    What comes out stays as it is when it is cleaned again. Pictures of one pixel, which only count
    readers, are left out.
    """
    html = without_controls(html).replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in html and "&" not in html:
        return html.replace(">", "&gt;").strip()
    html = _BLOCK.sub(r"<\1div", _NOSCRIPT.sub("", html))
    token = _where.set((base, article))
    try:
        cleaned = _CLEANER.clean(html)
    finally:
        _where.reset(token)
    cleaned = _PICTURE.sub(_shown, _FORBIDDEN.sub("", cleaned))
    return _settled(_shallow(_with_first_breaks(cleaned))).strip()


def _attribute(_: str, name: str, value: str) -> str | None:
    """Give an attribute's safe value; None to leave it out."""
    if name == "href" and _MAILTO.fullmatch(value.strip()):
        return value.strip()
    if name in _ADDRESSES:
        return _address(value) or None
    if name == "srcset":
        return _srcset(value) or None
    return value


def _address(value: str) -> str:
    base, article = _where.get()
    value = _FORBIDDEN.sub("", value).strip()
    if value.startswith("#"):
        return urls.absolute(value, article)
    return urls.absolute(value, base)


def _srcset(value: str) -> str:
    """Give the candidates of a srcset that have an address; a comma may also be part of an address."""
    found = []
    for candidate in re.split(r",\s|,$", value):
        words = candidate.split()
        if words and (address := _address(words[0].lstrip(","))):
            found.append(" ".join((address, *words[1:])))
    return ", ".join(found)


def _shown(picture: re.Match[str]) -> str:
    """Leave out a picture that nobody is to see: of one pixel, or without an address."""
    has_address = ' src="' in picture[0] or ' srcset="' in picture[0]
    return picture[0] if has_address and not _PIXEL.search(picture[0]) else ""


def _shallow(cleaned: str) -> str:
    """Give the text alone of what is nested so deeply that no one wrote it by hand."""
    if cleaned.count("<") <= 2 * _DEEPEST:
        return cleaned
    depth = 0
    for tag in _TAG.finditer(cleaned):
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
        if depth > _DEEPEST:
            return _TAG.sub(" ", cleaned)
    return cleaned


def _with_first_breaks(cleaned: str) -> str:
    """Keep the line break that a `pre` begins with: parsers drop the first one."""
    return _PRE.sub("\\1\n", cleaned)


def _settled(cleaned: str) -> str:
    """Sanitize until nothing changes: what HTML cannot nest is read in another way the next time."""
    for _ in range(_MOST_PASSES):
        again = _with_first_breaks(_WRITER.clean(cleaned))
        if again == cleaned:
            break
        cleaned = again
    return cleaned


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_WRITER = nh3.Cleaner(  # for what has been cleaned: without the filter it is seven times faster
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
