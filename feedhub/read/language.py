"""What a publisher writes as a language to a tag that may stand in a document (BCP 47). Pure."""

import re

# ISO 639-1. Publishers write countries ("US") and words ("English") here; a reader would choke on them.
_TWO_LETTERS = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da"
    " de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz"
    " ia id ie ig ii ik io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg"
    " li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os"
    " pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te"
    " tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_TAG = re.compile(
    r"([a-z]{2,3})(-[a-z]{3}){0,3}(-[a-z]{4})?(-(?:[a-z]{2}|[0-9]{3}))?(-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*",
    re.I,
)


def language(text: str) -> str:
    """Give a language tag as it is usually written, such as `en-US`; "" for what is none."""
    match = _TAG.fullmatch(text.strip().replace("_", "-"))
    if not match:
        return ""
    primary, *others = match[0].split("-")
    if len(primary) == 2 and primary.lower() not in _TWO_LETTERS:
        return ""
    return "-".join((primary.lower(), *map(_usual_case, others)))


def _usual_case(subtag: str) -> str:
    """Write a script as `Cyrl`, a region as `AM`, all else in lower case (RFC 5646, 2.1.1)."""
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag.lower()
