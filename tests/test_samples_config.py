import re
import tomllib

import pytest

from samples import ROOT, SAMPLES, config, find, items, magazine, sample, text

SOURCES = ["morning", "journal", "agency", "morning-ru", "morning-hy", "terrace"]


def test_config_names_the_samples_and_they_are_there() -> None:
    sources = config()["sources"]
    assert [source["name"] for source in sources] == SOURCES
    assert all((ROOT / source["url"]).parent == SAMPLES for source in sources)
    assert all((ROOT / source["url"]).is_file() for source in sources)
    assert all(source["terms"]["rule"] for source in sources)


def test_config_quotes_each_publishers_own_rule() -> None:
    rules = [source["terms"]["rule"] for source in config()["sources"]]
    says = [
        text(sample("morning.xml"), "channel/copyright"),
        text(sample("journal.atom"), "atom:rights"),
        text(sample("agency.xml"), "channel/copyright"),
        text(sample("morning-ru.xml"), "channel/copyright"),
        text(sample("morning-hy.xml"), "channel/copyright"),
        magazine()["_terrace"]["rights"],
    ]
    assert all(say.endswith(rule) for say, rule in zip(says, rules, strict=True))


def test_config_names_each_source_and_its_language_as_its_document_does() -> None:
    titles = {source["name"]: source["title"] for source in config()["sources"]}
    languages = {source["name"]: source.get("language", "") for source in config()["sources"]}
    for name in ("morning", "agency", "morning-ru", "morning-hy"):
        channel = find(sample(f"{name}.xml"), "channel")[0]
        assert titles[name] == text(channel, "title")
        assert languages[name] in ("", text(channel, "language"))
    assert titles["journal"] == text(sample("journal.atom"), "atom:title")
    assert (titles["terrace"], languages["terrace"]) == (magazine()["title"], magazine()["language"])


def test_the_later_document_of_the_agency_is_no_source() -> None:
    assert not [source for source in config()["sources"] if "later" in source["url"]]


def test_the_school_is_taken_by_its_name_in_each_language_of_the_daily() -> None:
    names = config()["feeds"]["young-leaders-school"]["take"]["categories"]
    documents = ("morning.xml", "morning-ru.xml", "morning-hy.xml")
    assert len(names) == len(documents)
    for name, document in zip(names, documents, strict=True):
        assert [i for i in items(document) if name in [category.text for category in find(i, "category")]]


def test_config_publishes_three_feeds_with_the_day_newsfeed_first() -> None:
    feeds = config()["feeds"]
    assert list(feeds) == ["day", "newsfeed", "young-leaders-school"]
    assert [feed["title"] for feed in feeds.values()] == ["Day newsfeed", "Newsfeed", "Young Leaders School"]
    assert "take" not in feeds["day"]
    assert "take" not in feeds["newsfeed"]
    assert (feeds["day"]["limit"], feeds["day"]["per_source"]) == (50, 10)


def test_the_rule_of_the_day_newsfeed_drops_the_one_horoscope() -> None:
    (rule,) = config()["feeds"]["day"]["rules"]
    assert rule == {"when": {"title": ["horoscope*"]}, "then": "drop"}
    titles = [text(item, "title").lower() for name in ("morning.xml", "agency.xml") for item in items(name)]
    assert sum(title.startswith("horoscope") for title in titles) == 1


def test_the_sources_that_config_shows_in_comments_are_toml() -> None:
    lines = (
        (ROOT / "config.toml").read_text(encoding="utf-8").partition("── Your own sources")[2].splitlines()
    )
    shown = [line.removeprefix("# ") for line in lines if re.match(r"# (\[|\w+ +=)", line)]
    sources = tomllib.loads("\n".join(shown))["sources"]
    assert [source["url"] for source in sources] == [
        "https://paper.example/feed/",
        "https://partner.example/atom.xml",
    ]


def test_the_readme_beside_the_samples_tells_of_each() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    names = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".xml", ".atom", ".json"})
    assert sorted(re.findall(r"^\| `([\w.-]+)`", readme, re.M)) == names


@pytest.mark.parametrize("feed", ["day", "newsfeed", "young-leaders-school"])
def test_readme_names_the_address_of_every_feed(feed: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`/{feed}.rss`" in readme


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
@pytest.mark.parametrize("command", ["run", "poll", "publish", "serve", "check", "sources"])
def test_readme_and_docs_name_every_command(page: str, command: str) -> None:
    told = (ROOT / page).read_text(encoding="utf-8")
    assert re.search(rf"\| `{command}\b|^## {command}$", told, re.M)
