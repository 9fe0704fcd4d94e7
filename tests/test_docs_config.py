import re
import tomllib
from pathlib import Path

import pytest

from feedhub import config
from feedhub.config import tables

PATH = Path(__file__).parent.parent / "docs" / "configuration.md"
PAGE = PATH.read_text(encoding="utf-8")
MINIMAL = """
[site]
[defaults]
[[sources]]
url = "https://morning.example/feed/"
[feeds.day]
[fetch]
[server]
[embed]
[store]
"""


def rows():
    """Every documented key with the cell of its default, as ("sources.terms.show", '`"summary"`')."""
    parents = []
    for line in PAGE.splitlines():
        if line.startswith("## "):
            parents = re.findall(r"`([^`]+)`", line)
        elif row := re.match(r"\| `(\w+)` \| (.*?) \|", line):
            yield from ((f"{parent}.{row[1]}", row[2]) for parent in parents)


def read(text):
    return config.parse(text, path=Path("/srv/hub/config.toml"), environ={"PARTNER_TOKEN": "x"})


def test_every_key_is_documented_and_every_documented_key_is_one():
    documented = [key for key, _ in rows()]
    assert sorted(documented) == sorted(tables.keys())


@pytest.mark.parametrize(("key", "default"), [row for row in rows() if re.fullmatch(r"`[^`]+`", row[1])])
def test_a_documented_default_is_the_default(key, default):
    value = default.strip("`")
    *parent, name = key.split(".")
    text = MINIMAL
    match parent:
        case ["feeds", _]:
            text = text.replace("[feeds.day]", f"[feeds.day]\n{name} = {value}")
        case ["sources"]:
            text = text.replace("[[sources]]", f"[[sources]]\n{name} = {value}")
        case ["sources" | "defaults" as above, "terms"]:
            header = "[[sources]]" if above == "sources" else "[defaults]"
            text = text.replace(header, f"{header}\nterms.{name} = {value}")
        case [table]:
            text = text.replace(f"[{table}]", f"[{table}]\n{name} = {value}")
    assert text != MINIMAL
    assert read(text) == read(MINIMAL)


def test_the_example_is_right():
    (example,) = re.findall(r"<!-- example -->\n```toml\n(.*?)```", PAGE, re.S)
    assert tomllib.loads(example)
    found = read(example)
    assert [source.name for source in found.sources] == ["morning-example", "partner", "desk"]
    assert found.sources[0].terms.excerpt == 300


def test_the_reserved_names_are_documented():
    from feedhub.config.feeds import RESERVED

    (sentence,) = re.findall(r"These names are reserved: (.*?)\.$", PAGE, re.M)
    assert set(sentence.split(", ")) == RESERVED
