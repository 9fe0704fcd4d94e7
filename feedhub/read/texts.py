"""What should be plain text and often is not: titles, names, numbers. Pure."""

import html
import re

from feedhub import markup
from feedhub.read.clean import without_controls
from feedhub.read.items import Child
from feedhub.text.visible import is_visible

# In a title only these are markup; `List<String>`, `a < b` and `<title>` are what it says.
_NO_MARKUP = re.compile(
    r"<(?!/?(?:a|abbr|acronym|b|bdi|bdo|big|blink|br|cite|code|del|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd|li"
    r"|mark|nobr|ol|p|pre|q|rp|rt|ruby|s|samp|script|small|span|strike|strong|style|sub|sup|svg|time|tt|u|ul"
    r"|var|wbr)(?=[\s/>])|!--)",
    re.I,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,30});", re.ASCII)
_MOST_PASSES = 3


def plain_title(child: Child) -> str:
    """Give a title as plain text, whatever it was encoded as."""
    kind = child.attributes.get("type", "").lower()
    is_escaped = child.attributes.get("mode", "").lower() == "escaped"  # Atom 0.3
    is_text = child.name.startswith("atom:") and kind in ("", "text", "text/plain") and not is_escaped
    if child.is_mixed or is_text:
        # A publisher who does not say what it is escapes it once too often, as if it were HTML.
        text = child.text if child.is_mixed or kind else _REFERENCE.sub(_character, child.text)
        return folded(text)
    return plain_text(child.text)


def _character(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])


def plain_text(text: str) -> str:
    """Give text that should be plain but may hold markup, or be escaped once too often."""
    if "<" not in text and "&" not in text:
        return folded(text)
    text = without_wrapping(_without_nested(text))
    text = markup.plain(_NO_MARKUP.sub("&lt;", text))
    return folded(html.unescape(text))


def folded(text: str) -> str:
    """Give plain text as it is to be shown, white space folded; "" where readers would see nothing of it."""
    words = " ".join(without_controls(text).split())
    return words if is_visible(words) else ""


def without_wrapping(text: str) -> str:
    """Take a text out of a CDATA section whose marks were escaped, so that they are part of it."""
    text = text.strip()
    return text[9:-3].strip() if text.startswith("<![CDATA[") and text.endswith("]]>") else text


def _without_nested(text: str) -> str:
    """Remove controls also where a reference to one comes about by removing another: `&#&#1;1;`."""
    for _ in range(_MOST_PASSES):
        text, before = without_controls(text), text
        if text == before:
            return text
    return text.replace("&#", "")


def paragraphs(text: str) -> str:
    """Write plain text as HTML: a paragraph for each, where empty lines part several."""
    pieces = [html.escape(piece.strip(), quote=False) for piece in re.split(r"\n[ \t\r]*\n", text)]
    pieces = [piece for piece in pieces if piece]
    return pieces[0] if len(pieces) == 1 else "".join(f"<p>{piece}</p>" for piece in pieces)


def number(text: str) -> int | None:
    """Give a count that a publisher wrote; None where it is none."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None
