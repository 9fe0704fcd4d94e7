import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "feedhub"

# docs/design.md, 4. A module imports only from floors strictly below its own, or from its own room.
FLOORS = {
    "__main__": 6,
    "cli": 5,
    "schedule": 4,
    "web": 4,
    "health": 4,
    "metrics": 4,
    "search": 4,
    "poll": 3,
    "publish": 3,
    "workers": 3,
    "config": 2,
    "fetch": 2,
    "read": 2,
    "cadence": 2,
    "curate": 2,
    "render": 2,
    "store": 2,
    "model": 1,
    "errors": 1,
    "text": 1,
    "urls": 1,
    "markup": 1,
    "": 0,  # the package itself: its version
}

# Where a foreign library may be imported; of several names the longest that fits decides.
PLACES = {
    "alembic": ("store",),
    "apscheduler": ("schedule",),
    "babel": ("render.interface",),
    "brotli": ("web.folder", "publish.folder"),
    "click": ("cli",),
    "feedgen": ("render.xml",),
    "feedparser": ("read.feed",),
    "flask": ("web",),
    "granian": ("cli.serving",),
    "jinja2": ("render.theme",),
    "lxml.etree": ("markup", "render"),
    "lxml.html": ("markup",),
    "lxml.html.HtmlElement": ("markup", "read", "render"),  # the type of what markup hands out
    "markupsafe": ("render",),  # strings that are markup, as Jinja2 knows them
    "nh3": ("read.clean",),
    "pebble": ("workers",),
    "prometheus_client": ("metrics",),
    "pycurl": ("fetch",),
    "pydantic": ("config",),
    "pydantic_core": ("config",),
    "rapidfuzz": ("curate.stories",),
    "re2": ("text.patterns",),
    "rich": ("cli",),
    "segno": ("render.subscribe",),
    "sqlalchemy": ("store",),
    "tomlkit": ("config",),
    "waitress": ("cli.connections",),
    "watchfiles": ("cli.watching",),
    "werkzeug": ("web",),
}

PURE = ("read", "cadence", "curate", "render", "model", "errors", "text", "urls", "markup")
IMPURE_MODULES = frozenset(
    "asyncio concurrent ctypes dbm fcntl fileinput ftplib glob http.client http.cookiejar http.server imaplib"
    " logging mmap multiprocessing os pathlib poplib random resource secrets select selectors shelve shutil"
    " signal smtplib socket socketserver sqlite3 ssl subprocess tempfile threading time urllib.request"
    " urllib.robotparser webbrowser zipfile".split()
)
IMPURE_CALLS = frozenset(
    "open input print exec eval __import__ now utcnow today getnode uuid1 uuid4 import_module".split()
)


@dataclass(frozen=True)
class Import:
    by: str  # dotted, without "feedhub.": "read.feed"
    line: int
    of: str  # dotted and whole, with the imported name: "feedhub.read.parts", "lxml.html.HtmlElement"


