"""What a request asks for, by RFC 9110: which form of a document, and whether it is wanted at all. Pure."""

import re
from datetime import datetime
from functools import lru_cache

from werkzeug.http import parse_date

CODINGS = ("br", "gzip", "identity")  # the smallest first
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')  # 8.8.3
_USUAL_LENGTH = 200  # characters; a longer header is not worth remembering


def preferred(accepted: str) -> tuple[str, ...]:
    """Order the content codings that Accept-Encoding takes (12.5.3), the one to send first.

    Of those with one weight the smallest comes first. The plain form stands in the end even where it is
    not wanted: that is better than an error.
    """
    return _remembered(accepted) if len(accepted) <= _USUAL_LENGTH else _preferred(accepted)


def _preferred(accepted: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameter)
    others = weights.get("*", 0.0)
    taken = {name: weights.get(name, others) for name in CODINGS}
    order = sorted((name for name in CODINGS if taken[name]), key=lambda name: -taken[name])
    return tuple(order) if taken["identity"] else (*order, "identity")


_remembered = lru_cache(maxsize=256)(_preferred)


def _weight(parameter: str) -> float:
    """Read `q=0.5` (12.4.2); 0 where it cannot be read."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0


def is_among(tag: str, listed: str, *, weakly: bool) -> bool:
    """Tell whether an entity tag, given without its quotes, is on a list (13.1.1, 13.1.2).

    What is no tag is passed over. Only a weak comparison (8.8.3.2) takes tags that are marked as weak.
    """
    if listed.strip() == "*":
        return True
    return any(found == tag and (weakly or not weak) for weak, found in _TAG.findall(listed))


def is_unchanged_since(date: str, modified: datetime) -> bool | None:
    """Tell whether a document is no newer than a date; None of a date that cannot be read: it is as good
    as none (13.1.3, 13.1.4)."""
    since = parse_date(date)
    return None if since is None else modified <= since
