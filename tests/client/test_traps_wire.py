"""Traps 20 to 38: retries, time-outs, connections, answers."""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import requests
from hostile import Hostile, drip, drop, json, make, raw, stall, status

from sexton.client import (
    AsyncClient,
    Conflict,
    Finding,
    MissingETag,
    Outcome,
    OutcomeUnknown,
    Refused,
    RetryPolicy,
    Throttled,
    Timeout,
    UnsafeHeader,
)
from sexton.client._bulk_transport import BulkTransport

PRESENT = json(200, '{"id": "r_1"}', ETag='"a"')
GONE = status(404)
# A time-out before the request was written: the bulk transport, which counts no bytes, calls it a doubt.
UNSENT = {"requests": (Outcome.FAILED, 0), "aiohttp": (Outcome.FAILED, 0), "bulk": (Outcome.UNKNOWN, 1)}


def methods(server: Hostile) -> list[str]:
    return [seen.method for seen in server.seen]


@pytest.mark.parametrize("fault", [drop, stall(1.0)], ids=["drop", "stall"])
def test_trap_20_only_our_loop_sends_again_and_looks_first(quiet_client: Any, server: Hostile, fault: Any) -> None:
    server.on = {"DELETE": [fault], "GET": [PRESENT]}
    result = quiet_client.delete("items", "r_1")
    assert methods(server) == ["DELETE", "GET"] * 4
    assert result.sent == 4
    assert result.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("fault", [drop, stall(1.0)], ids=["drop", "stall"])
def test_trap_20_no_retries_means_one_delete(client_of: Any, server: Hostile, fault: Any) -> None:
    server.on = {"DELETE": [fault], "GET": [GONE]}
    client = client_of(retry=RetryPolicy(retries=0))
    assert client.delete("items", "r_1").outcome is Outcome.DELETED
    assert methods(server) == ["DELETE", "GET"]


def test_trap_20_retries_of_a_callers_session_are_counted(server: Hostile) -> None:
    session = requests.Session()
    again = requests.adapters.Retry(total=2, status_forcelist=[503], backoff_factor=0)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=again))
    server.on["DELETE"] = [status(503), GONE]
    client = make("requests", server.url, session=session)
    result = client.delete("items", "r_1")
    assert result.attempts[0].resent
    assert result.sent == 2
    assert result.outcome is Outcome.ALREADY_ABSENT


@pytest.mark.parametrize("transport", ["aiohttp", "bulk"])
def test_trap_20_retries_of_a_callers_async_session_are_counted(server: Hostile, transport: str) -> None:
    """What a caller's middleware sends again is noticed, and not told twice where two clients share the session."""

    async def again(request: Any, handler: Any) -> Any:
        answer = await handler(request)
        return await handler(request) if answer.status == 503 else answer

    async def go() -> tuple[Any, Any]:
        async with aiohttp.ClientSession(middlewares=[again]) as session:
            clients = [AsyncClient(server.url, session=session) for _ in range(2)]
            if transport == "bulk":
                for client in clients:
                    client._transport = BulkTransport(client._settings)
            return [await client.delete("items", "r_1") for client in clients]

    server.on["DELETE"] = [status(503), GONE]
    first, second = asyncio.run(go())
    assert [(r.outcome, r.sent) for r in (first, second)] == [(Outcome.ALREADY_ABSENT, 2), (Outcome.NOT_FOUND, 1)]
    assert first.attempts[0].resent


def test_trap_21_waits_are_random_and_grow(client_of: Any, server: Hostile) -> None:
    server.on["DELETE"] = [status(429)]
    client = client_of(raise_errors=False, retry=RetryPolicy(base=0.05, cap=0.1))
    waits = [attempt.waited for attempt in client.delete("items", "r_1").attempts]
    assert waits[0] == 0
    assert all(0 <= wait <= limit for wait, limit in zip(waits[1:], (0.05, 0.1, 0.1), strict=True))
    assert len(set(waits)) == 4


