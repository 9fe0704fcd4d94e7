"""Are the words of an entry's texts its publisher's, no more than the terms allow, and in their order? Pure.

Compared without white space, and so without a tree: a text that was cut and written anew has other blanks.
"""

from collections.abc import Iterator, Sequence

from feedhub import markup
from feedhub.render.proof.expected import Expected
from feedhub.render.proof.passage import looked_at, squeezed

_CUT = "…"


def quotation(said: Expected) -> Iterator[str]:
    """Tell in words where the texts of an entry do not quote what its publisher wrote."""
    entry, terms = said.entry, said.terms
    asked = said.name, entry.url, terms.credit
    source = "" if terms.show == "title" else entry.summary or entry.content
    short = looked_at(said.summary.removesuffix(said.line), *asked)
    if not _is_beginning(short.quoted, source, said):
        yield "its excerpt is not its publisher's text"
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


def _is_beginning(quoted: str, source: str, said: Expected) -> bool:
    """Tell whether a text is the beginning of another, but for pictures and credits that were left out."""
    if not quoted:
        return True
    wanted, called = squeezed(source), _squeezed(said.name)
    beginnings = tuple(
        f"{credit}{text}"
        for credit in ("", f"{called}:", called)
        for text in (quoted, quoted.removesuffix(_CUT))
    )
    return wanted.startswith(beginnings) or _is_left_of(
        said.words.split() or [quoted], markup.plain(source).split()
    )


def _is_left_of(words: Sequence[str], all_words: Sequence[str]) -> bool:
    """Tell whether words are what is left of others, in their order; the last may have been cut."""
    *before, last = words[:-1] if words[-1] == _CUT and len(words) > 1 else words
    rest = iter(all_words)
    return all(word in rest for word in before) and any(word.startswith(last) for word in rest)


def _squeezed(text: str) -> str:
    return "".join(text.split())
