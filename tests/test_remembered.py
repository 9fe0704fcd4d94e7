from feedhub.render.remembered import forget, remembered


def test_an_answer_is_worked_out_once_until_it_is_forgotten():
    asked: list[str] = []

    @remembered
    def shout(word: str, *, end: str = "!") -> str:
        asked.append(word)
        return word.upper() + end

    assert [shout("a"), shout("a"), shout("a", end="?")] == ["A!", "A!", "A?"]
    assert asked == ["a", "a"]
    forget()
    assert shout("a") == "A!"
    assert asked == ["a", "a", "a"]
