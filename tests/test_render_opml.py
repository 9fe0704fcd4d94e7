from xml.etree import ElementTree

import pytest

from editions import site, source
from feedhub.errors import RenderError
from feedhub.render.opml import opml


def outlines(document: bytes) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(document).iter("outline") if each.get("xmlUrl")]


def test_sources_stand_under_their_first_group_and_those_without_one_last() -> None:
    known = site(
        source("loose", title="Loose"),
        source("morning", groups=("armenia", "politics")),
        source("evening", title="Evening & Co", groups=("armenia",), language="hy"),
    )
    root = ElementTree.fromstring(opml(known))
    body = root.find("body")
    assert body is not None
    assert [each.get("text") for each in body] == ["armenia", "Loose"]
    assert [each.get("text") for each in body[0]] == ["The Morning", "Evening & Co"]
    assert body[0][0].get("category") == "/armenia,/politics"
    assert root.findtext("head/ownerEmail") == "desk@news.example"


def test_what_others_may_not_learn_is_not_named() -> None:
    known = site(
        source("open"),
        source("private", public=False),
        source("paid", auth="bearer:hush"),
        source("keyed", url="https://keyed.example/?key=hush", is_secret=True),
        source("desk", url="file:///srv/desk.xml"),
    )
    document = opml(known)
    assert [each.get("xmlUrl") for each in outlines(document)] == ["https://open.example/feed/"]
    assert b"hush" not in document
    assert b"/srv/" not in document


def test_a_users_name_and_password_are_left_out() -> None:
    document = opml(site(source(url="https://ani:hush@morning.example/feed/")))
    assert [each.get("xmlUrl") for each in outlines(document)] == ["https://morning.example/feed/"]


def test_a_source_without_a_title_is_called_by_its_host() -> None:
    assert outlines(opml(site(source(title=""))))[0].get("title") == "morning.example"


def test_a_title_that_xml_cannot_hold_is_an_error_of_ours() -> None:
    with pytest.raises(RenderError):
        opml(site(title="a\x00b"))
