"""Store to folder: curate, render, proof, and write what changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from feedhub.errors import RenderError
from feedhub.model import Edition, Fault, Feed, Site, Source
from feedhub.publish.documents import Formats, Known, proofed
from feedhub.publish.editions import Outlook, digest, edition, outlooks, settings
from feedhub.publish.finding import findable
from feedhub.publish.folder import (
    Manifest,
    location,
    locked,
    manifest,
    mark_gone,
    read,
    remove,
    stamp,
    write,
    write_manifest,
)
from feedhub.publish.gone import deleted_from, tells_of, with_days_of
from feedhub.publish.plan import plan
from feedhub.publish.theming import told
from feedhub.render import FORMATS, addresses, wellknown
from feedhub.render.archive import archive
from feedhub.render.embed import EMBEDS
from feedhub.render.embed.assets import ASSETS, VERSIONED
from feedhub.render.embed.builder import builder
from feedhub.render.favicon import FAVICON, favicon
from feedhub.render.opml import feeds_opml, opml
from feedhub.render.remembered import forget
from feedhub.render.sitemap import Place, sitemap
from feedhub.render.subscribe import subscribe
from feedhub.render.theme import static
from feedhub.store import EditionState, Store, Tombstone


@dataclass(slots=True)
class Published:
    """What publishing did."""

    written: list[str] = field(default_factory=list)  # paths
    removed: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)  # published id -> why the proof held it back
    problems: list[str] = field(default_factory=list)  # documents that stayed as they were, and why


def publish(
    store: Store,
    site: Site,
    folder: Path,
    *,
    now: datetime,
    formats: Formats = FORMATS,
    known: Known | None = None,
) -> Published:
    """Bring the folder up to date with the store; raises StoreError and OSError.

    A document that cannot be made stays as it was, and the others are written. Whoever publishes again and
    again hands in what is `known` of the entries: what has not changed of them is then not made anew.
    """
    configured = site.sources
    site = replace(site, sources={**store.polling.removed_sources(configured), **configured})
    with locked(folder):
        return _Publishing(store, site, configured, folder, now, formats, known or Known()).run()


class _Publishing:
    """One publishing of all feeds."""

    def __init__(
        self,
        store: Store,
        site: Site,
        configured: Mapping[str, Source],
        folder: Path,
        now: datetime,
        formats: Formats,
        known: Known,
    ) -> None:
        self.store = store
        self.site = site
        self.configured = configured
        self.folder = folder
        self.now = now
        self.formats = formats
        self.known = known
        before = manifest(folder)
        self.before = before.marks
        self.marks: dict[str, str] = {}
        self.editions: list[tuple[str, date | None]] = []
        self.open: list[tuple[str, date | None]] = []  # editions that may change with the next poll
        self.stones: list[Tombstone] = []  # of the feed that is being published
        self.pages: list[Place] = []
        self.spoilt: dict[str, tuple[str, Fault]] = {}  # as is known of them
        self.done = Published()
        self.settings = settings(site)
        # Beside what documents show of them: what decides, as rules do, which entries are in.
        self.deciding = digest((self.settings, site.feeds, sorted(configured)))
        self.is_set_anew = before.settings not in ("", self.deciding)

    def run(self) -> Published:
        for path, body in (static(self.site.theme_files) | ASSETS).items():
            self._write(path, body, self.now)
        self._lists()
        for feed in self.site.feeds:
            self._feed(feed)
        self._standard()
        self.known.keep_only(self.open, self.spoilt)
        self.store.faults.forget(self.editions)
        self.store.searching.keep_only(self.editions)
        self._clean()
        self.done.problems += told({path: problem for path, (_, problem) in self.spoilt.items()})
        mark_gone(self.folder, self.store.publishing.names() - {feed.name for feed in self.site.feeds})
        write_manifest(self.folder, Manifest(self.marks, tuple(self.done.problems), self.deciding))
        return self.done

    def _lists(self) -> None:
        gone = self.store.takedowns.sources()
        left = {name: source for name, source in self.configured.items() if name not in gone}
        self._make("/subscriptions.opml", lambda: opml(replace(self.site, sources=left)))
        self._make("/feeds.opml", lambda: feeds_opml(self.site))

    def _make(self, path: str, render: Callable[[], bytes], mark: str = "") -> None:
        """Write a document that holds no entries."""
        try:
            body = render()
        except RenderError as error:
            self._keep(path, Fault(reason=str(error), template=error.template), mark)
        except Exception as error:  # noqa: BLE001 - one page that trips us must not stop all the feeds
            self._keep(path, Fault(reason=f"{type(error).__name__}: {error}"))
        else:
            self._write(path, body, self.now, mark=mark)

    def _standard(self) -> None:
        """Write what programs look for at fixed addresses."""
        made = sitemap(self.pages, self.site) | {wellknown.MENU: wellknown.feed_menu(self.site)}
        if self.site.security:
            made[wellknown.SECURITY] = wellknown.security(self.site, self.now)
        offered = {wellknown.ROBOTS: wellknown.robots(self.site), FAVICON: favicon(self._picture())}
        for path, body in (made | offered).items():
            if path in offered and self._is_anothers(path, body):
                self.before.pop(path, None)  # whoever has put a file of their own there means it
            else:
                self._write(path, body, self.now)

    def _is_anothers(self, path: str, body: bytes) -> bool:
        """Tell whether a file stands there that we did not write."""
        is_as_written = self.before.get(path, "").endswith(f" {stamp(self.folder, path)}")
        return not is_as_written and read(self.folder, path) not in (None, body)

    def _picture(self) -> bytes:
        """Read the site's icon if it stands in the folder."""
        path = self.site.icon.removeprefix(self.site.url)
        place = location(self.folder, path).resolve()
        if not (path.startswith("/") and place.is_relative_to(self.folder.resolve())):
            return b""
        try:
            return place.read_bytes()
        except OSError:
            return b""  # it may stand where another server answers

    def _beside(self, feed: Feed) -> None:
        """Write the pages of a feed that depend on settings alone."""
        for kind, render in (("subscribe", subscribe), ("embed", builder)):
            path = addresses.beside(feed.name, kind)
            if not self._stand([path], self.settings):
                self._make(path, partial(render, feed, self.site), self.settings)

    def _feed(self, feed: Feed) -> None:
        self._beside(feed)
        planned = plan(self.store, feed, self.configured, now=self.now)
        states = self.store.publishing.editions(feed.name)
        newest = planned.days[-1] if planned.days else None
        self.stones = self.store.takedowns.tombstones(feed.name)
        planned = with_days_of(self.stones, planned, now=self.now)
        self._archive(feed, planned.days)
        deleted = deleted_from(self.stones, planned, now=self.now)
        decided = self._decided(feed)
        for outlook in outlooks(planned, states):
            outlook = replace(outlook, deleted=deleted.get(outlook.day, ()), decided=decided)
            self.editions.append((feed.name, outlook.day))
            if not outlook.closed:
                self.open.append((feed.name, outlook.day))
            paths = list(self._paths(feed, outlook.day, newest))
            # The usual case of a closed day: nothing is read for it.
            state = outlook.state
            if not (outlook.closed and state and self._stand(paths, self._mark(outlook, state))):
                made, state = edition(self.store, planned, outlook, self.site, now=self.now)
                mark = self._mark(outlook, state)
                if not self._stand(paths, mark):
                    self._render(made, paths, mark)
            # The front page is the first feed's own, and that is the address to find it at.
            pages = {path for path in paths if path.endswith("/")} - {"/"} - set(_embeds(feed))
            self.pages += [
                Place(path=path, updated=state.updated) for path in sorted(pages & self.marks.keys())
            ]

    def _decided(self, feed: Feed) -> datetime | None:
        """Give when it was last decided what a feed is to hold: by an editor, or in config.toml."""
        if self.is_set_anew:
            return self.now  # since it was published last: nobody knows when
        newest = self.store.decisions.newest(feed.name)
        return min(newest, self.now) if newest else None  # by a clock that was ahead: it is there now

    def _archive(self, feed: Feed, days: Sequence[date]) -> None:
        """Write the page that leads to all days of a feed."""
        path, mark = addresses.beside(feed.name, "archive"), digest((self.settings, days))
        if not self._stand([path], mark):
            self._make(path, partial(archive, feed, days, self.site), mark)

    def _paths(self, feed: Feed, day: date | None, newest: date | None) -> Iterator[str]:
        """Give where an edition's documents stand; the newest day's page is the feed's, and the site's."""
        for format_ in self.formats:
            yield addresses.path(feed.name, format_, day)
        if day is None:
            yield from _embeds(feed)
        else:
            yield addresses.path(feed.name, "page", day)
        if day == newest:
            yield addresses.path(feed.name, "page")
            if feed == self.site.feeds[0]:
                yield "/"

    def _mark(self, outlook: Outlook, state: EditionState) -> str:
        """Give a mark of all that an edition's documents and its pages are made from."""
        near = (outlook.earlier, outlook.later, outlook.archive, outlook.closed, outlook.deleted)
        return digest((self.settings, state.fingerprint, state.updated, near))

    def _stand(self, paths: Iterable[str], mark: str) -> bool:
        """Tell whether documents stand there that were made from just this, and keep them if so.

        So are pages of before, where the theme would spoil those that are made from it.
        """
        known = {path: self.known.spoilt.get(path) for path in paths}
        spoilt = {path: one[1] for path, one in known.items() if one and one[0] == mark}
        marks = {path: f"{mark} {stamp(self.folder, path)}" for path in known.keys() - spoilt.keys()}
        if any(self.before.get(path) != marked for path, marked in marks.items()):
            return False
        self.marks |= marks
        for path, problem in spoilt.items():
            self._keep(path, problem, mark)
        return True

    def _render(self, made: Edition, paths: Iterable[str], mark: str) -> None:
        # A closed day is hardly ever made again.
        known = None if made.closed else self.known
        ready = proofed(made, self.site, paths, self.formats, known)
        others = (other for story in made.stories for other in story.others)
        held = [
            (entry, ready.held[entry.published_id])
            for entry in (*made.entries, *others)
            if entry.published_id in ready.held
        ]
        self.store.faults.put(made.feed.name, made.day, held)
        self.done.held |= ready.held
        for path, document in ready.documents.items():
            self._write(path, document, made.updated, mark=mark)
        for path, problem in ready.problems.items():
            self._keep(path, problem, mark)
        left = tuple(entry for entry in made.entries if entry.published_id not in ready.held)
        found = findable(replace(made, entries=left), self.site, known or Known())
        self.store.searching.fill(made.feed.name, made.day, found)
        forget()

    def _write(self, path: str, body: bytes, updated: datetime, *, mark: str = "") -> None:
        """Write a document, unless it stands there; `mark` is of what it is made from, by default itself."""
        mark = mark or sha256(body).hexdigest()[:32]
        self.known.spoilt.pop(path, None)
        if self._stand([path], mark):
            return  # to compress it once more would cost more than to make it
        if write(self.folder, path, body, updated, now=self.now):
            self.done.written.append(path)
        self.marks[path] = f"{mark} {stamp(self.folder, path)}"

    def _keep(self, path: str, problem: Fault, mark: str = "") -> None:
        """Leave the last good document where it is, unless what it tells of has been taken down."""
        file = location(self.folder, path)
        if self.stones and file.exists() and tells_of(file.read_bytes(), self.stones):
            remove(self.folder, path)
        elif path in self.before:
            self.marks[path] = ""  # to be tried again next time
        if problem.template:
            self.spoilt[path] = mark, problem
        else:
            self.done.problems.append(f"{path}: {problem.reason}")

    def _clean(self) -> None:
        stays = "" in self.marks.values()  # a page of before, which may ask for a style sheet of before
        for path in sorted(self.before.keys() - self.marks.keys()):
            is_asked_for = VERSIONED.fullmatch(path) or (stays and path.startswith("/static/"))
            if is_asked_for and location(self.folder, path).exists():
                self.marks[path] = self.before[path]
                continue
            remove(self.folder, path)
            self.done.removed.append(path)


def _embeds(feed: Feed) -> list[str]:
    return [addresses.beside(feed.name, kind) for kind in EMBEDS]
