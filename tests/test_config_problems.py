import re

import pytest

from feedhub.errors import ConfigError
from test_config import FEED, WHOLE, problems, read, source_problem

# A line that begins with "#! " says how the problem of the line after it begins. An empty line parts one
# file from the next.
MISTAKES = """
[site]
#! site.titel: unknown key; did you mean "title"?
titel = "Valley Desk"
#! site.url: must be an address that starts with
url = "news.example"
#! site.timezone: is no time zone, such as "Europe/Paris": "Asia/Yerewan"; did you mean "Asia/Yerevan"?
timezone = "Asia/Yerewan"
#! site.language: must be a language tag such as "en" or "hy-AM", not "en_US"; did you mean "en-US"?
language = "en_US"
[defaults]
#! defaults.every: must be a duration such as "30s", "5m", "2h" or "1d", not the number 30
every = 30
#! defaults.keep: must be "forever" so far, not "for ever"; did you mean "forever"?
keep = "for ever"
[defaults.terms]
#! defaults.terms.show: must be "title", "summary" or "full", not "sumary"; did you mean "summary"?
show = "sumary"
[[sources]]
#! sources[1].name: must be of small letters a-z, digits and hyphens, not "Morning News"; did you mean "morni
name = "Morning News"
#! sources[1].url: must be an address that starts with "http://" or "https://"
url = "ftp://morning.example/feed"
groups = [
  "daily",
#! sources[1].groups[2]: must be a text, in quotes, not a number
  5,
]
#! sources[1].terms.excerpt: must be at least 1
terms = { excerpt = 0 }
#! sources[2].url: is missing
[[sources]]
title = \"\"\"
A title
[not.a.table]
\"\"\"
every = "10s"
#! sources[2].paused: must be true or false, without quotes, not a text
paused = "yes"
[[sources]]
#! sources[3].url: the environment does not set NO_SUCH
url = "https://a.example/?key=${NO_SUCH}"
#! sources[4].name: is missing, and sources[3] is "a-example" already: give each a name of its own
[[sources]]
url = "https://www.a.example/"
#! sources[4].auth: holds the secret itself, which belongs in the environment
auth = "bearer:topsecret"
#! feeds.static: the name "static" is reserved
[feeds.static]
[feeds.day]
#! feeds.day.limit: must be a whole number, without quotes, not a text
limit = "50"
#! feeds.day.take.groups[1]: no source is in the group "dayly"; did you mean "daily"?
take = { groups = ["dayly"] }
[[feeds.day.rules]]
#! feeds.day.rules[1].when.titel: unknown key; did you mean "title"?
when = { titel = "x" }
#! feeds.day.rules[1].then: must be "include", "feature", "hold" or "drop", not "delete"
then = "delete"
#! feeds.day.rules[2].when: is missing
[[feeds.day.rules]]
then = "drop"
#! feeds.day.rules[2].wehn: unknown key; did you mean "when"?
[feeds.day.rules.wehn]
[fetch]
#! fetch.max_size: must be a size such as "64 KB" or "10 MB", not "10 megs"
max_size = "10 megs"
#! fetch.private[1]: must be a host and a port such as "127.0.0.1:8000", not "10.0.0.1"
private = ["10.0.0.1"]
[server]
#! server.listen: must be a host and a port such as "127.0.0.1:8000", not ":8000"; did you mean "127.0.0.1:80
listen = ":8000"
#! sever: unknown key; did you mean "server"?
[sever]

[feeds.day]
#! sources: must be a list of tables, each under a header in double brackets, not a table
[sources]
url = "a.xml"

#! site: must be a table, under a header in single brackets, not a number
site = 5

#! sources[1]: must be a table, under a header in single brackets, not a number
sources = [1]
[feeds.day]

#! feeds.day: must be a table, under a header in single brackets, not a list
[[feeds.day]]

#! feeds."My Day": the name must be of small letters a-z, digits and hyphens, not "My Day"; did you mean "my-
[feeds."My Day"]

[feeds.day]
#! feeds.day.limit: must be a whole number, without quotes, not true or false
limit = true
#! feeds.day.per_source: must be at least 1
per_source = 0
#! feeds.day.group: must be "none" or "story", not "stories"; did you mean "story"?
group = "stories"
#! feeds.day.title: is empty
title = " "
#! feeds.day.about: holds a control character (U+0007), which no feed may hold
about = "a\\u0007b"
#! feeds.day.closes: must be a duration such as "30s", "5m", "2h" or "1d", not "6 h"
closes = "6 h"
#! feeds.day.mode: must be "automatic" or "curated", not "story"
mode = "story"

[feeds.day]
#! feeds.day.limit: must be a whole number, not 1.5
limit = 1.5
#! feeds.day.title: must be a text, in quotes, not a date or time
title = 2024-11-24
#! feeds.day.closes: is longer than a hundred years
closes = "999999999d"
[feeds.week]
#! feeds.week.limit: must be at most 1000000
limit = 99999999999999999999

[feeds.day]
#! feeds.day.take.groups: names nothing; leave the key out instead
take.groups = []
#! feeds.day.take.categories: must be a list, in brackets, not a text
take.categories = "Analysis"
#! feeds.day.take.sources[1]: no source has the name "a"
take.sources = ["a"]

[feeds.day]
rules = [
#! feeds.day.rules[1].when: is missing; a rule for every entry has when = {}
  { then = "drop" },
#! feeds.day.rules[2].then: is missing: "include", "feature", "hold" or "drop"
  { when = {} },
#! feeds.day.rules[3].when.group[1]: fits no group that there is: "a"
  { when = { group = "a" }, then = "drop" },
#! feeds.day.rules[4].when.title: names nothing
  { when = { title = [] }, then = "drop" },
#! feeds.day.rules[5].when.text[1]: is empty
  { then = "drop", when = { text = [
    ""] } },
]

[fetch]
#! fetch.timeout: must be longer than "0s"
timeout = "0s"
#! fetch.proxy: must be an address such as
proxy = "proxy:3128"
#! fetch.max_size: must be more than "0 B"
max_size = "0 MB"
#! fetch.at_once: must be at most 10000
at_once = 10001

[server]
#! server.listen: must be a host and a port
listen = "a:70000"
#! server.proxies[1]: must be an IP address
proxies = ["a"]
[embed]
#! embed.allow[1]: must be "*" or a site such as "https://example.org", not "a.example; script-src *"
allow = ["a.example; script-src *"]

[store]
#! store.url: must be "sqlite:///PATH" or "postgresql://USER@HOST/NAME"
url = "mysql://db"
#! store.feeds: would hold this file; all that is in this folder is published
feeds = "."

[store]
#! store.url: must name a document: "sqlite:///PATH"
url = "sqlite://"

#! store.feeds: would hold the database; all that is in this folder is published
[store]
url = "sqlite:///feeds/hub.db"

[site]
#! site.url: must be an address without a user, a query or a fragment
url = "https://a.example/?x=1"
#! site.contact: must be an e-mail address or a web address
contact = "a b"
#! site.language: must be a language tag such as "en" or "hy-AM", not "english"
language = "english"
#! site.timezone: is no time zone, such as "Europe/Paris": "America"
timezone = "America"
#! site.icon: must be an address that starts with
icon = "data:,x"

[site]
#! site.timezone: is no time zone
timezone = "../etc"

[[sources]]
#! sources[1].url: is missing: an http(s) address, or the path of a document
url = ""
[[sources]]
#! sources[2].url: has no scheme; did you mean "https://" before it?
url = "www.morning.example"
[[sources]]
#! sources[3].url: has no scheme; did you mean "https://" before it?
url = "morning.example/feed"
name = "c"
[[sources]]
#! sources[4].url: must be an address that starts with
url = "file:///a.xml"
[[sources]]
#! sources[5].url: is no path: it holds a control character
url = "a\\u0000.xml"
[[sources]]
#! sources[6].url: must be an address that starts with
url = "https://"
[[sources]]
#! sources[7].url: holds a "${" that is not followed by the name of a variable
url = "https://a.example/${"
[[sources]]
#! sources[8].url: the environment does not set ONE and TWO
url = "https://b.example/${ONE}/${TWO}"

[[sources]]
url = "a.xml"
#! sources[1].auth: must be "bearer:${TOKEN}" or "basic:NAME:${PASSWORD}"
auth = "digest:x"
#! sources[1].every: must be longer than "0s"
every = "0s"
#! sources[1].terms.text: may hold "{source}", not "{name}"; did you mean "{source}"?
terms.text = "{name}"
#! sources[1].terms.license: must be an address
terms.license = "CC"
[[sources]]
url = "b.xml"
#! sources[2].auth: must be "bearer:${TOKEN}" or "basic:NAME:${PASSWORD}"
auth = "basic:${WORD}"
[[sources]]
url = "c.xml"
#! sources[3].auth: the environment does not set WORD
auth = "bearer:${WORD}"

[[sources]]
name = "a"
url = "a.xml"
#! sources[2].name: is missing, and sources[3] is "a-example" already: give each a name of its own
[[sources]]
url = "https://a.example/"
[[sources]]
name = "a-example"
url = "b.xml"
[[sources]]
#! sources[4].name: "a" is the name of sources[1] already
name = "a"
url = "c.xml"
"""


