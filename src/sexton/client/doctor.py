"""What in this environment would hurt a delete: installation, environment variables, token, clock, the API's address.

    for finding in examine("https://api.example.com/v1", token_env="API_TOKEN"):
        print(finding.level, finding.check, finding.detail)

Nothing is changed; where a URL is given, one GET is sent there, and nothing else.
"""

from __future__ import annotations

import netrc
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import IntEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sexton.client._address import Base, base_of, is_loopback
from sexton.client._guard import VARIABLE, names
from sexton.client._request import Request, headers_of
from sexton.client._requests_transport import RequestsTransport
from sexton.client._response import Answer, Failure, FailureKind
from sexton.client._secret import token_of
from sexton.client._settings import ClientOptions, Settings, settings_of, shadowed_urllib3
from sexton.client._wire import Reply, Send
from sexton.client.errors import CredentialError, Refused

BOUNDS: Mapping[str, tuple[tuple[int, int], tuple[int, ...]]] = {
    "requests": ((2, 32), (3,)),
    "urllib3": ((2, 2), (3,)),
    "aiohttp": ((3, 11), (4,)),
}
"""From this version on, and below that one: what the client was tested with."""

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NOTABLE_DRIFT = 5.0
_TOO_MUCH_DRIFT = 60.0
_DENIED = frozenset({401, 403})


