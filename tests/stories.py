"""Which entries of the samples tell the same news: a labelled set, by links as they stand in a Reading."""

_EN = "https://morning.example/2024/11"
_RU = "https://morning.example/ru/2024/11"
_HY = "https://morning.example/hy/2024/11"
_WIRE = "https://wire.example/en/news"
_HIGHLAND = "https://highland.example/2024/11"
_TERRACE = "https://terrace.example/2024/11"

# The agency hands on the Morning's analysis under the same link, but for its tracking.
STORIES: dict[str, frozenset[str]] = {
    "the vote": frozenset(
        {
            f"{_EN}/22/assembly-backs-compact/",
            f"{_WIRE}/48160",
            f"{_RU}/22/dogovor-dolin-odobren/",
            f"{_HY}/22/hovitneri-hamadzaynagir/",
        }
    ),
    "what follows from the vote": frozenset(
        {
            f"{_EN}/24/three-roads/",
            f"{_RU}/24/tri-voprosa-o-dogovore/",
        }
    ),
    "the pass reopens": frozenset(
        {
            f"{_EN}/24/dzyunik-pass-reopens/",
            f"{_WIRE}/48201",
            f"{_RU}/24/pereval-dzyunik-otkryt/",
            f"{_HY}/24/dzyuniki-lernantsk/",
        }
    ),
    "the graduates' map of buses": frozenset(
        {
            f"{_EN}/24/graduates-map-buses/",
            f"{_RU}/24/avtobusy-kotoryh-net/",
            f"{_HY}/24/chekogh-avtobusner/",
            f"{_TERRACE}/listening-to-a-timetable/",
        }
    ),
    "the debate day": frozenset(
        {
            f"{_EN}/23/debate-day/",
            f"{_RU}/23/den-debatov/",
            f"{_HY}/23/banavetchi-or/",
            f"{_TERRACE}/how-to-lose-a-debate/",
        }
    ),
    "the night train": frozenset(
        {
            f"{_EN}/20/night-train/",
            f"{_RU}/20/nochnoy-poezd/",
            f"{_TERRACE}/entrik-gnatskum/",
        }
    ),
    "the loaf of bread": frozenset(
        {
            f"{_EN}/24/loaf-of-bread/",
            f"{_HY}/24/hatsy-yev-dzmery/",
        }
    ),
    "the newspapers online": frozenset(
        {
            f"{_WIRE}/48107",
            f"{_HY}/20/yerek-hazar-tert/",
        }
    ),
    "the seed library": frozenset(
        {
            f"{_HIGHLAND}/seed-library/",
            f"{_TERRACE}/two-handfuls-back/",
        }
    ),
}

# Near a story, by place, words or persons, yet other news: what a careless judge would put together.
NOT_OF: dict[str, frozenset[str]] = {
    "the pass reopens": frozenset(
        {
            f"{_HIGHLAND}/voices-from-the-pass/",  # about the closure
            f"{_TERRACE}/nine-day-bread/",  # a recipe, baked during the closure
            f"{_EN}/21/clinic-by-van/",  # its van cannot cross
        }
    ),
    "the night train": frozenset({"https://wire.example/en/notices/winter-timetable-2024"}),
    "the loaf of bread": frozenset({f"{_TERRACE}/nine-day-bread/"}),
    "the newspapers online": frozenset({f"{_HIGHLAND}/small-museum/"}),
    "the graduates' map of buses": frozenset({f"{_HIGHLAND}/maps-of-winter/"}),
    "the debate day": frozenset({f"{_EN}/22/assembly-backs-compact/"}),
}
