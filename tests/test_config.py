import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from feedhub import __version__, config
from feedhub.errors import ConfigError
from feedhub.model import Feed, Limits, Rule, Source, Take, Terms, When

FOLDER = Path("/srv/hub")
FEED = "\n[feeds.day]\n"
WHOLE = """
[site]
title    = "Valley Desk"
url      = "https://news.example/valley/"
timezone = "Asia/Yerevan"
language = "hy"
contact  = "desk@news.example"
icon     = "icon.png"

[defaults]
every = "20m"
keep  = "forever"

[defaults.terms]
excerpt = 300
credit  = "top"

[[sources]]
name = "morning"
title = "The Morning"
url = "https://morning.example/feed/"
groups = ["daily", "politics"]
every = "10m"
language = "en"
timezone = "Europe/Paris"
paused = true

[sources.terms]
rule = "Link in the first passage."
excerpt = 400

[[sources]]
url = "https://www.partner.example/atom.xml"
groups = ["wire"]
public = false
auth = "bearer:${PARTNER_TOKEN}"
terms = { show = "full", license = "https://licenses.example/by/" }

[[sources]]
url = "posts/desk.xml"
every = "2s"
terms = { show = "full", credit = "none" }

[feeds.day]
title = "Day newsfeed"
about = "What matters today."
take = { groups = ["daily"], sources = ["desk"], categories = ["Analysis"] }
limit = 20
closes = "2h"
per_source = 10
language = "en"
timezone = "UTC"

[[feeds.day.rules]]
when = { title = ["horoscope*", "lottery*"], source = "mor*", group = "daily", age = "2d" }
then = "drop"

[feeds.young-leaders]

[fetch]
private = ["Feeds.Internal:8080"]
max_size = "5 MB"
memory = "256 MiB"
proxy = "socks5h://proxy:1080"

[server]
listen = "[::1]:9000"
cache = "5m"
proxies = ["10.0.0.1"]

[embed]
allow = ["https://*.example"]

[store]
url = "sqlite:///data/hub.db"
feeds = "../www"
"""


def read(text, **environ):
    return config.parse(text, path=FOLDER / "config.toml", environ=environ)


def problems(text, **environ):
    with pytest.raises(ConfigError) as caught:
        read(text, **environ)
    return list(caught.value.problems)


def source(lines, **environ):
    return read(f"[[sources]]\n{lines}\n{FEED}", **environ).sources[0]


def source_problem(lines, **environ):
    (problem,) = problems(f"[[sources]]\n{lines}\n{FEED}", **environ)
    return problem


def test_a_whole_file_is_read_as_it_stands():
    found = read(WHOLE, PARTNER_TOKEN="hush")
    assert found.path == FOLDER / "config.toml"
    assert found.server == config.Server(
        host="::1", port=9000, cache=timedelta(minutes=5), proxies=("10.0.0.1",)
    )
    assert found.store_url == "sqlite:////srv/hub/data/hub.db"
    assert found.feeds == Path("/srv/www")
    assert found.embed_allow == ("https://*.example",)
    assert found.limits == Limits(
        private=("feeds.internal:8080",),
        max_size=5_000_000,
        memory=256 * 2**20,
        proxy="socks5h://proxy:1080",
        user_agent=f"FeedHub/{__version__} (+https://news.example/valley; desk@news.example)",
    )


def test_the_site_holds_its_feeds_and_sources():
    found = read(WHOLE, PARTNER_TOKEN="hush")
    site = found.site
    assert (site.title, site.url, site.timezone, site.language) == (
        "Valley Desk",
        "https://news.example/valley",
        "Asia/Yerevan",
        "hy",
    )
    assert (site.contact, site.icon) == ("desk@news.example", "https://news.example/valley/icon.png")
    assert site.feeds == (
        Feed(
            name="day",
            title="Day newsfeed",
            about="What matters today.",
            take=Take(groups=("daily",), sources=("desk",), categories=("Analysis",)),
            rules=(
                Rule(
                    when=When(
                        title=("horoscope*", "lottery*"),
                        source=("mor*",),
                        group=("daily",),
                        age=timedelta(days=2),
                    ),
                    then="drop",
                ),
            ),
            limit=20,
            closes=timedelta(hours=2),
            per_source=10,
            timezone="UTC",
            language="en",
        ),
        Feed(name="young-leaders", title="Young leaders", timezone="Asia/Yerevan", language="hy"),
    )
    assert list(site.sources.values()) == list(found.sources)
    assert list(site.sources) == ["morning", "partner-example", "desk"]


