"""What counts as a change of an entry's words: never the white space between them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from databases import item
from feedhub.store.codec import members
from feedhub.store.digest import digest, says_the_same

READ = item("1")
SPACED = st.text(alphabet="a\n\t\x0b\x1c  \u00a0\u2003é", max_size=12)


@given(SPACED, SPACED)
def test_texts_are_the_same_exactly_if_their_words_are(one: str, other: str) -> None:
    before, after = replace(READ, content=one), replace(READ, content=other)
    is_same = one.split() == other.split()
    assert says_the_same(before, after) == is_same
    assert (digest(before, members(before)) == digest(after, members(after))) == is_same
