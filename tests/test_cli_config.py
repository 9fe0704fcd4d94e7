import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from feedhub import config
from feedhub.cli import main
from feedhub.config import tables
from feedhub.config.force import in_force
from feedhub.config.meanings import MEANINGS
from feedhub.config.schema import document, schema
from hubs import ROOT, Hub, Item, rss
from loopback import Asked, Given, Loopback
from test_config import WHOLE

AT = datetime(2024, 11, 24, 9, 0, tzinfo=UTC)
PAPER = rss(Item(id="1", title="Gates", link="https://paper.example/1", at=AT))


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        web.serves("/feed", PAPER)
        yield web


# ── init ─────────────────────────────────────────────────────────────────────────────────────────


def init(folder: Path) -> Any:
    return CliRunner().invoke(main, ["init", str(folder)], prog_name="feedhub")


def test_a_new_hub_is_right_and_publishes_its_samples_at_once(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "my hub")
    told = init(hub.folder)
    assert (told.exit_code, told.stderr) == (0, "")
    assert [line.strip() for line in told.stdout.splitlines()[-3:]] == [
        f"cd '{hub.folder}'",
        "feedhub run",
        "feedhub add https://…",
    ]
    assert hub.invoke("poll").exit_code == 0
    assert len(hub.atom().findall("{*}entry")) > 10
    assert all(source["state"] == "ok" for source in hub.sources().values())


def test_a_new_hub_has_the_schema_that_its_config_names(tmp_path: Path) -> None:
    init(tmp_path)
    head = (tmp_path / "config.toml").read_text(encoding="utf-8").splitlines()[0]
    assert head == "#:schema ./config.schema.json"
    assert (tmp_path / "config.schema.json").read_text(encoding="utf-8") == document()


def test_the_folder_of_a_new_hub_is_the_current_one_if_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["init"])
    assert told.exit_code == 0
    assert "cd " not in told.stdout
    assert (tmp_path / "config.toml").is_file()


@pytest.mark.parametrize("name", ["config.toml", "config.schema.json", "samples/agency.xml"])
def test_init_overwrites_nothing_and_names_the_file(name: str, tmp_path: Path) -> None:
    there = tmp_path / name
    there.parent.mkdir(exist_ok=True)
    there.write_text("mine", encoding="utf-8")
    told = init(tmp_path)
    assert told.exit_code == 1
    assert str(there) in told.stderr
    assert there.read_text(encoding="utf-8") == "mine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]


# ── check --schema ───────────────────────────────────────────────────────────────────────────────


def faults(value: Any, rule: dict[str, Any], at: str = "") -> list[str]:
    """Tell where a value breaks a JSON Schema, as far as ours goes."""
    rule = rule | schema()["$defs"].get(rule.get("$ref", "").rpartition("/")[2], {})
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    found = []
    if "type" in rule and (
        not isinstance(value, kinds[rule["type"]]) or (rule["type"] == "integer" and isinstance(value, bool))
    ):
        return [f"{at}: not of type {rule['type']}"]
    if "enum" in rule and value not in rule["enum"]:
        found.append(f"{at}: not in enum")
    if "pattern" in rule and isinstance(value, str) and not re.search(rule["pattern"], value):
        found.append(f"{at}: pattern")
    if "not" in rule and not faults(value, rule["not"]):
        found.append(f"{at}: not")
    if "anyOf" in rule and all(faults(value, one) for one in rule["anyOf"]):
        found.append(f"{at}: anyOf")
    if isinstance(value, int) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        found.append(f"{at}: range")
    if isinstance(value, list):
        found += [f"{at}: minItems"] if len(value) < rule.get("minItems", 0) else []
        found += [fault for one in value for fault in faults(one, rule.get("items", {}), f"{at}[]")]
    if isinstance(value, dict):
        found += [f"{at}: required {key}" for key in rule.get("required", []) if key not in value]
        found += [f"{at}: minProperties"] if len(value) < rule.get("minProperties", 0) else []
        for key, one in value.items():
            found += faults(key, rule.get("propertyNames", {}), f"{at}.{key} (name)")
            inner = rule.get("properties", {}).get(key, rule.get("additionalProperties", {}))
            found += [f"{at}.{key}: unknown"] if inner is False else faults(one, inner, f"{at}.{key}")
    return found