class Level(IntEnum):
    """How much a finding matters; the greatest one counts."""

    OK = 0
    NOTE = 1  # nothing fails, and one should know it
    REFUSED = 2  # a delete would be refused, or could not be sent
    BROKEN = 3  # the installation or the configuration must be mended
    DENIED = 4  # the server does not accept the token


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Neither a token nor the value of a variable is ever in it."""

    check: str
    level: Level
    detail: str


def examine(url: str | None = None, **options: Any) -> list[Finding]:
    """Look at everything; `options` as for `Client`."""
    found = [*_packages(), _resends(), _telemetry(), *_environment(), *_token(options)]
    try:
        base = None if url is None else base_of(url, allow_http=bool(options.get("allow_http")))
    except Refused as error:
        return [*found, *_netrc(None), Finding("address", Level.BROKEN, str(error))]
    found += [*_netrc(base), *_allowed(base)]
    if base is not None and url is not None:
        found += _server(url, options)
    return found


def _packages() -> Iterator[Finding]:
    for name, (least, below) in BOUNDS.items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            yield Finding(name, Level.BROKEN, "is not installed")
            continue
        parts = tuple(int(part) for part in re.findall(r"\d+", installed)[:3])
        wanted = f">={'.'.join(map(str, least))},<{below[0]}"
        level = Level.OK if least <= parts < below else Level.BROKEN
        yield Finding(name, level, installed if level is Level.OK else f"{installed} is not {wanted}")
    fork = shadowed_urllib3()
    if fork:
        yield Finding(
            "urllib3", Level.BROKEN, f"{fork} is a fork in urllib3's place (niquests installs it): reinstall urllib3"
        )


def _resends() -> Finding:
    """The private switch of aiohttp against sending a DELETE twice; without it, the slower way is taken."""
    if find_spec("aiohttp") is None:
        return Finding("re-sends", Level.NOTE, "aiohttp is not installed: no AsyncClient, and no bulk commands")
    import aiohttp  # noqa: PLC0415 — where it is installed

    if "_retry_connection" in aiohttp.ClientSession.ATTRS:
        return Finding("re-sends", Level.OK, "aiohttp's silent re-send of a DELETE is switched off")
    return Finding(
        "re-sends", Level.NOTE, "this aiohttp has no switch against sending a DELETE twice: sends are counted instead"
    )


def _telemetry() -> Finding:
    if find_spec("opentelemetry.sdk") is None:
        return Finding("telemetry", Level.OK, "no OpenTelemetry SDK: spans and metrics go nowhere")
    return Finding("telemetry", Level.OK, "the OpenTelemetry SDK is installed; it is the host that configures it")


def _environment() -> Iterator[Finding]:
    proxies = [name for name in os.environ if name.upper() in _PROXIES]
    if proxies:
        yield Finding("proxies", Level.NOTE, f"{', '.join(sorted(proxies))} is set and ignored; --proxy names one")
    bundles = [name for name in _CERTIFICATES if name in os.environ]
    if bundles:
        yield Finding("certificates", Level.NOTE, f"{', '.join(bundles)} is set and ignored; --ca-file names one")


def _netrc(base: Base | None) -> Iterator[Finding]:
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    try:
        known = netrc.netrc(str(path))
    except FileNotFoundError:
        return
    except (netrc.NetrcParseError, OSError):
        yield Finding("netrc", Level.NOTE, f"{path} cannot be read; it is ignored in any case")
        return
    matching = [host for host in known.hosts if base is None or host in {base.host, "default"}]
    if matching:
        yield Finding(
            "netrc",
            Level.NOTE,
            f"{path} has a password for {', '.join(matching)}: it is ignored, but a Session of your own would send it "
            "in place of the token",
        )


def _token(options: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        token = token_of(None, options.get("token_env"), options.get("token_file"))
    except CredentialError as error:
        yield Finding("token", Level.BROKEN, str(error))
        return
    if token is None:
        yield Finding("token", Level.NOTE, "none was named (--token-env, --token-file)")
        return
    yield Finding("token", Level.OK, f"{token} is well-formed")
    path = options.get("token_file")
    if path is not None and Path(path).stat().st_mode & _READABLE_BY_OTHERS:
        yield Finding("token", Level.NOTE, f"{path} can be read by others: chmod 600 {path}")


def _allowed(base: Base | None) -> Iterator[Finding]:
    if base is None:
        state = "is set" if os.environ.get(VARIABLE) else "is not set: nothing may be deleted on production"
        yield Finding("production", Level.OK, f"{VARIABLE} {state}")
    elif names(base):
        yield Finding("production", Level.NOTE, f"{VARIABLE} allows deletes on {base.host}")
    elif not is_loopback(base.host):
        yield Finding("production", Level.OK, f"{VARIABLE} does not name {base.host}: deletes there are refused")


def _server(url: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    chosen = ClientOptions(**{"service": "sexton-doctor", **options})  # type: ignore[typeddict-item]
    try:
        settings = settings_of(url, **chosen)
    except CredentialError:  # reported as the token's
        settings = settings_of(url, service="sexton-doctor")
    except Refused as error:
        yield Finding("address", Level.BROKEN, str(error))
        return
    began = time.time()
    reply = _ask(settings)
    if isinstance(reply, Failure):
        yield _unreachable(reply, settings.base)
        return
    yield _reached(reply, settings)
    yield _clock(reply, (began + time.time()) / 2)


def _ask(settings: Settings) -> Reply:
    base, timeout = settings.base, settings.timeout
    request = Request("GET", f"{base.origin}{base.path}/", headers_of(settings.agent))
    transport = RequestsTransport(settings)
    try:
        return transport.send(
            Send(request, timeout.connect, timeout.read, timeout.total, fresh=True, suspicious=lambda *_: False)
        )
    finally:
        transport.close()


def _unreachable(failure: Failure, base: Base) -> Finding:
    why = (
        "its certificate is not believed (--ca-file)" if failure.kind is FailureKind.TLS else f"({failure.kind.value})"
    )
    return Finding("server", Level.REFUSED, f"{base.origin} cannot be reached: {why}")


def _reached(answer: Answer, settings: Settings) -> Finding:
    told = f"{settings.base.origin} answers {answer.status}"
    if answer.status in _DENIED and settings.token is not None:
        return Finding("server", Level.DENIED, f"{told}: it does not accept the token")
    if answer.status // 100 == 3:  # noqa: PLR2004 — the class of the status
        return Finding("server", Level.NOTE, f"{told}, a redirect: those of a DELETE are not followed")
    return Finding("server", Level.OK, told)


def _clock(answer: Answer, now: float) -> Finding:
    try:
        drift = abs(parsedate_to_datetime(answer.headers.get("date", "")).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return Finding("clock", Level.NOTE, "the server does not say what time it is (no Date)")
    told = f"differs from the server's by {drift:.0f} s"
    if drift > _TOO_MUCH_DRIFT:
        return Finding("clock", Level.BROKEN, f"{told}: ages of plans and waits will be wrong")
    return Finding("clock", Level.NOTE if drift > _NOTABLE_DRIFT else Level.OK, told)
