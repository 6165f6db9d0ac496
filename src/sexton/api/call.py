"""One request on its way through: who asks, for what, and the transaction its effect and its answer share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sexton.actions import idempotency
from sexton.api import headers
from sexton.api.answer import Answer, refuse
from sexton.api.cursors import Cursors
from sexton.api.spool import Spool
from sexton.errors import Code, Problem, Refused
from sexton.model import Principal
from sexton.quota import HOUR, Bucket
from sexton.resource import Resource
from sexton.storage import idempotency_keys, quotas
from sexton.storage.store import Store

M = TypeVar("M", bound=BaseModel)
Work = Callable[[Connection, datetime], Answer]
_NOT_KEPT = frozenset({"x-correlation-id"})


@dataclass(slots=True)
class Call:
    """A request with its principal."""

    store: Store
    cursors: Cursors
    principal: Principal
    method: str
    path: str
    base: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, Sequence[str]]
    params: Mapping[str, str]
    body: bytes = b""
    streamed: Spool | None = None
    wake: Callable[[], None] = lambda: None
    bucket: Bucket | None = None
    log: dict[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """A header's first value."""
        values = self.headers.get(name)
        return values[0] if values else None

    def resource(self) -> Resource:
        """The resource of the path. Raises Refused (404) for a name nobody exposes."""
        name = self.params["resource"]
        resource = self.store.catalog.resources.get(name)
        if resource is None or not resource.expose:
            raise Refused(Code.NOT_FOUND, f"there is no resource {name!r}: GET {self.base}/ lists them")
        return resource

    # -- reading what was sent -----------------------------------------------------------------------------

    def read_query(self, model: type[M]) -> M:
        """The query parameters. Raises Refused (422) for unknown, repeated or malformed ones."""
        names = [name for name, _ in self.query]
        repeated = {name for name in names if names.count(name) > 1}
        if repeated:
            raise _invalid([{"detail": f"{name} is given twice", "pointer": f"?{name}"} for name in sorted(repeated)])
        return _validated(model, dict(self.query), "?")

    def read_body(self, model: type[M]) -> M:
        """The JSON body as a model. Raises Refused (400, 422)."""
        return _validated(model, self.read_json(), "#/")

    def read_json(self) -> Any:
        """The JSON body. Raises Refused (400) for what is not JSON."""
        try:
            return json.loads(self.body.decode(), parse_constant=_no_constant, object_pairs_hook=_no_repeats)
        except (ValueError, RecursionError) as error:
            raise Refused(Code.MALFORMED, f"the body is not JSON that can be read one way only: {error}") from None

    def idempotency_key(self, in_body: str | None = None) -> str | None:
        """The request's key, if any."""
        return headers.idempotency_key(self.headers.get(headers.IDEMPOTENCY_KEY, ()), in_body)

    # -- pages ---------------------------------------------------------------------------------------------

    def _list_name(self) -> str:
        kept = sorted((name, value) for name, value in self.query if name not in ("cursor", "limit"))
        return json.dumps([self.principal.account, self.path, kept])

    def after(self, cursor: str | None) -> Any:
        """The place a cursor names; None without one."""
        return None if cursor is None else self.cursors.read(self._list_name(), cursor)

    def next_cursor(self, place: Any) -> str:
        """A cursor after a place in this list."""
        return self.cursors.make(self._list_name(), place)

    # -- doing it ------------------------------------------------------------------------------------------

    def once(self, work: Work, key: str | None = None) -> Answer:
        """Run the work in one transaction and, under a key, only once; a retry gets the stored answer."""
        try:
            with self.store.write() as connection:
                now = self.store.dialect.now(connection)
                replay = self._claimed(connection, key, now) if key is not None else None
                if replay is not None:
                    return replay
                answer = work(connection, now)
                self._settle(connection, answer)
                if key is not None:
                    self._keep(connection, key, answer)
                return answer
        except BaseException:
            self._untake()
            raise

    def _claimed(self, connection: Connection, key: str, now: datetime) -> Answer | None:
        stored = idempotency.claim(connection, self.store, self.principal.account, key, self._fingerprint(), now)
        if stored is None:
            return None
        self.log["replayed"] = True
        return Answer(stored.status, stored.body, {**stored.headers, headers.REPLAYED: "true"})

    def _keep(self, connection: Connection, key: str, answer: Answer) -> None:
        account = self.principal.account
        if answer.status >= 400:  # noqa: PLR2004 — refusals changed nothing and are not stored
            idempotency_keys.release(connection, self.store, account, key)
            return
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_KEPT}
        stored = {"status": answer.status, "headers": kept, "body": answer.body}
        idempotency_keys.save(connection, self.store, account, key, stored)

    def _fingerprint(self) -> str:
        asked: list[Any] = [self.method, self.path, sorted([name, value] for name, value in self.query)]
        if self.streamed is not None:
            asked.append(self.streamed.digest)
        elif self.body:
            body = self.read_json()
            if isinstance(body, dict):
                body = {name: value for name, value in body.items() if name != "idempotency_key"}
            asked.append(body)
        return idempotency.fingerprint_of(asked)

    # -- the quota -----------------------------------------------------------------------------------------

    def take(self, connection: Connection, items: int, now: datetime) -> None:
        """Take items from the account's bucket before any work. Raises Refused (429)."""
        with self.store.dialect.apart(self.store.engine, connection) as apart:
            bucket = quotas.take(apart, self.store, self.principal.account, items, now)
        self.bucket = bucket
        if not bucket.taken:
            raise _too_few(bucket, items)
        self.log["_taken"] = items

    def give_back(self, connection: Connection, items: int) -> None:
        """Return items to the account's bucket."""
        with self.store.dialect.apart(self.store.engine, connection) as apart:
            quotas.give_back(apart, self.store, self.principal.account, items)

    def _settle(self, connection: Connection, answer: Answer) -> None:
        """Give back what was taken for items that did not change, and say what is left."""
        unused = self.log.pop("_taken", 0) - answer.changed
        if unused > 0 and self.bucket is not None:
            self.give_back(connection, unused)
            self.bucket = Bucket(self.bucket.capacity, self.bucket.remaining + unused)
        answer.headers |= self.rate_limit()

    def _untake(self) -> None:
        """The transaction was rolled back; where the quota had a commit of its own, give everything back."""
        items = self.log.pop("_taken", 0)
        if not items or self.bucket is None:
            return
        if self.store.dialect.commits_apart:
            with suppress(SQLAlchemyError), self.store.read() as connection:
                quotas.give_back(connection, self.store, self.principal.account, items)
        self.bucket = Bucket(self.bucket.capacity, self.bucket.remaining + items)

    def look_at_quota(self) -> None:
        """See what is left without taking, for an answer that was given before anything was taken."""
        if self.bucket is None:
            with self.store.read() as connection:
                now = self.store.dialect.now(connection)
                self.bucket = quotas.look(connection, self.store, self.principal.account, now)

    def rate_limit(self) -> dict[str, str]:
        """The two RateLimit headers, where the bucket was looked at."""
        if self.bucket is None:
            return {}
        return {
            headers.RATE_LIMIT_POLICY: f'"items";q={self.bucket.capacity};w={HOUR}',
            headers.RATE_LIMIT: f'"items";r={self.bucket.left};t={self.bucket.full_in}',
        }