def test_the_schema_at_the_top_of_the_project_is_the_one_that_check_prints() -> None:
    told = CliRunner().invoke(main, ["-c", "nowhere.toml", "check", "--schema"])
    assert told.exit_code == 0
    assert told.stdout == (ROOT / "config.schema.json").read_text(encoding="utf-8")
    assert json.loads(told.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_config_at_the_top_of_the_project_names_the_schema() -> None:
    assert (ROOT / "config.toml").read_text(encoding="utf-8").startswith("#:schema ./config.schema.json\n")


@pytest.mark.parametrize(
    "text", [WHOLE, (ROOT / "config.toml").read_text(encoding="utf-8")], ids=["whole", "ours"]
)
def test_what_is_right_fits_the_schema(text: str) -> None:
    assert faults(tomllib.loads(text), schema()) == []


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n[feeds.day]",
        "",
        "[feeds]",
        "[feeds.static]",
        '[feeds."My Day"]',
        "[[sources]]\n[feeds.day]",
        '[[sources]]\nurl = ""\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nulr = "b.xml"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nevery = "10"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nevery = 10\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nevery = "0s"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nname = "A b"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nlanguage = "english"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nauth = "bearer:secret"\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nterms = { show = "all" }\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\nterms = { excerpt = 0 }\n[feeds.day]',
        '[[sources]]\nurl = "a.xml"\npaused = "yes"\n[feeds.day]',
        "[feeds.day]\ntake = { groups = [] }",
        '[feeds.day]\ntake = { groups = "a" }',
        '[[feeds.day.rules]]\nthen = "drop"',
        "[[feeds.day.rules]]\nwhen = { title = [] }\nthen = 'drop'",
        '[feeds.day]\n[fetch]\nmax_size = "10"',
        '[feeds.day]\n[server]\nlisten = "8000"',
        '[feeds.day]\n[store]\nurl = "mysql://x"',
    ],
)
def test_what_the_schema_refuses_is_wrong(text: str) -> None:
    assert faults(tomllib.loads(text), schema()) != []
    with pytest.raises(config.ConfigError):
        config.parse(text, path=Path("/srv/config.toml"), environ={})


def test_every_key_of_the_schema_says_what_it_means() -> None:
    for name, table in {**schema()["$defs"], "File": schema()}.items():
        assert table["additionalProperties"] is False
        assert table["description"].endswith(".")
        silent = {key for key, value in table["properties"].items() if "description" not in value}
        assert silent <= {"terms", "take", "rules", "sections", "when", *tables.File.model_fields}, name


def test_the_meanings_are_those_of_the_documentation() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", page, re.M)
    meanings = [(key, words) for table in MEANINGS.values() for key, words in table.items() if key]
    assert sorted(meanings) == sorted((key, words.replace("`", "")) for key, words in cells)


# ── config ───────────────────────────────────────────────────────────────────────────────────────


def origins(hub: Hub, **environ: str) -> dict[str, tuple[object, str]]:
    told = hub.invoke("config", "--json", **environ)
    assert (told.exit_code, told.stderr) == (0, "")
    return {row["key"]: (row["value"], row["origin"]) for row in json.loads(told.stdout)}


