"""Where webhooks may go: a URL taken apart, and the addresses that may be called. Nothing here touches the network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MOST_CHARACTERS = 2_048
_PORTS = {"http": 80, "https": 443}
_VISIBLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_PRIVATE: tuple[Network, ...] = tuple(
    ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "::1/128", "fc00::/7")
)
_METADATA = frozenset(
    ip_address(one) for one in ("169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A URL in parts: `authority` is what the Host header says, `target` path and query."""

    scheme: str
    host: str
    port: int
    authority: str
    target: str

    @classmethod
    def of(cls, url: str) -> Receiver:
        """Take a URL apart. Raises ValueError with a sentence for one that cannot be called."""
        if len(url) > MOST_CHARACTERS or not _VISIBLE.fullmatch(url) or "\\" in url:
            message = f"a URL is at most {MOST_CHARACTERS} visible ASCII characters: write other hosts as xn--…"
            raise ValueError(message)
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not _HOST.fullmatch(parts.hostname):
            raise ValueError("write the whole URL: https://host/path")
        if "@" in parts.netloc or "#" in url:
            raise ValueError("a URL with a user name, a password or a fragment is not called")
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
        if port == 0:
            raise ValueError("port 0 cannot be called")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        authority = name if port == _PORTS[parts.scheme] else f"{name}:{port}"
        return cls(parts.scheme, parts.hostname, port, authority, target)


@dataclass(frozen=True, slots=True)
class Reach:
    """The addresses that may be called: public ones, those of `networks`, and private ones where that is allowed."""

    allow_private: bool = False
    networks: tuple[Network, ...] = ()

    def permits(self, address: str) -> bool:
        """Whether an address, as the resolver writes it, may be called at all."""
        found = _plain(address)
        if any(found.version == network.version and found in network for network in self.networks):
            return True
        return is_public(found) or (self.allow_private and is_private(found))

    def fault(self, receiver: Receiver, addresses: Sequence[str]) -> str | None:
        """Why a receiver that resolves to these addresses is not called; None where it may be."""
        if not addresses or not all(self.permits(address) for address in addresses):
            return f"{receiver.host} leads to an address that webhooks may not call (see [webhooks] allowed_networks)"
        if receiver.scheme != "https" and any(is_public(_plain(address)) for address in addresses):
            return "webhooks over the public network need https"
        return None


def is_public(address: Address) -> bool:
    """Whether an address is an ordinary one of the public network, with no other inside it."""
    unusual = address.is_multicast or address.is_reserved or address.is_link_local or address in _METADATA
    if isinstance(address, IPv6Address):
        tunnelled = address.sixtofour is not None or address.teredo is not None
        unusual = unusual or tunnelled or address.is_site_local or address.ipv4_mapped is not None
    return address.is_global and not unusual


def is_private(address: Address) -> bool:
    """Whether an address is a private, shared or loopback one; never that of a cloud's metadata service."""
    inside = any(address.version == network.version and address in network for network in _PRIVATE)
    return inside and address not in _METADATA


def _plain(address: str) -> Address:
    """The address without a zone; an IPv4 address that is written as IPv6 as what it is."""
    found = ip_address(address.partition("%")[0])
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
