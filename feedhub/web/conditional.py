"""What a request asks for, by RFC 9110: which form of a document, and whether the reader has it already."""

from datetime import datetime

from werkzeug.datastructures import Accept
from werkzeug.http import parse_date, parse_etags


def takes_gzip(encodings: Accept) -> bool:
    """Tell whether Accept-Encoding wants gzip (RFC 9110, 12.5.3): at least as much as the plain form."""
    gzip = _weight(encodings, "gzip", "x-gzip") or 0
    plain = _weight(encodings, "identity") or 0
    return gzip > 0 and gzip >= plain


def _weight(encodings: Accept, *names: str) -> float | None:
    """Give the weight of an encoding: its own, else that of `*`; None = not spoken of."""
    weights = {name.lower(): weight for name, weight in encodings}
    return next((weights[name] for name in (*names, "*") if name in weights), None)


def is_known(tag: str, modified: datetime, *, if_none_match: str, if_modified_since: str) -> bool:
    """Tell whether the reader has this form already (RFC 9110, 13.2.2); `tag` is an ETag without its quotes.

    A date is asked only where there are no tags, and one that cannot be read is as good as none.
    """
    if if_none_match:
        return parse_etags(if_none_match).contains_weak(tag)
    since = parse_date(if_modified_since)
    return since is not None and modified <= since
