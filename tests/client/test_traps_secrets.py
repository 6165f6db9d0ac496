"""Traps 11 to 19: redirects, credentials, the environment."""

from __future__ import annotations

import json as jsonlib
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest
import requests
from hostile import Hostile, drop, json, make, status

from sexton.client import (
    CredentialError,
    InsecureTransport,
    Outcome,
    OutcomeUnknown,
    Redirected,
    UnsafeAddress,
    UnsafeHeader,
)

TOKEN = "planted-s3cret-0451"


@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
def test_trap_11_a_redirect_of_a_delete_is_an_error(client: Any, server: Hostile, other: Hostile, code: int) -> None:
    server.on["DELETE"] = [status(code, Location=f"{other.url}/items/r_1?sig=abc")]
    with pytest.raises(Redirected) as caught:
        client.delete("items", "r_1")
    assert caught.value.result.outcome is Outcome.FAILED
    assert caught.value.result.redirect_origin == f"http://127.0.0.1:{other.port}"
    assert "sig" not in str(caught.value) + repr(caught.value.result)
    assert len(server.seen) == 1
    assert other.seen == []


def test_trap_12_nothing_is_carried_to_another_host(client_of: Any, server: Hostile, other: Hostile) -> None:
    client = client_of(token=TOKEN, raise_errors=False)
    away = f"{other.url}/items/r_1"
    server.on = {"DELETE": [status(307, Location=away)], "GET": [status(307, Location=away), status(200)]}
    client.delete("items", "r_1", if_match='"a"', headers={"X-Api-Key": "k"})
    assert client.get("items", "r_1").status == 307
    server.on["DELETE"] = [status(202, Location=f"{other.url}/jobs/1")]
    client.delete("items", "r_1")
    assert other.seen == []


