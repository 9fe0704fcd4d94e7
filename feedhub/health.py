"""How the hub is, in states: what others may know. Causes are for the operator, in `feedhub sources`."""

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from feedhub.cadence import NEVER
from feedhub.errors import StoreError
from feedhub.model import Feed, Visit
from feedhub.publish.folder import Manifest, location, manifest
from feedhub.render import addresses
from feedhub.store import Store


def state(
    visit: Visit | None, *, is_paused: bool = False, is_held: bool = False, is_taken_down: bool = False
) -> str:
    """Give a source's state: ok, failing, held, moved, paused, never polled or taken down."""
    if is_taken_down:
        return "taken down"  # however its visits go, nothing of it is published
    if visit is None or visit.polled is None:
        return "paused" if is_paused else "never polled"
    if is_paused or visit.due >= NEVER:
        return "paused"
    if visit.problem:
        return "failing"
    if is_held:
        return "held"
    return "moved" if visit.known.url else "ok"


def health(
    store: Store,
    folder: Path,
    *,
    paused: Collection[str] = (),
    is_config_right: bool = True,
    failing: Collection[str] = (),
) -> dict[str, object]:
    """Give the hub's state; `paused` are the names of sources that the operator has paused.

    `failing` are those of "config" (to be watched), "store", "polling" and "publishing" that went wrong when
    that was last tried.
    `ok`: all is well; `degraded`: documents are served, but something is wrong; `down`: there are none.
    """
    documents = published(folder)
    try:
        visits = store.polling.visits()
        not_taken = store.polling.held()
        taken_down = store.takedowns.sources()
        states = Counter(
            state(
                visit,
                is_paused=visit.source in paused,
                is_held=visit.source in not_taken,
                is_taken_down=visit.source in taken_down,
            )
            for visit in visits
        )
        held = len(list(store.faults.all()))
        is_stored = True
    except StoreError:
        states, held, is_stored = Counter(), 0, False
    is_well = (
        is_stored
        and is_config_right
        and not (states["failing"] or states["held"] or held or documents.problems or failing)
    )
    status = "down" if not documents.marks else "ok" if is_well else "degraded"
    return {
        "status": status,
        "config": "wrong" if not is_config_right else "failing" if "config" in failing else "ok",
        "store": "ok" if is_stored and "store" not in failing else "failing",
        "polling": "failing" if "polling" in failing else "ok",
        "publishing": "failing" if documents.problems or "publishing" in failing else "ok",
        "sources": dict(sorted(states.items())),
        "documents": len(documents.marks),
        "held": held,
    }


def is_ready(folder: Path, feeds: Iterable[Feed]) -> bool:
    """Tell whether each feed has been published once."""
    return all(location(folder, addresses.path(feed.name, "rss")).exists() for feed in feeds)


def published(folder: Path) -> Manifest:
    """Tell what stands in feeds/; of a folder that cannot be read, nothing."""
    try:
        return manifest(folder)
    except OSError:
        return Manifest()
