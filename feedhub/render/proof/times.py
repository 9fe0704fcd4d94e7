"""Points in time as they must stand in documents. Pure.

Not as the renderers write them, so that no mistake is its own proof.
"""

from datetime import UTC, datetime

from feedhub.render.remembered import remembered

_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@remembered
def rfc3339(when: datetime) -> str:
    """Give a time as it stands in Atom and JSON Feed."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@remembered
def rfc822(when: datetime) -> str:
    """Give a time as it stands in RSS."""
    utc = when.astimezone(UTC)
    return f"{_WEEKDAYS[utc.weekday()]}, {utc:%d} {_MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} +0000"
