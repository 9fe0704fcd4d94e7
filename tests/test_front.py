"""The front page: what leads, what stands beside it, and what in which section."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import editions
from editions import FEED, edition, entry, site, source
from feedhub.model import Category, Edition, Entry, Feed, Section, Site, Story, Take, Terms
from feedhub.render.front import Front, front

LONG = f"<p>{'Many words that tell it all. ' * 10}</p>"
SITE = site(
    source(groups=("daily", "politics")),
    source("wire", title="Hill Wire", groups=("wire",)),
    source("journal", title="Journal", groups=("culture",)),
)
CULTURE = Section(title="Culture", take=Take(groups=("culture",)))
BRIEF = Section(title="In brief", take=Take(groups=("wire",)))


def keys(*entries: Entry) -> list[str]:
    return [each.key for each in entries]


def sections(laid: Front) -> Mapping[str, list[str]]:
    return {section.title: keys(*entries) for section, entries in laid.sections}


def parted(*parts: Section) -> Feed:
    return replace(FEED, sections=parts)


# ── The lead ─────────────────────────────────────────────────────────────────────────────────────


def leads(made: Edition, known: Site = SITE) -> str:
    laid = front(made, known)
    assert laid.lead
    return laid.lead.key


PLAIN = (entry("a"), entry("b", summary=LONG), entry("c", summary=LONG), entry("d", language="hy"))


def test_the_newest_with_a_passage_to_show_leads() -> None:
    assert leads(edition(*PLAIN)) == "b"
    assert leads(edition(entry("a"), entry("b"))) == "a"


@pytest.mark.parametrize("terms", [Terms(show="title"), Terms(excerpt=100)])
def test_a_passage_that_may_not_be_shown_does_not_count(terms: Terms) -> None:
    bound = site(source(terms=terms), source("wire"))
    assert leads(edition(entry("a", summary=LONG), entry("b", source="wire", summary=LONG)), bound) == "b"


def test_what_more_sources_tell_goes_before_what_is_newer() -> None:
    told = Story(told_by=PLAIN[2].published_id, others=(entry("x", source="wire"),))
    assert leads(edition(*PLAIN, stories=(told,))) == "c"


def test_an_entry_in_another_language_leads_only_where_there_is_no_other() -> None:
    foreign = entry("a", summary=LONG, language="ru")
    assert leads(edition(foreign, entry("b"))) == "b"
    assert leads(edition(foreign)) == "a"
    assert leads(edition(foreign, entry("b"), feed=replace(FEED, language="ru"))) == "a"


def test_what_is_featured_goes_before_all_that_is_not_and_what_was_named_before_that() -> None:
    featured = frozenset({PLAIN[0].published_id, PLAIN[2].published_id})
    assert leads(edition(*PLAIN, featured=featured)) == "a"
    assert leads(edition(*PLAIN, featured=featured, lead=PLAIN[3].published_id)) == "d"
    assert leads(edition(*PLAIN, lead="urn:x-nobody")) == "b"


def test_an_edition_without_entries_has_no_lead() -> None:
    assert front(edition(), SITE) == Front(lead=None, top=(), sections=())


# ── Sections ─────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_stands_in_the_first_section_that_takes_it_and_at_the_top_in_none() -> None:
    made = edition(
        entry("lead", summary=LONG),
        entry("a", source="journal", categories=(Category(term="Weather"),)),
        entry("b", source="wire"),
        entry("c"),
        feed=parted(CULTURE, Section(title="Weather", take=Take(categories=("weather",))), BRIEF),
    )
    laid = front(made, SITE)
    assert keys(*laid.top) == ["c"]
    assert sections(laid) == {"Culture": ["a"], "In brief": ["b"]}


def test_a_section_takes_what_fits_each_kind_of_thing_that_it_names() -> None:
    both = Section(title="Both", take=Take(groups=("wire",), categories=("ՔԱՂԱՔ",)))
    label = (Category(term="x", label="Քաղաք"),)
    made = edition(
        entry("lead", summary=LONG),
        entry("a", source="wire", categories=label),
        entry("b", source="wire"),
        entry("c", categories=label),
        entry("d", source="journal"),
        feed=parted(both, Section(title="One", take=Take(sources=("journal",)))),
    )
    laid = front(made, SITE)
    assert sections(laid) == {"Both": ["a"], "One": ["d"]}
    assert keys(*laid.top) == ["b", "c"]


def test_what_is_featured_stands_at_the_top() -> None:
    made = edition(
        entry("lead"),
        entry("a", source="wire"),
        entry("b", source="wire"),
        feed=parted(BRIEF),
        featured=frozenset(f"https://morning.example/?p={key}" for key in ("lead", "b")),
    )
    assert keys(*front(made, SITE).top) == ["b"]


def test_without_sections_each_first_group_of_a_source_is_one_and_the_newest_stand_at_the_top() -> None:
    many = [entry(f"m{number}") for number in range(6)]
    made = edition(
        entry("lead", summary=LONG), *many, entry("w", source="wire"), entry("x", source="journal")
    )
    laid = front(made, SITE)
    assert keys(*laid.top) == ["m0", "m1", "m2", "m3"]
    assert sections(laid) == {"Daily": ["m4", "m5"], "Wire": ["w"], "Culture": ["x"]}


def test_where_nothing_is_in_the_feeds_language_the_newest_of_all_stand_at_the_top() -> None:
    foreign = [entry(f"m{number}", language="ru") for number in range(6)]
    made = edition(*foreign, entry("w", source="wire", language="ru"))
    assert keys(*front(made, SITE).top) == ["m1", "m2", "m3", "m4"]


@pytest.mark.parametrize("groups", [(), ("daily",)])
def test_a_single_group_makes_no_section(groups: tuple[str, ...]) -> None:
    laid = front(edition(*(entry(key) for key in "abc")), site(source(groups=groups)))
    assert (laid.lead and laid.lead.key, keys(*laid.top), laid.sections) == ("a", ["b", "c"], ())


@given(editions.editions(), st.sets(st.integers(0, 3)), st.integers(0, 4), st.booleans())
@settings(max_examples=80, deadline=None)
def test_every_entry_stands_on_the_page_once_the_newest_first_in_each_part(
    drawn: tuple[Edition, Site], featured: set[int], lead: int, has_sections: bool
) -> None:
    made, known = drawn
    ids = [each.published_id for each in made.entries]
    made = replace(
        made,
        lead=ids[lead] if lead < len(ids) else "",
        featured=frozenset(ids[number] for number in featured if number < len(ids)),
        feed=parted(Section(title="Armenia", take=Take(groups=("armenia",)))) if has_sections else FEED,
    )
    laid = front(made, known)
    parts = [laid.top, *(entries for _, entries in laid.sections)]
    shown = [each for each in (laid.lead, *(one for part in parts for one in part)) if each]
    assert sorted(map(id, shown)) == sorted(map(id, made.entries))
    for part in parts:
        assert [ids.index(each.published_id) for each in part] == sorted(
            ids.index(each.published_id) for each in part
        )
    assert all(entries for _, entries in laid.sections)
