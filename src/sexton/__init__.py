"""Sexton: deletes through an API that are retry-safe, previewed, undoable, bounded and provable.

The public names are looked up when they are asked for: who only calls an API needs neither SQLAlchemy nor FastAPI.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sexton.version import __version__ as __version__

if TYPE_CHECKING:
    from sexton.actions.bulk_delete import Rollout
    from sexton.errors import Code, ConfigurationError, Problem, Refused, SchemaError, SextonError
    from sexton.library.declaration import Resource
    from sexton.library.hiding import hide_deleted
    from sexton.library.idempotency import IdempotencyMiddleware
    from sexton.library.sexton import Sexton
    from sexton.model import Outcome, Principal, Scope, Target
    from sexton.resource import Cascade, Limits, Strategy

_WHERE = {
    "Sexton": "library.sexton",
    "Resource": "library.declaration",
    "Principal": "model",
    "hide_deleted": "library.hiding",
    "IdempotencyMiddleware": "library.idempotency",
    "Cascade": "resource",
    "Code": "errors",
    "ConfigurationError": "errors",
    "Limits": "resource",
    "Outcome": "model",
    "Problem": "errors",
    "Refused": "errors",
    "Rollout": "actions.bulk_delete",
    "SchemaError": "errors",
    "Scope": "model",
    "SextonError": "errors",
    "Strategy": "resource",
    "Target": "model",
}

__all__ = [
    "Cascade",
    "Code",
    "ConfigurationError",
    "IdempotencyMiddleware",
    "Limits",
    "Outcome",
    "Principal",
    "Problem",
    "Refused",
    "Resource",
    "Rollout",
    "SchemaError",
    "Scope",
    "Sexton",
    "SextonError",
    "Strategy",
    "Target",
    "hide_deleted",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sexton' has no attribute {name!r}")
    try:
        module = import_module(f"sexton.{_WHERE[name]}")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"sexton.{name} needs more than a client does ({error}): pip install 'sexton[server]'"
        ) from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
