"""Store to folder: curate, render, proof, and write what changed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from feedhub.errors import RenderError
from feedhub.model import Edition, Fault, Feed, Site, Source
from feedhub.publish.editions import Outlook, edition, outlooks, plan
from feedhub.publish.folder import Manifest, locked, manifest, remove, stands, write, write_manifest
from feedhub.render import FORMATS, addresses
from feedhub.render.opml import opml
from feedhub.render.page import STATIC, page
from feedhub.render.proof import proof
from feedhub.store import Store


@dataclass(slots=True)
class Published:
    """What publishing did."""

    written: list[str] = field(default_factory=list)  # paths
    removed: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)  # published id -> why the proof held it back
    problems: list[str] = field(default_factory=list)  # documents that stayed as they were, and why


def publish(store: Store, site: Site, folder: Path, *, now: datetime) -> Published:
    """Bring the folder up to date with the store; raises StoreError and OSError.

    A document that cannot be made stays as it was, and the others are written.
    """
    configured = site.sources
    site = replace(site, sources={**store.polling.removed_sources(), **configured})
    with locked(folder):
        return _Publishing(store, site, configured, folder, now).run()


class _Publishing:
    """One publishing of all feeds."""

    def __init__(
        self, store: Store, site: Site, configured: Mapping[str, Source], folder: Path, now: datetime
    ) -> None:
        self.store = store
        self.site = site
        self.configured = configured
        self.folder = folder
        self.now = now
        self.before = manifest(folder).marks
        self.marks: dict[str, str] = {}
        self.done = Published()
        self.settings = hashlib.sha256(repr(_told(site)).encode()).hexdigest()

    def run(self) -> Published:
        for path, body in STATIC.items():
            self._write(path, body, self.now, mark=path)
        self._write(
            "/subscriptions.opml", opml(replace(self.site, sources=self.configured)), self.now, mark=""
        )
        for feed in self.site.feeds:
            self._feed(feed)
        self._clean()
        write_manifest(self.folder, Manifest(self.marks, tuple(self.done.problems)))
        return self.done

    def _feed(self, feed: Feed) -> None:
        planned = plan(self.store, feed, self.configured, now=self.now)
        states = self.store.publishing.editions(feed.name)
        corrected = self.store.publishing.corrected(feed.name)
        newest = planned.days[-1] if planned.days else None
        for outlook in outlooks(planned, states):
            paths = list(_paths(feed, outlook.day, newest, is_first=feed == self.site.feeds[0]))
            state = outlook.state if outlook.closed and outlook.day not in corrected else None
            if state and self._stand(paths, self._mark(outlook, state.fingerprint)):
                continue  # the usual case of a closed day: nothing is read for it
            made, fingerprint = edition(self.store, planned, outlook, self.site, now=self.now)
            mark = self._mark(outlook, fingerprint)
            if not self._stand(paths, mark):
                self._render(made, paths, mark)

    def _mark(self, outlook: Outlook, fingerprint: str) -> str:
        """Give a mark of all that an edition's documents and its page are made from."""
        told = (self.settings, fingerprint, outlook.earlier, outlook.later, outlook.archive, outlook.closed)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def _stand(self, paths: Iterable[str], mark: str) -> bool:
        """Tell whether documents stand there that were made from just this, and keep them if so."""
        if not all(self.before.get(path) == mark and stands(self.folder, path) for path in paths):
            return False
        self.marks.update(dict.fromkeys(paths, mark))
        return True

    def _render(self, made: Edition, paths: Iterable[str], mark: str) -> None:
        proofed, documents, faults = proofed_documents(made, self.site)
        by_id = {entry.published_id: entry for entry in made.entries}
        held = [(by_id[fault.entry], fault.reason) for fault in faults if fault.entry in by_id]
        self.store.publishing.set_faults(made.feed.name, made.day, held)
        self.done.held.update((entry.published_id, reason) for entry, reason in held)
        for path in paths:
            format_ = path.rpartition(".")[2]
            if path.endswith("/"):
                self._write(path, page(proofed, self.site, path=path), made.updated, mark=mark)
            elif format_ in documents:
                self._write(path, documents[format_], made.updated, mark=mark)
            else:
                self._keep(path, [fault.reason for fault in faults if not fault.entry])

    def _write(self, path: str, body: bytes, updated: datetime, *, mark: str) -> None:
        self.marks[path] = mark
        if write(self.folder, path, body, updated):
            self.done.written.append(path)

    def _keep(self, path: str, reasons: Iterable[str]) -> None:
        """Leave the last good document where it is, and try again next time."""
        if path in self.before:
            self.marks[path] = ""
        self.done.problems.append(f"{path}: {'; '.join(reasons)}")

    def _clean(self) -> None:
        for path in sorted(self.before.keys() - self.marks.keys()):
            remove(self.folder, path)
            self.done.removed.append(path)


def proofed_documents(made: Edition, site: Site) -> tuple[Edition, dict[str, bytes], list[Fault]]:
    """Render an edition in every format and proof the bytes.

    An entry that fails in one format is held back in all, and the rest is rendered again. Gives the edition
    that is left, its documents that passed, by format, and what was found.
    """
    faults: list[Fault] = []
    while True:
        documents, found = _rendered(made, site)
        faults += found
        failed = {fault.entry for fault in found} & {entry.published_id for entry in made.entries}
        if not failed:
            return made, documents, faults
        made = replace(
            made, entries=tuple(entry for entry in made.entries if entry.published_id not in failed)
        )


def _rendered(made: Edition, site: Site) -> tuple[dict[str, bytes], list[Fault]]:
    documents: dict[str, bytes] = {}
    faults: list[Fault] = []
    for format_, render in FORMATS.items():
        try:
            document = render(made, site)
        except RenderError as error:
            faults.append(Fault(reason=str(error), entry=error.entry))
            continue
        found = proof(format_, document, made, site)
        faults += found
        if not found:
            documents[format_] = document
    return documents, faults


def _paths(feed: Feed, day: date | None, newest: date | None, *, is_first: bool) -> Iterator[str]:
    """Give where the documents of an edition stand; the newest day's page is the feed's, and the site's."""
    for format_ in FORMATS:
        yield addresses.path(feed.name, format_, day)
    if day is not None:
        yield addresses.path(feed.name, "page", day)
    if day == newest:
        yield addresses.path(feed.name, "page")
        if is_first:
            yield "/"


def _told(site: Site) -> tuple[object, ...]:
    """Give all settings that documents and pages depend on."""
    sources = [(name, source.title, source.terms) for name, source in sorted(site.sources.items())]
    return (replace(site, sources={}), sources)
