"""A plan as one bulk job of a Sexton server: sent once as NDJSON, followed to its end, read item by item."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
from yarl import URL

from sexton.client._address import Address, Base, address_of
from sexton.client._aiohttp_transport import _own_session
from sexton.client._carrier import Carrier, Target
from sexton.client._engine import Cause, Engine
from sexton.client._request import headers_of, quoted
from sexton.client._settings import Settings
from sexton.client.errors import Unreachable
from sexton.client.outcome import Outcome
from sexton.client.plan_file import Plan, PlannedItem

_OK, _ACCEPTED = 200, 202
_UNAUTHENTICATED = 401
_DENIED = frozenset({_UNAUTHENTICATED, 403})
_TRIES = 4
_POLL_SECONDS = 0.5
_UPLOAD_SECONDS = 3600.0
_ENDED = frozenset({"completed", "completed_with_failures", "cancelled", "halted", "failed"})
_GROUP = 500
_OUTCOMES = {
    "deleted": Outcome.DELETED,
    "gone": Outcome.ALREADY_ABSENT,
    "not_found": Outcome.NOT_FOUND,
    "failed": Outcome.CONFLICT,
}


async def sexton_resource(carrier: Carrier, base: Base, target: Target) -> Mapping[str, Any] | None:
    """What a Sexton server says of this resource (name, key, strategy, count); None from any other server."""
    address = Address(f"{base.origin}{base.path}/", f"{base.path}/", "", "", collection=True)
    try:
        answer = await carrier.get_at(address)
    except Unreachable:
        return None
    found = answer.document if answer.status == _OK and isinstance(answer.document, dict) else {}
    listed = found.get("resources")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("name") == target.resource and {"key", "strategy"} <= one.keys():
            return one
    return None


class BulkJob:
    """Sends a plan as one job. The job's key is the plan's digest: sent twice, it is still one job."""

    def __init__(self, settings: Settings, target: Target, engine: Engine, canary_percent: float) -> None:
        self._settings = settings
        self._target = target
        self._engine = engine
        self._canary = canary_percent
        self._may_resume = False

    async def run(self, plan: Plan, known: Mapping[str, Any] | None) -> None:
        """Begin the job, or find the one that was begun; note each item's result, or why it stopped."""
        journal = self._engine.ledger.journal
        self._may_resume = known is not None
        if known is None:
            journal.note({"e": "job", "key": self._target.digest, "job_id": None})
            await self._engine.ledger.commit()
        async with _own_session(self._settings, reuse=True) as session:
            job_id = known["job_id"] if known and known.get("job_id") else await self._begin(session, plan)
            if job_id is None:
                return
            journal.note({"e": "job", "key": self._target.digest, "job_id": job_id})
            await self._engine.ledger.commit()
            state = await self._follow(session, job_id)
            if state is not None:
                await self._read(session, job_id, plan, state)

    async def _begin(self, session: aiohttp.ClientSession, plan: Plan) -> str | None:
        """Send the list; the job's id."""
        query = "?confirm=true" + (f"&canary_percent={self._canary:g}" if self._canary else "")
        asked = {
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": quoted(self._target.digest),
            "Prefer": "respond-async",
        }
        for attempt in range(_TRIES):
            try:
                call = self._send(session, "POST", (self._target.resource, "bulk_delete"), query, asked, _body(plan))
                async with call as response:
                    document = await _document(response)
                    if response.status in {_OK, _ACCEPTED} and isinstance(document.get("job_id"), str):
                        return str(document["job_id"])
                    if not await self._again(response, document):
                        return None
            except (aiohttp.ClientError, TimeoutError, OSError):
                await asyncio.sleep(2.0**attempt / 4)
        self._engine.stop(
            Cause.JOB, "the server gave no clear answer to the bulk delete; `sexton resume` asks it again"
        )
        return None

    async def _again(self, response: aiohttp.ClientResponse, document: Mapping[str, Any]) -> bool:
        """Whether an answer that is no job may be followed by another try."""
        if response.status >= 500:  # noqa: PLR2004 — the server's own fault
            await asyncio.sleep(_POLL_SECONDS)
            return True
        self._refused(response.status, document)
        return False

    def _refused(self, status: int, document: Mapping[str, Any]) -> None:
        cause = Cause.UNAUTHENTICATED if status in _DENIED else Cause.JOB
        said = document.get("detail") or document.get("title") or "no reason"
        self._engine.stop(cause, f"the server answered {status} to the bulk delete: {said}")

    async def _follow(self, session: aiohttp.ClientSession, job_id: str) -> str | None:
        """Wait for the end; the last state, or None where the run was stopped first: the job is paused then."""
        faults = 0
        while self._engine.stopped is None:
            used = self._engine.carrier.renewal.generation
            status, job = await self._asked(session, "GET", ("bulk_jobs", job_id))
            if status == _OK and isinstance(job.get("state"), str):
                faults = 0
                self._count(job)
                if job["state"] in _ENDED:
                    return str(job["state"])
                await self._steer(session, job_id, job["state"])
            elif status == _UNAUTHENTICATED and await self._engine.carrier.renewal.renewed(used):
                continue
            elif (faults := faults + 1) > 10 * _TRIES or status in _DENIED:
                self._refused(status, job)
            await self._engine.carrier.rest(_POLL_SECONDS)
        await self._asked(session, "POST", ("bulk_jobs", job_id, "pause"))
        return None

    async def _steer(self, session: aiohttp.ClientSession, job_id: str, state: str) -> None:
        """Pause the job while the run is held. It goes on after a pause of ours: what others paused is left so."""
        held = self._engine.carrier.pace.held
        if held and state == "running":
            await self._asked(session, "POST", ("bulk_jobs", job_id, "pause"))
        elif state == "paused" and self._may_resume and not held:
            await self._asked(session, "POST", ("bulk_jobs", job_id, "resume"))
        else:
            return
        self._may_resume = held

    async def _asked(
        self, session: aiohttp.ClientSession, method: str, segments: tuple[str, ...]
    ) -> tuple[int, dict[str, Any]]:
        """Status and document of one call; 0 where no answer came."""
        try:
            async with self._send(session, method, segments) as response:
                return response.status, await _document(response)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, {}

    def _count(self, job: Mapping[str, Any]) -> None:
        summary = job.get("summary")
        words = [word for word in _OUTCOMES if isinstance(summary, dict) and isinstance(summary.get(word), int)]
        self._engine.tally.under_way = sum(summary[word] for word in words) if isinstance(summary, dict) else 0

    async def _read(self, session: aiohttp.ClientSession, job_id: str, plan: Plan, state: str) -> None:
        """Note the result of each item; the server lists them in the plan's order."""
        planned = _to_send(plan)
        self._engine.tally.under_way = 0
        for item in plan.items():
            if not item.seen.to_delete:
                self._engine.skip(item)
        async for number, told in _numbered(self._results(session, job_id)):
            expected = next(planned, None)
            if expected is None or told.get("id") != expected.id:
                self._engine.stop(Cause.JOB, f"result {number} of job {job_id} is not the planned item's")
                return
            self._settle(expected, told)
            if number % _GROUP == 0:
                await self._engine.ledger.commit()
        if next(planned, None) is not None:
            self._engine.stop(Cause.JOB, f"job {job_id} gave fewer results than the plan has items")
        elif state not in {"completed", "completed_with_failures"}:
            self._engine.stop(Cause.JOB, f"job {job_id} is {state}")

    def _settle(self, item: PlannedItem, told: Mapping[str, Any]) -> None:
        outcome = _OUTCOMES.get(str(told.get("status")))
        if outcome is None:
            return
        error = told.get("error")
        result: dict[str, Any] = {"outcome": outcome}
        if isinstance(error, dict):
            if str(error.get("type", "")).endswith("/version-mismatch"):
                result["outcome"] = Outcome.PRECONDITION_FAILED
            result["reason"] = str(error.get("detail") or error.get("title") or "")
        self._engine.telemetry.counted(item.id, result["outcome"])
        self._engine.record(item, result)

    async def _results(self, session: aiohttp.ClientSession, job_id: str) -> AsyncIterator[Mapping[str, Any]]:
        asked = {"Accept": "application/x-ndjson"}
        async with self._send(session, "GET", ("bulk_jobs", job_id, "items"), extra=asked) as response:
            if response.status != _OK:
                return
            async for line in response.content:
                found = json.loads(line)
                yield found if isinstance(found, dict) else {}

    def _send(
        self,
        session: aiohttp.ClientSession,
        method: str,
        segments: tuple[str, ...],
        query: str = "",
        extra: Mapping[str, str] | None = None,
        data: Any = None,
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        settings = self._settings
        url = address_of(settings.base, segments).url + query
        headers = headers_of(settings.agent) | dict(extra or {}) | settings.credentials_for(url)
        patience = aiohttp.ClientTimeout(
            total=_UPLOAD_SECONDS, sock_connect=settings.timeout.connect, sock_read=6 * settings.timeout.read
        )
        return session.request(
            method, URL(url, encoded=True), headers=headers, data=data, allow_redirects=False, timeout=patience
        )


def _to_send(plan: Plan) -> Iterator[PlannedItem]:
    return (item for item in plan.items() if item.seen.to_delete)


async def _body(plan: Plan) -> AsyncIterator[bytes]:
    """The items as lines, some at a time."""
    lines: list[bytes] = []
    for item in _to_send(plan):
        line = {"id": item.id} if item.etag is None else {"id": item.id, "if_match": item.etag}
        lines.append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        if len(lines) == _GROUP:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


async def _document(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        found = json.loads(await response.read())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _numbered(results: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[tuple[int, Mapping[str, Any]]]:
    number = 0
    async for told in results:
        number += 1
        yield number, told