def expected(text):
    lines = enumerate(text.splitlines(), 2)
    return [f"config.toml:{number}: {line[3:]}" for number, line in lines if line.startswith("#! ")]


@pytest.mark.parametrize("text", MISTAKES.strip().split("\n\n"))
def test_every_mistake_is_told_at_once_with_its_line_in_the_order_of_the_file(text):
    found = problems(text if re.search(r"^\[+feeds|^#! feeds:", text, re.M) else text + FEED)
    assert len(found) == len(expected(text))
    for told, wanted in zip(found, expected(text), strict=True):
        assert told.startswith(wanted)


def test_a_file_without_a_feed_publishes_nothing():
    told = "config.toml:1: feeds: there is no [feeds.NAME] table, so that nothing would be published"
    assert problems("") == [told]


def test_twenty_mistakes_are_twenty_problems():
    assert len(problems(MISTAKES.partition("\n\n")[0])) > 20


def test_a_problem_is_one_line_in_our_own_words():
    for told in problems(MISTAKES.partition("\n\n")[0]):
        assert told.isprintable()
        assert not re.search(r"pydantic|Input should|Value error|type=|input_value|errors\.", told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[site]\ntitle = \n", "config.toml:2: this is not TOML: a value that is no text in quotes"),
        ("[site]\ntitle\n", 'config.toml:2: this is not TOML: a key without "=" after it'),
        ("a = 1\n\na = 2\n", "config.toml:3: this is not TOML: a key that stands here already"),
        ('a = 1\nb = """\nx\n', "config.toml:3: this is not TOML: a text without its closing quotes"),
        ("a = " + "[" * 5_000, "config.toml: this is not TOML that can be read: nested too deeply"),
        ("a = " + "1" * 5_000, "config.toml: this is not TOML that can be read: a number of too many digits"),
    ],
)
def test_what_is_not_toml_is_one_problem(text, told):
    (found,) = problems(text)
    assert found.startswith(told)


