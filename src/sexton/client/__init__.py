"""A client that makes DELETE safe against any HTTP API.

    from sexton.client import Client

    with Client("https://api.example.com/v1", service="cleanup-job/1.4", token_env="EXAMPLE_API_TOKEN") as client:
        result = client.delete("reports", "r_9132")

`AsyncClient` is its twin on aiohttp (extra `async`), imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sexton.client._flow import Verify
from sexton.client._response import Answer
from sexton.client._retry import RetryPolicy, Timeout
from sexton.client._settings import ClientOptions
from sexton.client._sync import Client
from sexton.client.errors import (
    CallFailed,
    ClientError,
    CredentialError,
    DeleteNotAllowed,
    InsecureTransport,
    MissingETag,
    Refused,
    Unreachable,
    UnsafeAddress,
    UnsafeHeader,
)
from sexton.client.outcome import Attempt, Finding, Outcome, Problem, RateLimit
from sexton.client.result import (
    Conflict,
    DeleteError,
    DeleteFailed,
    DeleteResult,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    PreconditionFailed,
    PreconditionRequired,
    Redirected,
    Throttled,
    Unauthenticated,
)
from sexton.client.server import BulkResult, ItemOutcome, JobStatus, Preview

if TYPE_CHECKING:
    from sexton.client._async import AsyncClient

__all__ = [
    "Answer",
    "AsyncClient",
    "Attempt",
    "BulkResult",
    "CallFailed",
    "Client",
    "ClientError",
    "ClientOptions",
    "Conflict",
    "CredentialError",
    "DeleteError",
    "DeleteFailed",
    "DeleteNotAllowed",
    "DeleteResult",
    "Finding",
    "Forbidden",
    "InsecureTransport",
    "ItemOutcome",
    "JobStatus",
    "MissingETag",
    "NotFound",
    "Outcome",
    "OutcomeUnknown",
    "PreconditionFailed",
    "PreconditionRequired",
    "Preview",
    "Problem",
    "RateLimit",
    "Redirected",
    "Refused",
    "RetryPolicy",
    "Throttled",
    "Timeout",
    "Unauthenticated",
    "Unreachable",
    "UnsafeAddress",
    "UnsafeHeader",
    "Verify",
]


def __getattr__(name: str) -> Any:
    if name == "AsyncClient":
        try:
            from sexton.client import _async  # noqa: PLC0415 — aiohttp is an extra
        except ModuleNotFoundError as error:
            raise ImportError("AsyncClient needs aiohttp: pip install 'sexton[async]'") from error
        return _async.AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
