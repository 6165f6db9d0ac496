"""What is looked at, a function each. A check has items of its own, so that none spoils another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sexton.probe.wire import Answer, Wire, segment

_GONE, _NOT_FOUND, _NOT_ALLOWED, _PRECONDITION = 410, 404, 405, 412
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Grade(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 — no password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was asked, how it ended, what was seen, and who says it should be so."""

    check: str
    grade: Grade
    seen: str
    source: str


@dataclass(slots=True)
class Scene:
    """The API, its resource, and a way to get an item that may be deleted."""

    wire: Wire
    resource: str
    take: Callable[[], str | None]
    bulk: str | None = None

    def path(self, item: str) -> str:
        """The address of an item."""
        return f"/{self.resource}/{segment(item)}"

    def delete(self, item: str, **options: Any) -> Answer:
        """DELETE it."""
        return self.wire("DELETE", self.path(item), **options)

    def is_there(self, item: str) -> bool:
        """Whether a GET finds it."""
        return self.wire("GET", self.path(item)).ok


Verdict = tuple[Grade, str]
Check = Callable[[Scene, str], Verdict]
NEVER = "sexton-probe-never-was"


def _grade(passed: bool, seen: str, otherwise: Grade = Grade.FAIL) -> Verdict:  # noqa: FBT001 — the condition itself
    return (Grade.PASS if passed else otherwise), seen


# -- one item ---------------------------------------------------------------------------------------------------


def deletes(scene: Scene, item: str) -> Verdict:
    """A DELETE of an item that is there succeeds, and it is gone afterwards."""
    answer = scene.delete(item)
    after = scene.wire("GET", scene.path(item)).status
    return _grade(answer.ok and after in (_NOT_FOUND, _GONE), f"DELETE {answer.status}, then GET {after}")


def retry_is_told_apart(scene: Scene, item: str) -> Verdict:
    """A second DELETE says that the item was there once; one that never was is something else."""
    scene.delete(item)
    again, never = scene.delete(item), scene.delete(NEVER)
    seen = f"again {again.status}, never there {never.status}"
    if again.status == never.status or never.ok:
        return Grade.WARN if again.status == never.status == _NOT_FOUND else Grade.FAIL, seen
    return _grade(never.status == _NOT_FOUND and (again.status == _GONE or again.ok), seen)


def if_match_is_honoured(scene: Scene, item: str) -> Verdict:
    """A DELETE for another version is refused and deletes nothing."""
    answer = scene.delete(item, headers={"If-Match": '"sexton-probe-other-version"'})
    there = scene.is_there(item)
    return _grade(answer.status == _PRECONDITION and there, f"{answer.status}, item {'kept' if there else 'DELETED'}")


def etag_is_given(scene: Scene, item: str) -> Verdict:
    """GET gives a strong entity tag, and a DELETE with it succeeds."""
    tag = scene.wire("GET", scene.path(item)).headers.get("etag")
    if tag is None or tag.startswith("W/"):
        return Grade.WARN, f"ETag {tag}"
    answer = scene.delete(item, headers={"If-Match": tag})
    return _grade(answer.ok, f"ETag given, DELETE with it {answer.status}")


def key_is_replayed(scene: Scene, item: str) -> Verdict:
    """The same DELETE with the same Idempotency-Key hears the same answer."""
    headers = {"Idempotency-Key": f'"probe-{item}"'}
    first, second = scene.delete(item, headers=headers), scene.delete(item, headers=headers)
    return _grade(first.ok and second.status == first.status, f"{first.status}, then {second.status}", Grade.WARN)


def key_is_bound(scene: Scene, item: str) -> Verdict:
    """The same key with another request is refused, and that request does nothing."""
    other = scene.take()
    if other is None:
        return Grade.SKIP, "no item left for it"
    headers = {"Idempotency-Key": f'"probe-bound-{item}"'}
    scene.delete(item, headers=headers)
    answer, there = scene.delete(other, headers=headers), scene.is_there(other)
    seen = f"{answer.status}, other item {'kept' if there else 'DELETED'}"
    return _grade(answer.status == 422 and there, seen, Grade.WARN)  # noqa: PLR2004 — the draft's status


