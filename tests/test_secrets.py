import base64
import logging
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub import config
from feedhub.config import load
from feedhub.model import Request, Secret
from hubs import Hub, Item, free_port, rss
from loopback import HOST, Asked, Given, Loopback

# Every secret has this in it, so that one search finds them all.
MARK = "hunter2"
ENVIRON = {
    "KEY": f"{MARK}key",
    "TOKEN": f"{MARK}token",
    "PASSWORD": f"{MARK}password",
    "USER_AND_PASSWORD": f"{MARK}user:{MARK}password",
    "PLACE": f"{MARK}place.localhost",
    "FOLDER": f"{MARK}folder",
    "PROXY": f"{MARK}proxy",
    "STORE": f"{MARK}store",
}
ENCODED = [MARK.encode(), base64.b64encode(f"user:{ENVIRON['PASSWORD']}".encode()).rstrip(b"=")]
AT = datetime(2024, 11, 24, 9, 0, tzinfo=UTC)
PAPER = rss(
    Item(id="1", title="The lamps of Gates", link="https://paper.example/1", at=AT),
    Item(id="2", title="A note", link="#note", at=AT),
    Item(id="3", title="A page", link="?p=3", at=AT),
    Item(id="4", title="None", link="", at=AT),
    Item(id="/5", title="An id", link="5", at=AT),
    link="",
)
COMMANDS = [
    "check",
    "config",
    "config --json",
    "check --online",
    "check --online --json",
    "poll",
    "poll moving key",
    "poll moving",
    "publish",
    "sources",
    "sources --json",
    "opml",
    "pause key",
    "resume key",
    "remove nobody",
]


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        for path in ("/feed", "/token", "/password", "/user", "/moved", f"/{ENVIRON['KEY']}/feed"):
            web.serves(path, PAPER, etag='"1"')
        web.serves("/broken", b"<html>no feed</html>", type="text/html")
        web.answers("/moving", lambda asked: to(f"/moved?{asked.path.partition('?')[2]}"))
        web.answers("/elsewhere", lambda asked: to(f"http://10.0.0.1/?{asked.path.partition('?')[2]}"))
        web.answers("/denied", denied)
        yield web


def to(address: str) -> Given:
    return Given(status=301, headers={"Location": address})


def denied(asked: Asked) -> Given:
    return Given(status=401, headers={"WWW-Authenticate": asked.headers.get("authorization", "")})


def sources(web: Loopback) -> list[dict[str, object]]:
    plain = f"http://{web.address}"
    with_user = "http://${USER_AND_PASSWORD}@" + web.address
    return [
        {"name": "key", "url": plain + "/feed?key=${KEY}"},
        {"name": "path", "url": plain + "/${KEY}/feed", "groups": ["a"]},
        {"name": "token", "url": plain + "/token", "auth": "bearer:${TOKEN}"},
        {"name": "password", "url": plain + "/password", "auth": "basic:user:${PASSWORD}"},
        {"name": "user", "url": with_user + "/user"},
        {"name": "moving", "url": plain + "/moving?key=${KEY}"},
        {"name": "elsewhere", "url": plain + "/elsewhere?key=${KEY}"},
        {"name": "missing", "url": plain + "/missing/${KEY}"},
        {"name": "broken", "url": plain + "/broken?key=${KEY}"},
        {"name": "denied", "url": plain + "/denied", "auth": "bearer:${TOKEN}"},
        {"name": "host", "url": "http://${PLACE}:1/feed"},
        {"name": "file", "url": "${FOLDER}/feed.xml"},
    ]


def assert_no_secret(what: str, told: str | bytes) -> None:
    body = told.encode() if isinstance(told, str) else told
    for secret in ENCODED:
        place = body.find(secret)
        assert place < 0, f"{what} holds a secret: {body[max(0, place - 200) : place + 40]!r}"


def assert_all_is_clean(hub: Hub) -> None:
    for file in hub.folder.rglob("*"):
        if file.is_file():
            assert_no_secret(str(file), file.read_bytes())
    if (hub.folder / "feedhub.db").exists():
        for row in hub.ask_database("select name from sqlite_master where type = 'table'"):
            assert_no_secret(row[0], repr(hub.ask_database(f'select * from "{row[0]}"')))


