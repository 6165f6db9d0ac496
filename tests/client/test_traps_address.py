"""Traps 1 to 10: which resource gets deleted."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests
import yarl
from hostile import Driven, Hostile

from sexton.client import Outcome, UnsafeAddress
from sexton.client import _aiohttp_transport as aiohttp_transport
from sexton.client._address import address_of, base_of
from sexton.client._bulk_transport import BulkTransport


def refused(client: Any, server: Hostile, *segments: Any, **options: Any) -> None:
    with pytest.raises(UnsafeAddress):
        client.delete(*segments, **options)
    assert server.seen == []


@pytest.mark.parametrize("value", ["", " ", "\u00a0", None, True, 1.5, b"r", ["r"]])
def test_trap_01_an_empty_id_never_becomes_the_collection(client: Any, server: Hostile, value: Any) -> None:
    refused(client, server, "items", value)
    refused(client, server, "items")
    refused(client, server)


@pytest.mark.parametrize("value", [".", ".."])
def test_trap_02_dots_are_refused(client: Any, server: Hostile, value: str) -> None:
    refused(client, server, "items", value)
    refused(client, server, value, "r_1")


@pytest.mark.parametrize("value", ["%2e%2e", ".%2e", "%2E", "%252e", "..."])
def test_trap_03_encoded_dots_arrive_as_text(client: Any, server: Hostile, value: str) -> None:
    client.delete("items", value)
    assert server.deletes == ["/v1/items/" + value.replace("%", "%25")]


@pytest.mark.parametrize("value", ["#x", "?all=1", "?", "a#b?c", "a&b=c", "100%", "ü", "a b", "%2F"])
def test_trap_04_query_and_fragment_marks_stay_in_the_segment(client: Any, server: Hostile, value: str) -> None:
    client.delete("items", value)
    assert server.deletes == ["/v1/items/" + quote(value, safe="")]


@pytest.mark.parametrize("value", ["a/b", "/", "a/../b", "a\\b", "//evil.example/x"])
def test_trap_05_slashes_are_refused(client: Any, server: Hostile, value: str) -> None:
    refused(client, server, "items", value)


@pytest.mark.parametrize("value", ["\t", "r\n", "r\r\n", "a\x00b", "a\x85b", "\x7f", "a\u2028b", "\ud800"])
def test_trap_06_control_characters_are_refused(client: Any, server: Hostile, value: str) -> None:
    refused(client, server, "items", value)


def test_trap_07_nothing_is_normalised_after_us(client: Any, server: Hostile) -> None:
    value = ";=*@,:!$&'()+~-._%3B%3D"
    client.delete("items", value)
    assert server.deletes == ["/v1/items/" + quote(value, safe="")]


def test_trap_07_a_library_that_rewrites_is_stopped(
    client_of: Any, server: Hostile, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if transport == "requests":
        session = requests.Session()
        session.params = {"all": "1"}
        client = client_of(session=session)
    else:
        monkeypatch.setattr(aiohttp_transport, "URL", lambda url, **_: yarl.URL(url))
        client = client_of()
    refused(client, server, "items", "a;b@c")


@pytest.mark.parametrize("value", ["//evil.example/x", "http://evil.example", "https://evil.example/v1/items/1", "/"])
def test_trap_08_an_id_never_leaves_the_host(client: Any, server: Hostile, value: str) -> None:
    refused(client, server, "items", value)
    refused(client, server, value, "r_1")


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"before": None},
        {"before": ""},
        {"ids": []},
        {"ids": [None]},
        {"a": "1", "ids": []},
        {"": "1"},
        {"a": " "},
        {"a": {}},
    ],
)
def test_trap_09_a_filter_never_vanishes(client: Any, server: Hostile, filters: dict[str, Any]) -> None:
    refused(client, server, "items", filters=filters, allow_collection=True)
    with pytest.raises(UnsafeAddress, match="ilter"):
        address_of(base_of(server.url), ["items"], filters=filters)


def test_trap_09_a_filter_needs_the_callers_word(client: Any, server: Hostile) -> None:
    refused(client, server, "items", filters={"before": "2026"})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1?tenant=5", "http://127.0.0.1:9/v1#a", "http://127.0.0.1:9/v1?"])
def test_trap_10_a_base_url_has_no_query(client_of: Any, url: str) -> None:
    with pytest.raises(UnsafeAddress):
        client_of(url)


def test_trap_10_filters_arrive_exactly(client: Any, server: Hostile) -> None:
    result = client.delete(
        "items", filters={"before": "2026-01-01 T&x", "ids": [1, "b"], "dry": False}, allow_collection=True
    )
    assert server.deletes == ["/v1/items?before=2026-01-01%20T%26x&ids=1&ids=b&dry=false"]
    assert result.outcome is Outcome.DELETED
    assert "2026" not in repr(result)


def test_the_driver_is_the_async_client(client: Any, transport: str) -> None:
    assert isinstance(client, Driven) == (transport != "requests")
    if transport == "bulk":
        assert isinstance(client.client._transport, BulkTransport)
