"""Ways for a delete API to break its promises, each with the promises that must notice.

A breakage is called twice for each request: before the application sees it (`call.asked`), and with its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Engine, text

ITEMS = "/api/v1/albums"


@dataclass
class Call:
    """A request and, once there is one, its answer; a breakage changes them in place. Header names are small."""

    engine: Engine
    memory: dict[str, Any]
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None
    status: int = 0
    told: Any = None
    back: dict[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        return self.status == 0

    @property
    def deletes(self) -> bool:
        return self.method == "DELETE" and self.path.startswith(ITEMS + "/")

    def posts(self, end: str) -> bool:
        return self.method == "POST" and self.path.endswith(end)

    @property
    def restores(self) -> bool:
        return self.posts("/restore") and self.path.startswith(ITEMS)

    def sql(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


Breakage = Callable[[Call], None]
BREAKAGES: list[tuple[str, Breakage]] = []


def breaks(*promises: str) -> Callable[[Breakage], Breakage]:
    def note(breakage: Breakage) -> Breakage:
        BREAKAGES.extend((promise, breakage) for promise in promises)
        return breakage

    return note


def nothing(_: Call) -> None:
    """Leave all as it is."""


class Broken:
    """An ASGI application with one breakage at a time."""

    def __init__(self, app: Any, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self.breakage, self.memory, self.faults = nothing, dict[str, Any](), list[Exception]()

    def start(self, breakage: Breakage) -> None:
        """From now on, this one."""
        self.breakage, self.memory, self.faults = breakage, {}, []

    def _break(self, call: Call) -> None:
        try:
            self.breakage(call)
        except Exception as fault:
            self.faults.append(fault)
            raise

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        call = await self._asked(scope, receive)
        self._break(call)
        messages: list[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        await self.app(*_passed_on(scope, call), keep)
        call.status = messages[0]["status"]
        call.back = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        raw = b"".join(message.get("body", b"") for message in messages[1:])
        call.told = json.loads(raw) if "json" in call.back.get("content-type", "") else raw
        before = json.dumps(call.told, default=str)
        self._break(call)
        changed = json.dumps(call.told, default=str) != before
        body = json.dumps(call.told).encode() if changed and not isinstance(call.told, bytes) else raw
        call.back["content-length"] = str(len(body))
        headers = [
            (name.encode(), value.encode())
            for name, value in call.back.items()
            if call.status != 204 or name != "content-length"
        ]
        await send({"type": "http.response.start", "status": call.status, "headers": headers})
        await send({"type": "http.response.body", "body": body if call.status != 204 else b""})

    async def _asked(self, scope: Any, receive: Any) -> Call:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        shown = json.loads(body) if body else None
        return Call(self.engine, self.memory, scope["method"], scope["path"], query, headers, shown)


def _passed_on(scope: Any, call: Call) -> tuple[Any, Any]:
    body = b"" if call.body is None else json.dumps(call.body).encode()
    headers = {name: value for name, value in call.headers.items() if name != "content-length"}
    if body:
        headers["content-length"] = str(len(body))
    told = scope | {
        "method": call.method,
        "path": call.path,
        "query_string": urlencode(call.query).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    if call.path != scope["path"]:
        told["raw_path"] = call.path.encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return told, receive


def _as(call: Call, account: str, *others: str) -> None:
    """Take a caller for somebody else."""
    if call.headers.get("authorization") in {f"Bearer {other}" for other in others}:
        call.headers["authorization"] = f"Bearer {account}"


# -- one item ---------------------------------------------------------------------------------------------------


@breaks("a_delete_answers_204_and_the_item_is_gone")
def no_audit_id(call: Call) -> None:
    call.back.pop("sexton-audit-id", None)


@breaks("a_delete_answers_204_and_the_item_is_gone")
def a_deleted_item_is_still_shown(call: Call) -> None:
    if call.method == "GET" and call.status == 410:
        call.status = 200


@breaks("a_second_delete_answers_410_and_says_by_whom", "410_wins_over_412")
def every_delete_answers_204(call: Call) -> None:
    if call.deletes and call.status == 410:
        call.status = 204


@breaks("a_second_delete_answers_410_and_says_by_whom")
def a_retry_is_not_recognised(call: Call) -> None:
    if call.deletes and call.status == 410:
        call.told["deleted_by"]["same_key"] = False


@breaks("what_never_was_answers_404", "after_its_memory_an_item_never_was")
def nothing_is_not_found(call: Call) -> None:
    if call.deletes and call.status == 404:
        call.status = 410


@breaks("allow_missing_answers_204")
def allow_missing_is_ignored(call: Call) -> None:
    call.query.pop("allow_missing", None)


@breaks("a_representation_can_be_asked_for")
def prefer_is_ignored(call: Call) -> None:
    call.headers.pop("prefer", None)


@breaks("a_dry_run_changes_nothing")
def dry_run_deletes(call: Call) -> None:
    if call.asked and call.query.pop("dry_run", None):
        call.memory["dry"] = True
    elif call.deletes and call.memory.pop("dry", False):
        would = {204: "deleted", 404: "not_found", 410: "gone"}[call.status]
        call.status, call.told, call.back["content-type"] = 200, {"would": would}, "application/json"


@breaks("a_body_is_refused")
def a_body_is_ignored(call: Call) -> None:
    if call.deletes:
        call.body = None


@breaks("a_collection_is_never_deleted")
def the_way_out_is_not_told(call: Call) -> None:
    if call.status == 405:
        call.back.pop("allow")


@breaks("a_slash_is_never_redirected", "a_collection_is_never_deleted")
def slashes_redirect(call: Call) -> None:
    if call.path.endswith("/") and not call.asked:
        call.status, call.back["location"] = 307, call.path.rstrip("/")


@breaks("an_unknown_parameter_is_refused")
def unknown_parameters_are_ignored(call: Call) -> None:
    call.query.pop("dry_runn", None)


@breaks("an_id_matches_nothing_but_itself")
def a_star_is_everything(call: Call) -> None:
    if call.asked and call.path.endswith("/*"):
        call.sql("DELETE FROM tracks")
        call.sql("DELETE FROM albums")


@breaks("another_version_is_refused", "a_change_makes_another_version", "a_refused_attempt_is_not_kept")
def if_match_is_ignored(call: Call) -> None:
    call.headers.pop("if-match", None)


@breaks("a_change_makes_another_version")
def an_etag_never_changes(call: Call) -> None:
    if "etag" in call.back:
        call.back["etag"] = '"1"'


@breaks("if_match_is_demanded")
def if_match_is_demanded_of_everybody(call: Call) -> None:
    if call.deletes and call.status == 204 and "if-match" not in call.headers:
        call.status = 428


@breaks("410_wins_over_412")
def the_version_is_asked_first(call: Call) -> None:
    if call.deletes and call.status == 410 and "if-match" in call.headers:
        call.status = 412


@breaks("a_late_create_does_not_revive")
def a_late_create_revives(call: Call) -> None:
    if call.asked and call.posts("/albums"):
        call.path, call.body = f"{ITEMS}/{call.body['id']}/restore", None


# -- retries ----------------------------------------------------------------------------------------------------


@breaks("a_key_replays_a_delete", "a_key_belongs_to_one_request", "a_key_is_remembered_for_72_hours")
def keys_are_ignored(call: Call) -> None:
    call.headers.pop("idempotency-key", None)


@breaks("a_key_replays_a_bulk_delete_byte_for_byte")
def a_replay_is_told_anew(call: Call) -> None:
    if "idempotent-replayed" in call.back and call.posts("/bulk_delete"):
        call.told["summary"]["deleted"] = 0


@breaks("a_key_replays_a_bulk_delete_byte_for_byte")
def a_replay_loses_a_header(call: Call) -> None:
    if "idempotent-replayed" in call.back:
        call.back.pop("sexton-audit-id", None)


@breaks("a_refused_attempt_is_not_kept")
def refusals_are_kept(call: Call) -> None:
    key = call.headers.get("idempotency-key")
    if key and not call.asked:
        call.status = call.memory.setdefault(key, call.status)


@breaks("the_quota_counts_items_and_replays_are_free")
def the_quota_counts_requests(call: Call) -> None:
    if call.deletes and "ratelimit" in call.back:
        left = call.memory["left"] = call.memory.get("left", 1000) - 1
        call.back["ratelimit"] = f'"items";r={left};t=1'


# -- many -------------------------------------------------------------------------------------------------------


@breaks("every_id_has_one_outcome_in_request_order")
def a_bulk_delete_drops_an_id(call: Call) -> None:
    if call.status == 200 and call.posts("/bulk_delete"):
        call.told["deleted"].pop()


@breaks("every_id_has_one_outcome_in_request_order")
def a_bulk_delete_sorts(call: Call) -> None:
    if call.status == 200 and call.posts("/bulk_delete"):
        call.told["deleted"].sort(key=lambda one: one["status"])


@breaks("every_id_has_one_outcome_in_request_order")
def a_summary_does_not_add_up(call: Call) -> None:
    if call.status == 200 and call.posts("/bulk_delete"):
        call.told["summary"]["requested"] += call.told["summary"]["duplicates"]


@breaks("every_id_has_one_outcome_in_request_order")
def gone_is_deleted(call: Call) -> None:
    if call.status == 200 and call.posts("/bulk_delete"):
        for one in call.told["deleted"]:
            one["status"] = one["status"].replace("gone", "deleted")


@breaks("an_item_of_another_version_fails_alone", "the_audit_tells_of_a_bulk_delete")
def versions_of_many_are_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and "items" in call.body:
        call.body["ids"] = [one["id"] for one in call.body.pop("items")]


@breaks("many_must_be_confirmed")
def everything_is_confirmed(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete"):
        call.body["confirm"] = True


@breaks("atomic_is_all_or_nothing")
def atomic_is_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete"):
        call.body.pop("atomic", None)


@breaks("an_assertion_that_fails_changes_nothing")
def assertions_are_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete"):
        call.body.pop("max_affected", None)


@breaks("a_body_is_never_guessed")
def unknown_members_are_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete"):
        call.body.pop("dry_run", None)


@breaks("a_body_is_never_guessed")
def no_ids_are_a_success(call: Call) -> None:
    if call.status == 422 and call.body.get("ids") == []:
        call.status = 200


# -- previews ---------------------------------------------------------------------------------------------------


@breaks("a_preview_changes_nothing")
def a_preview_touches_rows(call: Call) -> None:
    if call.asked and call.posts("/preview"):
        call.sql("UPDATE albums SET title = 'previewed'")


@breaks("a_token_deletes_exactly_what_the_preview_found")
def a_token_matches_anew(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and "confirm_token" in call.body:
        call.sql("DELETE FROM tracks")
        call.sql("DELETE FROM albums")


@breaks("what_changed_since_the_preview_stays", "a_token_works_once", "a_token_expires")
def a_token_is_a_list_of_ids(call: Call) -> None:
    if call.asked and call.posts("/preview"):
        call.memory["ids"] = call.body["ids"]
    elif call.asked and call.posts("/bulk_delete"):
        call.body = {"ids": call.memory["ids"], "confirm": True}


@breaks("a_token_says_all")
def what_stands_beside_a_token_is_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and "confirm_token" in call.body:
        call.body = {"confirm_token": call.body["confirm_token"]}


@breaks("a_filter_is_never_guessed")
def no_filter_is_everything(call: Call) -> None:
    if call.asked and call.posts("/preview") and call.body.get("filter") == {}:
        call.body["filter"] = {"all": True}


# -- undo -------------------------------------------------------------------------------------------------------


@breaks("an_undo_brings_back_value_for_value", "an_item_can_be_restored_until_its_window_ends")
def an_undo_loses_a_column(call: Call) -> None:
    if call.restores and not call.asked:
        call.sql("UPDATE albums SET released = NULL, tags = '{}'")


@breaks("an_undo_of_a_live_item_is_no_error")
def an_undo_of_nothing_succeeds(call: Call) -> None:
    if call.restores and call.status == 404:
        call.status = 200


@breaks("a_hard_delete_is_final")
def nothing_comes_back(call: Call) -> None:
    if call.restores and call.status == 200:
        call.status = 410


@breaks("a_whole_job_is_undone", "a_job_is_undone_as_a_whole")
def the_undo_of_a_job_loses_a_column(call: Call) -> None:
    if call.posts("/restore") and "bulk_jobs" in call.path and not call.asked:
        call.sql("UPDATE albums SET price = 1")


@breaks("a_whole_job_is_undone")
def the_undo_of_a_job_does_not_add_up(call: Call) -> None:
    if call.posts("/restore") and "bulk_jobs" in call.path and not call.asked:
        call.told["summary"]["requested"] += 1


@breaks("a_restored_item_can_be_deleted_again")
def a_restored_item_stays_gone(call: Call) -> None:
    if call.deletes and call.status == 204:
        call.status = 410 if call.memory.get(call.path) else 204
        call.memory[call.path] = True


@breaks("dependents_keep_their_parent")
def cascades_are_not_asked_for(call: Call) -> None:
    if call.asked and call.deletes:
        call.query |= {"cascade": "true", "confirm": "true"}


@breaks("a_family_goes_and_comes_back_together")
def dependents_do_not_come_back(call: Call) -> None:
    if call.restores and not call.asked:
        call.sql("DELETE FROM tracks")


@breaks("a_preview_counts_dependents")
def dependents_are_not_counted(call: Call) -> None:
    if call.posts("/preview") and not call.asked:
        call.told["dependents"] = []


@breaks("a_held_item_stays", "a_held_item_is_not_purged")
def holds_are_not_kept(call: Call) -> None:
    if call.asked and call.method == "PUT":
        call.method, call.body = "GET", None
    elif call.method == "GET" and call.path.endswith("/hold"):
        call.status = 200


# -- accounts ---------------------------------------------------------------------------------------------------


@breaks("another_account_hears_what_it_hears_of_nothing")
def anybody_may_look(call: Call) -> None:
    if call.asked and call.method == "GET":
        _as(call, "acme", "globex")


@breaks("another_account_hears_what_it_hears_of_nothing")
def a_tombstone_is_told_to_strangers(call: Call) -> None:
    if call.asked and call.restores:
        _as(call, "acme", "globex")


@breaks("another_account_deletes_nothing_in_bulk")
def anybody_may_delete_many(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete"):
        _as(call, "acme", "globex")


@breaks("another_account_sees_no_records")
def anybody_may_see_jobs(call: Call) -> None:
    if call.asked and "bulk_jobs" in call.path:
        _as(call, "acme", "globex")


@breaks("another_account_sees_no_records")
def a_stolen_token_works(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and "confirm_token" in call.body:
        _as(call, "acme", "globex")


@breaks("lists_show_ones_own_only")
def lists_show_all(call: Call) -> None:
    if call.asked and call.path == ITEMS:
        _as(call, "acme", "globex")


@breaks("lists_show_ones_own_only")
def lists_show_nothing(call: Call) -> None:
    if call.status == 200 and call.path == ITEMS:
        call.told["items"] = []


@breaks("nobody_deletes_nothing")
def nobody_is_an_administrator(call: Call) -> None:
    call.headers.setdefault("authorization", "Bearer acme")


# -- jobs and records -------------------------------------------------------------------------------------------


@breaks("a_large_list_becomes_a_job")
def a_job_answers_as_if_it_had_ended(call: Call) -> None:
    if call.status == 202:
        call.status = 200


@breaks("a_large_list_becomes_a_job")
def a_job_forgets_the_last_item(call: Call) -> None:
    if call.status == 200 and call.path.endswith("/items") and call.told["next_cursor"] is None:
        call.told["items"].pop()


@breaks("a_delayed_job_can_be_taken_back")
def a_delay_is_ignored(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and call.body.pop("delay_seconds", None):
        call.headers["prefer"] = "respond-async"


@breaks("a_delayed_job_can_be_taken_back")
def a_cancel_does_nothing(call: Call) -> None:
    if call.asked and call.posts("/cancel"):
        call.method, call.path = "GET", call.path.removesuffix("/cancel")


@breaks("a_delayed_job_runs_when_its_time_has_come")
def a_delay_lasts_for_ever(call: Call) -> None:
    if call.asked and call.posts("/bulk_delete") and "delay_seconds" in call.body:
        call.body["delay_seconds"] = 86_400


@breaks("the_end_of_a_job_is_told_and_signed")
def messages_are_signed_with_another_secret(call: Call) -> None:
    if call.posts("/webhooks") and not call.asked:
        call.told["secret"] = "whsec_" + "A" * 32


@breaks("the_end_of_a_job_is_told_and_signed")
def no_message_is_sent(call: Call) -> None:
    if call.posts("/webhooks") and not call.asked:
        call.sql("DELETE FROM sexton_webhooks")


@breaks("the_audit_tells_of_a_delete")
def the_audit_does_not_say_who(call: Call) -> None:
    if "/audit/" in call.path and not call.asked:
        call.told["key_id"] = None


@breaks("the_audit_tells_of_a_bulk_delete")
def the_audit_does_not_say_why(call: Call) -> None:
    if "/audit/" in call.path and not call.asked:
        call.told["reason"] = None


@breaks("the_audit_finds_an_item")
def the_audit_is_about_anything(call: Call) -> None:
    call.query.pop("item_id", None)


# -- time -------------------------------------------------------------------------------------------------------


@breaks("an_item_can_be_restored_until_its_window_ends")
def the_window_ends_at_once(call: Call) -> None:
    if call.deletes and call.status == 204:
        call.sql("UPDATE sexton_tombstones SET restorable_until = deleted_at")


@breaks("after_its_window_an_item_is_purged_and_remembered")
def a_purge_forgets(call: Call) -> None:
    if call.status == 410 and call.told.get("restorable_until") is None:
        call.status = 404


@breaks("after_its_window_an_item_is_purged_and_remembered")
def nothing_is_ever_purged(call: Call) -> None:
    if call.deletes and call.status == 204:
        call.sql("UPDATE sexton_tombstones SET restorable_until = '2099-01-01T00:00:00.000000Z'")


@breaks("a_second_delete_moves_no_date")
def a_second_delete_moves_the_date(call: Call) -> None:
    if call.deletes and call.status == 410:
        call.sql("UPDATE sexton_tombstones SET restorable_until = '2099-01-01T00:00:00.000000Z'")
