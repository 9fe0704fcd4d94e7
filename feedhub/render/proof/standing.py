"""What stands in a finished document, part by part and whole: the same shape for every format. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from feedhub.model import Edition, Site
from feedhub.render.proof.expected import Expected

# What stands under each name. In XML a list for each name: the parts that bear it, in their order.
Stands = Mapping[str, object]


class Text(NamedTuple):
    """A text of an entry as it stands."""

    body: str | etree._Element  # HTML, or the element that holds it
    is_summary: bool  # not the whole text, though the terms may allow it


class Found(NamedTuple):
    """An entry as it stands: nothing of it is left out, whether it is known or not."""

    id: str  # "" = it has none
    stands: Stands
    texts: tuple[Text, ...]


class Standing(NamedTuple):
    """A document as it stands."""

    head: Stands
    entries: list[Found]


class Form(NamedTuple):
    """How a format is read back, and what must stand in it."""

    read: Callable[[bytes], Standing]  # raises Unreadable
    head: Callable[[Stands, Edition, Site], Iterator[str]]  # what is wrong in the head, in words
    entry: Callable[[Expected], Stands]  # what must stand of an entry
    is_ordered: bool = True  # the entries stand in the edition's order


class Unreadable(Exception):
    """The bytes are no document of their format; the text says why."""


def filled(said: Mapping[str, object]) -> Stands:
    """Leave out what is absent."""
    return {name: part for name, part in said.items() if part or part == 0}


def differences(found: Stands, said: Stands) -> Iterator[str]:
    """Tell in words where what stands in a document is not what its edition says."""
    if found == said:
        return
    for name in sorted(found.keys() | said.keys()):
        one, other = found.get(name), said.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from (f"{name}: {words}" for words in differences(one, other))
        elif name not in found:
            yield f"it lacks its {name}"
        elif name not in said:
            yield f"it holds {name}, which its edition does not"
        elif one != other:
            yield f"its {name} is not what its edition says"
