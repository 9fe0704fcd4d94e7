"""The page of the samples in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser import look
from hubs import Hub
from loopback import Loopback
from servers import under_waitress


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The samples, published and served."""
    hub = Hub(tmp_path_factory.mktemp("page")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    with under_waitress(hub):
        yield hub


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_front_page_is_accessible_quiet_and_fits(
    browser: Browser, hub: Hub, width: int, scheme: str
) -> None:
    with look(browser, hub.url("/"), width=width, scheme=scheme) as seen:
        assert seen.violations() == []
        assert seen.complaints == []
        assert seen.hosts() == {hub.address}
        assert seen.too_wide() == 0
        assert seen.shift() == 0


def test_what_is_wrong_with_a_page_would_be_told(browser: Browser) -> None:
    with Loopback() as web:
        web.serves(
            "/",
            b"<!DOCTYPE html><p style='color:#ddd'>Pale<hr style='width:3000px'><img src=/a>",
            type="text/html",
        )
        with look(browser, web.url("/"), width=320) as seen:
            assert {fault.partition(":")[0] for fault in seen.violations()} >= {"color-contrast", "image-alt"}
            assert seen.complaints
            assert seen.too_wide() > 2000