def test_trap_22_the_last_status_is_kept(quiet_client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [status(500), json(503, '{"title": "busy"}')], "GET": [PRESENT]}
    result = quiet_client.delete("items", "r_1")
    assert result.outcome is Outcome.FAILED
    assert (result.status, result.sent) == (503, 4)
    assert result.problem.title == "busy"
    assert [attempt.status for attempt in result.attempts] == [500, 200, 503, 200, 503, 200, 503, 200]


def test_trap_22_429_and_503_are_retried_by_us_alone(quiet_client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [status(429, Retry_After="0"), status(204)]}
    assert quiet_client.delete("items", "r_1").outcome is Outcome.DELETED
    assert methods(server) == ["DELETE", "DELETE"]


@pytest.mark.parametrize(
    "asked", ["100000", format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)], ids=["seconds", "date"]
)
def test_trap_23_a_long_retry_after_ends_the_call(client: Any, server: Hostile, asked: str) -> None:
    server.on["DELETE"] = [status(429, Retry_After=asked)]
    began = time.monotonic()
    with pytest.raises(Throttled) as caught:
        client.delete("items", "r_1")
    assert time.monotonic() - began < 1
    assert caught.value.retry_after > 80_000
    assert len(server.seen) == 1


def test_trap_23_patience_has_a_cap(client_of: Any, server: Hostile) -> None:
    server.on["DELETE"] = [status(429, Retry_After="2")]
    with pytest.raises(Throttled) as caught:
        client_of(timeout=Timeout(0.5, 0.5, 9), retry=RetryPolicy(retry_after_cap=1)).delete("items", "r_1")
    assert (caught.value.retry_after, len(server.seen)) == (2, 1)


def test_trap_23_beyond_the_deadline_is_not_waited_for(client_of: Any, server: Hostile) -> None:
    server.on["DELETE"] = [status(429, Retry_After="9")]
    with pytest.raises(Throttled) as caught:
        client_of(timeout=Timeout(0.5, 0.5, 2)).delete("items", "r_1")
    assert caught.value.retry_after == 9
    assert len(server.seen) == 1


@pytest.mark.parametrize("asked", ["Wed, 21 Oct 2015 07:28:00 GMT", "-5", "soon", "0"])
def test_trap_23_a_past_or_senseless_date_is_no_wait(client: Any, server: Hostile, asked: str) -> None:
    server.on["DELETE"] = [status(429, Retry_After=asked), status(204)]
    assert client.delete("items", "r_1").outcome is Outcome.DELETED


def test_trap_23_a_short_retry_after_is_kept(client: Any, server: Hostile) -> None:
    server.on["DELETE"] = [status(429, Retry_After="1"), status(204)]
    client.delete("items", "r_1")
    assert server.seen[1].at - server.seen[0].at >= 1


def test_trap_24_a_reused_connection_is_no_second_send(client_of: Any, server: Hostile) -> None:
    server.on = {"DELETE": [status(204), drop], "GET": [GONE]}
    client = client_of(retry=RetryPolicy(retries=0))
    client.delete("items", "r_1")
    result = client.delete("items", "r_2")
    assert server.seen[0].connection == server.seen[1].connection
    assert server.deletes == ["/v1/items/r_1", "/v1/items/r_2"]
    assert (result.outcome, result.verified, result.sent) == (Outcome.DELETED, True, 1)


