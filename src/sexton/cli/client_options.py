"""Options of the commands that talk to any HTTP API, and what becomes of their errors."""

from __future__ import annotations

import csv
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sexton.cli.exits import Exit, say
from sexton.client._checks import ErrorLimit, Limits
from sexton.client._settings import ClientOptions
from sexton.client.errors import (
    CallFailed,
    ClientError,
    CredentialError,
    Refused,
    Unreachable,
    UnsafeAddress,
    UnsafeHeader,
)
from sexton.version import __version__

INTERRUPTED = 130
_DENIED = frozenset({401, 403})
_USAGE = (CredentialError, UnsafeAddress, UnsafeHeader)


class Environment(StrEnum):
    """What kind of host it is. Every host but this machine is taken for production unless it is said."""

    PROD = "prod"
    STAGING = "staging"
    DEV = "dev"


TokenEnv = Annotated[
    str | None, typer.Option("--token-env", metavar="NAME", help="The environment variable that holds the token.")
]
TokenFile = Annotated[Path | None, typer.Option("--token-file", metavar="FILE", help="The file that holds the token.")]
TokenHeader = Annotated[str, typer.Option("--token-header", help="The header that carries the token.")]
TokenScheme = Annotated[str, typer.Option("--token-scheme", help="What stands before the token; may be empty.")]
Service = Annotated[str, typer.Option("--service", help="Who deletes: the first part of the User-Agent.")]
AllowHttp = Annotated[bool, typer.Option("--allow-http", help="Let the token travel over plain http.")]
Proxy = Annotated[str | None, typer.Option("--proxy", metavar="URL", help="A proxy; the environment's are not used.")]
CaFile = Annotated[Path | None, typer.Option("--ca-file", metavar="FILE", help="Certificates to believe.")]
ConnectTimeout = Annotated[float, typer.Option("--connect-timeout", min=0.1, help="Seconds to connect.")]
ReadTimeout = Annotated[float, typer.Option("--read-timeout", min=0.1, help="Seconds to wait for one answer.")]
StrictConnections = Annotated[
    bool, typer.Option("--strict-connections", help="Use no connection twice, for servers that mix answers up.")
]
Env = Annotated[
    Environment | None,
    typer.Option("--env", help="What the host is. Unless said, every host but this machine is production."),
]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, max=256, help="Requests under way at once, at most.")]
Rate = Annotated[float | None, typer.Option("--rate", min=0.01, metavar="N", help="Requests a second, at most.")]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan that `sexton plan` wrote.")]
JournalFile = Annotated[Path, typer.Argument(metavar="JOURNAL", help="The journal that `sexton apply` wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Results as JSON on stdout, one a line.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary on stderr.")]


@dataclass(frozen=True)
class Connection:
    """The options that say how to reach the API."""

    token_env: TokenEnv = None
    token_file: TokenFile = None
    token_header: TokenHeader = "Authorization"  # noqa: S105 — a header's name
    token_scheme: TokenScheme = "Bearer"  # noqa: S105 — a scheme's name
    service: Service = ""
    allow_http: AllowHttp = False
    proxy: Proxy = None
    ca_file: CaFile = None
    connect_timeout: ConnectTimeout = 3.05
    read_timeout: ReadTimeout = 10.0
    strict_connections: StrictConnections = False

    def options(self) -> ClientOptions:
        """As the client takes them."""
        return ClientOptions(
            service=self.service or f"sexton-cli/{__version__}",
            token_env=self.token_env,
            token_file=self.token_file,
            token_header=self.token_header,
            token_scheme=self.token_scheme,
            allow_http=self.allow_http,
            proxy=self.proxy,
            ca_file=str(self.ca_file) if self.ca_file else None,
            timeout=(self.connect_timeout, self.read_timeout),
            strict_connections=self.strict_connections,
        )


@dataclass(frozen=True)
class Guards:
    """The options that say what an apply may do at most."""

    max_delete: Annotated[
        int | None, typer.Option("--max-delete", min=0, metavar="N", help="Refuse a plan of more items; deletes none.")
    ] = None
    max_percent: Annotated[
        float | None,
        typer.Option("--max-percent", min=0, max=100, metavar="P", help="Refuse a plan of more of the population."),
    ] = None
    max_errors: Annotated[
        str, typer.Option("--max-errors", metavar="N|P%", help="Stop when more items fail: a number, or a share.")
    ] = "10%"
    max_age: Annotated[
        float, typer.Option("--max-age", min=0, metavar="HOURS", help="Refuse a plan that is older.")
    ] = 24.0
    canary: Annotated[
        float, typer.Option("--canary", min=0, max=100, metavar="P", help="Percent deleted and verified first.")
    ] = 2.0
    approve: Annotated[
        str | None, typer.Option("--approve", metavar="DIGEST", help="Apply only the plan with this digest.")
    ] = None
    env: Env = None

    def limits(self) -> Limits:
        """As `apply` takes them.

        Raises:
            typer.BadParameter: `--max-errors` is neither a number nor a percentage.
        """
        try:
            errors = ErrorLimit.parse(self.max_errors)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--max-errors") from None
        return Limits(
            max_delete=self.max_delete,
            max_percent=self.max_percent,
            max_errors=errors,
            max_age=3600 * self.max_age,
            canary_percent=self.canary,
            production=None if self.env is None else self.env is Environment.PROD,
            approve=self.approve,
        )