def test_trap_13_our_token_beats_netrc(
    client_of: Any, server: Hostile, transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin l\npassword p\ndefault login d password p\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client_of(token=TOKEN).delete("items", "r_1")
    client_of().delete("items", "r_2")
    assert [seen.headers.get("authorization") for seen in server.seen] == [f"Bearer {TOKEN}", None]
    if transport == "requests":
        theirs = requests.Session()
        client_of(session=theirs, token=TOKEN).delete("items", "r_3")
        theirs.headers["Authorization"] = "Bearer of-the-session"
        client_of(session=theirs).delete("items", "r_4")
        assert [s.headers.get("authorization") for s in server.seen[2:]] == [f"Bearer {TOKEN}", "Bearer of-the-session"]


@pytest.mark.parametrize(
    "url", ["http://u:p@127.0.0.1:9/v1", "https://token@api.example.com", "https://@api.example.com"]
)
def test_trap_14_user_information_is_refused(client_of: Any, url: str) -> None:
    with pytest.raises(UnsafeAddress, match="user name") as caught:
        client_of(url)
    assert "u:p" not in str(caught.value)


def test_trap_15_proxies_of_the_environment_are_ignored(
    client_of: Any, server: Hostile, other: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other.port}")
    client_of(token=TOKEN).delete("items", "r_1")
    assert len(server.seen) == 1
    assert other.seen == []
    client_of(proxy=f"http://127.0.0.1:{other.port}").delete("items", "r_2")
    assert other.deletes == [f"{server.url}/items/r_2"]


@pytest.mark.parametrize("url", ["http://api.example.com/v1", "http://10.0.0.1", "http://127.0.0.1.example.com"])
def test_trap_15_no_token_in_the_clear(client_of: Any, url: str) -> None:
    with pytest.raises(InsecureTransport):
        client_of(url, token=TOKEN)
    client_of(url, token=TOKEN, allow_http=True)


@pytest.mark.parametrize(
    "value", [f"{TOKEN}\n\n", f"{TOKEN} x", f"{TOKEN}\r\nX: y", f"{TOKEN}é", "", "\n", f" {TOKEN}"]
)
@pytest.mark.parametrize("way", ["token", "token_env", "token_file"])
def test_trap_16_a_bad_token_is_refused_without_being_shown(
    client_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, way: str
) -> None:
    file = tmp_path / "token"
    file.write_text(value, newline="")
    monkeypatch.setenv("TEST_TOKEN", value)
    with pytest.raises(CredentialError) as caught:
        client_of(**{way: {"token": value, "token_env": "TEST_TOKEN", "token_file": file}[way]})
    assert TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_trap_16_one_line_end_is_no_part_of_a_token(
    client_of: Any, server: Hostile, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + ending, newline="")
    client_of(token_file=file).delete("items", "r_1")
    assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_trap_16_no_header_splits_a_request(client: Any, server: Hostile) -> None:
    for headers in ({"X-A": "b\r\nX-C: d"}, {"X-A": None}, {"X-A\n": "b"}, {"Host": "x"}, {"Authorization": "x"}):
        with pytest.raises(UnsafeHeader):
            client.delete("items", "r_1", headers=headers)
    assert server.seen == []


def test_trap_17_no_secret_in_logs_errors_or_pickles(
    client_of: Any, transport: str, server: Hostile, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(token=TOKEN, raise_errors=False)
    server.on = {"DELETE": [status(204), drop, status(500), status(403)], "GET": [status(401)]}
    results = [client.delete("items", f"r_{n}") for n in range(3)]
    results.append(client.delete("items", filters={"key": TOKEN}, allow_collection=True))
    shown = repr(client) + repr(results) + caplog.text + "".join(capfd.readouterr())
    assert TOKEN not in shown
    assert all(TOKEN.encode() not in pickle.dumps(result) for result in results)
    answered = [result for result in results if result.response is not None]
    assert answered
    assert all(TOKEN not in str(vars(getattr(r.response, "request", None) or r.response)) for r in answered[:-1])
    assert transport != "requests" or any(record.name.startswith("urllib3") for record in caplog.records)


def test_trap_17_what_holds_the_token_does_not_show_it(client_of: Any, transport: str) -> None:
    client = client_of(token=TOKEN)
    settings = (client if transport == "requests" else client.client)._settings
    token = settings.token
    assert TOKEN not in f"{settings!r} {token!r} {token} {token:>9}"
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_trap_17_no_library_error_is_chained(client_of: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop], "GET": [drop]}
    with pytest.raises(OutcomeUnknown) as caught:
        client_of(token=TOKEN).delete("items", "r_1")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_trap_18_cookies_are_not_sent_back(client: Any, server: Hostile) -> None:
    server.on["DELETE"] = [status(204, Set_Cookie="session=abc; Path=/")]
    client.delete("items", "r_1")
    client.delete("items", "r_2")
    assert len(server.seen) == 2
    assert all("cookie" not in seen.headers for seen in server.seen)


def test_trap_19_one_span_with_its_attempts(client_of: Any, server: Hostile, spans: Any) -> None:
    server.on = {"DELETE": [status(503), drop, status(204)], "GET": [json(200, "{}", ETag='"a"')]}
    client_of(token=TOKEN).delete("items", "r_1", if_match='"a"')
    client_of(raise_errors=False).delete("items", filters={"token": TOKEN}, allow_collection=True)
    first, second = spans.get_finished_spans()
    methods = [event.attributes["method"] for event in first.events]
    assert methods == ["DELETE", "GET", "DELETE", "GET", "DELETE"]
    assert first.attributes["http.request.resend_count"] == 2
    assert first.attributes["sexton.outcome"] == "deleted"
    assert first.attributes["url.template"] == "items/{id}"
    assert TOKEN not in first.to_json() + second.to_json()
    jsonlib.loads(first.to_json())


def test_the_token_goes_to_its_own_origin_only(transport: str, server: Hostile, other: Hostile) -> None:
    client = make(transport, server.url, token=TOKEN)
    settings = (client if transport == "requests" else client.client)._settings
    assert settings.credentials_for(f"{server.url}/x")
    assert not settings.credentials_for(f"{other.url}/x")
    assert not settings.credentials_for(f"http://127.0.0.1:{server.port}0/x")
    client.close()
