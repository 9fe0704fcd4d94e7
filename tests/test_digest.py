"""What counts as a change of an entry's words: never the white space between them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from databases import item
from feedhub.store.codec import members
from feedhub.store.digest import digest, says_the_same

READ = item("1")
SPACED = st.text(alphabet="a\n\t\r\x0b\x1c   \x85\u00a0\u2003\u200bé", max_size=12)


def test_every_kind_of_white_space_is_known() -> None:
    spaces = [character for character in map(chr, range(0x110000)) if character.isspace()]
    assert says_the_same(*(replace(READ, content=between.join("ab")) for between in (" ", "".join(spaces))))
    for space in spaces:
        assert says_the_same(replace(READ, content="a b"), replace(READ, content=f"a{space}b"))


@given(SPACED, SPACED)
def test_texts_are_the_same_exactly_if_their_words_are(one: str, other: str) -> None:
    before, after = replace(READ, content=one), replace(READ, content=other)
    is_same = one.split() == other.split()
    assert says_the_same(before, after) == is_same
    assert (digest(before, members(before)) == digest(after, members(after))) == is_same