def test_what_is_read_wrong_does_not_hide_or_cause_other_problems():
    text = '[[sources]]\nname = "a"\nurl = 5\ngroups = ["x"]\n[feeds.day]\n'
    text += 'take = { sources = ["a"], groups = ["x", "y"] }'
    assert problems(text) == [
        "config.toml:3: sources[1].url: must be a text, in quotes, not a number",
        'config.toml:6: feeds.day.take.groups[2]: no source is in the group "y"',
    ]


SECRET = "pssst"


@pytest.mark.parametrize(
    "text",
    [
        "[[sources]]\nurl = 'ftp://${WORD}/'",
        "[[sources]]\nurl = 'https://${WORD} ${WORD}/'",
        "[[sources]]\nurl = 'https://me:${WORD}@a.example:x/'",
        "[[sources]]\nurl = '${WORD}.example/feed'",
        "[[sources]]\nurl = 'https://${WORD}.example/feed'",
        "[[sources]]\nurl = 'a.xml'\nauth = 'digest:${WORD}'",
        "[[sources]]\nurl = 'a.xml'\nauth = 'bearer:pssst'",
        "[[sources]]\nurl = 'a.xml'\nauth = 'basic:me:pssst'",
        "[[sources]]\nurl = 'a.xml'\nauth = 'pssst'",
        "[[sources]]\nurl = 'a.xml'\nauth = ['pssst']",
        "[[sources]]\nurl = ['https://me:pssst@a.example/']",
        "[[sources]]\nurl = 'https://me:pssst@a.example:x/'",
        "[fetch]\nproxy = 'ftp://me:${WORD}@proxy'",
        "[store]\nurl = 'mysql://me:${WORD}@db/x'",
        "[store]\nurl = 'mysql://me:pssst@db/x'",
        "[site]\ncontact = '${WORD} ${WORD}'",
    ],
)
def test_no_problem_shows_a_secret(text):
    with pytest.raises(ConfigError) as caught:
        read(text + FEED, WORD=SECRET)
    error = caught.value
    assert SECRET not in f"{error!s} {error!r} {error.__cause__!r} {error.__context__!r}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[[sources]]\nurl = 'https://me:pssst@a.example/'", "sources[1].url"),
        ("[[sources]]\nurl = 'https://me:pssst@a.example/?key=${WORD}'", "sources[1].url"),
        ("[[sources]]\nurl = 'https://${WORD}:pssst@a.example/@x'", "sources[1].url"),
        ("[fetch]\nproxy = 'socks5h://me:pssst@proxy:1080'", "fetch.proxy"),
        ("[store]\nurl = 'postgresql://me:pssst@db/x'", "store.url"),
        ("[store]\nurl = 'postgresql://me@db/x?sslmode=require&password=pssst'", "store.url"),
    ],
)
def test_a_password_that_stands_in_the_file_itself_is_refused(text, key):
    (told,) = problems(text + FEED, WORD="x")
    assert (
        told
        == f"config.toml:2: {key}: holds the secret itself, which belongs in the environment: write "
        + ('"${NAME}" for it')
    )


