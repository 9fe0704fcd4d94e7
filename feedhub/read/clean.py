"""Untrusted HTML to safe HTML with absolute links. Pure; the only user of nh3.

Order matters. Characters that XML forbids go first, by themselves and as references: `java&#1;script:`
passes a sanitizer and turns live when they are removed after it. Then the text is sanitized, and in what
the sanitizer wrote, which is regular, each address is resolved and judged by `urls.absolute` too, because
sanitizers have been seen to let schemes through. In the end it is sanitized until that changes nothing,
unless it can be read in one way only: what the next parser sees is what we saw.
"""

import re
from collections.abc import Callable
from html import escape, unescape

import nh3

from feedhub import urls
from feedhub.read.bounds import LONGEST_LINK
from feedhub.read.nesting import moved_in

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
# How the names of these begin: most texts have none, and to look for whole names takes three times as long.
_MAY_BE_BLOCK = re.compile(
    "</?(?:[aA][dD]|[cClL][eE]|[dD][iI][aA]|[fF](?:[iI][eE]|[oO])|[hH][gG]|[mM][aA]|[nN][aAoO]|[sS][eE][aA])"
)
# As the sanitizer writes them: names in lower case, values in double quotes, no < or > in them.
# Most are links without anything else: these need not be taken apart a second time.
_WITH_ADDRESS = re.compile(
    r'<a href="([^"]*)">|<(?:img|(?:a|audio|blockquote|del|ins|q|source|video) )[^>]*>'
)
# Each in its turn, from the tag's name on: the value of one may read like another (`title=" href="`).
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_ADDRESSES = frozenset("href src srcset cite poster".split())
# Of a srcset: an address, and behind it, up to the next comma that stands in no brackets, how large it is.
_CANDIDATE = re.compile(r"[ \t\n\f\r,]*+([^ \t\n\f\r]++)")
_DESCRIBED = re.compile(r"(?:[^,(]++|\([^)]*+\)?+)*+")
_PIXEL = frozenset({"0", "1", "0px", "1px"})
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_PRE = re.compile(r"(<pre[^>]*>)(?=\n)")
_OPENS = re.compile("<(/|[a-z0-9]+)")  # / = an end tag
_WORDS = frozenset("a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup u".split())
_FLOW = _WORDS | frozenset("blockquote div figure h1 h2 h3 h4 h5 h6 hr ol p section ul".split())
# Which elements may stand in which, where all parsers agree; "" is the text itself.
_HOLDS = {
    **dict.fromkeys(_TAGS, frozenset[str]()),
    **dict.fromkeys((*_WORDS, *"figcaption h1 h2 h3 h4 h5 h6 p".split()), _WORDS),
    **dict.fromkeys(("", "blockquote", "div", "li", "section"), _FLOW),
    **dict.fromkeys(("ol", "ul"), frozenset({"li"})),
    "figure": _FLOW | {"figcaption"},
}
_VOID = frozenset("br col hr img source wbr".split())
_DEEPEST = 100  # elements in each other: parsers give up beyond 250, with all that follows
_MOST_PASSES = 5
# Of thousands of real texts none has grown by more than 1000 characters.
_GROWTH = 100_000
_MOST_GROWTH = 3  # times

_CONTROL = re.compile(_FORBIDDEN.pattern[:-1] + "\x80-\x9f]")
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


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
    html = without_controls(html)
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in html and "&" not in html:
        return html.replace(">", "&gt;").strip()
    if _MAY_BE_BLOCK.search(html):
        html = _BLOCK.sub(_div, _NOSCRIPT.sub("", html))
    cleaned = _CLEANER.clean(html)
    if "&#" in html:  # of nothing else can characters have come that were not there
        cleaned = _FORBIDDEN.sub("", cleaned)
    cleaned = _with_addresses(cleaned, base, article)
    if len(cleaned) > _MOST_GROWTH * len(html) + _GROWTH:
        cleaned = _TAG.sub(" ", cleaned)
    if not _is_plain(cleaned):
        cleaned = _settled(_with_first_breaks(moved_in(_shallow(cleaned))))
    return cleaned.strip()


