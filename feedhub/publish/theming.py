"""Pages that our own templates draw right, and a theme does not: which of its templates is to blame."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from feedhub.model import Edition, Fault, Site
from feedhub.render.remembered import remembered_of_edition

Find = Callable[[Edition, Site], Sequence[Fault]]  # makes a page of an edition, and gives what is wrong in it


def told(spoilt: Mapping[str, Fault]) -> Iterator[str]:
    """Tell what is wrong with each template, once, however many pages (by path) stay as they were for it."""
    by_template: dict[str, list[str]] = {}
    for path in sorted(spoilt):
        by_template.setdefault(spoilt[path].template, []).append(path)
    for first, *others in by_template.values():
        more = f" and {len(others)} more" if others else ""
        where = f" (entry {spoilt[first].entry})" if spoilt[first].entry else ""
        yield f"{first}{more}: site.theme: {spoilt[first].reason}{where}"


@remembered_of_edition
def unthemed(_: Edition, site: Site) -> Site:
    """Give a site without its theme: for all pages of an edition the same object, by which it is known."""
    return replace(site, theme_files=())


def blamed(faults: Sequence[Fault], made: Edition, site: Site, find: Find) -> Fault:
    """Sum up what is wrong with a page that a theme spoils, and name the template without which it is not."""
    said = reasons(faults)
    if faults[0].template:
        return Fault(reason=said, template=faults[0].template)
    entry = next((fault.entry for fault in faults if fault.entry), "")
    # One entry mostly shows it, and takes less to draw than all.
    one = replace(made, entries=tuple(each for each in made.entries if each.published_id == entry))
    names = ", ".join(_to_blame(one if find(one, site) else made, site, find))
    return Fault(reason=f"the template {names}: {said}", entry=entry, template=names)


def _to_blame(made: Edition, site: Site, find: Find) -> Iterable[str]:
    templates = [name for name, _ in site.theme_files if name.endswith(".html")]
    for name in templates:
        others = tuple(file for file in site.theme_files if file[0] != name)
        if not find(made, replace(site, theme_files=others)):
            return [name]
    return templates


def reasons(faults: Iterable[Fault]) -> str:
    """Give why a document is not right, each reason once."""
    return "; ".join(dict.fromkeys(fault.reason for fault in faults))
