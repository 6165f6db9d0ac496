"""What a client is told once, checked before anything is sent. No I/O but for the token's own source."""

from __future__ import annotations

import os
import re
import ssl
import sys
import warnings
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, Unpack

from sexton.client._address import Base, base_of
from sexton.client._request import user_agent
from sexton.client._retry import RetryPolicy, Timeout, TimeoutLike, Tools, timeout_of
from sexton.client._secret import Token, scheme_of, token_of
from sexton.client.errors import CredentialError, Refused, UnsafeAddress

_HEADER = re.compile(r"[A-Za-z0-9-]+\Z")
_FORK_PATCH = 900


class ClientOptions(TypedDict, total=False):
    """The options of `Client` and `AsyncClient`.

    Attributes:
        service: Who deletes: the first part of the User-Agent, for example `cleanup-job/1.4`.
        token, token_env, token_file: One of them: the credential, the variable or the file that holds it.
        token_header, token_scheme: Where it goes: `Authorization` and `Bearer`; or `X-Api-Key` and an empty scheme.
        session: A `requests.Session` (or `aiohttp.ClientSession`) of the caller's, taken as it is and never closed.
        timeout: (connect, read) in seconds, or a `Timeout`; (3.05, 10) within 30 in all by default.
        retry: How often and how patiently; at most 3 retries by default.
        production: Refuse to delete unless `SEXTON_ALLOW_DELETE` names the host.
        allow_http: Let the token travel over plain http to another host.
        proxy: The proxy's URL; the environment's proxies are not used.
        ca_file: A bundle of certificates to believe instead of the default.
        max_connections: Connections to the host at once.
        strict_connections: No connection is used twice: for servers that may answer more than they were asked.
        raise_errors: Whether `delete` raises for outcomes that are no success (`not_found` is always returned).
        tools: Clock and chance, for tests.
    """

    service: str
    token: str | None
    token_env: str | None
    token_file: str | os.PathLike[str] | None
    token_header: str
    token_scheme: str
    session: Any
    timeout: TimeoutLike
    retry: RetryPolicy
    production: bool
    allow_http: bool
    proxy: str | None
    ca_file: str | None
    max_connections: int
    strict_connections: bool
    raise_errors: bool
    tools: Tools


@dataclass(frozen=True, slots=True)
class Settings:
    """The options after their check."""

    base: Base
    agent: str
    token: Token | None
    token_header: str
    token_scheme: str
    timeout: Timeout
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    session: Any = field(default=None, repr=False)
    production: bool = False
    proxy: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    max_connections: int = 32
    strict_connections: bool = False
    raise_errors: bool = True
    tools: Tools = field(default_factory=Tools, repr=False)

    def credentials_for(self, url: str) -> dict[str, str]:
        """The header that carries the token, for URLs on the base's origin only."""
        if self.token is None or not url.startswith((f"{self.base.origin}/", f"{self.base.origin}?")):
            return {}
        return {self.token_header: self.token_scheme + self.token.reveal()}


def settings_of(base_url: str, **options: Unpack[ClientOptions]) -> Settings:
    """Check the options.

    Raises:
        Refused: one of them is missing, contradictory or unsafe.
    """
    unknown = sorted(options.keys() - ClientOptions.__annotations__.keys())
    if unknown:
        raise Refused(f"Unknown option {unknown[0]!r}; there are {', '.join(sorted(ClientOptions.__annotations__))}.")
    header = options.get("token_header", "Authorization")
    if not _HEADER.match(header):
        raise CredentialError("token_header= is a header's name.")
    _check_files(options)
    given = {name: options[name] for name in _PLAIN if name in options}  # type: ignore[literal-required]
    settings = Settings(
        base=base_of(base_url, allow_http=options.get("allow_http", False)),
        agent=user_agent(options.get("service", "unnamed")),
        token=token_of(options.get("token"), options.get("token_env"), options.get("token_file")),
        token_header=header,
        token_scheme=scheme_of(options.get("token_scheme", "Bearer")),
        timeout=timeout_of(options.get("timeout", Timeout())),
    )
    return replace(settings, **given)


def _check_files(options: ClientOptions) -> None:
    ca_file, proxy = options.get("ca_file"), options.get("proxy")
    if ca_file is not None:
        try:
            ssl.create_default_context(cafile=ca_file)
        except OSError:  # ssl.SSLError is one
            raise CredentialError(f"ca_file={ca_file} cannot be read as PEM certificates. Nothing was sent.") from None
    if proxy is not None and not re.match(r"https?://[^/\s]", proxy):
        raise UnsafeAddress("proxy= is the URL of a proxy, as http://proxy.example.com:3128. Nothing was sent.")


_PLAIN = (
    "session", "retry", "production", "proxy", "ca_file",
    "max_connections", "strict_connections", "raise_errors", "tools",
)  # fmt: skip


def shadowed_urllib3() -> str | None:
    """The version of a package that took urllib3's place (niquests installs one), or None."""
    version = str(getattr(sys.modules.get("urllib3"), "__version__", ""))
    patch = re.match(r"\d+\.\d+\.(\d+)", version)
    return version if patch and int(patch[1]) >= _FORK_PATCH else None


def warn_of_a_shadowed_urllib3() -> None:
    """Say so, if another package took urllib3's place."""
    version = shadowed_urllib3()
    if version:
        warnings.warn(
            f"urllib3 {version} is a fork that took urllib3's place (niquests installs it): what requests does on the "
            "wire is not what was tested. Install niquests in an environment of its own.",
            RuntimeWarning,
            stacklevel=4,
        )
