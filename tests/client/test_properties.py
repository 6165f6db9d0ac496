"""Properties of the pure parts: addresses, waits, and every decision of a delete against every course of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
import yarl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sexton.client import DeleteResult, Finding, Outcome, RetryPolicy, Timeout, UnsafeAddress, Verify
from sexton.client._address import address_of, base_of, origin_of, same_origin_path
from sexton.client._flow import DeleteFlow, DeletePlan
from sexton.client._request import delete_request, headers_of, key_of, quoted, user_agent
from sexton.client._response import Answer, Failure, FailureKind, denial_of, problem_of, retry_after_of
from sexton.client._retry import Tools
from sexton.client._wire import Context, Echo, End, Send, Wire, advance

BASE = base_of("https://api.example.com:8443/v1")
SEGMENTS = st.lists(st.one_of(st.text(min_size=1), st.integers()), min_size=1, max_size=5)


@given(SEGMENTS)
def test_an_address_is_refused_or_means_just_its_segments(segments: list[Any]) -> None:
    try:
        address = address_of(BASE, segments)
    except UnsafeAddress:
        return
    parts = urlsplit(address.url)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "api.example.com:8443", "", "")
    assert [unquote(part) for part in parts.path.split("/")[1:]] == ["v1", *map(str, segments)]
    assert requests.Request("DELETE", address.url).prepare().url == address.url
    assert str(yarl.URL(address.url, encoded=True)) == address.url
    assert address.collection == (len(segments) % 2 == 1)


@given(st.text(alphabet="./\\%2eE5cC\t\r\n ?#\x00", max_size=6))
def test_a_hostile_segment_never_moves_the_path(value: str) -> None:
    try:
        url = address_of(BASE, ["items", value]).url
    except UnsafeAddress:
        return
    assert value.strip()
    assert urlsplit(str(yarl.URL(url))).path.startswith("/v1/items/")
    assert len(urlsplit(url).path.split("/")) == 4


@given(
    st.dictionaries(
        st.text(max_size=5), st.one_of(st.text(), st.integers(), st.lists(st.text(), max_size=3)), max_size=3
    )
)
def test_a_filter_is_refused_or_arrives_whole(filters: dict[str, Any]) -> None:
    try:
        url = address_of(BASE, ["items"], filters=filters).url
    except UnsafeAddress:
        return
    wanted = [(n, str(v)) for n, vs in filters.items() for v in (vs if isinstance(vs, list) else [vs])]
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == wanted
    assert wanted
    assert requests.Request("DELETE", url).prepare().url == url


@given(st.text())
def test_a_location_stays_on_our_origin_or_is_ignored(location: str) -> None:
    url = same_origin_path(BASE, location)
    assert url is None or url.startswith(BASE.origin + "/") or url == BASE.origin
    origin_of(location)


@pytest.mark.parametrize(
    "location",
    ["//evil/x", "https://evil/x", "http://api.example.com:8443/x", "https://api.example.com/x", "x", "/a/../b",
     "https://u:p@api.example.com:8443/x", "\\\\evil", "/a\r\nb", "javascript:alert(1)", ""],
)  # fmt: skip
def test_a_strange_location_is_ignored(location: str) -> None:
    assert same_origin_path(BASE, location) is None


@pytest.mark.parametrize("location", ["/v1/jobs/1", "https://api.example.com:8443/v1/jobs/1?a=b"])
def test_a_plain_location_is_followed(location: str) -> None:
    assert (same_origin_path(BASE, location) or "").startswith("https://api.example.com:8443/v1/jobs/1")


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=255))
def test_a_key_is_quoted_so_that_it_can_be_read_back(key: str) -> None:
    text = quoted(key_of(key))
    assert (text[0], text[-1]) == ('"', '"')
    assert text[1:-1].replace('\\"', '"').replace("\\\\", "\\") == key or "\\" in key


@given(st.integers(1, 50), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 100)))
def test_waits_are_bounded(tries: int, chance: float, asked: float | None) -> None:
    policy = RetryPolicy()
    wait = policy.wait(tries, chance, asked)
    if asked is not None and asked > policy.retry_after_cap:
        assert wait is None
    else:
        assert wait is not None
        assert (asked or 0) <= wait <= max(asked or 0, min(policy.cap, policy.base * 2 ** (tries - 1)))


@given(st.text(), st.floats(0, 4e9))
def test_a_retry_after_is_never_negative(value: str, now: float) -> None:
    seconds = retry_after_of(Answer(429, {"retry-after": value}), now)
    assert seconds is None or seconds >= 0


@given(st.binary(max_size=200), st.integers(100, 599), st.sampled_from(["", "gzip", "deflate", "br"]))
def test_any_body_can_be_read(body: bytes, status: int, encoding: str) -> None:
    answer = Answer(status, {"content-encoding": encoding}, body)
    denial_of(answer)
    problem_of(answer)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["deleted", "errors", "data", "status", "success", "n", "type"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from([200, 202, 207, 404]))
def test_any_json_can_be_read(document: Any, status: int) -> None:
    import json  # noqa: PLC0415

    answer = Answer(status, {}, json.dumps(document).encode())
    denial_of(answer)
    problem_of(answer)


class World:
    """A server with one item, and a network, both run by a list of events. It knows the truth."""

    def __init__(self, events: list[str], *, exists: bool = True) -> None:
        self.events = iter(events)
        self.there = exists
        self.now = 0.0
        self.sent: list[str] = []
        self.late = False

    def answer(self, step: Send) -> Answer | Failure:
        self.now += 0.01
        self.sent.append(step.request.method)
        event = next(self.events, "ok")
        if step.request.method == "GET":
            return self._get(event)
        return self._delete(event)

    def _get(self, event: str) -> Answer | Failure:
        if event in {"drop before", "drop after", "late"}:
            return Failure(FailureKind.BROKEN, sent=True)
        if event in {"500 before", "500 after"}:
            return Answer(500, {})
        return Answer(200, {"etag": '"a"'}, b"{}") if self.there else Answer(404, {})

    def _delete(self, event: str) -> Answer | Failure:
        nothing_done = {
            "refuse": Failure(FailureKind.CONNECT, sent=False),
            "429": Answer(429, {}),
            "403": Answer(403, {}),
            "409": Answer(409, {}),
            "drop before": Failure(FailureKind.READ_TIMEOUT, sent=True),
            "500 before": Answer(500, {}),
            "denied": Answer(200, {}, b'{"deleted": false}'),
        }
        if event in nothing_done:
            return nothing_done[event]
        if event == "late":
            self.late = self.late or self.there
            return Failure(FailureKind.READ_TIMEOUT, sent=True)
        was, self.there = self.there, False
        if event == "drop after":
            return Failure(FailureKind.BROKEN, sent=True)
        if event == "500 after":
            return Answer(500, {})
        return Answer(204 if was else 404, {})


EVENTS = ["ok", "refuse", "429", "403", "409", "drop before", "drop after", "500 before", "500 after", "late", "denied"]


def course(world: World, *, verify: Verify = Verify.DOUBTFUL, retries: int = 3) -> Iterator[DeleteResult]:
    address = address_of(BASE, ["items", "r_1"])
    request = delete_request(address, headers_of(user_agent("t")), key="k")
    plan = DeletePlan(address, BASE, request, "k", None, idempotent=False, verify=verify)
    tools = Tools(clock=lambda: world.now, wall=lambda: 0.0, chance=lambda: 0.5)
    wire = Wire(Context(RetryPolicy(retries=retries), tools, Echo()), Timeout(), lambda _: None)
    flow = DeleteFlow(plan, wire).run()
    step = advance(flow, None)
    while not isinstance(step, End):
        if isinstance(step, Send):
            step = advance(flow, world.answer(step))
        else:
            world.now += step.seconds
            step = advance(flow, None)
    yield step.value


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=12), st.integers(0, 3))
def test_no_outcome_contradicts_the_server(events: list[str], retries: int) -> None:
    """A late delete lands after the call: then "not deleted" would be a lie, and only unknown is honest."""
    world = World(events)
    (result,) = course(world, retries=retries)
    gone = not world.there
    if result.outcome in {Outcome.DELETED, Outcome.ALREADY_ABSENT}:
        assert gone
    elif result.outcome is not Outcome.UNKNOWN:
        assert not gone
        assert not world.late
    assert len([m for m in world.sent if m == "DELETE"]) <= retries + 1
    assert len(result.attempts) == len(world.sent)
    assert world.now < Timeout().total


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_after_a_doubtful_try_a_look_comes_first(events: list[str]) -> None:
    world = World(events)
    (result,) = course(world)
    for before, after in zip(result.attempts, result.attempts[1:], strict=False):
        if before.method == after.method == "DELETE":
            assert before.finding in {Finding.NOT_SENT, Finding.THROTTLED}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_verifying_always_leaves_no_lie(events: list[str]) -> None:
    assume("late" not in events)
    world = World(events)
    (result,) = course(world, verify=Verify.ALWAYS)
    if result.verified:
        assert not world.there


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_an_item_that_never_was_is_not_found_unless_a_try_was_doubtful(events: list[str]) -> None:
    world = World(events, exists=False)
    (result,) = course(world)
    doubtful = any(a.finding is Finding.DOUBTFUL for a in result.attempts)
    if not doubtful:
        assert result.outcome is not Outcome.DELETED
        assert result.outcome is not Outcome.ALREADY_ABSENT