def test_trap_24_a_silent_second_send_is_noticed(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    from sexton.client import _aiohttp_transport  # noqa: PLC0415

    monkeypatch.setattr(_aiohttp_transport, "_switch_off_resends", lambda _: None)
    server.on["DELETE"] = [status(204), drop, GONE]
    client = make("aiohttp", server.url)
    client.delete("items", "r_1")
    result = client.delete("items", "r_2")
    assert server.deletes == ["/v1/items/r_1", "/v1/items/r_2", "/v1/items/r_2"]
    assert result.attempts[0].resent
    assert result.outcome is Outcome.ALREADY_ABSENT
    client.close()


def test_trap_25_what_never_left_is_told_from_what_may_have(quiet_client: Any, client_of: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop], "GET": [status(401)]}
    assert quiet_client.delete("items", "r_1").outcome is Outcome.UNKNOWN
    server.close()
    result = quiet_client.delete("items", "r_2")
    assert (result.outcome, result.sent) == (Outcome.FAILED, 0)
    assert {attempt.finding for attempt in result.attempts} == {Finding.NOT_SENT}
    assert len(result.attempts) == 4


def test_trap_25_an_idle_connection_that_was_closed(client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [raw(b"HTTP/1.1 204 No Content\r\n\r\n", keep=False)], "GET": [PRESENT]}
    client.delete("items", "r_1")
    time.sleep(0.05)
    assert client.delete("items", "r_2").outcome is Outcome.DELETED
    assert server.deletes.count("/v1/items/r_2") == 1


@pytest.mark.parametrize(
    "slow",
    [
        drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2, 30),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n", b"x", 0.2, 30),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.2, 30),
    ],
    ids=["head", "body", "unbounded body"],
)
@pytest.mark.parametrize("session", [False, True], ids=["own", "callers"])
def test_trap_26_a_drip_does_not_outlive_the_time_out(
    client_of: Any, transport: str, server: Hostile, slow: Any, session: bool
) -> None:
    if session and transport != "requests":
        pytest.skip("the same code path as its own session")
    options = {"session": requests.Session()} if session else {}
    server.on = {"DELETE": [slow], "GET": [GONE]}
    began = time.monotonic()
    result = client_of(timeout=Timeout(0.2, 0.5, 3), **options).delete("items", "r_1")
    assert time.monotonic() - began < 1.5
    assert (result.outcome, result.verified) == (Outcome.DELETED, True)


LOOKS: list[tuple[Any, Outcome, int]] = [
    (status(404), Outcome.DELETED, 1),
    (status(410), Outcome.DELETED, 1),
    (json(200, '{"deleted_at": "2026-01-01"}'), Outcome.DELETED, 1),
    (json(200, "{}", ETag='"a"'), Outcome.DELETED, 2),
    (json(200, "{}", ETag='"b"'), Outcome.CONFLICT, 1),
    (status(401), Outcome.UNKNOWN, 1),
    (status(403), Outcome.UNKNOWN, 1),
    (status(500), Outcome.UNKNOWN, 1),
    (status(405), Outcome.UNKNOWN, 1),
    (status(302, Location="/login"), Outcome.UNKNOWN, 1),
    (status(200, b"<html>", Content_Type="text/html"), Outcome.UNKNOWN, 1),
]


@pytest.mark.parametrize(("look", "outcome", "sends"), LOOKS)
@pytest.mark.parametrize("fault", [drop, status(500), status(502)], ids=["drop", "500", "502"])
def test_trap_27_a_look_comes_before_a_second_send(
    quiet_client: Any, server: Hostile, fault: Any, look: Any, outcome: Outcome, sends: int
) -> None:
    server.on = {"DELETE": [fault, status(204)], "GET": [look]}
    result = quiet_client.delete("items", "r_1", if_match='"a"')
    assert (result.outcome, len(server.deletes)) == (outcome, sends)
    assert result.verified == (outcome is Outcome.DELETED and sends == 1)
    assert all(seen.headers["cache-control"] == "no-cache" for seen in server.of("GET"))
    assert all("if-match" not in seen.headers for seen in server.of("GET"))


def test_trap_27_a_404_to_the_second_try_may_be_ours(quiet_client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop, GONE], "GET": [PRESENT]}
    assert quiet_client.delete("items", "r_1").outcome is Outcome.ALREADY_ABSENT
    server.on = {"DELETE": [GONE]}
    assert quiet_client.delete("items", "r_1").outcome is Outcome.NOT_FOUND
    assert quiet_client.delete("items", "r_1", idempotent=True).outcome is Outcome.ALREADY_ABSENT


