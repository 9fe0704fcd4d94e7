"""Markup whose parts have bases of their own (XML Base), to markup that needs none. Pure.

HTML knows no `xml:base`, and what sanitizes it drops the attribute: what an address in it is relative to has
to be settled before that.
"""

import re
from html import escape, unescape

from feedhub import urls
from feedhub.read.clean import srcset
from feedhub.read.items import Child, joined

# As feedparser writes them: each element with an end tag, each value in double quotes.
_TAG = re.compile(r'<(/?)[^\s<>/"]+((?: [^\s=<>"]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([^\s=<>"]+)="([^"]*)"')
_BASE = "xml:base"
_ADDRESSES = frozenset("href src srcset cite poster".split())


def base_of(child: Child) -> str:
    """Give what relative addresses in an element's markup resolve against; of one `div` alone, in that."""
    match child.parts:
        case [only] if only.name.endswith(":div") and only.text.strip() == child.text.strip():
            return only.base  # feedparser leaves this div out
    return child.base


def with_bases(markup: str, base: str) -> str:
    """Make the addresses in all that has a base of its own absolute."""
    if f' {_BASE}="' not in markup:
        return markup
    around = [base]

    def tag(found: re.Match[str]) -> str:
        if found[1]:
            if len(around) > 1:
                around.pop()
            return found[0]
        own = around[-1]
        if f' {_BASE}="' in found[2]:
            own = joined(own, unescape(dict(_ATTRIBUTE.findall(found[2]))[_BASE]))
        around.append(own)
        return found[0] if own == base else _ATTRIBUTE.sub(lambda each: _attribute(each, own), found[0])

    return _TAG.sub(tag, markup)


def _attribute(found: re.Match[str], base: str) -> str:
    """Resolve the addresses of an attribute; a note in the same text stays as it is."""

    def address(value: str) -> str:
        value = value.strip()
        return value if value.startswith("#") else urls.absolute(value, base) or value

    name, value = found[1], unescape(found[2])
    if name not in _ADDRESSES:
        return found[0]
    return f' {name}="{escape(srcset(value, address) if name == "srcset" else address(value))}"'