@dataclass(frozen=True)
class Tempo:
    """The options that say how fast to go."""

    concurrency: Concurrency = 16
    rate: Rate = None
    max_retry_after: Annotated[
        float, typer.Option("--max-retry-after", min=0, metavar="SECONDS", help="Stop where the server asks for more.")
    ] = 300.0
    deadline: Annotated[
        float, typer.Option("--deadline", min=0.1, metavar="SECONDS", help="For one item with its retries.")
    ] = 3600.0
    retries: Annotated[int, typer.Option("--retries", min=0, metavar="N", help="Further tries of one item.")] = 4


@dataclass(frozen=True)
class Steering:
    """The options that stop, pause and pace a run while it runs."""

    canary_wait: Annotated[
        float, typer.Option("--canary-wait", min=0, metavar="SECONDS", help="Before the canary is verified.")
    ] = 0.0
    max_time: Annotated[
        float | None, typer.Option("--max-time", min=0, metavar="SECONDS", help="Stop after so long; resumable.")
    ] = None
    stop_file: Annotated[
        Path | None, typer.Option("--stop-file", metavar="FILE", help="Stop when this file exists; resumable.")
    ] = None
    pause_file: Annotated[
        Path | None, typer.Option("--pause-file", metavar="FILE", help="Send nothing while this file exists.")
    ] = None
    pace_file: Annotated[
        Path | None,
        typer.Option(
            "--pace-file", metavar="FILE", help="Lines `rate = N`, `concurrency = N`; read again on a change."
        ),
    ] = None
    throttle_url: Annotated[
        str | None, typer.Option("--throttle-url", metavar="URL", help="Send nothing while HEAD of it is not 2xx.")
    ] = None

    def controls(self) -> dict[str, Any]:
        """As `Controls` takes them."""
        return {
            "stop_file": self.stop_file,
            "pause_file": self.pause_file,
            "pace_file": self.pace_file,
            "throttle_url": self.throttle_url,
            "max_time": self.max_time,
        }


def expanded(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of each group (a dataclass) among its parameters.

    Typer makes an option of every parameter; a parameter whose type is a dataclass becomes that group's options.
    """
    parameters = inspect.signature(function, eval_str=True).parameters.values()
    groups: dict[str, Any] = {p.name: p.annotation for p in parameters if is_dataclass(p.annotation)}
    spread = [
        q
        for p in parameters
        for q in (inspect.signature(groups[p.name], eval_str=True).parameters.values() if p.name in groups else (p,))
    ]

    @wraps(function)
    def command(**given: Any) -> None:
        for name, group in groups.items():
            members = inspect.signature(group).parameters
            given[name] = group(**{member: given.pop(member) for member in members})
        function(**given)

    ordered = sorted(spread, key=lambda q: q.default is not inspect.Parameter.empty)
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [q.replace(kind=inspect.Parameter.KEYWORD_ONLY) for q in ordered]
    )
    command.__annotations__ = {q.name: q.annotation for q in ordered}
    return command


@contextmanager
def explained() -> Iterator[None]:
    """Turn the client's refusals into one line and their exit code."""
    try:
        yield
    except CallFailed as error:
        _leave(error, Exit.FORBIDDEN if error.status in _DENIED else Exit.REFUSED)
    except Unreachable as error:
        _leave(error, Exit.REFUSED)
    except Refused as error:
        _leave(error, Exit.USAGE if isinstance(error, _USAGE) else Exit.REFUSED)
    except ClientError as error:
        _leave(error, Exit.INTERNAL)
    except ExceptionGroup as group:
        _explain_first(group)
    except (UnicodeDecodeError, csv.Error) as error:
        _leave(error, Exit.USAGE)
    except OSError as error:  # a disk that is full, a file that may not be read
        say(f"sexton: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(Exit.INTERNAL)
    except typer.Abort as error:  # at a prompt
        say("Nothing was sent.")
        sys.exit(INTERRUPTED if isinstance(error.__context__, KeyboardInterrupt) else Exit.REFUSED)
    except KeyboardInterrupt:  # before anything was sent: while it is sending, the run itself hears the signal
        say("interrupted")
        sys.exit(INTERRUPTED)


def _explain_first(group: ExceptionGroup[Exception]) -> None:
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    with explained():
        raise first


def _leave(error: Exception, code: Exit) -> NoReturn:
    say(f"sexton: {' '.join(str(error).split())}")
    sys.exit(code)


def printer(*, wanted: bool) -> Callable[[Mapping[str, Any]], None]:
    """Prints records as JSON lines where they are asked for, or where stdout is no terminal."""
    if not wanted and sys.stdout.isatty():
        return lambda _: None
    encode = json.JSONEncoder(separators=(",", ":")).encode
    write = sys.stdout.write

    def emit(record: Mapping[str, Any]) -> None:
        write(encode(record) + "\n")

    return emit