def _div(tag: re.Match[str]) -> str:
    return f"<{tag[1]}div"  # as a template it would be made anew for each text


def _with_addresses(cleaned: str, base: str, article: str) -> str:
    """Make the addresses of what has been sanitized absolute; those that cannot be are left out.

    So are pictures that nobody is to see: of one pixel, or without an address.
    """

    def address(value: str) -> str:
        value = value.strip()
        resolved = urls.absolute(value, article if value.startswith("#") else base)
        return resolved if len(resolved) <= LONGEST_LINK else ""

    def attribute(found: re.Match[str]) -> str:
        return written(found[1], found[2]) if found[1] in _ADDRESSES else found[0]

    def written(name: str, value: str) -> str:
        if "&" in value:
            value = unescape(value)
        if name == "srcset":
            value = escape(srcset(value, address)).replace("&#x27;", "'")
        else:
            # Neither an address nor a mailbox holds anything else that must be escaped.
            value = (address(value) or (name == "href" and _mailbox(value)) or "").replace("&", "&amp;")
        return f' {name}="{value}"' if value else ""

    def tag(found: re.Match[str]) -> str:
        if found[1] is not None:
            return f"<a{written('href', found[1])}>"
        whole = _ATTRIBUTE.sub(attribute, found[0])
        return "" if whole.startswith("<img") and _is_hidden(whole) else whole

    return _WITH_ADDRESS.sub(tag, cleaned)


def _is_hidden(picture: str) -> bool:
    told = dict(_ATTRIBUTE.findall(picture))
    is_pixel = told.get("width") in _PIXEL or told.get("height") in _PIXEL
    return is_pixel or not ("src" in told or "srcset" in told)


def _mailbox(value: str) -> str:
    value = value.strip()
    return value if _MAILTO.fullmatch(value) else ""


def srcset(value: str, address: Callable[[str], str]) -> str:
    """Give the candidates of a srcset that have an address, parted as the HTML Standard does."""
    found = []
    at = 0
    while candidate := _CANDIDATE.match(value, at):
        at, words = candidate.end(), []
        if not candidate[1].endswith(",") and (described := _DESCRIBED.match(value, at)):
            at, words = described.end(), described[0].split()
        if where := address(candidate[1].rstrip(",")):
            found.append(" ".join((where, *words)))
    return ", ".join(found)


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


def _is_plain(cleaned: str) -> bool:
    """Tell whether what the sanitizer wrote can only be read in one way.

    It holds nothing but elements that stand where no parser closes, moves or repeats any of them, not nested
    absurdly deep, and none of the characters that parsers drop or replace. As most texts are such, they need
    no second reading.
    """
    if "\r" in cleaned or cleaned.startswith("\ufeff"):
        return False
    around = [""]
    for name in _OPENS.findall(cleaned):
        if name == "/":
            around.pop()
        elif name not in _HOLDS[around[-1]] or (name == "a" and "a" in around) or len(around) > _DEEPEST:
            return False
        elif name not in _VOID:
            around.append(name)
    return True


def _with_first_breaks(cleaned: str) -> str:
    """Keep the line break that a `pre` begins with: parsers drop the first one."""
    return _PRE.sub("\\1\n", cleaned) if "<pre" in cleaned else cleaned


def _settled(cleaned: str) -> str:
    """Sanitize until nothing changes: what HTML cannot nest is read in another way the next time."""
    for _ in range(_MOST_PASSES):
        again = _with_first_breaks(_CLEANER.clean(cleaned))
        if again == cleaned:
            break
        cleaned = again
    return cleaned


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes=_ATTRIBUTES,  # without a filter that it would call for each it is seven times faster
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