def test_trap_27_a_410_to_the_second_try_says_whose_it_was(quiet_client: Any, server: Hostile) -> None:
    for ours, outcome in (("true", Outcome.DELETED), ("false", Outcome.ALREADY_ABSENT)):
        server._turns.clear()
        server.on = {"DELETE": [drop, json(410, f'{{"deleted_by": {{"same_key": {ours}}}}}')], "GET": [PRESENT]}
        assert quiet_client.delete("items", "r_1").outcome is outcome


def test_trap_27_a_412_to_the_second_try_may_be_ours(quiet_client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop, status(412)], "GET": [PRESENT, GONE]}
    assert quiet_client.delete("items", "r_1", if_match='"a"').outcome is Outcome.DELETED
    server._turns.clear()
    server.on = {"DELETE": [status(412)], "GET": [PRESENT]}
    assert quiet_client.delete("items", "r_1", if_match='"z"').outcome is Outcome.PRECONDITION_FAILED


def test_trap_27_keys_and_ids_are_the_same_over_all_tries(quiet_client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop, status(503), status(204)], "GET": [PRESENT]}
    result = quiet_client.delete("items", "r_1")
    assert {seen.headers["idempotency-key"] for seen in server.of("DELETE")} == {f'"{result.idempotency_key}"'}
    assert {seen.headers["x-correlation-id"] for seen in server.seen} == {result.correlation_id}
    assert {seen.headers["user-agent"].partition(" ")[0] for seen in server.seen} == {"tests/1"}


