"""Which way a language is written, by its tag (BCP 47). Pure."""

_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks nqo ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "syrc", "thaa"})


def primary(language: str) -> str:
    """Give the language itself, without its script and country."""
    return language.lower().partition("-")[0]


def direction(language: str) -> str:
    """Tell which way a language is written: by its script if the tag names one (BCP 47), else by itself."""
    for part in language.lower().split("-")[1:]:
        if len(part) == 4 and part.isalpha():
            return "rtl" if part in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary(language) in _RIGHT_TO_LEFT else "ltr"


def direction_within(own: str, page: str, *, is_known: bool) -> str:
    """Give the direction of a text where it may be another than its page's; "auto" = by its first letter."""
    if not is_known:
        return "auto"
    way = direction(own or page)
    return way if way != direction(page) else ""