def test_sources_inherit_key_by_key():
    morning, partner, desk = read(WHOLE, PARTNER_TOKEN="hush").sources
    assert morning == Source(
        name="morning",
        title="The Morning",
        url="https://morning.example/feed/",
        groups=("daily", "politics"),
        every=timedelta(minutes=10),
        language="en",
        timezone="Europe/Paris",
        terms=Terms(excerpt=400, credit="top", rule="Link in the first passage."),
        paused=True,
    )
    assert partner == Source(
        name="partner-example",
        url="https://www.partner.example/atom.xml",
        groups=("wire",),
        every=timedelta(minutes=20),
        timezone="Asia/Yerevan",
        terms=Terms(excerpt=300, credit="top", show="full", license="https://licenses.example/by/"),
        auth="bearer:hush",
        public=False,
    )
    assert desk.url == "file:///srv/hub/posts/desk.xml"
    assert desk.every == timedelta(seconds=2)
    assert desk.terms == Terms(excerpt=300, credit="none", show="full")


def test_without_a_url_the_site_is_where_it_listens():
    assert read(FEED).site.url == "http://127.0.0.1:8000"
    assert read(FEED + '[server]\nlisten = "[::1]:81"').site.url == "http://[::1]:81"
    assert read(FEED).limits.user_agent == f"FeedHub/{__version__} (+http://127.0.0.1:8000)"


def test_the_store_stands_beside_the_file():
    found = read(FEED)
    assert found.store_url == "sqlite:////srv/hub/feedhub.db"
    assert found.feeds == FOLDER / "feeds"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("sqlite:////var/lib/hub.db", "sqlite:////var/lib/hub.db"),
        ("sqlite:///../hub.db?timeout=5", "sqlite:////srv/hub.db?timeout=5"),
        ("postgresql://feedhub:${PASSWORD}@db/feedhub", "postgresql://feedhub:hush@db/feedhub"),
    ],
)
def test_a_database_is_named_by_path_or_by_address(written, found):
    assert read(f'{FEED}[store]\nurl = "{written}"', PASSWORD="hush").store_url == found


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.morning.example/feed/", "morning-example"),
        ("https://Morning.Example:8080/feed/", "morning-example"),
        ("http://user:${WORD}@127.0.0.1:81/", "127-0-0-1"),
        ("https://пример.example/", "xn-e1afmkfd-example"),
        ("posts/Our Desk.xml", "our-desk"),
        ("./www.example.com/feed", "feed"),
        ("/srv/news.atom", "news"),
    ],
)
def test_a_source_without_a_name_is_named_after_its_host_or_document(url, name):
    assert source(f'url = "{url}"', WORD="hush").name == name


@pytest.mark.parametrize(
    ("url", "key"),
    [("${ADDRESS}", "url"), ("https://${ADDRESS}.example/", "name"), ("${ADDRESS}/desk.xml", "name")],
)
def test_a_name_is_never_made_of_what_the_environment_holds(url, key):
    problem = source_problem(f'url = "{url}"', ADDRESS="hush" if key == "name" else "")
    assert problem.startswith(f"config.toml:{2 if key == 'url' else 1}: sources[1].{key}: ")
    assert "hush" not in problem


def test_variables_are_filled_in_and_make_a_source_secret():
    text = 'name = "a"\nurl = "https://${HOST}/feed?key=${KEY}"\nauth = "basic:me:${WORD}"'
    found = source(text, HOST="a.example", KEY="k1", WORD="a:b")
    assert (found.url, found.auth) == ("https://a.example/feed?key=k1", "basic:me:a:b")
    assert found.is_secret
    assert not found.is_open
    assert not source('url = "https://a.example/"').is_secret


