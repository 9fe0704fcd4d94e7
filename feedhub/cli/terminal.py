"""What may be printed where a terminal may show it, now or later. Pure."""


def printable(text: str) -> str:
    """Leave out what a terminal would obey instead of show; lines stay lines."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)