def test_trap_28_dead_addresses_share_one_time_out(
    client_of: Any, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = []
        for _ in range(4):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
            waiting.append(sock)
        time.sleep(0.05)
        known = socket.getaddrinfo

        def three(host: Any, *args: Any, **options: Any) -> Any:
            return known("127.0.0.1", *args, **options) * 3

        monkeypatch.setattr(socket, "getaddrinfo", three)
        client = client_of(
            f"http://localhost:{port}", timeout=Timeout(0.5, 0.4, 0.8), raise_errors=False, retry=RetryPolicy(retries=0)
        )
        began = time.monotonic()
        result = client.delete("items", "r_1")
        assert time.monotonic() - began < 1.2
        assert (result.outcome, result.sent) == UNSENT[transport]
        for sock in waiting:
            sock.close()


@pytest.mark.parametrize("value", [None, 5, (1, None), (0, 1), (1, float("inf")), (-1, 1), "3"])
def test_trap_29_there_is_no_waiting_for_ever(client: Any, client_of: Any, server: Hostile, value: Any) -> None:
    with pytest.raises(Refused):
        client.delete("items", "r_1", timeout=value)
    with pytest.raises(Refused):
        client_of(timeout=value)
    assert server.seen == []


def test_trap_29_the_whole_call_has_a_deadline(client_of: Any, server: Hostile) -> None:
    server.on = {"DELETE": [stall(5)], "GET": [stall(5)]}
    client = client_of(timeout=Timeout(0.5, 0.5, 1.0))
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        client.delete("items", "r_1")
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("code", [102, 103])
def test_trap_30_an_interim_status_is_no_end(client: Any, server: Hostile, code: int) -> None:
    late = f"HTTP/1.1 {code} Wait\r\nX-A: b\r\n\r\n".encode()
    server.on = {"DELETE": [drip(late, b"HTTP/1.1 204 No Content\r\n\r\n", 0.05, 1)], "GET": [GONE]}
    assert client.delete("items", "r_1").outcome is Outcome.DELETED
    server.on = {"DELETE": [status(204)], "GET": [PRESENT]}
    assert client.delete("items", "r_2").outcome is Outcome.DELETED
    assert server.of("DELETE")[1].connection != server.of("DELETE")[0].connection


@pytest.mark.parametrize("code", [101, 102, 103])
def test_trap_30_an_interim_status_is_no_success(quiet_client: Any, server: Hostile, code: int) -> None:
    head = f"HTTP/1.1 {code} Wait\r\n\r\n".encode()
    no = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
    server.on = {"DELETE": [drip(head, no, 0.05, 1)], "GET": [PRESENT]}
    assert quiet_client.delete("items", "r_1").outcome in {Outcome.UNKNOWN, Outcome.FORBIDDEN}


def test_trap_30_the_late_answer_is_not_the_next_ones(quiet_client: Any, server: Hostile) -> None:
    def late(sock: socket.socket, _: Any) -> bool:
        sock.sendall(b"HTTP/1.1 103 Wait\r\n\r\n")
        time.sleep(0.1)
        sock.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        return True

    server.on = {"DELETE": [late, status(403)]}
    quiet_client.delete("items", "r_1", verify=False)
    assert quiet_client.delete("items", "r_2", verify=False).outcome is Outcome.FORBIDDEN


def test_trap_31_bytes_after_a_204_are_no_answer(quiet_client: Any, server: Hostile) -> None:
    """The second DELETE finds a forged 204 first, then its own 403: it must not be called deleted."""

    def forged(sock: socket.socket, seen: Any) -> bool:
        sock.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        return status(403, echo=True)(sock, seen)

    server.on = {"DELETE": [status(204, echo=True), forged, status(403, echo=True)], "GET": [_echoed_present]}
    assert quiet_client.delete("items", "r_1").outcome is Outcome.DELETED
    result = quiet_client.delete("items", "r_2")
    assert result.outcome in {Outcome.UNKNOWN, Outcome.FORBIDDEN}
    assert result.attempts[0].finding is Finding.DOUBTFUL
    assert server.of("GET")[0].connection != server.of("DELETE")[1].connection


def _echoed_present(sock: socket.socket, seen: Any) -> bool:
    return status(200, b"{}", echo=True, Content_Type="application/json", ETag='"a"')(sock, seen)


def test_trap_31_a_204_that_announces_a_body_ends_its_connection(client: Any, server: Hostile) -> None:
    server.on["DELETE"] = [raw(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"), status(204)]
    client.delete("items", "r_1")
    client.delete("items", "r_2")
    assert server.seen[0].connection != server.seen[1].connection


def test_trap_31_strict_connections_are_used_once(client_of: Any, server: Hostile) -> None:
    client = client_of(strict_connections=True)
    for number in range(3):
        client.delete("items", number)
    assert len({seen.connection for seen in server.seen}) == 3


BOMB = gzip.compress(b"0" * 100_000_000)
ENDLESS = drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" " * 65_536, 0.0, 100_000)


@pytest.mark.parametrize(
    "bomb",
    [status(200, BOMB, Content_Encoding="gzip", Content_Type="application/json"), ENDLESS],
    ids=["gzip", "endless"],
)
def test_trap_32_a_body_bomb_is_not_read(client: Any, server: Hostile, bomb: Any) -> None:
    server.on = {"DELETE": [bomb], "GET": [GONE]}
    tracemalloc.start()
    try:
        result = client.delete("items", "r_1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert result.attempts[0].finding is Finding.DOUBTFUL
    assert server.seen[0].headers["accept-encoding"] == "identity"


def test_trap_33_connections_are_drained_and_used_again(client: Any, server: Hostile) -> None:
    server.on["DELETE"] = [json(200, '{"deleted": true, "pad": "' + "x" * 20_000 + '"}')]
    for number in range(5):
        client.delete("items", number)
    assert server.connections == 1


def test_trap_34_there_are_no_more_connections_than_said(
    client_of: Any, transport: str, server: Hostile, caplog: pytest.LogCaptureFixture
) -> None:
    server.on["DELETE"] = [stall(0.02, status(204))]
    client = client_of(max_connections=4)
    if transport == "requests":
        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(lambda n: client.delete("items", n), range(48)))
    else:

        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*(client.client.delete("items", n) for n in range(48)))

        results = client.loop.run_until_complete(all_of_them())
    assert all(result.outcome is Outcome.DELETED for result in results)
    assert server.connections <= 4
    assert "pool is full" not in caplog.text


def test_trap_34_nobody_waits_for_a_connection_beyond_the_deadline(
    client_of: Any, transport: str, server: Hostile
) -> None:
    server.on["DELETE"] = [stall(1.5, status(204))]
    client = client_of(max_connections=1, timeout=Timeout(2, 2, 4), raise_errors=False, retry=RetryPolicy(retries=0))
    short = Timeout(0.2, 0.2, 0.4)
    if transport == "requests":
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(client.delete, "items", 1)
            time.sleep(0.1)
            began = time.monotonic()
            second = client.delete("items", 2, timeout=short)
            waited = time.monotonic() - began
            assert first.result().outcome is Outcome.DELETED
    else:

        async def both() -> tuple[Any, float]:
            first = asyncio.create_task(client.client.delete("items", 1))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            second = await client.client.delete("items", 2, timeout=short)
            waited = time.monotonic() - began
            assert (await first).outcome is Outcome.DELETED
            return second, waited

        second, waited = client.loop.run_until_complete(both())
    assert waited < 1
    assert (second.outcome, second.sent) == UNSENT[transport]


def test_trap_34_a_look_leaves_the_connections_of_others_alone(server: Hostile) -> None:
    server.on = {"DELETE": [status(204), drop], "GET": [GONE]}
    client = make("requests", server.url)
    client.delete("items", "r_1")
    pools = client._transport._session.get_adapter(server.url).poolmanager.pools
    before = [pools.get(key) for key in pools.keys()]  # noqa: SIM118 — no mapping
    assert client.delete("items", "r_2").verified
    assert [pools.get(key) for key in pools.keys()] == before  # noqa: SIM118 — no mapping
    client.close()


ANSWERS: list[tuple[Any, Outcome]] = [
    (status(204), Outcome.DELETED),
    (status(200), Outcome.DELETED),
    (json(200, '{"deleted": true}'), Outcome.DELETED),
    (json(200, '{"errors": [], "error": null, "success": true}'), Outcome.DELETED),
    (json(200, '{"deleted": false}'), Outcome.FAILED),
    (json(200, '{"success": false}'), Outcome.FAILED),
    (json(200, '{"ok": false, "error": "x"}'), Outcome.FAILED),
    (json(200, '{"error": {"code": 5}}'), Outcome.FAILED),
    (json(200, '{"data": {"deleted": false}}'), Outcome.FAILED),
    (json(200, '{"status": "error"}'), Outcome.FAILED),
    (json(200, '{"deletedCount": 0}'), Outcome.FAILED),
    (json(200, '{"Errors": [{"Key": "a"}]}'), Outcome.FAILED),
    (json(202, '{"status": "failed"}'), Outcome.FAILED),
    (json(207, '[{"status": 204}, {"status": 403}]'), Outcome.FAILED),
    (json(207, '{"responses": [{"status": 204}]}'), Outcome.DELETED),
    (json(207, "{}"), Outcome.FAILED),
    (status(207, b"<d:status>HTTP/1.1 423 Locked</d:status>"), Outcome.FAILED),
    (status(404), Outcome.NOT_FOUND),
    (status(410), Outcome.ALREADY_ABSENT),
    (json(410, '{"deleted_by": {"same_key": true}}'), Outcome.ALREADY_ABSENT),
    (json(410, '{"deleted_by": {"correlation_id": "of-this-call"}}'), Outcome.DELETED),
    (json(410, '{"deleted_by": {"same_key": false, "correlation_id": "another"}}'), Outcome.ALREADY_ABSENT),
    (status(401), Outcome.FORBIDDEN),
    (status(403), Outcome.FORBIDDEN),
    (status(405), Outcome.FAILED),
    (status(409), Outcome.CONFLICT),
    (status(412), Outcome.PRECONDITION_FAILED),
    (status(423), Outcome.CONFLICT),
    (status(428), Outcome.PRECONDITION_FAILED),
    (status(429), Outcome.THROTTLED),
    (status(304), Outcome.FAILED),
    (status(418), Outcome.FAILED),
    (status(203), Outcome.FAILED),
    (status(206), Outcome.FAILED),
    (status(501), Outcome.FAILED),
    (status(200, b"<html>log in", Content_Type="text/html; charset=utf-8"), Outcome.FAILED),
]


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS)
def test_trap_35_each_answer_has_one_meaning(quiet_client: Any, server: Hostile, answer: Any, outcome: Outcome) -> None:
    server.on = {"DELETE": [answer], "GET": [PRESENT]}
    result = quiet_client.delete("items", "r_1", headers={"X-Correlation-Id": "of-this-call"})
    assert result.outcome is outcome
    assert result.succeeded == (outcome in {Outcome.DELETED, Outcome.ALREADY_ABSENT})


