"""Which pieces of a text were asked for. Pure."""

from collections.abc import Callable

from feedhub.store.tokens import Term, spans, terms, tokens
from feedhub.text.folding import folded


def cutter(question: str) -> Callable[[str], list[tuple[str, bool]]]:
    """Make what cuts a text into pieces, and tells which of them answer a question."""
    asked = [term for term in terms(question) if not term.is_barred]
    begun = [term.tokens[-1] for term in asked if term.is_begun]
    whole = {token for term in asked for token in _whole(term)}

    def asked_of(token: str) -> int:
        """Give how many of its letters were asked for."""
        if token in whole:
            return len(token)
        return max((len(start) for start in begun if token.startswith(start)), default=0)

    def cut(text: str) -> list[tuple[str, bool]]:
        pieces: list[tuple[str, bool]] = []
        end = 0
        for start, ends in spans(text):
            pieces.append((text[end:start], False))
            pieces += _of_word(text[start:ends], asked_of)
            end = ends
        pieces.append((text[end:], False))
        return [piece for piece in pieces if piece[0]]

    return cut


def _whole(term: Term) -> tuple[str, ...]:
    return term.tokens[:-1] if term.is_begun else term.tokens


def _of_word(word: str, asked_of: Callable[[str], int]) -> list[tuple[str, bool]]:
    """Cut one word: in a script without spaces it holds several that may be asked for."""
    found = tokens(word)
    if len(found) < 2 or len(folded(word)) != len(found):
        return [(word, any(map(asked_of, found)))]
    marks = [False] * len(word)
    for place, token in enumerate(found[: len(word)]):
        for letter in range(place, min(place + asked_of(token), len(word))):
            marks[letter] = True
    pieces: list[tuple[str, bool]] = []
    for piece, mark in zip(word, marks, strict=True):
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (pieces[-1][0] + piece, mark)
        else:
            pieces.append((piece, mark))
    return pieces
