"""Where a probe's items come from: made for it, or given by the user."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from sexton.errors import ConfigurationError
from sexton.probe.wire import Wire


def given(ids: list[str]) -> Callable[[], str | None]:
    """The user's own, each at most once."""
    left: Iterator[str] = iter(ids)
    return lambda: next(left, None)


def made(wire: Wire, resource: str, template: str) -> Callable[[], str | None]:
    """New ones: POST of a JSON object in which `{id}` stands for a fresh id. Raises ConfigurationError."""
    try:
        document: Any = json.loads(template)
    except ValueError as error:
        message = f"--create is not JSON: {error}"
        raise ConfigurationError(message) from None

    def make() -> str:
        fresh = f"probe-{secrets.token_hex(8)}"
        answer = wire("POST", f"/{resource}", body=_filled(document, fresh))
        body = answer.json()
        if not answer.ok or not isinstance(body, dict):
            message = f"POST /{resource} made no item: {answer.status} {answer.body[:200].decode(errors='replace')}"
            raise ConfigurationError(message)
        return str(body.get("_id", body.get("id", fresh)))

    return make


def _filled(value: Any, fresh: str) -> Any:
    if isinstance(value, str):
        return value.replace("{id}", fresh)
    if isinstance(value, dict):
        return {name: _filled(member, fresh) for name, member in value.items()}
    return [_filled(member, fresh) for member in value] if isinstance(value, list) else value
