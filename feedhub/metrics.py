"""How the hub is, in numbers, as Prometheus reads them. The one user of prometheus-client."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from feedhub.errors import StoreError
from feedhub.store import Store


class Metrics:
    """What is counted as it happens."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "feedhub_http_requests",
            "Requests that were answered, by what was asked for and by status.",
            ["kind", "status"],
            registry=self.registry,
        )
        self._polls = Counter(
            "feedhub_polls", "Polls of sources, by how they ended.", ["outcome"], registry=self.registry
        )

    def answered(self, kind: str, status: int) -> None:
        """Count an answer."""
        self._requests.labels(kind, status).inc()

    def polled(self, outcome: str) -> None:
        """Count a poll."""
        self._polls.labels(outcome).inc()


def shared(folder: Path) -> CollectorRegistry:
    """Give what some processes have counted together, each in files in this folder."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return registry


def listen(
    registry: CollectorRegistry, store: Store, host: str, port: int, *, now: Callable[[], datetime]
) -> Callable[[], None]:
    """Answer Prometheus at an address, also with what is in the store; gives what ends that.

    Raises OSError.
    """
    registry.register(_Stored(store, now))
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise OSError(f"cannot listen at {host}:{port} for metrics: {error.strerror or error}") from error

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop


class _Stored(Collector):
    """What is looked up in the store whenever Prometheus asks."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Give nothing: else it would be asked while it is registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Look it up."""
        now = self._now()
        try:
            found = self._store.counting.counts(now)
        except StoreError:
            yield GaugeMetricFamily("feedhub_store_up", "Whether the store can be read.", value=0)
            return
        yield GaugeMetricFamily("feedhub_store_up", "Whether the store can be read.", value=1)
        late = (now - found.due_since).total_seconds() if found.due_since else 0.0
        for name, words, value in (
            ("feedhub_sources", "Sources that are polled.", found.sources),
            ("feedhub_failing_sources", "Sources whose last poll failed.", found.failing),
            ("feedhub_due_sources", "Sources that wait to be polled.", found.due),
            ("feedhub_due_lag_seconds", "How long the first of them has waited.", late),
            ("feedhub_entries", "Entries in the store.", found.entries),
            ("feedhub_editions", "Editions that were published.", found.editions),
        ):
            yield GaugeMetricFamily(name, words, value=value)
