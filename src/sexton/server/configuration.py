"""The configuration: `sexton.toml` (or `[tool.sexton]`), environment `SEXTON_…` over it, flags over both."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from sexton.errors import ConfigurationError
from sexton.receivers import Reach
from sexton.resource import Limits, Strategy

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")


_LONGEST = timedelta(days=36_525)


def read_duration(value: Any) -> timedelta:
    """Read `30d`, `24h`, `90m`, `10s`, `2w`, `250ms`, or a number of seconds; at most 100 years. Raises ValueError."""
    seconds = _seconds(value)
    if seconds is None or not seconds >= 0:
        raise ValueError("write a duration such as 30d, 24h, 90m or 10s")
    if seconds > _LONGEST.total_seconds():
        raise ValueError("a duration is at most 36525d (100 years): no later date can be stamped")
    return timedelta(seconds=seconds)


def _seconds(value: Any) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        return None if found is None else float(found[1]) * _UNITS[found[2]]
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("write a number, not true or false")
    return value


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Number = Annotated[int, BeforeValidator(_no_boolean)]
Positive = Annotated[Number, Field(ge=1)]
Count = Annotated[Number, Field(ge=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class DatabaseSettings(_Section):
    """Where the database is, and whether a pooler in transaction mode (PgBouncer) stands before it."""

    url: str | None = None
    """Where the database is: `sqlite:////srv/shop.db` or `postgresql://user@host/name`."""
    pooler: bool = False
    """A pooler in transaction mode (PgBouncer) stands before PostgreSQL: no prepared statements are kept."""


class DefaultSettings(_Section):
    """What holds where a resource or an account says nothing else."""

    strategy: Strategy = Strategy.ARCHIVE
    """What a delete does to the row: `archive`, `soft` or `hard`."""
    recovery_window: Duration = timedelta(days=30)
    """How long a deleted item can be restored."""
    memory: Duration = timedelta(hours=24)
    """How long a purged item still answers 410 rather than 404."""
    confirm_above: Count = 100
    """More rows than this go only with a confirmation."""
    sync_limit: Count = 200
    """More items than this become a job."""
    items_per_hour: Positive = 100_000
    """The quota of an account, in items."""
    approve_above: Count | None = None
    """More items than this wait until another key approves them; unset: none do."""
    workers: Positive | None = None
    """How many workers may be on one account's jobs at once; unset: as many as there are."""


class ServerSettings(_Section):
    """Where to listen, and how often to purge."""

    host: str = "127.0.0.1"
    """The address that `sexton serve` listens on."""
    port: Annotated[Number, Field(ge=0, le=65_535)] = 8000
    """Its port; 0 takes a free one."""
    purge_interval: Duration = timedelta(hours=1)
    """How often workers look for what is past its recovery window."""


class WebhookSettings(_Section):
    """Which addresses webhooks may call besides public ones."""

    allow_private: bool = False
    """Whether webhooks may call private, shared and loopback addresses."""
    allowed_networks: list[IPvAnyNetwork] = []
    """Networks that webhooks may call besides, as `10.20.0.0/16`."""


class MetricsSettings(_Section):
    """Whether `GET /metrics` answers, to whom, and where a `sexton worker` listens for it (nowhere by default).

    The token is best set as `SEXTON_METRICS_TOKEN`; without one whoever reaches the port may read.
    """

    enabled: bool = False
    """Whether `GET /metrics` answers."""
    token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """What a scrape must send as a Bearer token, 16 characters or more; unset: nothing."""
    worker_host: str = "127.0.0.1"
    """The address that `sexton worker` listens on for it."""
    worker_port: Annotated[Number, Field(ge=0, le=65_535)] | None = None
    """Its port; unset: a worker listens nowhere."""


class AccountSettings(_Section):
    """The bounds of one account."""

    items_per_hour: Positive | None = None
    """The account's quota, in items."""
    confirm_above: Count | None = None
    """More rows than this go only with a confirmation."""
    sync_limit: Count | None = None
    """More items than this become a job."""
    approve_above: Count | None = None
    """More items than this wait until another key approves them."""
    workers: Positive | None = None
    """How many workers may be on the account's jobs at once."""


class ResourceSettings(_Section):
    """The rules of one resource."""

    table: str | None = None
    """The table, where the resource has another name (`schema.table` on PostgreSQL)."""
    account_column: str | None = None
    """The column that says whose row it is; unset: all rows are the account `default`'s."""
    version_column: str | None = None
    """The column that is the ETag; unset: a hash of the row."""
    deleted_at_column: str = "deleted_at"
    """The column that a soft delete sets."""
    strategy: Strategy | None = None
    """What a delete does to the row; unset: as `[defaults]` says."""
    expose: bool = True
    """Whether it has an address; if not, its rows are reached through cascades only."""
    require_if_match: bool = False
    """Whether a delete must name the version it has seen."""
    block_when: str | None = None
    """SQL over the table's own columns: rows for which it is true stay. It is the operator's, never a user's."""
    block_reason: str | None = None
    """What a caller is told of a row that stays."""
    recovery_window: Duration | None = None
    """How long a deleted item can be restored; unset: as `[defaults]` says."""
    memory: Duration | None = None
    """How long a purged item still answers 410; unset: as `[defaults]` says."""


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(
        env_prefix="SEXTON_", env_nested_delimiter="_", env_nested_max_split=1, extra="forbid"
    )

    database: DatabaseSettings = DatabaseSettings()
    defaults: DefaultSettings = DefaultSettings()
    server: ServerSettings = ServerSettings()
    webhooks: WebhookSettings = WebhookSettings()
    metrics: MetricsSettings = MetricsSettings()
    accounts: dict[str, AccountSettings] = {}
    resources: dict[str, ResourceSettings] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the environment; file and flags are merged by `load`."""
        del env_settings, dotenv_settings, file_secret_settings
        return (init_settings, _Environment(settings_cls))


class _Environment(EnvSettingsSource):
    """The environment's variables that are settings: others may belong to another program, or to the client."""

    def __call__(self) -> dict[str, Any]:
        found = super().__call__()
        return {name: _without_strangers(name, value) for name, value in found.items() if name in Settings.model_fields}


