"""What a text costs grows as it does: publishing has no budget that would end what a source makes slow."""

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editions import entry, site, source
from feedhub import markup, text
from feedhub.model import Terms
from feedhub.render import credit
from feedhub.store import tokens
from feedhub.text.composition import MOST_MARKS, normalized
from feedhub.text.folding import folded
from feedhub.text.patterns import Text

CREDIT = '<p><a href="https://morning.example/s/">The Morning</a></p>'
PICTURE = '<img src="https://morning.example/i.png">'

pytestmark = pytest.mark.timeout(120)


def processor_time(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


# Each takes half a second at most; with the square of their number each takes a minute, or more.
@pytest.mark.parametrize(
    "html",
    [
        "a<br>" * 40_000,
        f"<p>{'<b>a</b>' * 40_000}</p>",
        f"<p>{'Ab. ' * 500_000}</p>",
        f"<p>{'.' * 100_000}x</p>",
        f"<p>{'.' * 50_000}{')' * 50_000}x</p>",
        f"<p>{'“a.” ' * 200_000}</p>",
        f"<p>{PICTURE * 100_000}</p>",
        f"<p>{(PICTURE + 'Words between. ' * 10) * 20_000}</p>",
        f"<p>Text</p>{CREDIT * 20_000}",
        f"<p>Text</p><div>{CREDIT * 20_000}</div>",
    ],
    ids=[
        "breaks",
        "bold",
        "sentences",
        "dots",
        "closed",
        "quotes",
        "pictures",
        "between",
        "credits",
        "within",
    ],
)
def test_quoting_a_text_takes_a_time_that_grows_as_it_does(html: str) -> None:
    known = site(source(terms=Terms(excerpt=300)))
    one = entry("s", url="https://morning.example/s/", summary=html)
    assert processor_time(lambda: credit.quoted(one, known)) < 10


@pytest.mark.parametrize("form", [folded, tokens.tokens, lambda words: Text(words).bytes])
def test_a_row_of_marks_is_folded_in_a_time_that_grows_as_it_does(form: Callable[[str], object]) -> None:
    row = "a" + "\u0301\u0327" * 200_000  # 0.1 s; sorted all at once they take minutes
    assert processor_time(lambda: form(row)) < 10


ROWS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["a\u0301", "ｶﾞ", "\u0f73"])
)


@given(ROWS.map("".join), st.sampled_from(["NFC", "NFKC", "NFKD"]))
def test_a_text_with_few_marks_in_a_row_is_in_its_normal_form(words: str, form: str) -> None:
    assert normalized(form, words) == unicodedata.normalize(form, words)  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", ["\u0301", "\u0f73", "\uff9e", "\U0001e94a"])
def test_no_more_than_thirty_marks_in_a_row_are_normalized(mark: str) -> None:
    row = f"a{mark * MOST_MARKS}"
    assert normalized("NFC", f"{row}{mark * 5} b{mark}") == unicodedata.normalize("NFC", f"{row} b{mark}")


def test_signs_in_a_row_that_are_no_marks_all_stay() -> None:
    assert normalized("NFC", "é" + "—❤" * 50) == "é" + "—❤" * 50


def test_a_character_with_endless_marks_counts_as_many() -> None:
    assert text.length("a" + "\u0301" * 32_000) > 1000
    assert text.length("👩" + "\u200d👩" * 16_000) > 1000
    assert text.length("a" + "\u0301" * 30) == 1


def test_what_is_dropped_leaves_the_text_behind_it() -> None:
    tree = markup.fragment("<p>a<i>1</i>b<!--2-->c<b>d<i>3</i></b>e<i>4</i></p>f")
    markup.drop([*tree.iter("i"), *(node for node in tree.iter() if not isinstance(node.tag, str))])
    assert markup.inner(tree) == "<p>abc<b>d</b>e</p>f"