def _too_few(bucket: Bucket, items: int) -> Refused:
    members: dict[str, Any] = {"items_requested": items, "items_remaining": bucket.left}
    if items > bucket.capacity:
        detail = (
            f"{items:,} items are more than the account may delete in an hour: ask for {bucket.capacity:,} at a time"
        )
        return Refused(
            Code.QUOTA_EXCEEDED,
            detail,
            **members,
            resets_in_seconds=max(1, bucket.full_in),
            split_to=bucket.capacity,
        )
    wait = bucket.seconds_until(items)
    detail = f"{items:,} items are asked for and {bucket.left:,} are left: ask for fewer, or again in {wait} s"
    return Refused(Code.QUOTA_EXCEEDED, detail, **members, resets_in_seconds=wait)


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a member is given twice"
        raise ValueError(message)
    return found


def _validated(model: type[M], value: Any, root: str) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _invalid([_fault(one, root, model) for one in error.errors(include_url=False)]) from None


def _fault(error: Any, root: str, model: type[BaseModel]) -> dict[str, str]:
    place = "/".join(str(part) for part in error["loc"] if part not in ("str", "int"))
    detail = error["msg"]
    if error["type"] == "extra_forbidden":
        detail = f"there is no {error['loc'][-1]!r} here; known are {', '.join(model.model_fields) or 'none'}"
    return {"detail": detail, "pointer": root + place}


def _invalid(errors: list[dict[str, str]]) -> Refused:
    first = f"{errors[0]['pointer']}: {errors[0]['detail']}"
    return Refused(Code.INVALID_REQUEST, first, errors=errors[:100])


def refusal(error: Refused, call: Call | None = None) -> Answer:
    """The answer to a request that is refused as a whole."""
    problem: Problem = error.problem
    answer = refuse(problem)
    if problem.code is Code.QUOTA_EXCEEDED:
        answer.headers["Retry-After"] = str(problem.members["resets_in_seconds"])
    if problem.code in (Code.IDEMPOTENCY_KEY_BUSY, Code.BUSY):
        answer.headers["Retry-After"] = "1"
    if problem.code is Code.UNAUTHENTICATED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="sexton"'
    if call is not None:
        answer.headers |= call.rate_limit()
    return answer