def test_every_value_is_told_with_the_line_that_it_comes_from(hub: Hub) -> None:
    hub.path.write_text(
        '[site]\ntimezone = "Asia/Yerevan"\n[defaults]\nterms.show = "full"\n[[sources]]\nurl = "a.xml"\n'
        'terms = { excerpt = 5 }\n[[sources]]\nname = "b"\nurl = "https://b.example/${KEY}?x=${KEY}"\n'
        'auth = "basic:me:${PASSWORD}"\n[feeds.day]\nlimit = 7\n[[feeds.day.rules]]\nthen = "drop"\n'
        'when.title = "x*"\n[fetch]\nproxy = "http://me:${PASSWORD}@proxy:1"\n',
        encoding="utf-8",
    )
    told = origins(hub, KEY="hunter2", PASSWORD="hunter3")
    assert told["site.timezone"] == ("Asia/Yerevan", "config.toml:2")
    assert told["site.title"] == ("FeedHub", "default")
    assert told["defaults.every"] == ("30m", "default")
    assert told["sources[1].name"] == ("a", "default")
    assert told["sources[1].url"] == ((hub.folder / "a.xml").as_uri(), "config.toml:6")
    assert told["sources[1].timezone"] == ("Asia/Yerevan", "config.toml:2")
    assert told["sources[1].terms.show"] == ("full", "config.toml:4")
    assert told["sources[1].terms.excerpt"] == (5, "config.toml:7")
    assert told["sources[1].terms.credit"] == ("first-passage", "default")
    assert told["sources[2].url"] == ("https://b.example/***?x=***", "config.toml:10, environment KEY")
    assert told["sources[2].auth"] == ("***", "config.toml:11, environment PASSWORD")
    assert told["feeds.day.limit"] == (7, "config.toml:13")
    assert told["feeds.day.per_source"] == (None, "default")
    assert told["feeds.day.rules[1].when.title"] == (["x*"], "config.toml:16")
    assert told["feeds.day.rules[1].then"] == ("drop", "config.toml:15")
    assert told["fetch.proxy"] == ("http://***@proxy:1", "config.toml:18, environment PASSWORD")
    assert told["fetch.max_size"] == ("10 MB", "default")
    assert told["store.feeds"] == (str(hub.feeds), "default")


def test_every_key_that_there_is_is_told(tmp_path: Path) -> None:
    found = config.parse(WHOLE, path=tmp_path / "config.toml", environ={"PARTNER_TOKEN": "x"})
    told = {re.sub(r"\[\d+\]", "", value.key) for value in in_force(found, WHOLE)}
    told = {re.sub(r"^feeds\.[^.]+", "feeds.NAME", key) for key in told}
    documented = set(tables.keys())
    assert told <= documented
    said = {key for key in documented if not re.search(r"\.(take|when|sections)\.", key)}
    assert said <= told


def test_a_default_in_the_schema_is_the_value_in_force(tmp_path: Path) -> None:
    text = '[[sources]]\nurl = "a.xml"\n[feeds.day]\n'
    found = config.parse(text, path=tmp_path / "config.toml", environ={})
    force = {value.key: value.value for value in in_force(found, text)}
    names = {"SiteTable": "site", "DefaultsTable": "defaults", "TermsTable": "sources[1].terms"}
    names |= {"SourceTable": "sources[1]", "FeedTable": "feeds.day", "FetchTable": "fetch"}
    names |= {"ServerTable": "server", "EmbedTable": "embed"}
    for table, path in names.items():
        for key, rule in schema()["$defs"][table]["properties"].items():
            if "default" in rule and key not in ("title", "rules", "sections"):
                assert force[f"{path}.{key}"] == rule["default"], f"{path}.{key}"


def test_the_table_of_values_has_a_line_for_each(hub: Hub) -> None:
    hub.take_samples()
    told = hub.invoke("config")
    assert told.exit_code == 0
    assert re.search(r'^site\.title +"Yerevan Day Desk" +config\.toml:\d+ *$', told.stdout, re.M)
    assert "\x1b" not in told.stdout


# ── remove, pause, resume ────────────────────────────────────────────────────────────────────────


def test_a_paused_source_is_not_polled_and_a_resumed_one_is(hub: Hub, web: Loopback) -> None:
    hub = Hub(hub.folder, web).configure({"name": "paper", "url": web.url("/feed")})
    before = hub.path.read_bytes()
    assert hub.invoke("pause", "paper").exit_code == 0
    assert hub.sources()["paper"]["state"] == "paused"
    hub.invoke("poll")
    assert web.paths == []
    assert hub.invoke("resume", "paper").exit_code == 0
    assert hub.path.read_bytes() == before
    hub.invoke("poll")
    assert web.paths == ["/feed"]


