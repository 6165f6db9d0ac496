"""Jobs: look, list their items, control, undo."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from sexton import rollout
from sexton.actions.control import control
from sexton.actions.restore_job import restore_job
from sexton.api import headers, problems
from sexton.api.answer import Answer, dumps, refuse, reply
from sexton.api.call import Call
from sexton.api.schemas import JobItemsQuery, JobsQuery, Nothing
from sexton.errors import Code, Problem, Refused
from sexton.lifecycle import Move, State
from sexton.model import DELETE_OUTCOMES, RESTORE_OUTCOMES, Chunk, Job
from sexton.storage import chunks, jobs, workers
from sexton.storage.job_controls import intent
from sexton.storage.store import Store

_NONE = "there is no such job"
_LINES = 5_000
NDJSON = "application/x-ndjson"


def _words(job: Job) -> tuple[str, str, list[str]]:
    """The plain outcome of a job's items, the name of its list, and the words of its summary."""
    if job.kind == "delete":
        return "deleted", "deleted", [str(o) for o in DELETE_OUTCOMES]
    return "restored", "restored", [str(o) for o in RESTORE_OUTCOMES]


def job_shown(call: Call, connection: Connection, job: Job) -> dict[str, Any]:
    """A job as JSON."""
    counts = chunks.counts(connection, call.store, job.id)
    _, _, words = _words(job)
    done, now = counts["done"], call.store.dialect.now(connection)
    rate = _rate(job, done, now)
    left = job.requested - done
    running = job.state == State.RUNNING
    url = f"{call.base}/bulk_jobs/{job.id}"
    return {
        "job_id": job.id,
        "kind": job.kind,
        "resource": job.resource,
        "state": job.state,
        "reason": job.state_reason or job.reason,
        "requested_by": job.requested_by,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "not_before": job.not_before,
        "summary": {"requested": job.requested} | {w: counts.get(w, 0) for w in words} | {"duplicates": job.duplicates},
        "progress": 1.0 if State(job.state).is_final and not left else round(done / max(1, job.requested), 4),
        "items_per_second": rate,
        "eta_seconds": round(left / rate) if running and rate else None,
        "stage": _stage(call, connection, job),
        "workers": workers.at_work(connection, call.store, job.id, now) if running else 0,
        "restorable_until": job.restorable_until,
        "audit_id": job.audit_id,
        "source_job_id": job.source_job_id,
        "links": {name: f"{url}/{name}" for name in ("items", "events", "restore")} | {"self": url},
    }


def _stage(call: Call, connection: Connection, job: Job) -> dict[str, Any] | None:
    """Where a rollout stands: its open stage, and how many items of it failed."""
    gate = rollout.gate_of(job)
    if gate is None:
        return None
    counts = chunks.counts(connection, call.store, job.id, stage=job.stage)
    size, failed = chunks.size(connection, call.store, job.id, stage=job.stage), counts.get("failed", 0)
    return {
        "name": rollout.NAMES[job.stage],
        "requested": size,
        "done": counts["done"],
        "failed": failed,
        "failed_percent": round(100 * failed / size, 4) if size else 0.0,
        "canary_percent": gate.canary_percent,
        "max_failure_percent": gate.max_failure_percent,
    }


def _rate(job: Job, done: int, now: datetime) -> float | None:
    if job.started_at is None or not done:
        return None
    seconds = ((job.finished_at or now) - job.started_at).total_seconds()
    return round(done / seconds, 1) if seconds > 0 else None


def find_job(call: Call, connection: Connection) -> Job | None:
    """The job of the path; None where the account has none of that id."""
    return jobs.get(connection, call.store, call.principal.account, call.params["job_id"])


def get_job(call: Call) -> Answer:
    """One job, with its progress."""
    call.read_query(Nothing)
    with call.store.read() as connection:
        job = find_job(call, connection)
        if job is None:
            return refuse(Problem(Code.NOT_FOUND, _NONE))
        body = dumps(job_shown(call, connection, job))
    tag = '"' + hashlib.sha256(body).hexdigest()[:32] + '"'
    told = {"ETag": tag, "Content-Type": "application/json"}
    if not State(job.state).is_final:
        told["Retry-After"] = "1"
    if call.header("if-none-match") == tag:
        return Answer(304, headers={"ETag": tag})
    return Answer(200, body, told)


def list_jobs(call: Call) -> Answer:
    """The account's jobs, newest first."""
    query = call.read_query(JobsQuery)
    place = call.after(query.cursor)
    after = (datetime.fromisoformat(place[0]), place[1]) if place else None
    with call.store.read() as connection:
        found = jobs.search(
            connection,
            call.store,
            call.principal.account,
            state=query.state,
            resource=query.resource,
            after=after,
            limit=query.limit + 1,
        )
        shown = [job_shown(call, connection, job) for job in found[: query.limit]]
    last = found[query.limit - 1] if len(found) > query.limit else None
    cursor = call.next_cursor([last.created_at.astimezone(UTC).isoformat(), last.id]) if last else None
    return reply({"items": shown, "next_cursor": cursor})


