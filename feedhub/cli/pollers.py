"""A poller of all that config.toml names."""

import gc
from datetime import UTC, datetime

from feedhub.config import Config
from feedhub.fetch import Fetcher
from feedhub.poll import Ours, Poller
from feedhub.store import Store
from feedhub.workers import Workers


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


def _ours(config: Config, store: Store) -> Ours:
    ids = frozenset(store.publishing.feed(feed.name).id for feed in config.site.feeds)
    return Ours(site_url=config.site.url, ids=ids)


def poller_of(config: Config, store: Store, workers: Workers) -> Poller:
    """Make a poller of all sources of a configuration."""
    gc.freeze()  # what is there by now stays: passing over it anew each time costs as much as fetching
    sources = {source.name: source for source in config.sources}
    ours = _ours(config, store)
    return Poller(
        store, sources, config.limits, fetcher=Fetcher(config.limits), reader=workers, clock=now, ours=ours
    )
