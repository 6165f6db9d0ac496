"""Where webhooks may go, when they are tried again, what a message holds; no network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sexton import backoff
from sexton.events import MOST_BYTES, Event, message
from sexton.receivers import Reach, Receiver

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PUBLIC = (
    "93.184.216.34",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
)
PRIVATE = (
    "127.0.0.1",
    "127.8.8.8",
    "::1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
)
NEVER = (
    "169.254.169.254",
    "169.254.1.1",
    "::ffff:169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "224.0.0.1",
    "239.255.255.250",
    "232.1.1.1",
    "ff02::1",
    "ff0e::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:0808:0808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "::7f00:1",
    "::ffff:0.0.0.0",
    "::ffff:224.0.0.1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address):
    assert Reach().permits(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_called_where_that_is_allowed(address):
    assert not Reach().permits(address)
    assert Reach(allow_private=True).permits(address)


@pytest.mark.parametrize("address", NEVER)
def test_others_are_not_called_even_then(address):
    assert not Reach().permits(address)
    assert not Reach(allow_private=True).permits(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_is_judged_as_what_it_is(address):
    for reach in (Reach(), Reach(allow_private=True), Reach(networks=(ip_network("10.0.0.0/8"),))):
        assert reach.permits(f"::ffff:{address}") == reach.permits(str(address))
        assert not reach.permits(f"64:ff9b::{address}")


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fd12::/32"))
def test_allowed_networks_and_nothing_beside_them(address):
    reach = Reach(networks=(ip_network("10.0.0.0/8"), ip_network("fd12::/32")))
    assert reach.permits(str(address))
    assert not Reach(networks=(ip_network("192.168.0.0/16"), ip_network("fd13::/32"))).permits(str(address))


def test_one_forbidden_address_among_others_is_enough():
    receiver = Receiver.of("https://example.com/")
    assert Reach().fault(receiver, ["1.1.1.1"]) is None
    assert Reach().fault(receiver, ["1.1.1.1", "10.0.0.1"])
    assert Reach().fault(receiver, [])


def test_http_only_where_every_address_is_private():
    receiver = Receiver.of("http://example.com/")
    assert "https" in Reach().fault(receiver, ["1.1.1.1"])
    assert "https" in Reach(allow_private=True).fault(receiver, ["127.0.0.1", "1.1.1.1"])
    assert Reach(allow_private=True).fault(receiver, ["127.0.0.1"]) is None


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://Example.com", ("https", "example.com", 443, "example.com", "/")),
        ("https://example.com:443/a/b?c=d&e", ("https", "example.com", 443, "example.com", "/a/b?c=d&e")),
        ("http://example.com:8080", ("http", "example.com", 8080, "example.com:8080", "/")),
        ("https://[2606:4700::1]:8443/x", ("https", "2606:4700::1", 8443, "[2606:4700::1]:8443", "/x")),
    ],
)
def test_urls_are_taken_apart(url, parts):
    found = Receiver.of(url)
    assert (found.scheme, found.host, found.port, found.authority, found.target) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:x/",
        "https://exam ple.com/",
        "https://example.com/\r\nX: y",
        "https://exämple.com/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://example.com/" + "a" * 2048,
    ],
)
def test_urls_that_are_not_called(url):
    with pytest.raises(ValueError, match=r"."):
        Receiver.of(url)


@given(st.text())
def test_any_text_is_a_receiver_or_a_value_error(text):
    try:
        found = Receiver.of("https://" + text)
    except ValueError:
        return
    assert found.host
    assert "\r" not in found.authority + found.target
    assert "\n" not in found.authority + found.target


@given(st.integers(1, backoff.TRIES - 1), st.floats(0, 1))
def test_delays_grow_and_stay_near_the_schedule(attempt, chance):
    middle = backoff.delay(attempt, 0.5)
    assert middle is not None
    assert 0.8 * middle - 1e-6 <= backoff.delay(attempt, chance) <= 1.2 * middle + 1e-6
    assert attempt == 1 or middle >= backoff.delay(attempt - 1, 0.5)


def test_a_day_of_tries_and_no_more():
    total = sum(backoff.delay(attempt, 0.5) for attempt in range(1, backoff.TRIES))
    assert 0.95 * 86_400 <= total <= 1.05 * 86_400
    assert backoff.delay(backoff.TRIES, 0.5) is None
    assert backoff.delay(backoff.TRIES + 5, 0) is None


def test_a_message_is_compact_and_says_when():
    told = message(Event.ITEM_PURGED, {"count": 1, "ids": ["ä"], "at": NOW}, NOW)
    assert told == (
        '{"type":"item.purged","timestamp":"2026-01-31T12:00:00Z",'
        '"data":{"count":1,"ids":["\\u00e4"],"at":"2026-01-31T12:00:00Z"}}'
    )


@given(st.lists(st.text(max_size=3_000), max_size=400), st.text(max_size=30_000))
def test_a_message_stays_under_20_kb_and_lists_are_cut_at_their_end(ids, reason):
    told = message(Event.ITEM_PURGED, {"resource": "a", "count": len(ids), "ids": ids, "reason": reason}, NOW)
    data = json.loads(told)["data"]
    assert len(told.encode()) < MOST_BYTES
    assert data["count"] == len(ids)
    kept = data.get("ids", [])
    assert len(kept) <= 200
    assert kept == ids[: len(kept)]


def test_200_short_ids_are_told_all():
    told = message(Event.ITEM_PURGED, {"count": 300, "ids": [f"item-{n:020}" for n in range(300)]}, NOW)
    assert len(json.loads(told)["data"]["ids"]) == 200
