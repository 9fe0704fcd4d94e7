"""Bytes of an XML document to text: which encoding they are in, whatever they say. Pure."""

import codecs
import re
from email.message import Message

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (re.compile(rb"(?:[ \t\r\n]\0\0\0)*<\0\0\0"), "utf-32-le"),
    (re.compile(rb"(?:\0\0\0[ \t\r\n])*\0\0\0<"), "utf-32-be"),
    (re.compile(rb"(?:[ \t\r\n]\0)*<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[ \t\r\n])*\0<\0[^\0]"), "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.I)
_DEFAULT = "cp1252"
_HEAD = 4096  # bytes in which a declaration is looked for
_ASCII = bytes(range(128))
# Browsers read these as a superset of what the name says (WHATWG Encoding Standard, 4.2).
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift_jisx0213": "cp932",
    "shift_jis_2004": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Names that pages use and Python's codecs do not know.
_NAMES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "windows-949": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "dos-874": "cp874",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "koi8": "koi8-r",
    "win-1251": "cp1251",
}
# No UTF-7, and none of the codecs that are no character sets: an answer must not choose those.
_KNOWN = re.compile(
    r"utf-8|cp125\d|iso8859-\d+|koi8-[rut]|gb18030|cp932|cp949|cp874|cp866|cp855|big5|big5hkscs|cp950"
    r"|euc_jp|euc_jis_2004|iso2022_jp(?:_\w+)?|johab|mac-(?:cyrillic|roman|greek|turkish|latin2)"
    r"|kz1048|ptcp154"
)


def decoded(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Give a document's text, and the name of the encoding that it turned out to be in.

    A byte order mark decides, then the XML declaration, then the charset of the HTTP header, then UTF-8
    where at least nearly all of it is, and in the end windows-1252. Where that or Latin-1 is declared, which
    is often no more than a default, valid UTF-8 is UTF-8. What cannot be decoded becomes U+FFFD.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    for pattern, name in _WIDE:
        if pattern.match(body):
            return body.decode(name, "replace"), name
    named = _declared(body)
    charset = _charset(content_type)
    if named and named != "utf-8" and not (named == _DEFAULT and _is_utf8(body)):
        return body.decode(named, "replace"), named
    other = "" if charset == "utf-8" else charset
    # A server's charset is often no more than its default: what is valid UTF-8 to the last byte is UTF-8.
    text = _utf8(body, may_be_damaged=bool(named or not other))
    if text is not None:
        return text, "utf-8"
    return body.decode(other or _DEFAULT, "replace"), other or _DEFAULT


def _declared(body: bytes) -> str:
    """Give the codec that the XML declaration names; "" without one, or for one that we do not take."""
    head = body[:_HEAD] if body[:1] == b"<" else body.lstrip()[:_HEAD]
    match = _DECLARED.search(head)
    return _codec(match[1].decode("ascii", "replace")) if match else ""


def _charset(content_type: str) -> str:
    """Give the codec that an HTTP Content-Type names, or ""."""
    if "charset" not in content_type.lower():
        return ""
    header = Message()
    header["Content-Type"] = re.sub(r"[^\x20-\x7e]", "", content_type)[:500]
    return _codec(header.get_content_charset() or "")


def _codec(name: str) -> str:
    """Give the codec for an encoding's name; "" for ASCII, wide and unknown ones."""
    name = name.strip().lower()
    try:
        name = codecs.lookup(_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8(body: bytes, *, may_be_damaged: bool) -> str | None:
    """Decode what is UTF-8, or, where nothing else is likelier, what nearly is.

    Nearly: of the bytes beyond ASCII at most one in four is damaged.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return text if may_be_damaged and damaged * 4 <= len(body.translate(None, _ASCII)) else None
