"""Edition to proofed documents: an entry that fails in one of them is held back in all.

Not so where a theme is to blame: then the document fails, and no entry.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from feedhub.curate.stories.telling import without
from feedhub.errors import RenderError
from feedhub.model import Edition, Fault, Site
from feedhub.publish.theming import blamed, reasons, unthemed
from feedhub.render import addresses
from feedhub.render.embed import EMBEDS
from feedhub.render.item import Item, keep_items, keeping
from feedhub.render.keeping import Keeping
from feedhub.render.page import page
from feedhub.render.proof import proof
from feedhub.render.proof.embeds import proof_embed
from feedhub.render.proof.proved import Proved
from feedhub.render.remembered import forget

Formats = Mapping[str, Callable[[Edition, Site], bytes]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from one publishing to the next: entries are made once, and proved once."""

    items: Keeping[Item] = field(default_factory=keeping)
    proved: Proved = field(default_factory=Proved)
    # Pages that a theme spoils, by path: a mark of what they would be made from, and what is wrong.
    spoilt: dict[str, tuple[str, Fault]] = field(default_factory=dict)

    def keep_only(
        self, editions: Collection[tuple[str, date | None]], spoilt: Mapping[str, tuple[str, Fault]]
    ) -> None:
        """Forget what other editions held than these, a feed's name and a day each, and of other pages."""
        self.spoilt.clear()
        self.spoilt.update(spoilt)
        self.items.keep_only(editions)
        self.proved.keep_only(editions)


@dataclass(slots=True)
class Proofed:
    """The documents of an edition."""

    documents: dict[str, bytes] = field(default_factory=dict)  # by path
    held: dict[str, str] = field(default_factory=dict)  # published id -> why the entry is in none of them
    problems: dict[str, Fault] = field(default_factory=dict)  # path -> why there is no document


def proofed(
    made: Edition,
    site: Site,
    paths: Iterable[str],
    formats: Formats,
    known: Known | None = None,
) -> Proofed:
    """Render an edition for each path and proof the bytes, until no entry fails that is in it.

    What is known of its entries is neither made nor proofed again.
    """
    paths = tuple(paths)
    held: dict[str, str] = {}
    try:
        while True:
            if known:
                _take_kept(made, site, known)
            done, failing = _proofed_once(made, site, paths, formats, known)
            if not failing:
                done.held = held
                return done
            held |= failing
            made = without(made, failing)
    finally:
        forget()


def _take_kept(made: Edition, site: Site, known: Known) -> None:
    with suppress(RenderError):  # each document that cannot be made will say so
        keep_items(made, site, known.items)


def _proofed_once(
    made: Edition, site: Site, paths: Iterable[str], formats: Formats, known: Known | None
) -> tuple[Proofed, dict[str, str]]:
    """Render and proof an edition once; gives also which entries fail, by published id, and why."""
    done = Proofed()
    failing: dict[str, str] = {}
    ids = {entry.published_id for entry in made.entries}
    for path in paths:
        document, faults = _attempt(made, site, path, formats, known.proved if known else None)
        if faults:
            done.problems[path] = replace(faults[0], reason=reasons(faults))
        else:
            done.documents[path] = document
        for fault in faults:
            if fault.entry in ids and not fault.template:
                failing.setdefault(fault.entry, fault.reason)
    return done, failing


def _attempt(
    made: Edition, site: Site, path: str, formats: Formats, proved: Proved | None
) -> tuple[bytes, list[Fault]]:
    """Make one document and find what is wrong with it; where it cannot be made, the entries to blame.

    What is wrong with a page that is right as our own templates draw it is wrong with the theme.
    """
    document, faults = _made(made, site, path, formats, proved)
    if faults and site.theme_files and path.endswith("/"):
        _, own = _attempt(made, unthemed(made, site), path, formats, None)
        return b"", own or [blamed(faults, made, site, lambda one, at: _made(one, at, path, formats)[1])]
    if document or not _made(replace(made, entries=()), site, path, formats)[0]:
        return document, faults
    # An error names one entry at most, and perhaps none: each is tried alone.
    failing = []
    for entry in made.entries:
        alone, why = _made(replace(made, entries=(entry,)), site, path, formats)
        if not alone:
            failing.append(Fault(reason=why[0].reason, entry=entry.published_id))
    return document, failing or faults


def _made(
    made: Edition, site: Site, path: str, formats: Formats, proved: Proved | None = None
) -> tuple[bytes, list[Fault]]:
    """Make one document and proof it; no bytes if that raises."""
    try:
        for kind, render in EMBEDS.items():
            if path == addresses.beside(made.feed.name, kind):
                document = render(made, site)
                return document, proof_embed(kind, document, made, site)
        is_page = path.endswith("/")
        format_ = "page" if is_page else path.rpartition(".")[2]
        document = page(made, site, path=path) if is_page else formats[format_](made, site)
        return document, proof(format_, document, made, site, proved)
    except RenderError as error:
        reason = str(error).removeprefix(f"{error.entry}: ")
        return b"", [Fault(reason=reason, entry=error.entry, template=error.template)]
    except Exception as error:  # noqa: BLE001 - one document that trips us must not stop all the others
        return b"", [Fault(reason=f"{type(error).__name__}: {error}")]
