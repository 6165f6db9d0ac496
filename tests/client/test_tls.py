"""TLS on both transports: a certificate that is not believed means "not sent"; a drip is cut through TLS, too."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, drip, stall, status

from sexton.client import Outcome, Timeout


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


@pytest.fixture
def server(certificate: Path) -> Iterator[Hostile]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert", certificate / "key")
    running = Hostile(context)
    yield running
    running.close()


def test_a_certificate_that_is_believed(client_of: Any, server: Hostile, certificate: Path) -> None:
    client = client_of(ca_file=str(certificate / "cert"), token="t")
    for number in range(3):
        assert client.delete("items", number).outcome is Outcome.DELETED
    assert len({seen.connection for seen in server.seen}) == 1


def test_a_certificate_that_is_not(client_of: Any, server: Hostile) -> None:
    result = client_of(raise_errors=False, token="t").delete("items", "r_1")
    assert (result.outcome, result.sent) == (Outcome.FAILED, 0)
    assert [attempt.error for attempt in result.attempts] == ["tls"]
    assert server.seen == []


def test_another_name_is_not_believed(client_of: Any, server: Hostile, certificate: Path) -> None:
    url = server.url.replace("localhost", "127.0.0.1")
    result = client_of(url, raise_errors=False, ca_file=str(certificate / "cert")).delete("items", "r_1")
    assert (result.outcome, result.sent) == (Outcome.FAILED, 0)


@pytest.mark.parametrize(
    "slow", [drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.1, 50), stall(3)], ids=["drip", "stall"]
)
def test_deadlines_hold_through_tls(client_of: Any, server: Hostile, certificate: Path, slow: Any) -> None:
    server.on = {"DELETE": [slow], "GET": [status(404)]}
    client = client_of(ca_file=str(certificate / "cert"), timeout=Timeout(0.5, 0.5, 4))
    began = time.monotonic()
    result = client.delete("items", "r_1")
    assert time.monotonic() - began < 2
    assert (result.outcome, result.verified) == (Outcome.DELETED, True)