def _without_strangers(section: str, told: Any) -> Any:
    if section not in _PLAIN or not isinstance(told, Mapping):
        return told
    return {name: value for name, value in told.items() if name in _PLAIN[section].model_fields}


def load(path: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Read file, environment and flags (nested like the file). Raises ConfigurationError, one line."""
    where, told = _read_file(path)
    _refuse_unknown(told, where)
    environment, flags = _from_environment(), flags or {}
    try:
        return Settings(**_merged(_merged(told, environment), flags))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        sources = {"the command line": flags, "the environment": environment}
        origin = next((name for name, source in sources.items() if _holds(source, first["loc"])), where)
        raise ConfigurationError(_sentence(origin, first)) from None


def _from_environment() -> dict[str, Any]:
    try:
        return _Environment(Settings)()
    except SettingsError as error:
        hint = "name the setting, as in SEXTON_DATABASE_URL, or write the section as JSON"
        raise ConfigurationError(f"the environment: {error}: {hint}") from None


def _holds(told: Any, path: tuple[int | str, ...]) -> bool:
    for part in path:
        if not isinstance(told, Mapping) or part not in told:
            return False
        told = told[part]
    return True


def _sentence(origin: str, fault: ErrorDetails) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    is_section = fault["type"] in ("model_type", "dict_type")
    told = f"this is a section: write [{key}] and its settings below" if is_section else fault["msg"]
    return " ".join(f"{origin}: {key}: {told.removeprefix('Value error, ')}".split())


def _read_file(path: Path | None) -> tuple[str, dict[str, Any]]:
    if path is None:
        path = Path("sexton.toml")
        if not path.is_file():
            return _read_pyproject()
    return str(path), _read_toml(path)


def _read_pyproject() -> tuple[str, dict[str, Any]]:
    path = Path("pyproject.toml")
    found: Any = _read_toml(path) if path.is_file() else {}
    for section in ("tool", "sexton"):
        found = found.get(section, {})
        if not isinstance(found, dict):
            raise ConfigurationError(
                f"{path}: {section}: this is a section: write [tool.sexton] and its settings below"
            )
    return f"{path} [tool.sexton]" if found else "the settings", found


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"there is no configuration file {path}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(below)
    for name, value in above.items():
        both = isinstance(value, Mapping) and isinstance(out.get(name), Mapping)
        out[name] = _merged(out[name], value) if both else value
    return out


_NAMED: dict[str, type[BaseModel]] = {"accounts": AccountSettings, "resources": ResourceSettings}
_PLAIN: dict[str, type[BaseModel]] = {
    "database": DatabaseSettings,
    "defaults": DefaultSettings,
    "server": ServerSettings,
    "webhooks": WebhookSettings,
    "metrics": MetricsSettings,
}


def _refuse_unknown(told: Mapping[str, Any], where: str) -> None:
    """Unknown keys are errors that name the nearest known one."""
    _known(told, {**_NAMED, **_PLAIN}, f"{where}:")
    for name, section in told.items():
        if name in _PLAIN and isinstance(section, Mapping):
            _known(section, _PLAIN[name].model_fields, f"{where}: [{name}]")
        for inner, content in section.items() if name in _NAMED and isinstance(section, Mapping) else ():
            if isinstance(content, Mapping):
                _known(content, _NAMED[name].model_fields, f"{where}: [{name}.{inner}]")


def _known(given: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise ConfigurationError(f"{where} there is no setting {name!r}; the nearest is {near[0]!r}")


def limits_of(settings: Settings) -> tuple[Limits, dict[str, Limits]]:
    """The bounds for every account, and those of the accounts that have their own."""
    names = ("confirm_above", "sync_limit", "items_per_hour", "approve_above", "workers")
    plain = {name: getattr(settings.defaults, name) for name in names}
    accounts = {}
    for account, own in settings.accounts.items():
        told = {name: getattr(own, name) for name in names if getattr(own, name) is not None}
        accounts[account] = Limits(**{**plain, **told})
    return Limits(**plain), accounts


def reach_of(settings: Settings) -> Reach:
    """Where webhooks may be sent."""
    return Reach(settings.webhooks.allow_private, tuple(settings.webhooks.allowed_networks))
