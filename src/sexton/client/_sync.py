"""`Client`: safe deletes against any HTTP API, on `requests`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from sexton.client._address import Filters, Segment
from sexton.client._calls import FetchAndDelete
from sexton.client._core import CLIENTS_OWN, Call, Core, VerifyLike
from sexton.client._flow import DeleteFlow
from sexton.client._response import Answer
from sexton.client._retry import TimeoutLike
from sexton.client._settings import ClientOptions
from sexton.client._wire import Reply, Send, Sleep, Step, advance
from sexton.client.result import DeleteResult
from sexton.client.server import BulkResult, JobStatus, Preview, bulk_body, bulk_of, object_of, preview_body, preview_of

T = TypeVar("T")


class Client(Core):
    """Deletes that cannot hit the wrong thing, lose track or leak a token. Safe to share between threads.

    See `ClientOptions` for the options. A caller's `session=` is used as it is and never closed.

    Raises:
        Refused: an option is missing, contradictory or unsafe.
    """

    def __init__(self, base_url: str, **options: Unpack[ClientOptions]) -> None:
        super().__init__(base_url, **options)
        from sexton.client._requests_transport import RequestsTransport  # noqa: PLC0415 — requests takes 80 ms

        self._transport = RequestsTransport(self._settings)

    def delete(  # noqa: PLR0913 — every option is a decision of its own
        self,
        *segments: Segment,
        if_match: str | None = None,
        idempotent: bool = False,
        verify: VerifyLike = True,
        allow_collection: bool = False,
        filters: Filters | None = None,
        idempotency_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> DeleteResult:
        """Delete one item.

        Args:
            *segments: The path under the base URL, each segment as raw text or an integer: `"reports", "r_9132"`.
            if_match: The strong entity tag of the version to delete, quotes included.
            idempotent: A 404 is as good as a delete (`already_absent` instead of `not_found`).
            verify: True: a GET settles a doubtful try; "always": also a try that the server calls done; False: never.
            allow_collection: The path names a collection, and it is meant.
            filters: The query of a filtered delete; needs `allow_collection`.
            idempotency_key: 1 to 255 visible ASCII characters, the same over all retries; fresh by default.
            headers: Further headers.
            timeout: (connect, read) in seconds, or a `Timeout`; the client's own by default.

        Returns:
            The outcome with its evidence: deleted, already_absent, accepted, or not_found.

        Raises:
            Refused: nothing was sent.
            DeleteError: any other outcome, by its name (unless the client was made with `raise_errors=False`).
        """
        return self._run(
            self._delete_call(
                DeleteFlow,
                segments,
                timeout,
                if_match=if_match,
                idempotent=idempotent,
                verify=verify,
                allow_collection=allow_collection,
                filters=filters,
                idempotency_key=idempotency_key,
                headers=headers,
            )
        )

    def fetch_and_delete(
        self,
        *segments: Segment,
        idempotent: bool = False,
        verify: VerifyLike = True,
        idempotency_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> DeleteResult:
        """GET the item, then delete just the version that was seen.

        Raises:
            MissingETag: it has no strong ETag; no DELETE was sent.
            Refused, DeleteError: as `delete`.
        """
        return self._run(
            self._delete_call(
                FetchAndDelete,
                segments,
                timeout,
                idempotent=idempotent,
                verify=verify,
                idempotency_key=idempotency_key,
                headers=headers,
            )
        )

    def get(
        self,
        *segments: Segment,
        filters: Filters | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> Answer:
        """GET something; any answer is returned, whatever its status. Redirects are not followed.

        Raises:
            Refused: nothing was sent.
            Unreachable: no answer came.
        """
        return self._run(self._get_call(segments, filters, headers, timeout))

    def preview(
        self,
        resource: str,
        *,
        ids: Iterable[str | int] | None = None,
        items: Sequence[Mapping[str, Any]] | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 — the contract's word
        cascade: bool = False,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> Preview:
        """Ask a Sexton server what a bulk delete would do; nothing changes.

        Raises:
            Refused, Unreachable, CallFailed: there is no preview.
        """
        body = preview_body(ids, items, filter, cascade=cascade)
        return self._run(self._post_call((resource, "bulk_delete", "preview"), body, preview_of, timeout=timeout))

    def bulk_delete(  # noqa: PLR0913 — the contract's members
        self,
        resource: str,
        *,
        ids: Iterable[str | int] | None = None,
        items: Sequence[Mapping[str, Any]] | None = None,
        confirm_token: str | None = None,
        confirm: bool = False,
        idempotency_key: str | None = None,
        options: Mapping[str, Any] | None = None,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> BulkResult:
        """Delete many items of a Sexton server; retried with one key, so it is done once.

        Args:
            resource: The collection.
            ids: The items, or
            items: `{"id", "if_match"}` each, or
            confirm_token: just what a preview found.
            confirm: Yes to a batch above the account's `confirm_above`.
            idempotency_key: 1 to 255 visible ASCII characters; fresh by default.
            options: Further members of the contract: atomic, cascade, reason, rollout, expected_count, ….
            timeout: (connect, read) in seconds, or a `Timeout`.

        Raises:
            Refused: nothing was sent.
            Unreachable: no answer came; call again with the same key.
            CallFailed: the batch was refused as a whole.
        """
        body = bulk_body(ids, items, confirm_token, confirm=confirm, options=options)
        segments = (resource, "bulk_delete")
        return self._run(self._post_call(segments, body, bulk_of, timeout=timeout, key=idempotency_key, deletes=True))

    def job(self, job_id: str, *, timeout: TimeoutLike = CLIENTS_OWN) -> JobStatus:
        """How a job of a Sexton server stands.

        Raises:
            Refused, Unreachable, CallFailed: it is not known.
        """
        return self._run(self._job_call(job_id, None, timeout))

    def wait_for_job(self, job_id: str, *, within: float = 600.0, timeout: TimeoutLike = CLIENTS_OWN) -> JobStatus:
        """Wait for the end of a job, `within` seconds at most; its last state (see `JobStatus.ended`).

        Raises:
            Refused, Unreachable, CallFailed: it is not known.
        """
        return self._run(self._job_call(job_id, within, timeout))

    def restore_job(
        self, job_id: str, *, idempotency_key: str | None = None, timeout: TimeoutLike = CLIENTS_OWN
    ) -> BulkResult:
        """Undo a whole job of a Sexton server.

        Raises:
            Refused, Unreachable, CallFailed: it was not undone.
        """
        segments = ("bulk_jobs", job_id, "restore")
        return self._run(self._post_call(segments, None, bulk_of, timeout=timeout, key=idempotency_key))

    def restore(
        self,
        resource: str,
        id: Segment,  # noqa: A002 — the contract's word
        *,
        idempotency_key: str | None = None,
        timeout: TimeoutLike = CLIENTS_OWN,
    ) -> Mapping[str, Any]:
        """Bring one deleted item of a Sexton server back; the item.

        Raises:
            Refused, Unreachable, CallFailed: it was not restored.
        """
        segments = (resource, id, "restore")
        return self._run(self._post_call(segments, None, object_of, timeout=timeout, key=idempotency_key))

    def close(self) -> None:
        """Close the connections; a caller's own session stays open."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, call: Call[T]) -> T:
        with call.operation as operation:
            flow = call.begin(operation.attempt)
            advanced = advance(flow, None)
            while isinstance(advanced, Send | Sleep):
                advanced = advance(flow, self._carry_out(advanced))
            return call.finish(advanced.value, operation)

    def _carry_out(self, step: Step) -> Reply | None:
        if isinstance(step, Sleep):
            time.sleep(step.seconds)
            return None
        return self._transport.send(step)
