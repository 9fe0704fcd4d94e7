"""Bytes from the network and the disk: conditional GETs, limited in time, size, hops and addresses."""

from collections.abc import Iterable, Iterator

from feedhub.model import Limits, Request

from .fetcher import Fetcher
from .judge import Outcome

__all__ = ["Fetcher", "Outcome", "fetch"]

_LOOK = 1.0  # seconds


def fetch(requests: Iterable[Request], limits: Limits) -> Iterator[tuple[Request, Outcome]]:
    """Fetch everything and give the outcomes as they arrive; requests are drawn as slots become free."""
    waiting = iter(requests)
    fetcher = Fetcher(limits)
    is_drained = False
    try:
        while True:
            while fetcher.free and not is_drained:
                request = next(waiting, None)
                is_drained = request is None
                if request is not None:
                    fetcher.add(request)
            if not fetcher.active:
                return
            yield from fetcher.perform(_LOOK)
    finally:
        fetcher.close()
