"""Carries the flows of a bulk run out: one transport, one pace, and a hand on the brake."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeGuard, TypeVar

from sexton.client._address import Address, address_of
from sexton.client._calls import get_flow
from sexton.client._flow import DeleteFlow, DeletePlan, Verify
from sexton.client._judge import judge_delete
from sexton.client._pace import Pace
from sexton.client._renewal import Renewal
from sexton.client._request import Request, delete_request, headers_of, if_match_of, quoted
from sexton.client._response import Answer
from sexton.client._settings import Settings
from sexton.client._wire import Context, Echo, Flow, Reply, Send, Sleep, Wire
from sexton.client.errors import Refused
from sexton.client.outcome import Attempt, Finding, Outcome
from sexton.client.plan_file import PlannedItem
from sexton.client.result import DeleteResult

T = TypeVar("T")
_ACCEPTED = 202
_NO_CONTENT = 204
_POLLS_AT_ONCE = 4
_PLAIN = frozenset({200, _NO_CONTENT})
_NO_ENCODING = re.compile(r"[A-Za-z0-9_-]+\Z")


class Transport(Protocol):
    """Sends one request."""

    async def send(self, step: Send) -> Reply:
        """What came back."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class ReadOnly:
    """A transport that can send nothing but GET, whatever it is asked."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(self, step: Send) -> Reply:
        """Send a GET.

        Raises:
            Refused: it is no GET.
        """
        if step.request.method != "GET" or step.request.body is not None:
            raise Refused(f"A dry run sends nothing but GET, and this is a {step.request.method}. Nothing was sent.")
        return await self._transport.send(step)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()


class Braked(Exception):
    """The run is ending, and this flow was left before its next request. `sent`: a request of it had left before."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the run is ending")
        self.sent = sent


class Way(Enum):
    """How to begin with an item."""

    FRESH = "nothing of it was ever sent"
    LOOK_FIRST = "something may have been sent"
    ONLY_LOOK = "the server promised to delete it: it is not asked again"


class _BulkWire(Wire):
    """A wire whose retries also come out of the run's budget."""

    pace: Pace
    head_start = 0.0

    def _record(self, request: Request, reply: Reply, finding: Finding, latency: float) -> None:
        """The first request of a fresh item was sent before its flow began."""
        super()._record(request, reply, finding, latency + self.head_start)
        self.head_start = 0.0

    def pause(self, reply: Reply) -> Flow[bool]:
        if not self.pace.may_retry():
            return False
        return (yield from super().pause(reply))


class _Resumed(DeleteFlow):
    """A delete of which an earlier process may have sent something: look first."""

    def run(self) -> Flow[DeleteResult]:
        seen = yield from self._look()
        if seen is Finding.ABSENT:
            return self._end(Outcome.ALREADY_ABSENT, "It is gone; an earlier run may have done it.", verified=True)
        if seen is Finding.CHANGED:
            return self._end(Outcome.CONFLICT, "A GET finds another version than the planned one; it was left alone.")
        if seen is not Finding.PRESENT:
            return self._end(Outcome.UNKNOWN, "An earlier run may have deleted it, and a GET does not tell.")
        return (yield from super().run())


class _OnlyLook(DeleteFlow):
    """A delete that the server promised: see whether it was done."""

    def run(self) -> Flow[DeleteResult]:
        if (yield from self._look()) is Finding.ABSENT:
            return self._end(Outcome.DELETED, "It was accepted, and a GET finds it gone.", verified=True)
        return self._end(Outcome.ACCEPTED, "The server promised it, and a GET still finds it, or does not tell.")


_FLOWS = {Way.FRESH: DeleteFlow, Way.LOOK_FIRST: _Resumed, Way.ONLY_LOOK: _OnlyLook}


def _ignore(_: Attempt) -> None:
    """The journal keeps the results; attempts are part of them."""


class PlainDelete(NamedTuple):
    """The one DELETE of an item was answered with a plain success after so many seconds."""

    status: int
    correlation_id: str
    latency: float


class Promised(NamedTuple):
    """The server answered 202: what is left of the delete is to poll, which no worker waits for."""

    flow: Flow[DeleteResult]
    reply: Reply


@dataclass(frozen=True, slots=True)
class Target:
    """The collection of a plan, and what makes its keys: `digest` is the plan's."""

    resource: str
    digest: str

    def key(self, item: PlannedItem) -> str:
        """The idempotency key of one item: the same in every run over this plan."""
        return f"{self.digest[:40]}-{item.position}"


def _is_plain(reply: Reply) -> TypeGuard[Answer]:
    """Whether an answer says "deleted" and nothing else; a 204 that tells of no content needs no reading."""
    if not isinstance(reply, Answer):
        return False
    if reply.status == _NO_CONTENT and not reply.body and "content-type" not in reply.headers:
        return True
    return reply.status in _PLAIN and judge_delete(reply) is Finding.DONE