def body_is_refused(scene: Scene, item: str) -> Verdict:
    """A body of a DELETE is refused: a caller that believes in it must hear so."""
    answer = scene.delete(item, body={"ids": [NEVER]})
    there = scene.is_there(item)
    return _grade(answer.refused and there, f"{answer.status}, item {'kept' if there else 'deleted'}", Grade.WARN)


def unknown_parameter_is_refused(scene: Scene, item: str) -> Verdict:
    """A mistyped parameter is refused: `dry_runn=true` must not delete."""
    answer = scene.wire("DELETE", f"{scene.path(item)}?dry_runn=true")
    there = scene.is_there(item)
    return _grade(answer.refused and there, f"{answer.status}, item {'kept' if there else 'DELETED'}", Grade.WARN)


def method_is_not_tunnelled(scene: Scene, item: str) -> Verdict:
    """A GET deletes nothing, whatever it says of its method."""
    scene.wire("GET", scene.path(item), headers={"X-HTTP-Method-Override": "DELETE"})
    scene.wire("GET", f"{scene.path(item)}?_method=DELETE")
    there = scene.is_there(item)
    return _grade(there, f"item {'kept' if there else 'DELETED'}")


def strangers_are_refused(scene: Scene, item: str) -> Verdict:
    """Without credentials: 401 with a challenge, and nothing is deleted."""
    if scene.wire.token is None:
        return Grade.SKIP, "no token was given"
    answer, there = scene.delete(item, anonymous=True), scene.is_there(item)
    challenged = "www-authenticate" in answer.headers
    seen = f"{answer.status}, WWW-Authenticate {'given' if challenged else 'missing'}, item {'kept' if there else 'DELETED'}"
    if not there:
        return Grade.FAIL, seen
    return _grade(answer.status == 401 and challenged, seen, Grade.WARN)  # noqa: PLR2004


def late_create_does_not_revive(scene: Scene, item: str) -> Verdict:
    """A late retry of the item's create does not bring it back."""
    before = scene.wire("GET", scene.path(item)).json()
    scene.delete(item)
    if not isinstance(before, dict):
        return Grade.SKIP, "GET gave no JSON object"
    answer, there = scene.wire("POST", f"/{scene.resource}", body=before), scene.is_there(item)
    return _grade(not there, f"POST {answer.status}, item {'CAME BACK' if there else 'stays deleted'}", Grade.WARN)


# -- addresses that are no item ---------------------------------------------------------------------------------


def _guarded(scene: Scene, item: str, path: str, *, body: Any = None) -> tuple[Answer, str, bool]:
    answer, there = scene.wire("DELETE", path, body=body), scene.is_there(item)
    seen = f"DELETE {path} {answer.status}, another item {'kept' if there else 'DELETED'}"
    return answer, seen, there and not answer.ok and answer.status not in _REDIRECTS


def empty_id(scene: Scene, item: str) -> Verdict:
    """An empty id is not the collection."""
    _, seen, safe = _guarded(scene, item, f"/{scene.resource}/")
    return _grade(safe, seen)


def collection(scene: Scene, item: str) -> Verdict:
    """The collection cannot be deleted, and says what can be done instead."""
    answer, seen, safe = _guarded(scene, item, f"/{scene.resource}")
    if safe and answer.status == _NOT_ALLOWED and "allow" not in answer.headers:
        return Grade.WARN, f"{seen}, no Allow header"
    return _grade(safe, seen)


def trailing_slash(scene: Scene, item: str) -> Verdict:
    """A slash too many is no redirect: a client would follow it with another method, or to another item."""
    answer = scene.wire("DELETE", f"{scene.path(item)}/")
    return _grade(answer.status not in _REDIRECTS, f"{answer.status}")


def dot_segments(scene: Scene, item: str) -> Verdict:
    """`..`, plain or encoded, reaches nothing else."""
    for dots in ("%2e%2e", "%2E%2E%2F", f"{segment(item)}%2F.."):
        _, seen, safe = _guarded(scene, item, f"/{scene.resource}/{dots}")
        if not safe:
            return Grade.FAIL, seen
    return Grade.PASS, "nothing else was reached"