def test_a_removed_source_is_no_longer_in_the_file(hub: Hub, web: Loopback) -> None:
    hub.configure(*({"name": name, "url": web.url("/feed")} for name in ("paper", "other")))
    told = hub.invoke("remove", "paper")
    assert (told.exit_code, told.stderr) == (0, "")
    assert list(hub.sources()) == ["other"]


@pytest.mark.parametrize("command", ["remove", "pause", "resume"])
def test_a_name_that_no_source_has_exits_with_2(command: str, hub: Hub) -> None:
    hub.take_samples()
    before = hub.path.read_bytes()
    told = hub.invoke(command, "mornin")
    assert told.exit_code == 2
    assert 'did you mean "morning"' in told.stderr
    assert hub.path.read_bytes() == before


# ── opml ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_public_sources_are_exported(hub: Hub) -> None:
    hub.configure(
        {"name": "a", "url": "https://a.example/feed", "groups": ["daily"]},
        {"name": "b", "url": "https://b.example/feed", "public": False},
        {"name": "c", "url": "https://c.example/${KEY}"},
    )
    told = hub.invoke("opml", KEY="hunter2")
    assert told.exit_code == 0
    found = etree.fromstring(told.stdout_bytes)
    assert [outline.get("xmlUrl") for outline in found.iter("outline")] == [None, "https://a.example/feed"]
    file = hub.folder / "out.opml"
    written = hub.invoke("opml", "--output", str(file), KEY="hunter2")
    assert (written.exit_code, written.stdout) == (0, "")
    assert file.read_bytes() == told.stdout_bytes


# ── check --online ───────────────────────────────────────────────────────────────────────────────


def online(hub: Hub, **environ: str) -> dict[str, dict[str, Any]]:
    return {
        row["name"]: row for row in json.loads(hub.invoke("check", "--online", "--json", **environ).stdout)
    }


def test_what_a_source_holds_is_told_and_nothing_is_stored(tmp_path: Path, web: Loopback) -> None:
    body = rss(
        Item(id="1", title="Gates", link="https://paper.example/1", at=AT),
        Item(id="2", title="Older", link="https://paper.example/2", at=AT - timedelta(days=1)),
        Item(id="", title="No link", link="", at=AT),
    ).replace(b"<item>", b"<language>hy</language><copyright>All ours</copyright><item>", 1)
    web.serves("/feed", body)
    hub = Hub(tmp_path, web).configure({"name": "paper", "url": web.url("/feed")})
    told = hub.invoke("check", "--online")
    assert (told.exit_code, told.stderr) == (0, "")
    first, rights, last = told.stdout.splitlines()
    assert first == "paper: The Paper: 2 entries, newest 2024-11-24T09:00:00Z, 1 not taken; hy"
    assert rights == "  rights: All ours"
    assert last == "1 source checked, 0 failed"
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    assert sorted(web.paths) == ["/feed", "/robots.txt"]


def test_a_source_that_fails_is_told_beside_the_others_and_the_exit_is_1(
    tmp_path: Path, web: Loopback
) -> None:
    web.serves("/page", "<html><body>No feed</body></html>", type="text/html")
    hub = Hub(tmp_path, web).configure(
        {"name": "gone", "url": web.url("/gone")},
        {"name": "page", "url": web.url("/page")},
        {"name": "paper", "url": web.url("/feed")},
        {"name": "file", "url": "nowhere.xml"},
        {"name": "asleep", "url": web.url("/asleep"), "paused": True},
    )
    told = hub.invoke("check", "--online")
    assert told.exit_code == 1
    assert "gone: failed: answered 404" in told.stdout
    assert "page: failed: " in told.stdout
    assert "paper: The Paper: 1 entry, newest " in told.stdout
    assert "file: failed: " in told.stdout
    assert "4 sources checked, 3 failed" in told.stdout
    assert "/asleep" not in web.paths


