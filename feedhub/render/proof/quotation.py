"""Are the words of an entry's texts its publisher's, no more than the terms allow, and in their order? Pure.

Compared without white space, and so without a tree: a text that was cut and written anew has other blanks.
"""

import re
from collections.abc import Iterator, Sequence

from feedhub import markup, text
from feedhub.render.proof.expected import Expected
from feedhub.render.proof.passage import looked_at, squeezed

_CUT = "…"
_MOST_MARKUP = 50_000  # characters of an excerpt beside its words; real ones have less than 3000
_WIDEST = 32  # code points of what a reader takes for one character
# Excerpts leave out pictures with what stands in their place, and headings that nothing follows.
_PICTURES = r"audio|canvas|figure|iframe|object|picture|svg|video"
_PICTURE = re.compile(rf"<({_PICTURES})\b.*?</\1>", re.S)
_MAY_GO = re.compile(rf"<(?:{_PICTURES}|h[1-6])\b")


def quotation(said: Expected) -> Iterator[str]:
    """Tell in words where the texts of an entry do not quote what its publisher wrote."""
    entry, terms = said.entry, said.terms
    asked = said.name, entry.url, terms.credit
    source = "" if terms.show == "title" else entry.summary or entry.content
    short = looked_at(said.summary.removesuffix(said.line), *asked)
    if len(said.summary.removesuffix(said.line)) > _MOST_MARKUP + _WIDEST * terms.excerpt:
        yield "its excerpt holds far more markup than words"
    wanted = squeezed(source)
    if not _is_beginning(short.quoted, wanted, source, said):
        yield "its excerpt is not its publisher's text"
    elif short.quoted != wanted and _is_short_of(short.quoted, wanted, source, said):
        yield "its excerpt leaves out what the terms allow"
    if terms.show == "full":
        whole = looked_at(said.content.removesuffix(said.line), *asked).quoted if said.content else ""
        if not _is_whole(whole, entry.content or entry.summary, said.name):
            yield "its whole text is not its publisher's"
    if _squeezed(said.plain) != _squeezed(_plain(short.quoted, said)):
        yield "its plain summary is not its credit and its excerpt"


def _plain(quoted: str, said: Expected) -> str:
    """Give what the plain summary must be: the credit, the excerpt, and whoever else tells the story."""
    if said.terms.credit == "none":
        return f"{quoted} {said.named}"
    return f"{said.mark}: {quoted} {said.named}" if quoted else f"{said.mark} {said.named}"


def _is_whole(quoted: str, source: str, name: str) -> bool:
    """Tell whether a text is all of another but for credits."""
    wanted = squeezed(source)
    if quoted == wanted:
        return True
    called = _squeezed(name)
    mine, theirs = (each.replace(called, "").replace(":", "") for each in (quoted, wanted))
    return mine == theirs or mine == _squeezed(markup.plain(source)).replace(called, "").replace(":", "")


def _is_beginning(quoted: str, wanted: str, source: str, said: Expected) -> bool:
    """Tell whether a text is the beginning of another, but for what may be left out."""
    if wanted.startswith(quoted):
        return True
    called = _squeezed(said.name)
    beginnings = tuple(
        f"{credit}{words}"
        for credit in ("", f"{called}:", called)
        for words in (quoted, quoted.removesuffix(_CUT))
    )
    if wanted.startswith(beginnings):
        return True
    all_words = markup.plain(_PICTURE.sub(" ", source)).split()
    left = _left_out(said.words.split() or [quoted], all_words)
    if left is None:
        return False
    before = " ".join(left).replace(said.name, "").strip(": ")
    # A block that is longer than any excerpt may be is passed over.
    return not before or text.length(before) > said.terms.excerpt


def _left_out(words: Sequence[str], all_words: Sequence[str]) -> Sequence[str] | None:
    """Give what was left out before the first of some words; None where they are not in the others' order.

    The last word may have been cut. What was left out may hold the first words too: nothing, where all stand
    in their order from the first of these on, else as much as may be.
    """
    *before, last = words[:-1] if words[-1] == _CUT and len(words) > 1 else words
    if all_words and all_words[0].startswith((before or [last])[0]) and _is_in_order(before, last, all_words):
        return ()
    rest = iter(reversed(range(len(all_words))))
    at = next((at for at in rest if all_words[at].startswith(last)), None)
    for word in reversed(before):
        at = next((at for at in rest if all_words[at] == word), None)
    return None if at is None else all_words[:at]


def _is_in_order(before: Sequence[str], last: str, all_words: Sequence[str]) -> bool:
    rest = iter(all_words)
    return all(word in rest for word in before) and any(word.startswith(last) for word in rest)


def _is_short_of(quoted: str, wanted: str, source: str, said: Expected) -> bool:
    """Tell whether words are missing from a text that could be quoted whole."""
    if len(wanted) > said.terms.excerpt or _MAY_GO.search(source):
        return False
    called = _squeezed(said.name)
    mine, theirs = (each.replace(called, "").replace(":", "") for each in (quoted, wanted))
    return mine != theirs and text.length(markup.plain(source)) <= said.terms.excerpt


def _squeezed(text: str) -> str:
    return "".join(text.split())