def wildcards(scene: Scene, item: str) -> Verdict:
    """`*` and `%` match nothing but themselves."""
    for sign in ("*", "%25", "_", "null", "undefined"):
        _, seen, safe = _guarded(scene, item, f"/{scene.resource}/{sign}")
        if not safe:
            return Grade.FAIL, seen
    return Grade.PASS, "nothing was matched"


def problems(scene: Scene, _item: str) -> Verdict:
    """A refusal is a problem document that a program can read, and is not cached."""
    answer = scene.delete(NEVER)
    kind, cached = answer.headers.get("content-type", "none"), answer.headers.get("cache-control", "none")
    return _grade(
        kind.startswith("application/problem+json"), f"Content-Type {kind}, Cache-Control {cached}", Grade.WARN
    )


def limits_are_told(scene: Scene, item: str) -> Verdict:
    """A DELETE says how many are left; a 429 says when to come back."""
    answer = scene.delete(item)
    if answer.status == 429:  # noqa: PLR2004
        return _grade("retry-after" in answer.headers, f"429, Retry-After {answer.headers.get('retry-after')}")
    told = next((name for name in answer.headers if name.startswith(("ratelimit", "x-ratelimit"))), None)
    return _grade(told is not None, f"{told or 'no RateLimit header'}", Grade.WARN)


# -- many -------------------------------------------------------------------------------------------------------


def bulk_tells_each(scene: Scene, item: str) -> Verdict:
    """A bulk delete says of each item what became of it, and does not call a part the whole."""
    if scene.bulk is None:
        return Grade.SKIP, "no bulk endpoint was named"
    answer = scene.wire("POST", f"/{scene.bulk}", body={"ids": [item, NEVER]})
    text, there = answer.body.decode(errors="replace"), scene.is_there(item)
    named = item in text and NEVER in text
    seen = (
        f"{answer.status}, {'each item named' if named else 'items not named'}, item {'kept' if there else 'deleted'}"
    )
    return _grade(answer.ok and named and not there, seen)


def bulk_of_none(scene: Scene, item: str) -> Verdict:
    """An empty list, or none, is no order to delete everything."""
    if scene.bulk is None:
        return Grade.SKIP, "no bulk endpoint was named"
    bodies: tuple[dict[str, Any], ...] = ({"ids": []}, {}, {"ids": None})
    statuses = [scene.wire("POST", f"/{scene.bulk}", body=body).status for body in bodies]
    there = scene.is_there(item)
    refused = all(400 <= status < 500 for status in statuses)  # noqa: PLR2004
    return _grade(refused and there, f"{statuses}, another item {'kept' if there else 'DELETED'}")


CHECKS: tuple[tuple[Check, str], ...] = (
    (deletes, "RFC 9110, 9.3.5"),
    (retry_is_told_apart, "RFC 9110, 15.5.11"),
    (etag_is_given, "RFC 9110, 8.8.3"),
    (if_match_is_honoured, "RFC 9110, 13.1.1"),
    (key_is_replayed, "draft-ietf-httpapi-idempotency-key-header-07, 2.6"),
    (key_is_bound, "draft-ietf-httpapi-idempotency-key-header-07, 2.7"),
    (empty_id, "RFC 3986, 3.3"),
    (collection, "RFC 9110, 15.5.6"),
    (trailing_slash, "RFC 9110, 15.4"),
    (dot_segments, "RFC 3986, 5.2.4"),
    (wildcards, "AIP-135"),
    (body_is_refused, "RFC 9110, 9.3.5"),
    (unknown_parameter_is_refused, "AIP-135"),
    (method_is_not_tunnelled, "RFC 9110, 9.2.1"),
    (strangers_are_refused, "RFC 9110, 15.5.2"),
    (late_create_does_not_revive, "AIP-133"),
    (problems, "RFC 9457"),
    (limits_are_told, "draft-ietf-httpapi-ratelimit-headers-10; RFC 6585, 4"),
    (bulk_tells_each, "AIP-235"),
    (bulk_of_none, "AIP-235"),
)


def examine(scene: Scene) -> list[Finding]:
    """Run every check that there is an item for."""
    found = []
    for check, source in CHECKS:
        item = scene.take()
        grade, seen = check(scene, item) if item is not None else (Grade.SKIP, "no item left for it")
        found.append(Finding(check.__name__, grade, seen, source))
    return found