def test_a_source_that_moved_or_is_redirected_is_told_with_the_address(tmp_path: Path, web: Loopback) -> None:
    web.redirects("/old", web.url("/feed"), 301)
    web.redirects("/for-now", web.url("/feed"), 302)
    hub = Hub(tmp_path, web).configure(
        {"name": "old", "url": web.url("/old")},
        {"name": "now", "url": web.url("/for-now")},
        {"name": "paper", "url": web.url("/feed")},
        {"name": "secret", "url": web.url("/old?${KEY}")},
    )
    rows = online(hub, KEY="hunter2")
    assert {name: (row["redirected"], row["moved"]) for name, row in rows.items()} == {
        "old": (web.url("/feed"), True),
        "now": (web.url("/feed"), False),
        "paper": ("", False),
        "secret": ("***", True),
    }
    assert f"  moved for good to {web.url('/feed')}" in hub.invoke("check", "--online", KEY="x").stdout


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (Given(body=b"User-agent: *\nDisallow: /private/\n"), "allows us"),
        (Given(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), "disallows us"),
        (Given(body=b"User-agent: *\nDisallow:\n\nUser-agent: FeedHub\nDisallow: /feed\n"), "disallows us"),
        (Given(body=b"User-agent: other\nDisallow: /\n"), "allows us"),
        (Given(body=b"\x00\xff" * 100), "allows us"),
        (Given(status=404), "allows us"),
        (Given(), "allows us"),
        (Given(status=503), "could not be read: answered 503 Service Unavailable"),
    ],
)
def test_what_robots_txt_says_of_us_is_told(robots: Given, words: str, tmp_path: Path, web: Loopback) -> None:
    web.answers("/robots.txt", lambda _: robots)
    hub = Hub(tmp_path, web).configure({"name": "paper", "url": web.url("/feed")})
    assert online(hub)["paper"]["robots"] == words


def test_a_clock_that_is_wrong_is_told(tmp_path: Path, web: Loopback) -> None:
    def late(_: Asked) -> Given:
        theirs = datetime.now(UTC) - timedelta(hours=1)
        return Given(body=PAPER, headers={"Date": format_datetime(theirs, usegmt=True)})

    web.answers("/late", late)
    web.serves("/kept", PAPER, headers={"Date": "Sun, 24 Nov 2024 09:00:00 GMT", "Age": "99"})
    hub = Hub(tmp_path, web).configure(
        *({"name": name, "url": web.url(f"/{name}")} for name in ("feed", "late", "kept"))
    )
    rows = online(hub)
    assert abs(rows["late"]["clock"] + 3600) < 60
    assert abs(rows["feed"]["clock"]) < 60
    assert rows["kept"]["clock"] is None
    assert "s behind ours" in hub.invoke("check", "--online").stdout


def test_json_without_online_is_a_wrong_command(hub: Hub) -> None:
    hub.take_samples()
    assert hub.invoke("check", "--json").exit_code == 2


# ── Shells ───────────────────────────────────────────────────────────────────────────────────────


def completed(hub: Hub, words: str) -> list[str]:
    """What the shell is told to offer for the last of some words."""
    environ = {"_FEEDHUB_COMPLETE": "bash_complete", "COMP_WORDS": f"feedhub -c {hub.path} {words}"}
    environ["COMP_CWORD"] = str(len(words.split(" ")) + 2)
    told = CliRunner().invoke(main, [], prog_name="feedhub", env=environ)
    return [line.partition(",")[2] for line in told.stdout.splitlines() if line]


def test_the_shell_completes_commands_flags_and_the_names_of_sources(hub: Hub) -> None:
    hub.take_samples()
    assert completed(hub, "re") == ["remove", "resume"]
    assert "--online" in completed(hub, "check --o")
    assert completed(hub, "remove jou") == ["journal"]
    assert completed(hub, "poll agency jou") == ["journal"]


def test_the_shell_is_told_of_no_names_while_the_config_is_wrong(hub: Hub) -> None:
    hub.path.write_text("[[sources]\n", encoding="utf-8")
    assert completed(hub, "remove jou") == []


def test_what_only_looks_like_a_variable_is_shown_as_it_is(tmp_path: Path) -> None:
    text = '[site]\ntitle = "Costs ${PRICE}"\n[feeds.day]\n'
    found = config.parse(text, path=tmp_path / "config.toml", environ={})
    told = {value.key: value for value in in_force(found, text)}
    assert (told["site.title"].value, told["site.title"].origin) == ("Costs ${PRICE}", "config.toml:2")