@cache
def modules(root: Path) -> dict[str, ast.Module]:
    """Every module under a package's folder, by its dotted name without the package's; "" is the package."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def is_package(root: Path, module: str) -> bool:
    return (root / module.replace(".", "/") / "__init__.py").exists()


@cache
def imports(root: Path) -> list[Import]:
    """Every import in the tree, wherever it stands: at the top, in a function, for typing alone."""
    found = []
    for module, tree in modules(root).items():
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    found += [Import(module, node.lineno, alias.name) for alias in names]
                case ast.ImportFrom(names=names):
                    start = _start(root, module, node)
                    found += [Import(module, node.lineno, f"{start}.{alias.name}") for alias in names]
    return found


def _start(root: Path, module: str, node: ast.ImportFrom) -> str:
    """Give the module that a `from` names, also a relative one."""
    if not node.level:
        return node.module or ""
    whole = ["feedhub", *module.split(".")] if module else ["feedhub"]
    up = node.level - 1 if is_package(root, module) else node.level
    start = whole[: len(whole) - up]
    return ".".join([*start, node.module] if node.module else start)


def target(known: Mapping[str, object], of: str) -> str | None:
    """Give the module of ours that is imported; None for a foreign one."""
    if of.partition(".")[0] != "feedhub":
        return None
    name = of.partition(".")[2]
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def room(module: str) -> str:
    return module.partition(".")[0]


def is_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def floor_faults(root: Path) -> Iterator[str]:
    known = modules(root)
    yield from (f"{module}: stands on no floor" for module in known if room(module) not in FLOORS)
    for one in imports(root):
        aim = target(known, one.of)
        if aim is None or room(aim) == room(one.by) or {room(aim), room(one.by)} - FLOORS.keys():
            continue
        if FLOORS[room(aim)] >= FLOORS[room(one.by)]:
            yield f"{one.by}:{one.line}: imports {one.of}, which is not on a floor below"


def cycle_faults(root: Path) -> Iterator[str]:
    known = modules(root)
    below: dict[str, set[str]] = {module: set() for module in known}
    for one in imports(root):
        aim = target(known, one.of)
        if aim is not None:
            below[one.by].add(aim)
    while leaves := [module for module, aims in below.items() if not aims]:
        for leaf in leaves:
            del below[leaf]
        for aims in below.values():
            aims.difference_update(leaves)
    if below:
        yield "these import each other in a circle: " + ", ".join(sorted(below))


def place_faults(root: Path) -> Iterator[str]:
    for one in imports(root):
        top = one.of.partition(".")[0]
        if top == "feedhub" or top in sys.stdlib_module_names:
            continue
        names = [name for name in PLACES if one.of == name or one.of.startswith(name + ".")]
        if not names:
            yield f"{one.by}:{one.line}: imports {one.of}, which has no place in the plan"
        elif not is_in(one.by, PLACES[max(names, key=len)]):
            yield f"{one.by}:{one.line}: imports {one.of} outside its place"


def purity_faults(root: Path) -> Iterator[str]:
    for one in imports(root):
        parts = one.of.split(".")
        if is_in(one.by, PURE) and {parts[0], ".".join(parts[:2])} & IMPURE_MODULES:
            yield f"{one.by}:{one.line}: is pure, but imports {one.of}"
    for module, tree in modules(root).items():
        if not is_in(module, PURE):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (name := _called(node)) in IMPURE_CALLS:
                yield f"{module}:{node.lineno}: is pure, but calls {name}"


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def faults(root: Path) -> list[str]:
    checks = (floor_faults, cycle_faults, place_faults, purity_faults)
    return [fault for check in checks for fault in check(root)]


def test_every_import_goes_down_the_floors() -> None:
    assert list(floor_faults(ROOT)) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert list(cycle_faults(ROOT)) == []


def test_a_foreign_library_is_imported_in_its_one_place() -> None:
    assert list(place_faults(ROOT)) == []


def test_pure_rooms_touch_no_network_file_clock_chance_or_database() -> None:
    assert list(purity_faults(ROOT)) == []


def test_every_place_of_a_library_is_used() -> None:
    used = imports(ROOT)
    idle = {
        f"{library} in {place}"
        for library, places in PLACES.items()
        for place in places
        if not any((one.of + ".").startswith(library + ".") and is_in(one.by, (place,)) for one in used)
    }
    assert idle == set()


# ── The checker itself, on a house that is made up ───────────────────────────────────────────────


def house(folder: Path, files: Mapping[str, str]) -> Path:
    root = folder / "feedhub"
    empty = {"__init__.py": "", "read/__init__.py": "", "store/__init__.py": ""}
    for name, text in (empty | dict(files)).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"read/feed.py": "from feedhub import urls\nimport feedparser, io", "urls.py": "import re"},
        {
            "read/feed.py": "from . import parts\nfrom .parts import a\nfrom ..model import Entry",
            "read/parts.py": "",
        },
        {"cli/__init__.py": "from feedhub import __version__\nfrom feedhub.store import Store"},
        {
            "read/dates/__init__.py": "from .iso import iso",
            "read/dates/iso.py": "",
            "read/a.py": "from .dates import iso",
        },
        {"render/blocks.py": "from lxml.html import HtmlElement", "markup.py": "from lxml import html"},
        {"store/tables.py": "import sqlalchemy.dialects\nimport os, sqlite3\nopen('x')"},
    ],
)
def test_a_house_that_keeps_the_plan_has_no_faults(files: Mapping[str, str], tmp_path: Path) -> None:
    assert faults(house(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"urls.py": "from feedhub import read"},
            "urls:1: imports feedhub.read, which is not on a floor below",
        ),
        ({"read/a.py": "import feedhub.store"}, "read.a:1: imports feedhub.store"),
        ({"read/a.py": "from ..store import Store"}, "read.a:1: imports feedhub.store.Store"),
        ({"read/__init__.py": "from ..store import Store"}, "read:1: imports feedhub.store.Store"),
        ({"read/a.py": "def f():\n    from feedhub.store import x"}, "read.a:2: imports feedhub.store.x"),
        (
            {"read/a.py": "if TYPE_CHECKING:\n    from feedhub import store"},
            "read.a:2: imports feedhub.store",
        ),
        ({"poll.py": "from feedhub.publish import publish", "publish/__init__.py": ""}, "poll:1: imports"),
        ({"__init__.py": "from feedhub import urls", "urls.py": ""}, ":1: imports feedhub.urls"),
        ({"utils.py": ""}, "utils: stands on no floor"),
        ({"read/a.py": "from . import b", "read/b.py": "from .a import x"}, "in a circle: read.a, read.b"),
        (
            {"read/__init__.py": "from . import a", "read/a.py": "from . import b"},
            "in a circle: read, read.a",
        ),
        ({"poll.py": "import pycurl"}, "poll:1: imports pycurl outside its place"),
        ({"read/a.py": "import feedparser.sanitizer"}, "outside its place"),
        ({"read/feeds.py": "import feedparser"}, "outside its place"),
        ({"render/a.py": "from lxml import html"}, "imports lxml.html outside its place"),
        ({"read/a.py": "import requests"}, "imports requests, which has no place"),
        ({"render/a.py": "import os.path"}, "render.a:1: is pure, but imports os.path"),
        ({"read/a.py": "from urllib import request"}, "is pure, but imports urllib.request"),
        ({"urls.py": "from pathlib import Path"}, "is pure, but imports pathlib.Path"),
        ({"cadence.py": "def f():\n    return datetime.now(UTC)"}, "cadence:2: is pure, but calls now"),
        ({"model.py": "import uuid\nuuid.uuid4()"}, "model:2: is pure, but calls uuid4"),
        ({"text.py": "open('x')"}, "text:1: is pure, but calls open"),
    ],
)
def test_a_fault_is_told(files: Mapping[str, str], words: str, tmp_path: Path) -> None:
    assert words in "\n".join(faults(house(tmp_path, files)))
