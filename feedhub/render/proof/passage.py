"""Is a piece of HTML safe, and does its first passage credit the article? Pure.

Judges the finished text alone, and shares no code with what sanitized, shortened and credited it.
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from html import unescape
from itertools import takewhile
from typing import cast

from lxml import etree

from feedhub import markup, urls
from feedhub.model import Placement
from feedhub.render.remembered import remembered

_TAGS = frozenset(
    "a abbr acronym article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol"
    " p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var video wbr".split()
)
_ATTRIBUTES = frozenset(
    "alt cite colspan controls datetime dir headers height href hreflang lang media poster rel reversed"
    " rowspan scope sizes span src srcset start title type value width".split()
)
_ADDRESSES = frozenset({"cite", "href", "poster", "src", "srcset"})
# Where these hold the first words, the credit has a paragraph of its own before them.
_NO_PLACE = frozenset(
    "blockquote caption dd details dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol pre summary table td th"
    " ul".split()
)
# Blocks that only hold others: a credit with a paragraph of its own may stand in them.
_GROUPS = frozenset("article aside div footer header section".split())
# Nobody sees a link in these, unless he opens them, or his browser does not know them.
_HIDING = frozenset("audio details rp video".split())
# Of a srcset: its address, which a comma ends that white space follows, else what is told of its size.
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:(?<=,)|(?<!,)(?:[^,(]|\([^)]*\)?)*)", re.ASCII)
_MARKUP = re.compile(r"""<[^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+>""")
_PARSER = etree.HTMLParser()

# The same addresses stand in every format.
is_web = remembered(urls.is_web)
is_iri = remembered(urls.is_iri)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a piece of HTML."""

    problems: tuple[str, ...]  # markup that may not be
    credits: int  # hyperlinks to the article, called by the name, in the passage where they belong
    words: str
    quoted: str  # the words without the credit, and without white space
    blocks: int


@remembered
def looked_at(html: str, name: str, article: str, placement: Placement) -> Looked:
    """Look through a piece of HTML."""
    return look(_tree(html), name, article, placement)


def look(tree: etree._Element, name: str, article: str, placement: Placement) -> Looked:
    """Look through what stands in an element."""
    # Held, so that lxml makes Python objects of them but once.
    elements = list(tree.iter())
    passage = _passage(tree, at_end=placement == "bottom")
    found = [] if passage is None else _credits(passage, name, article)
    problems = list(_problems(elements[1:]))
    said = words(tree)
    quoted = said.replace(" ", "")
    if placement != "none" and found:
        if passage is not None and _is_ours(found[0], passage):
            quoted = _without(quoted, found[0], name, at_end=placement == "bottom")
            if not _is_marked(found[0]):
                problems.append("the credit is not marked as leading to another site")
        if said.count(name) > 1 and _is_at_other_end(tree, found[0], name, article, placement):
            problems.append("it is credited at both of its ends")
    return Looked(
        problems=tuple(dict.fromkeys(problems)),
        credits=len(found),
        words=said,
        quoted=quoted,
        blocks=sum(element.tag in markup.BLOCKS for element in elements),
    )


def _credits(passage: etree._Element, name: str, article: str) -> list[etree._Element]:
    """Give the links to the article, called by the name, that stand in a block itself and are seen."""
    return [link for link in _links(passage, name, article) if not _is_within(link, _HIDING)]


def _links(block: etree._Element, name: str, article: str) -> Iterator[etree._Element]:
    for link in block.iter("a"):
        if words(link) == name and _leads_to(link, article) and _block_of(link) is block:
            yield link


def _is_ours(credit: etree._Element, passage: etree._Element) -> bool:
    """Tell whether a credit stands as we put it, and not within a sentence of the publisher's."""
    if credit.getparent() is not passage or passage.index(credit) or (passage.text or "").strip():
        return False
    following = (credit.tail or "").strip()
    return not len(credit) and (following.startswith(":") or (not following and len(passage) == 1))


def _without(quoted: str, credit: etree._Element, name: str, *, at_end: bool) -> str:
    """Take the credit from the words, which stand without white space."""
    called = "".join(name.split())
    follows = (credit.tail or "").strip().startswith(":")
    if at_end:
        return quoted if follows else quoted.removesuffix(called)
    return quoted.removeprefix(f"{called}:" if follows else called)


def _is_at_other_end(
    tree: etree._Element, credit: etree._Element, name: str, article: str, placement: Placement
) -> bool:
    """Tell whether the block at the other end of a text is a credit, and nothing else."""
    holders = list(_holders(tree))
    block = _block_of(holders[0 if placement == "bottom" else -1])
    links = list(block.iter("a"))
    is_alone = block.tag == "p" and words(block) == name and next(block.iter("img"), None) is None
    if not is_alone or len(links) != 1 or links[0] is credit:
        return False
    # What the publisher quotes, or puts under a picture, is left as it is, and none of ours stands there.
    within = takewhile(lambda around: around is not tree, block.iterancestors())
    return _leads_to(links[0], article) and all(around.tag in _GROUPS for around in within)


def _is_within(element: etree._Element, names: Set[str], tree: etree._Element | None = None) -> bool:
    """Tell whether an element is one of these, or stands in one; `tree` is the first that is not asked."""
    around: etree._Element | None = element
    while around is not None and around is not tree:
        if around.tag in names:
            return True
        around = around.getparent()
    return False


def _is_marked(credit: etree._Element) -> bool:
    return "external" in (credit.get("rel") or "").split()


def _tree(html: str) -> etree._Element:
    # Not by markup: its elements are made by Python code, which takes as long as all the looking.
    return etree.fromstring(f"<html><body>{html}</body></html>", _PARSER)[0]


def words(element: etree._Element) -> str:
    """Give the words of an element, white space folded."""
    if not len(element):
        return " ".join((element.text or "").split())
    return " ".join(etree.tostring(element, method="text", encoding="unicode", with_tail=False).split())


def squeezed(html: str) -> str:
    """Give the words of a piece of HTML without any white space, by its characters alone."""
    text = _MARKUP.sub("", html)
    return "".join((unescape(text) if "&" in text else text).split())


def _leads_to(link: etree._Element, article: str) -> bool:
    href = link.get("href") or ""
    return href == article or urls.canonical(href) == urls.canonical(article)


def links_in(html: str, name: str, article: str) -> int:
    """Count the hyperlinks to the article, called by the name, anywhere in a piece of HTML."""
    tree = _tree(html)
    return sum(1 for block in tree.iter(*markup.BLOCKS) for _ in _links(block, name, article))


def _passage(tree: etree._Element, *, at_end: bool) -> etree._Element | None:
    """Give the block in which the first words stand, or the last; None where no credit may stand."""
    holders = _holders(tree)
    holder = next(holders, None)
    if holder is None:
        return None
    if at_end:
        *_, holder = (holder, *holders)
    block = _block_of(holder)
    return None if _is_within(block, _NO_PLACE, tree) else block


def _holders(element: etree._Element) -> Iterator[etree._Element]:
    """Give, in the order of the words, the elements that hold them."""
    if element.text and not element.text.isspace() and isinstance(element.tag, str):
        yield element
    for child in element:
        yield from _holders(child)
        if child.tail and not child.tail.isspace():
            yield element


def _block_of(element: etree._Element) -> etree._Element:
    block: etree._Element | None = element
    while block is not None and block.tag not in markup.BLOCKS:
        block = block.getparent()
    return element if block is None else block


def _problems(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        if not isinstance(element.tag, str) or element.tag not in _TAGS:
            yield f"<{element.tag if isinstance(element.tag, str) else '!--'}> may not stand in it"
            continue
        for name, value in cast(list[tuple[str, str]], element.items()):
            if name not in _ATTRIBUTES:
                yield f"the attribute {name!r} may not stand in it"
            elif name in _ADDRESSES and not all(
                _is_good(element, name, address) for address in _addresses(name, value)
            ):
                yield f"an address in it is none to publish: {value[:100]!r}"
        if element.tag == "img" and _is_pixel(element):
            yield "a picture in it only counts readers"


def _addresses(name: str, value: str) -> list[str]:
    return [each.strip(",") for each in _CANDIDATE.findall(value)] if name == "srcset" else [value]


def _is_good(element: etree._Element, name: str, address: str) -> bool:
    if name == "href" and element.tag == "a" and address.lower().startswith("mailto:"):
        return True
    return is_web(address)


def _is_pixel(image: etree._Element) -> bool:
    return any(
        (image.get(side) or "").removesuffix("px").strip() in ("0", "1") for side in ("width", "height")
    )