def run_every_command(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("feedhub", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "alembic", "waitress"):
        caplog.set_level(logging.DEBUG, logger=name)
    for command in COMMANDS:
        for words in (command.split(), ["--debug", *command.split()]):
            assert_no_secret(command, hub.invoke(*words, **ENVIRON).output)
    assert_no_secret("the log", caplog.text)


def test_no_command_log_file_or_table_ever_holds_what_the_environment_said(
    web: Loopback, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub = Hub(tmp_path, web).configure(*sources(web))
    run_every_command(hub, caplog)
    assert MARK in str(web.requests), "the secrets were never used"
    assert b"The lamps of Gates" in hub.document("/day.atom")
    assert_all_is_clean(hub)


def test_no_value_shows_a_secret_when_it_is_printed(web: Loopback, tmp_path: Path) -> None:
    hub = Hub(tmp_path, web).configure(
        *sources(web),
        fetch={"proxy": "http://user:${PROXY}@127.0.0.1:1"},
        store={"url": "postgresql://feedhub:${STORE}@127.0.0.1/feedhub"},
    )
    found = load(hub.path, ENVIRON)
    assert MARK in found.sources[0].url
    requests = [Request(source=one.name, url=one.url, auth=one.auth) for one in found.sources]
    for value in (found, found.site, found.limits, *found.sources, *requests):
        assert_no_secret(type(value).__name__, f"{value} {value!r}")


def test_a_running_hub_tells_nobody(web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    hub = Hub(tmp_path, web).configure(*sources(web))
    with hub.process("run") as running:
        running.until(lambda: b"The lamps of Gates" in running.get("/day.atom").body)
        running.until(lambda: "not a feed" in running.output)
        for path in ("/", "/day/", "/day.rss", "/day.atom", "/day.json", "/subscriptions.opml", "/health"):
            answer = running.get(path)
            assert answer.status == 200
            assert_no_secret(path, answer.body)
            assert_no_secret(f"the head of {path}", repr(answer.headers))
        assert_no_secret("what run prints", running.output)
    assert_all_is_clean(hub)


@pytest.mark.parametrize("is_there", [True, False])
def test_the_password_of_a_proxy_stays_with_us(
    is_there: bool, web: Loopback, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    web.serves("http://paper.example/feed", PAPER)
    proxy = f"http://user:${{PROXY}}@{web.address if is_there else f'{HOST}:{free_port()}'}"
    hub = Hub(tmp_path).configure(
        {"name": "key", "url": "http://paper.example/feed"}, fetch={"proxy": proxy, "pause": "0s"}
    )
    run_every_command(hub, caplog)
    assert is_there is ("http://paper.example/feed" in web.paths)
    assert_all_is_clean(hub)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://feedhub:${STORE}@127.0.0.1:1/feedhub",
        "postgresql://${STORE}:x@127.0.0.1:1/feedhub",
        "postgresql://feedhub:${STORE}@[::1/feedhub",
        "postgresql://feedhub:${STORE}@127.0.0.1:port/feedhub",
        "mysql://feedhub:${STORE}@127.0.0.1/feedhub",
        "postgresql://feedhub:x@${STORE}@127.0.0.1:1/feedhub",
        "postgresql://feedhub:x@${STORE}/y@127.0.0.1:1/feedhub",
        "postgresql://feedhub:x@y?z${STORE}@127.0.0.1:1/feedhub",
    ],
)
def test_the_password_of_the_database_stays_with_us(
    url: str, web: Loopback, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub = Hub(tmp_path, web).configure({"name": "key", "url": web.url("/feed")}, store={"url": url})
    run_every_command(hub, caplog)


def test_a_password_that_stands_in_the_file_itself_is_not_shown_either(web: Loopback, tmp_path: Path) -> None:
    hub = Hub(tmp_path, web).configure(
        {"name": "key", "url": f"http://user:{MARK}@{web.address}/feed"},
        store={"url": f"postgresql://feedhub:{MARK}/with/slashes@127.0.0.1:1/feedhub"},
        fetch={"proxy": f"socks5h://user:{MARK}@127.0.0.1:1"},
    )
    for command in COMMANDS:
        assert_no_secret(command, hub.invoke(*command.split()).output)


def test_a_secret_is_its_text_to_whoever_uses_it_and_three_stars_to_whoever_prints_it() -> None:
    secret = Secret("hunter2")
    assert (secret, secret.encode(), hash(secret)) == ("hunter2", b"hunter2", hash("hunter2"))
    assert {f"{secret}", str(secret), repr(secret), "%s" % secret, f"{secret:s}"} == {"***"}  # noqa: UP031
    assert repr(pickle.loads(pickle.dumps(secret))) == "***"


def test_what_the_environment_gives_is_a_secret(tmp_path: Path) -> None:
    text = """
        [fetch]
        proxy = "http://${PASSWORD}@proxy.example:3128"
        [store]
        url = "postgresql://feedhub:${PASSWORD}@db.example/feedhub"
        [feeds.day]
        title = "Day"
        [[sources]]
        name = "a"
        url = "https://paper.example/feed?key=${PASSWORD}"
        auth = "bearer:${PASSWORD}"
        [[sources]]
        url = "https://open.example/feed"
    """
    found = config.parse(text, path=tmp_path / "config.toml", environ={"PASSWORD": "hunter2"})
    secret, plain = found.sources
    for value in (found.limits.proxy, found.store_url, secret.url, secret.auth):
        assert isinstance(value, Secret)
        assert "hunter2" in value
    assert not isinstance(plain.url, Secret)
