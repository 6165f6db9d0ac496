"""One POST to a receiver that may do anything: real sockets, real TLS; only the resolver's answers are ours."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from ipaddress import ip_network

import pytest

from receiving import receiving
from sexton.actions import send as sending
from sexton.actions.send import Sent, send
from sexton.receivers import Reach
from sexton.storage.webhooks import new_secret

LOCAL = Reach(allow_private=True)
BODY = '{"type":"item.purged","timestamp":"2026-01-31T12:00:00Z","data":{}}'
NAME = "hooks.example.test"


@pytest.fixture
def resolver(monkeypatch):
    """What a name resolves to, one answer at each look-up; numeric addresses go to the real one."""
    real, answers = socket.getaddrinfo, []

    def lookup(host, port, *arguments, **options):
        if host != NAME:
            return real(host, port, *arguments, **options)
        addresses = answers.pop(0)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [found for address in addresses for found in real(address, port, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return answers


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(sending, "READ_SECONDS", 0.6)
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.3)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "key", "-out", folder / "cert"]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


def _post(url, reach=LOCAL, secret=None):
    return send(reach, url, "msg_1", BODY, [secret or new_secret()])


def test_what_is_sent_is_signed_and_whole():
    secret = new_secret()
    with receiving() as receiver:
        assert _post(receiver.url, secret=secret) == Sent(204)
        (got,) = receiver.got
    assert got.verified(secret)["type"] == "item.purged"
    assert (got.path, got.body) == ("/hook?a=1", BODY.encode())
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 5


def test_nobody_listens():
    with receiving() as receiver:
        url = receiver.url
    assert _post(url) == Sent(None, "no connection was made")


def _hang(_handler):
    time.sleep(3)


def _drip(handler):
    for _ in range(30):
        handler.wfile.write(b"HTTP"[:1])
        time.sleep(0.1)


def _drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(30):
        handler.wfile.write(b"X: y\r\n")
        time.sleep(0.1)


@pytest.mark.parametrize("answer", [_hang, _drip, _drip_headers])
def test_a_receiver_that_takes_its_time_is_cut(quick, answer):
    with receiving() as receiver:
        receiver.answers = [answer]
        started = time.monotonic()
        sent = _post(receiver.url)
        assert time.monotonic() - started < 2
    assert sent == Sent(None, "no answer within 0.6 s")


def test_an_answer_may_take_longer_than_a_connection(quick):
    with receiving() as receiver:
        receiver.answers = [lambda handler: (time.sleep(0.4), handler.answer(202))]
        assert _post(receiver.url) == Sent(202)


def _endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(2_000):
        handler.wfile.write(b"x" * 10_000)
    handler.server.finished = True


def test_no_more_than_64_kib_of_an_answer_is_read():
    with receiving() as receiver:
        receiver.answers = [_endless]
        assert _post(receiver.url) == Sent(200)


def _drip_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(30):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def test_a_body_that_drips_is_not_waited_for(quick):
    with receiving() as receiver:
        receiver.answers = [_drip_body]
        started = time.monotonic()
        assert _post(receiver.url) == Sent(200)
        assert time.monotonic() - started < 2


def test_a_peer_that_speaks_no_http():
    with receiving() as receiver:
        receiver.answers = [lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")]
        sent = _post(receiver.url)
    assert sent.status is None
    assert "connection broke" in sent.error


def test_a_redirect_is_not_followed():
    with receiving() as receiver, receiving() as other:
        receiver.answers = [lambda handler: handler.answer(307, Location=other.url)]
        assert _post(receiver.url) == Sent(307)
        assert (len(receiver.got), other.got) == (1, [])


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    with receiving() as receiver, receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert _post(receiver.url) == Sent(204)
        assert proxy.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "localhost"])
def test_loopback_in_any_spelling_is_refused(host):
    with receiving() as receiver:
        sent = _post(f"http://{host}:{receiver.port}/", Reach())
        assert receiver.got == []
    assert "may not call" in sent.error


def test_the_address_that_was_checked_is_the_one_that_is_called(resolver):
    with receiving() as receiver:
        url = f"http://{NAME}:{receiver.port}/"
        resolver[:] = [["127.0.0.1"]]
        assert _post(url) == Sent(204)
        assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"
        assert resolver == []
        resolver[:] = [["127.0.0.2"], ["127.0.0.1"]]
        only = Reach(networks=(ip_network("127.0.0.1/32"),))
        assert "may not call" in _post(url, only).error
        assert resolver == [["127.0.0.1"]]
        resolver[:] = [["127.0.0.1", "169.254.169.254"]]
        assert "may not call" in _post(url).error
        resolver[:] = [[]]
        assert _post(url) == Sent(None, f"{NAME} cannot be resolved")
        assert len(receiver.got) == 1


def test_the_next_address_where_the_first_does_not_answer(resolver):
    with receiving() as receiver:
        resolver[:] = [["::1", "127.0.0.1"]]
        assert _post(f"http://{NAME}:{receiver.port}/") == Sent(204)


def _server_side(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return context


def test_tls_is_with_the_name_and_not_with_the_address(resolver, certificate, monkeypatch):
    with receiving(_server_side(certificate)) as receiver:
        resolver[:] = [["127.0.0.1"]] * 3
        url = f"https://{NAME}:{receiver.port}/"
        assert "TLS failed: self" in _post(url).error
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert"))
        assert _post(url) == Sent(204)
        assert receiver.names[-1] == NAME
        assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"
        assert "TLS failed: " in _post(f"https://127.0.0.1:{receiver.port}/").error
        assert len(receiver.got) == 1


def test_a_tls_handshake_that_never_ends_is_cut(quick, resolver):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        resolver[:] = [["127.0.0.1"]]
        started = time.monotonic()
        sent = _post(f"https://{NAME}:{listener.getsockname()[1]}/")
        assert time.monotonic() - started < 2
    assert sent == Sent(None, "no answer within 0.6 s")
