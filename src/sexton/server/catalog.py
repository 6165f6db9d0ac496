"""The tables of a database and the configuration → resources, or a sentence that says how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sexton.api.routes import OWN_PATHS
from sexton.errors import ConfigurationError
from sexton.resource import Catalog, Resource, Strategy, Table
from sexton.server.configuration import ResourceSettings, Settings
from sexton.storage.opening import HostTables

_RESERVED = OWN_PATHS | {"healthz", "readyz", "metrics", "openapi.json", "docs"}


def catalog_of(settings: Settings, host: HostTables) -> Catalog:
    """Name every table with a primary key and give it its rules. Raises ConfigurationError."""
    names = host.named()
    configured = _configured(settings, names)
    warnings: list[str] = []
    resources: dict[str, Resource] = {}
    for default, table in names.items():
        name, own = configured.get(default, (default, None))
        if not table.key:
            warnings.append(f"{default} has no primary key: its rows have no address, so it is not served")
            continue
        if name in _RESERVED and (own is None or own.expose):
            warnings.append(
                f"{name} is one of Sexton's own paths: give the table another name, [resources.NAME] table = {default!r}"
            )
            own = (own or ResourceSettings()).model_copy(update={"expose": False})
        if name in resources:
            raise ConfigurationError(f"two tables would be the resource {name!r}: give one another name")
        resources[name] = _resource(settings, name, table, own or ResourceSettings())
    warnings += host.without_index()
    return Catalog(resources, host.foreign_keys, tuple(warnings), host.tables)


def _configured(settings: Settings, names: Mapping[str, Table]) -> dict[str, tuple[str, ResourceSettings]]:
    """The configuration of each table, by the table's default name."""
    qualified = {f"{table.schema}.{table.name}": name for name, table in names.items() if table.schema}
    found: dict[str, tuple[str, ResourceSettings]] = {}
    for name, own in settings.resources.items():
        wanted = own.table or name
        default = wanted if wanted in names else qualified.get(wanted)
        if default is None:
            near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.0) or ["none"]
            raise ConfigurationError(f"[resources.{name}]: there is no table {wanted!r}; the nearest is {near[0]!r}")
        if default in found:
            raise ConfigurationError(
                f"[resources.{name}] and [resources.{found[default][0]}] name the same table {default!r}"
            )
        found[default] = (name, own)
    return found


def _resource(settings: Settings, name: str, table: Table, own: ResourceSettings) -> Resource:
    strategy = own.strategy or settings.defaults.strategy
    if strategy is Strategy.SOFT:
        _require_deleted_at(name, table, own)
    for setting in own.model_fields_set & {"account_column", "version_column", "deleted_at_column"}:
        _require_column(name, table, setting, getattr(own, setting))
    window = settings.defaults.recovery_window if own.recovery_window is None else own.recovery_window
    memory = settings.defaults.memory if own.memory is None else own.memory
    return Resource(
        name,
        table,
        strategy,
        own.account_column,
        own.version_column,
        own.deleted_at_column,
        own.expose,
        own.require_if_match,
        own.block_when,
        own.block_reason,
        window,
        memory,
    )


def _require_column(name: str, table: Table, setting: str, column: str | None) -> None:
    if column is not None and column not in table.by_name:
        near = difflib.get_close_matches(column, table.by_name, n=1, cutoff=0.0)
        message = f"[resources.{name}] {setting}: {table.name} has no column {column!r}; the nearest is {near[0]!r}"
        raise ConfigurationError(message)


def _require_deleted_at(name: str, table: Table, own: ResourceSettings) -> None:
    column = table.by_name.get(own.deleted_at_column)
    if column is None or not column.nullable:
        message = (
            f'[resources.{name}] strategy = "soft" needs a nullable column {own.deleted_at_column!r} in {table.name}:'
            f' add it, name another as deleted_at_column, or take strategy = "archive", which needs none'
        )
        raise ConfigurationError(message)
