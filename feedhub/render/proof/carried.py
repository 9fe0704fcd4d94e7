"""What must be carried through of the elements that an entry brought along. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from feedhub.model import Element

_TEXTS = ("itunes:summary", "itunes:subtitle")
_YES, _NO = frozenset({"yes", "true", "explicit"}), frozenset({"no", "false", "clean"})
_SECONDS = re.compile(r"[0-9]+(:[0-5][0-9])?(:[0-5][0-9])?")


def carried(elements: Iterable[Element], *, in_full: bool) -> Iterator[Element]:
    """Give what must stand of the elements that came with an entry."""
    for element in elements:
        if not element.name.startswith(("itunes:", "podcast:", "rsl:")):
            continue
        if element.name in _TEXTS and not in_full:
            continue
        text = _text(element)
        if text or element.text == "":
            yield replace(element, text=text)


def _text(element: Element) -> str:
    """Give the text of an element as Apple's specification has it; "" where it cannot be told so."""
    text = element.text.strip()
    if element.name == "itunes:explicit":
        said = text.lower()
        return "true" if said in _YES else "false" if said in _NO else ""
    if element.name == "itunes:duration":
        time = text.split(".")[0]
        return time if _SECONDS.fullmatch(time) else ""
    if element.name == "itunes:subtitle":
        return text if len(text) < 256 else ""
    return text