@pytest.mark.parametrize("value", ["abc", "", 'W/"abc"', '"a"b"', '"a\r\n"', 'abc"', b'"a"', '"a", "b"'])
def test_trap_36_a_tag_that_would_not_guard_is_refused(client: Any, server: Hostile, value: Any) -> None:
    with pytest.raises(UnsafeHeader):
        client.delete("items", "r_1", if_match=value)
    assert server.seen == []


@pytest.mark.parametrize("answer", [status(200, b"{}"), status(200, b"{}", ETag='W/"a"'), status(200, b"{}", ETag="a")])
def test_trap_36_no_tag_means_no_delete(client: Any, server: Hostile, answer: Any) -> None:
    server.on["GET"] = [answer]
    with pytest.raises(MissingETag):
        client.fetch_and_delete("items", "r_1")
    assert methods(server) == ["GET"]


def test_trap_36_a_weak_tag_is_refused_by_its_name(client: Any) -> None:
    with pytest.raises(UnsafeHeader, match="weak"):
        client.delete("items", "r_1", if_match='W/"abc"')


def test_trap_36_what_was_fetched_is_what_is_deleted(client: Any, server: Hostile) -> None:
    server.on["GET"] = [PRESENT]
    assert client.fetch_and_delete("items", "r_1").outcome is Outcome.DELETED
    assert server.of("DELETE")[0].headers["if-match"] == '"a"'
    assert "if-match" not in server.of("GET")[0].headers


def test_trap_36_another_version_is_a_conflict(client: Any, server: Hostile) -> None:
    server.on = {"DELETE": [drop], "GET": [PRESENT, json(200, "{}", ETag='"b"')]}
    with pytest.raises(Conflict):
        client.fetch_and_delete("items", "r_1")
    assert methods(server) == ["GET", "DELETE", "GET"]


def test_trap_37_a_delete_has_no_body(client: Any, server: Hostile) -> None:
    client.delete("items", "r_1")
    assert server.seen[0].body == b""
    assert server.seen[0].headers.get("content-length", "0") == "0"
    assert not {"content-type", "transfer-encoding"} & server.seen[0].headers.keys()


def test_trap_38_a_shadowed_urllib3_is_reported(client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client_of()  # imports the real one
    monkeypatch.setitem(sys.modules, "urllib3", SimpleNamespace(__version__="2.25.904"))
    with pytest.warns(RuntimeWarning, match="niquests"):
        client_of()


def test_trap_38_the_real_one_is_not(client: Any) -> None:
    assert "niquests" not in sys.modules
