"""The configuration: what it means, and sentences for what is wrong in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sexton.errors import ConfigurationError
from sexton.resource import Column, Kind, Table
from sexton.server.catalog import catalog_of
from sexton.server.configuration import limits_of, load, reach_of, read_duration
from sexton.storage.opening import HostTables


def _load(tmp_path, text, **flags):
    path = tmp_path / "sexton.toml"
    path.write_text(text)
    return load(path, flags)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 2_592_000), ("24h", 86_400), ("90m", 5400), ("250ms", 0.25), (7, 7)]
)
def test_durations(text, seconds):
    assert read_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[defaults]\nconfirm_abov = 1", "'confirm_above'"),
        ("[resources.flags]\nstrategi = 'soft'", "'strategy'"),
        ("[accounts.a]\nitems_per_our = 1", "'items_per_hour'"),
        ("[default]\n", "'defaults'"),
        ("[defaults]\nrecovery_window = '-3d'", "recovery_window"),
        ("[defaults]\nstrategy = 'gone'", "strategy"),
        ("not toml", "cannot be read"),
        ("[webhooks]\nallow_privat = true", "'allow_private'"),
        ("[webhooks]\nallowed_networks = ['10.0.0.1/8']", "webhooks.allowed_networks"),
        ("[webhooks]\nallowed_networks = ['example.com']", "webhooks.allowed_networks"),
    ],
)
def test_faults_are_named(tmp_path, text, told):
    with pytest.raises(ConfigurationError, match=told):
        _load(tmp_path, text)


def test_environment_over_file_and_flags_over_both(tmp_path, monkeypatch):
    monkeypatch.setenv("SEXTON_DEFAULTS_SYNC_LIMIT", "7")
    monkeypatch.setenv("SEXTON_DATABASE_URL", "sqlite:///env.db")
    monkeypatch.setenv("SEXTON_ALLOW_DELETE", "host")
    text = "[defaults]\nsync_limit = 5\nconfirm_above = 6\n[accounts.a]\nitems_per_hour = 9"
    settings = _load(tmp_path, text, database={"url": "sqlite:///flag.db"})
    assert (settings.defaults.sync_limit, settings.defaults.confirm_above) == (7, 6)
    assert settings.database.url == "sqlite:///flag.db"
    plain, accounts = limits_of(settings)
    assert (plain.items_per_hour, accounts["a"].items_per_hour, accounts["a"].sync_limit) == (100_000, 9, 7)


def _tables():
    columns = (Column("id", Kind.INTEGER, "INTEGER"), Column("account", Kind.TEXT, "TEXT"))
    tables = [Table(None, name, columns, ("id",)) for name in ("flags", "audit")]
    return (*tables, Table(None, "keyless", columns, ()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[resources.flag]\n", "nearest is 'flags'"),
        ("[resources.flags]\naccount_column = 'acount'", "nearest is 'account'"),
        ("[resources.flags]\nstrategy = 'soft'", "deleted_at"),
        ("[resources.flags]\n[resources.x]\ntable = 'flags'", "same table"),
    ],
)
def test_a_resource_that_cannot_be(tmp_path, text, told):
    with pytest.raises(ConfigurationError, match=told):
        catalog_of(_load(tmp_path, text), HostTables(_tables(), (), ()))


def test_reserved_names_and_missing_keys_are_warned_of(tmp_path):
    catalog = catalog_of(_load(tmp_path, ""), HostTables(_tables(), (), ()))
    assert set(catalog.exposed) == {"flags"}
    assert [warning.split()[0] for warning in catalog.warnings] == ["audit", "keyless"]
    renamed = catalog_of(_load(tmp_path, "[resources.audits]\ntable = 'audit'"), HostTables(_tables(), (), ()))
    assert set(renamed.exposed) == {"flags", "audits"}


def test_where_webhooks_may_go(tmp_path, monkeypatch):
    told = _load(tmp_path, "[webhooks]\nallowed_networks = ['10.0.0.0/8', 'fd00::/8']")
    assert [reach_of(told).permits(one) for one in ("10.1.1.1", "fd01::1", "127.0.0.1")] == [True, True, False]
    monkeypatch.setenv("SEXTON_WEBHOOKS_ALLOW_PRIVATE", "true")
    assert reach_of(_load(tmp_path, "")).permits("127.0.0.1")