def items_of(store: Store, connection: Connection, job: Job, since: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Per-item results in request order, each with its position; items that wait are `pending`."""
    plain, _, _ = _words(job)
    for place, chunk, index in chunks.items(connection, store, job.id, since):
        yield place, _item(chunk, chunk.ids[index], plain)


def _item(chunk: Chunk, item: str, plain: str) -> dict[str, Any]:
    if chunk.state != "done":
        return {"id": item, "status": "pending"}
    odd = chunk.exceptions.get(item)
    if odd is None:
        return {"id": item, "status": plain}
    told = {"id": item, "status": odd["status"]}
    return told | ({"error": problems.stored(odd["error"])} if "error" in odd else {})


def job_items(call: Call) -> Answer:
    """The results of a job's items, in request order."""
    query = call.read_query(JobItemsQuery)
    place = call.after(query.cursor)
    streamed = NDJSON in (call.header("accept") or "")
    with call.store.read() as connection:
        job = find_job(call, connection)
        if job is None:
            return refuse(Problem(Code.NOT_FOUND, _NONE))
        if streamed:
            return Answer(200, headers={"Content-Type": NDJSON}, pieces=_lines(call.store, job, query.status))
        found = items_of(call.store, connection, job, place or 0)
        wanted = ((where, item) for where, item in found if query.status in (None, item["status"]))
        page = list(islice(wanted, query.limit + 1))
    cursor = call.next_cursor(page[query.limit][0]) if len(page) > query.limit else None
    return reply({"items": [item for _, item in page[: query.limit]], "next_cursor": cursor})


def _lines(store: Store, job: Job, status: str | None) -> Iterator[bytes]:
    """All items, a line each; a connection is held only while a piece is read."""
    since = 0
    while True:
        with store.read() as connection:
            found = list(islice(items_of(store, connection, job, since), _LINES))
        if not found:
            return
        since = found[-1][0] + 1
        yield b"".join(dumps(item) + b"\n" for _, item in found if status in (None, item["status"]))


def accepted(call: Call, job_id: str, state: str, requested: int, *, changed: int = 0) -> Answer:
    """202: a job will do it; `poll` gives the job once it has ended."""
    url = f"{call.base}/bulk_jobs/{job_id}"
    body = {"job_id": job_id, "state": str(state), "status_url": url, "summary": {"requested": requested}}
    told = {"Location": url, "Retry-After": "1", "Cache-Control": "no-store"}

    def poll() -> Answer | None:
        with call.store.read() as connection:
            job = jobs.get(connection, call.store, call.principal.account, job_id)
            if job is None or not State(job.state).is_final:
                return None
            return reply(_ended(call, connection, job), headers={"Location": url})

    return reply(body, 202, told, changed=changed, poll=poll, log={"job_id": job_id})


def control_job(call: Call) -> Answer:
    """Cancel, pause, resume or approve."""
    call.read_query(Nothing)
    move = Move(call.params["move"])

    job_id = call.params["job_id"]

    def work(connection: Connection, now: datetime) -> Answer:
        before = find_job(call, connection)
        job = control(connection, call.store, job_id, move, principal=call.principal, now=now)
        if job is None or before is None:
            return refuse(Problem(Code.NOT_FOUND, _NONE))
        if move is Move.CANCEL and before.state != job.state and job.kind == "delete":
            untouched = job.requested - chunks.counts(connection, call.store, job.id)["done"]
            call.give_back(connection, untouched)
        return reply(job_shown(call, connection, job))

    with _intent(call, move):
        answer = call.once(work, call.idempotency_key())
    call.wake()
    return answer


def _intent(call: Call, move: Move) -> AbstractContextManager[None]:
    """Keep further chunks of the account's own running job from starting while it is being stopped."""
    with call.store.read() as connection:
        job = find_job(call, connection)
    stops = job is not None and job.state == State.RUNNING and move in (Move.PAUSE, Move.CANCEL)
    return intent(call.store, call.params["job_id"], move) if stops else nullcontext()


def restore_bulk(call: Call) -> Answer:
    """Undo a whole job."""
    call.read_query(Nothing)
    preferred = headers.preferences(call.headers.get("prefer", ()))

    def work(connection: Connection, now: datetime) -> Answer:
        job = jobs.get(connection, call.store, call.principal.account, call.params["job_id"], lock=True)
        if job is None:
            raise Refused(Code.NOT_FOUND, _NONE)
        wanted = "respond-async" in preferred
        undo = restore_job(connection, call.store, job, principal=call.principal, now=now, respond_async=wanted)
        if not State(undo.state).is_final:
            return accepted(call, undo.id, undo.state, undo.requested)
        return reply(_ended(call, connection, undo))

    answer = call.once(work, call.idempotency_key())
    if answer.status == 202:  # noqa: PLR2004
        call.wake()
        answer.poll_seconds = headers.wait_seconds(preferred)
    return answer


def _ended(call: Call, connection: Connection, job: Job) -> dict[str, Any]:
    """The answer of a job that has ended: the same as if it had been done at once, with its state."""
    shown = job_shown(call, connection, job)
    plain, name, _ = _words(job)
    results = [item for _, item in items_of(call.store, connection, job)]
    chosen = {key: shown[key] for key in ("job_id", "kind", "state", "source_job_id", "audit_id")}
    summary = {key: n for key, n in shown["summary"].items() if key != "duplicates" or plain == "deleted"}
    return {**chosen, name: results, "summary": summary}