@pytest.mark.parametrize(
    "text",
    [
        "[[sources]]\nurl = 'https://me:${WORD}@a.example/'",
        "[[sources]]\nurl = 'https://me:a-${WORD}@a.example/'",
        "[[sources]]\nurl = 'https://me@a.example/'",
        "[[sources]]\nurl = 'https://me:@a.example/'",
        "[[sources]]\nurl = 'https://a.example:8080/@me:x@y'",
        "[[sources]]\nurl = 'https://a.example?x:y@z'",
        "[[sources]]\nurl = 'a:b@c.xml'",
        "[fetch]\nproxy = 'http://me:${WORD}@proxy:3128'",
        "[store]\nurl = 'postgresql://me@db/x'",
        "[store]\nurl = 'postgresql://me@db/x?password=${WORD}'",
        "[store]\nurl = 'sqlite:///a:b@c.db'",
    ],
)
def test_what_is_no_password_is_not_taken_for_one(text):
    read(text.replace("sources]]", "sources]]\nname = 'a'") + FEED, WORD="x")


def test_a_password_that_would_lead_to_another_host_is_refused():
    told = source_problem("url = 'https://me:${WORD}@a.example/'", WORD="1/@b.example/x")
    assert told.startswith("config.toml:2: sources[1].url: has another host once filled in")


def test_a_repr_shows_no_secret():
    text = WHOLE.replace("socks5h://proxy", "http://me:${PARTNER_TOKEN}@proxy")
    found = read(text, PARTNER_TOKEN=SECRET)
    assert SECRET in found.limits.proxy
    assert SECRET not in repr(found)


def test_config_error_lists_its_problems_line_by_line():
    with pytest.raises(ConfigError) as caught:
        read("x = 1\ny = 2\n")
    assert str(caught.value).splitlines() == list(caught.value.problems)


@pytest.mark.parametrize("name", ['"Big Name"', "5", '""'])
def test_a_source_with_a_wrong_name_is_not_called_something_else(name):
    text = (
        f'[[sources]]\nname = {name}\nurl = "https://a.example/x"\n[[sources]]\nurl = "https://a.example/y"'
    )
    (told,) = problems(text + FEED)
    assert told.startswith("config.toml:2: sources[1].name: must be ")


@pytest.mark.parametrize("number", ["1.5", "2.0", "-0.5", "1e300", "inf", "nan"])
def test_a_number_that_is_not_whole_is_told_as_it_is(number):
    (told,) = problems(f"[feeds.day]\nper_source = {number}")
    assert told == f"config.toml:2: feeds.day.per_source: must be a whole number, not {float(number)}"


def test_a_feed_with_a_wrong_name_is_looked_into_all_the_same():
    assert len(problems('[feeds.static]\nlimit = -1\ntake.groups = ["a"]\nrules = [{ when = {} }]')) == 4


def test_a_source_with_a_wrong_address_is_known_by_its_default_name():
    text = '[[sources]]\nurl = "https://a.example/${NO}"\n[feeds.day]\ntake.sources = ["a-example"]'
    assert problems(text) == ["config.toml:2: sources[1].url: the environment does not set NO"]