class Carrier:
    """Gets and deletes single items; `brake` ends what is under way at its next request or wait."""

    def __init__(self, settings: Settings, transport: Transport, pace: Pace) -> None:
        self.pace = pace
        self._settings = settings
        self._transport = transport
        self._context = Context(settings.retry, settings.tools, Echo())
        self._timeout = settings.timeout
        self._braked = asyncio.Event()
        self._polls = asyncio.Semaphore(_POLLS_AT_ONCE)
        self.renewal = Renewal(settings.token, pace)
        self._prefix: str | None = None
        self._always = headers_of(settings.agent)
        self.run_id, self._number = uuid.uuid4().hex, 0

    @property
    def braked(self) -> bool:
        """Whether the run is ending."""
        return self._braked.is_set()

    def brake(self) -> None:
        """Let requests under way come to their end, and begin no other for what is under way."""
        self._braked.set()

    async def rest(self, seconds: float) -> None:
        """Wait, unless the run is ending."""
        with suppress(Braked):
            await self._sleep(seconds, sent=False)

    async def get(self, *segments: str) -> Answer:
        """GET something under the base.

        Raises:
            Unreachable: no answer came.
            Braked: the run is ending.
        """
        return await self.get_at(address_of(self._settings.base, segments))

    async def get_at(self, address: Address) -> Answer:
        """GET an address; raises as `get`."""
        request = Request("GET", address.url, {**self._headers(), "Cache-Control": "no-cache"})
        return await self._carry(get_flow(self._wire(), request))

    async def delete(self, target: Target, item: PlannedItem, way: Way) -> DeleteResult | PlainDelete | Promised:
        """Delete one planned item, with `If-Match` where the plan has its tag.

        The first DELETE of a fresh item is sent at once; only where its answer is no plain success is the whole flow
        of a delete begun, with that answer as its first.

        Raises:
            Braked: the run is ending; what became of it is not known.
        """
        headers = self._headers()
        if way is not Way.FRESH:
            return await self._carry(_FLOWS[way](self._plan(target, item, headers), self._wire()).run())
        if self._braked.is_set():
            raise Braked(sent=False)
        headers |= {"Idempotency-Key": quoted(target.key(item)), **if_match_of(item.etag)}
        step = self._first(Request("DELETE", self._url(target, item), headers))
        began = self.pace.began()
        reply = await self._send(step, sent=False)
        if _is_plain(reply) and not step.suspicious(reply.status, reply.headers):
            return PlainDelete(reply.status, headers["X-Correlation-Id"], self.pace.began() - began)
        wire = self._wire()
        wire.head_start = self.pace.began() - began
        flow = DeleteFlow(self._plan(target, item, headers), wire).run()
        next(flow)  # its first request is the one that was just sent
        if isinstance(reply, Answer) and reply.status == _ACCEPTED:
            return Promised(flow, reply)
        return await self._carry(flow, reply)

    async def keep(self, promise: Promised) -> DeleteResult:
        """See whether a promised delete was done; few are polled at once.

        Raises:
            Braked: the run is ending.
        """
        return await self._carry(promise.flow, promise.reply, self._polls)

    def _plan(self, target: Target, item: PlannedItem, headers: dict[str, str]) -> DeletePlan:
        """One delete for a flow: the same URL, key and correlation id as the request that was sent, if one was."""
        base, key = self._settings.base, target.key(item)
        address = address_of(base, (target.resource, item.id))
        own = {name: value for name, value in headers.items() if name not in {"Idempotency-Key", "If-Match"}}
        request = delete_request(address, own, key=key, if_match=item.etag)
        return DeletePlan(address, base, request, key, item.etag, idempotent=False, verify=Verify.DOUBTFUL)

    def _first(self, request: Request) -> Send:
        """The step that a flow would ask for first."""
        own, echo = self._timeout, self._context.echo

        def suspicious(status: int, headers: Mapping[str, str]) -> bool:
            return echo.mixed_up(request.correlation_id, status, headers)

        return Send(request, own.connect, own.read, own.connect + own.read, fresh=False, suspicious=suspicious)

    def _url(self, target: Target, item: PlannedItem) -> str:
        """As `address_of` spells it; an id of letters and digits needs no encoding."""
        if not _NO_ENCODING.match(item.id):
            return address_of(self._settings.base, (target.resource, item.id)).url
        if self._prefix is None:
            self._prefix = address_of(self._settings.base, (target.resource, "0")).url[:-1]
        return self._prefix + item.id

    def _headers(self) -> dict[str, str]:
        """What every request carries; the correlation id is the run's, and a number."""
        self._number += 1
        return {**self._always, "X-Correlation-Id": f"{self.run_id}-{self._number}"}

    def _wire(self) -> _BulkWire:
        wire = _BulkWire(self._context, self._timeout, _ignore)
        wire.pace = self.pace
        return wire

    async def _carry(self, flow: Flow[T], reply: Reply | None = None, gate: asyncio.Semaphore | None = None) -> T:
        """Carry a flow to its end; `reply` answers a request of it that was sent before."""
        sent = reply is not None
        while True:
            try:
                step = flow.send(reply)
            except StopIteration as end:
                found: T = end.value
                return found
            if self._braked.is_set():
                raise Braked(sent=sent)
            if isinstance(step, Sleep):
                await self._sleep(step.seconds, sent=sent)
                reply = None
            else:
                async with gate or nullcontext():
                    reply = await self._send(step, sent=sent)
                sent = True

    async def _send(self, step: Send, *, sent: bool) -> Reply:
        """Send when it is this request's turn; once more where the token was not accepted, and there is a new one."""
        while True:
            while (seconds := self.pace.wait()) > 0:
                await self._sleep(seconds, sent=sent)
            used, began = self.renewal.generation, self.pace.began()
            reply = await self._transport.send(step)
            self.pace.heard(reply, began)
            if self.renewal.accepts(reply) or not await self.renewal.renewed(used):
                return reply

    async def _sleep(self, seconds: float, *, sent: bool) -> None:
        try:
            await asyncio.wait_for(self._braked.wait(), seconds)
        except TimeoutError:
            return
        raise Braked(sent=sent)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()
