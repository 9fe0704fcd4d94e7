import pytest

from feedhub.text.visible import is_visible


@pytest.mark.parametrize(
    "text", ["a", ".", "Երեւան", "世", "👨‍👩‍👧", "\u200e5", "e\u0301", "कि", "☃\ufe0f", "—", "\u200b\u200ba"]
)
def test_letters_signs_and_pictures_are_visible(text: str) -> None:
    assert is_visible(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "\u00a0\u3000",
        "\u200b",
        "\u00ad",
        "\u200e\u202e",
        "\ufeff\u2060",
        "\u0301",
        "\ufe0f",
        "\u2800",
    ],
)
def test_spaces_formatting_and_marks_without_a_letter_are_not(text: str) -> None:
    assert not is_visible(text)
