"""Between the decisions and a transport: the steps a flow asks for, and what is kept of each. No I/O.

A flow is a generator: it yields `Send` and `Sleep`, is sent an `Answer` or a `Failure`, and returns its result.
The sync and the async client differ only in who carries the steps out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sexton.client._request import Request
from sexton.client._response import Answer, Failure, FailureKind, retry_after_of
from sexton.client._retry import Budget, RetryPolicy, Timeout, Tools
from sexton.client.outcome import Attempt, Finding

T = TypeVar("T")
Reply = Answer | Failure
Suspicious = Callable[[int, Mapping[str, str]], bool]
_ANSWERS_OF_ORIGIN = frozenset({200, 202, 204, 404, 410})


@dataclass(slots=True)
class Send:
    """Send one request. `connect`, `read` and `total` in seconds; `fresh`: not on a connection that was used before."""

    request: Request
    connect: float
    read: float
    total: float
    fresh: bool
    suspicious: Suspicious = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds."""

    seconds: float


Step = Send | Sleep
Flow = Generator[Step, Reply | None, T]


@dataclass(frozen=True, slots=True)
class End(Generic[T]):
    """A flow returned this."""

    value: T


def advance(flow: Flow[T], reply: Reply | None) -> Step | End[T]:
    """The next step of a flow, or its end. An error raised on its end has no StopIteration as its context."""
    try:
        return flow.send(reply)
    except StopIteration as end:
        return End(end.value)


Judge = Callable[[Reply], Finding]


class Echo:
    """Whether this server gives back our correlation id. Once it has, an answer with another one is not ours."""

    def __init__(self) -> None:
        self.known = False

    def mixed_up(self, correlation_id: str, status: int, headers: Mapping[str, str]) -> bool:
        """Whether an answer belongs to another request: bytes after a 204 can pose as the next answer."""
        echoed = headers.get("x-correlation-id")
        if echoed == correlation_id:
            self.known = True
            return False
        return self.known and (echoed is not None or status in _ANSWERS_OF_ORIGIN)


@dataclass(frozen=True, slots=True)
class Context:
    """What one client keeps for all its calls."""

    policy: RetryPolicy
    tools: Tools
    echo: Echo


class Wire:
    """One logical call: its budget, its attempts, and who is told of each."""

    def __init__(self, context: Context, timeout: Timeout, observe: Callable[[Attempt], None]) -> None:
        self.policy = context.policy
        self.budget = Budget(timeout, context.tools.clock)
        self.attempts: list[Attempt] = []
        self.tries = 0
        self.too_long: float | None = None
        self._context = context
        self._observe = observe
        self._waited = 0.0

    def send(self, request: Request, judge: Judge, *, fresh: bool = False) -> Flow[tuple[Reply, Finding]]:
        """Send once within the budget, and note what it told."""
        clock = self._context.tools.clock
        started = clock()
        reply: Reply | None = Failure(FailureKind.DEADLINE, sent=False)
        if self.budget.remaining():
            reply = yield Send(request, *self.budget.limits(), fresh, self._suspicion(request))
        if reply is None:
            raise RuntimeError("A transport must answer each Send.")
        finding = judge(reply)
        self._record(request, reply, finding, clock() - started)
        return reply, finding

    def _suspicion(self, request: Request) -> Suspicious:
        return lambda status, headers: self._context.echo.mixed_up(request.correlation_id, status, headers)

    def mixed_up(self, request: Request, answer: Answer) -> bool:
        """Whether this answer belongs to another request."""
        return self._suspicion(request)(answer.status, answer.headers)

    def _record(self, request: Request, reply: Reply, finding: Finding, latency: float) -> None:
        answer = reply if isinstance(reply, Answer) else None
        attempt = Attempt(
            number=len(self.attempts) + 1,
            method=request.method,
            status=answer.status if answer else None,
            error=reply.kind.value if isinstance(reply, Failure) else None,
            latency=latency,
            finding=finding,
            waited=self._waited,
            resent=answer is not None and answer.sends > 1,
        )
        self._waited = 0.0
        self.attempts.append(attempt)
        self._observe(attempt)

    def pause(self, reply: Reply) -> Flow[bool]:
        """Wait before a further try; False where retries, patience or time are used up."""
        self.tries += 1
        if self.tries > self.policy.retries:
            return False
        return (yield from self.wait(self.tries, reply))

    def wait(self, tries: int, reply: Reply) -> Flow[bool]:
        """Wait as backoff and `Retry-After` say; False where that is more than the call can afford."""
        asked = self.retry_after(reply)
        seconds = self.policy.wait(tries, self._context.tools.chance(), asked)
        if seconds is None or not self.budget.affords(seconds):
            self.too_long = asked
            return False
        yield from self.sleep(seconds)
        return True

    def sleep(self, seconds: float) -> Flow[None]:
        """Wait, and remember it for the next attempt's evidence."""
        self._waited += seconds
        yield Sleep(seconds)

    def retry_after(self, reply: Reply) -> float | None:
        """Seconds the server asked to wait, or None."""
        return retry_after_of(reply, self._context.tools.wall()) if isinstance(reply, Answer) else None
