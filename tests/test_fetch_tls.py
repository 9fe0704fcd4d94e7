import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from feedhub.errors import Unreachable
from feedhub.fetch import Outcome, fetch
from feedhub.model import Limits, Request, Response
from loopback import Loopback

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates")


def certificate(folder: Path, subject: str) -> Path:
    """Make a self-signed certificate, with its key in the same file."""
    path, key = folder / f"{subject}.pem", folder / f"{subject}.key"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x"
    made = ["-addext", f"subjectAltName={subject}", "-keyout", str(key), "-out", str(path)]
    subprocess.run([*command.split(), *made], check=True, capture_output=True, timeout=60)
    path.write_text(path.read_text() + key.read_text())
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("own"), "IP:127.0.0.1")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("foreign"), "DNS:morning.example")


@pytest.fixture
def trusting(own: Path, foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = tmp_path / "authorities.pem"
    trusted.write_text(own.read_text() + foreign.read_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))


def get(path: Path) -> Outcome:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with Loopback(tls=context) as web:
        web.serves("/feed", b"<rss/>")
        limits = Limits(private=(web.address,), pause=timedelta(0))
        [(_, outcome)] = fetch([Request(source="a", url=web.url("/feed"))], limits)
    return outcome


@pytest.mark.usefixtures("trusting")
def test_an_authority_that_the_machine_trusts_is_trusted(own: Path) -> None:
    outcome = get(own)
    assert isinstance(outcome, Response), outcome
    assert outcome.url.startswith("https://127.0.0.1:")


def test_a_certificate_that_nobody_vouches_for_is_not_valid(own: Path) -> None:
    outcome = get(own)
    assert isinstance(outcome, Unreachable)
    assert str(outcome).startswith("TLS certificate not valid: ")
    assert "self" in str(outcome)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_for_another_host_is_not_valid(foreign: Path) -> None:
    outcome = get(foreign)
    assert isinstance(outcome, Unreachable)
    assert str(outcome).startswith("TLS certificate not valid: ")
    assert "127.0.0.1" in str(outcome)
