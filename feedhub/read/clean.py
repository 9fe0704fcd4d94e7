"""Untrusted HTML to safe HTML with absolute links. Pure; the only user of nh3.

Order matters. Characters that XML forbids go first, by themselves and as references: `java&#1;script:`
passes a sanitizer and turns live when they are removed after it. Then one pass sanitizes and resolves
addresses, each judged by `urls.absolute` too, because sanitizers have been seen to let schemes through.
"""

import re
from contextvars import ContextVar

import nh3

from feedhub import markup, urls

_TAGS = set(
    "a abbr acronym article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol"
    " p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td"
    " tfoot th thead time tr tt u ul var video wbr".split()
)
_DROPPED_WHOLE = set("script style template noscript iframe object svg math title textarea select".split())
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
_MAILTO = re.compile(r"mailto:[^\s<>\"'`\\]+@[^\s<>\"'`\\]+", re.I)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,10}));?")
_PIXEL = re.compile(r"""<img\b[^>]*\b(?:width|height)=["']?[01](?:px)?["'\s>]|<img(?![^>]*\bsrc)""")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(\s[^,]*)?(?:,|$)")

_where: ContextVar[tuple[str, str]] = ContextVar("_where")  # the base of a text and its article


def without_controls(text: str) -> str:
    """Remove the characters that XML 1.0 forbids, by themselves and as numeric references."""
    if "&#" in text:
        text = _REFERENCE.sub(_reference, text)
    return _FORBIDDEN.sub("", text)


def _reference(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if number > 0x10FFFF or _FORBIDDEN.match(chr(number)):
        return ""
    return match[0]


def clean(html: str, *, base: str, article: str) -> str:
    """Sanitize HTML and make its addresses absolute: against `base`, a bare `#note` against the article."""
    html = without_controls(html)
    if "<" not in html and "&" not in html:
        return html.replace(">", "&gt;").strip()
    token = _where.set((base, article))
    try:
        cleaned = _CLEANER.clean(html)
    finally:
        _where.reset(token)
    if _PIXEL.search(cleaned):
        cleaned = _without_pixels(cleaned)
    return _FORBIDDEN.sub("", cleaned).strip()


def _attribute(_: str, name: str, value: str) -> str | None:
    """Give an attribute's safe value; None to leave it out."""
    if name in _ADDRESSES:
        return _address(value) or None
    if name == "srcset":
        return _srcset(value) or None
    return value


def _address(value: str) -> str:
    base, article = _where.get()
    value = _FORBIDDEN.sub("", value).strip()
    if _MAILTO.fullmatch(value):
        return value
    if value.startswith("#"):
        return urls.absolute(value, article)
    return urls.absolute(value, base)


def _srcset(value: str) -> str:
    found = ((_address(match[1]), match[2] or "") for match in _CANDIDATE.finditer(value))
    return ", ".join(
        address + " ".join(("", *descriptor.split())) for address, descriptor in found if address
    )


def _without_pixels(html: str) -> str:
    """Drop pictures of one pixel, which only count readers, and those that show nothing."""
    tree = markup.fragment(html)
    for image in list(tree.iter("img")):
        sizes = {(image.get(side) or "").removesuffix("px") for side in ("width", "height")}
        if sizes & {"0", "1"} or not image.get("src"):
            image.drop_tree()
    return markup.inner(tree)


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
