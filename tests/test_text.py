from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("e\u0301a", 2),
        ("👨‍👩‍👧", 1),
        ("🇦🇲🇫🇷", 2),
        ("🇦🇲🇫", 2),
        ("❤️👍🏽", 2),
        ("🏴\U000e0067\U000e0062\U000e007f", 1),
        ("नमस्ते", 4),
        ("\u1112\u1161\u11ab", 1),
        ("a\u200db", 2),
        ("Երեւան", 6),
    ],
)
def test_length_counts_what_a_reader_sees(written: str, seen: int) -> None:
    assert text.length(written) == seen


@given(TEXTS)
def test_clusters_put_together_are_the_text(written: str) -> None:
    assert "".join(text.clusters(written)) == written
    assert text.length(written) == len(list(text.clusters(written)))


@given(TEXTS, st.integers(-1, 90))
def test_index_after_counts_as_length_does(written: str, count: int) -> None:
    index = text.index_after(written, count)
    assert text.length(written[:index]) == max(0, min(count, text.length(written)))


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One. Two! Three? Four…", ["One.", " Two!", " Three?", " Four…"]),
        ("Dr. Ani came. J. Smith too.", ["Dr. Ani came.", " J. Smith too."]),
        ("The U.S. Senate met.", ["The U.S. Senate met."]),
        ("Version 3.5 is out. Yes.", ["Version 3.5 is out.", " Yes."]),
        ("Am 24. November war es. Gut.", ["Am 24. November war es.", " Gut."]),
        ("He said “Go.” Then left.", ["He said “Go.”", " Then left."]),
        ("Really? asked Ani. No.", ["Really? asked Ani.", " No."]),
        ("Այսօր գնաց։ Եկաւ։", ["Այսօր գնաց։", " Եկաւ։"]),
        ("Այսօր գնաց: Եկաւ:", ["Այսօր գնաց:", " Եկաւ:"]),
        ("Вчера, т. е. днем. Потом.", ["Вчера, т. е. днем.", " Потом."]),
        ("世界。終わり！", ["世界。", "終わり！"]),
        ("यह है। वह है।", ["यह है।", " वह है।"]),
        ("من هو؟ أنا.", ["من هو؟", " أنا."]),
        ("ბორანი გავა. ზღვა წყნარია.", ["ბორანი გავა.", " ზღვა წყნარია."]),
    ],
)
def test_sentences_end_as_their_script_has_it(written: str, sentences: list[str]) -> None:
    starts = [0, *text.sentence_ends(written)]
    assert [written[start:end] for start, end in pairwise(starts)] == sentences


@pytest.mark.parametrize(
    ("written", "limit", "short"),
    [
        ("One two three. Four five.", 16, "One two three."),
        ("One two three. Four five.", 10, "One two …"),
        ("One two three. Four five.", 25, "One two three. Four five."),
        ("One two, three four.", 10, "One two …"),
        ("  One \n two ", 10, "One two"),
        ("世界世界。世界世界世界世界", 8, "世界世界。"),
        ("世界世界世界", 5, "世界世 …"),
        ("News: 世界世界世界世界", 10, "News: 世界 …"),
        ("Supercalifragilistic", 8, "Superc …"),
        ('He said "go now. Run. Fast" and ran home.', 22, "He said …"),
        ("Er sagte „Geh jetzt. Lauf“ und ging weg.", 22, "Er sagte …"),
        ("«Ա բ. Գ դ» ասաց նա։ Եվ գնաց։", 15, "«Ա բ. Գ դ» …"),
        ('5" pipes. Next thing here', 12, '5" pipes.'),
        ("“Go now. Run. Fast” he said.", 12, ""),
        ("Hello world", 2, ""),
        ("", 10, ""),
    ],
)
def test_shorten_cuts_at_a_sentence_else_at_a_word(written: str, limit: int, short: str) -> None:
    assert text.shorten(written, limit) == short


@given(TEXTS, st.integers(0, 60))
def test_shorten_never_exceeds_its_limit(written: str, limit: int) -> None:
    assert text.length(text.shorten(written, limit)) <= limit


@given(st.text('ab .“”"«»', max_size=60), st.integers(0, 40))
def test_cut_never_ends_inside_a_quotation(written: str, limit: int) -> None:
    index, _ = text.cut(written, limit)
    assert not any(start < index < end for start, end in text.quotations(written))