def test_the_contact_may_come_from_the_environment():
    assert read(FEED + '[site]\ncontact = "${MAIL}"', MAIL="a@b.example").site.contact == "a@b.example"


def test_short_intervals_are_for_what_is_our_own():
    private = '[fetch]\nprivate = ["a.example:80", "[::1]:81"]\n'
    for url in ("http://a.example/feed", "http://[::1]:81/feed"):
        text = f'{private}[[sources]]\nname = "a"\nurl = "{url}"\nevery = "1s"{FEED}'
        assert read(text).sources[0].every == timedelta(seconds=1)
    assert 'every: must be at least "1m"' in source_problem('url = "http://a.example/"\nevery = "59s"')
    (problem,) = problems(f'{private}[[sources]]\nurl = "https://a.example/"\nevery = "30s"{FEED}')
    assert problem.startswith('config.toml:5: sources[1].every: must be at least "1m"')


def test_an_inherited_interval_that_is_too_short_is_told_once_where_it_stands():
    text = '[defaults]\nevery = "10s"\n[[sources]]\nurl = "a.xml"\n'
    assert read(text + FEED).sources[0].every == timedelta(seconds=10)
    sources = "".join(f'[[sources]]\nurl = "https://{name}.example/"\n' for name in "bcd")
    assert problems(text + sources + FEED) == [
        'config.toml:2: defaults.every: must be at least "1m" for sources[2], which inherits it'
    ]


def test_a_file_may_begin_with_a_byte_order_mark_and_end_its_lines_as_on_windows(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert config.load(path, {"PARTNER_TOKEN": "x"}).site.title == "Valley Desk"


def test_relative_paths_start_from_the_folder_of_the_file(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text(f'[[sources]]\nurl = "a.xml"{FEED}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = config.load(Path("config.toml"), {})
    assert found.path == tmp_path / "config.toml"
    assert found.feeds == tmp_path / "feeds"
    assert found.sources[0].url == (tmp_path / "a.xml").as_uri()


def test_a_file_that_is_not_there_or_cannot_be_read_is_told_in_words(tmp_path):
    with pytest.raises(ConfigError, match=r"^config\.toml: there is no such file: .*config\.toml$"):
        config.load(tmp_path / "config.toml", {})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        config.load(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes(b'[site]\ntitle = "caf\xe9"\n')
    with pytest.raises(ConfigError, match=r"^latin\.toml:2: the file is not in UTF-8$"):
        config.load(tmp_path / "latin.toml", {})


def test_no_other_part_of_the_program_is_loaded():
    modules = (
        "import sys; from feedhub import config; print(*sorted(m for m in sys.modules if 'feedhub' in m))"
    )
    root = Path(config.__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", modules], capture_output=True, text=True, check=True, cwd=root, timeout=60
    )
    others = {name.split(".")[1] for name in run.stdout.split() if "." in name}
    assert others == {"config", "errors", "model", "text", "urls"}


@pytest.mark.parametrize(("begins", "ends"), [("{not = ", "}"), ("{any = [", "]}")])
@pytest.mark.parametrize("depth", [60, 300, 330, 500, 5000])
def test_rules_nested_too_deeply_are_told_in_words(begins, ends, depth):
    rule = "when = " + begins * depth + '{title = "a"}' + ends * depth
    with pytest.raises(ConfigError, match="nested too deeply"):
        read(f'{FEED}[[feeds.day.rules]]\nthen = "drop"\n{rule}')


def test_dotted_keys_nested_too_deeply_are_told_in_words():
    with pytest.raises(ConfigError, match="nested too deeply"):
        read(f'{FEED}[[feeds.day.rules]]\nthen = "drop"\nwhen.' + "not." * 700 + 'title = "a"')


def test_a_name_that_no_file_can_bear_is_told():
    with pytest.raises(ConfigError, match="the name is longer than 100 characters"):
        read(f"[feeds.{'a' * 101}]")
    assert read(f"[feeds.{'a' * 100}]")


def test_a_folder_in_place_of_the_file_is_told_by_its_name():
    with pytest.raises(ConfigError, match=r"^\.: the file cannot be read"):
        config.load(Path(), {})
