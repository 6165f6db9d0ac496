"""`sexton keys`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sexton.actions import api_key
from sexton.cli.exits import say
from sexton.cli.options import Config, Database, Json, print_json, store_of
from sexton.errors import ConfigurationError
from sexton.model import Scope
from sexton.storage import api_keys

app = typer.Typer(help="API keys; only a hash of each secret is kept.", no_args_is_help=True)


def _scopes(wanted: str) -> list[Scope]:
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Scope)]
    if unknown or not names:
        raise ConfigurationError(f"unknown scopes {', '.join(unknown) or '(none)'}; known are {', '.join(Scope)}")
    return [Scope(name) for name in dict.fromkeys(names)]


@app.command()
def create(
    database: Database = None,
    config: Config = None,
    account: Annotated[str, typer.Option(help="The account whose items the key may touch.")] = "default",
    scopes: Annotated[str, typer.Option(help="Comma-separated scopes.")] = "read",
    name: Annotated[str | None, typer.Option(help="What the key is for.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Make a key and print it, once.

    Example: sexton keys create --database sqlite:////srv/shop.db --account acme --scopes read,delete,restore
    """
    wanted = _scopes(scopes)
    if not account or len(account) > 200 or not account.isprintable():  # noqa: PLR2004 — a column's width
        raise ConfigurationError("an account is a name of 1 to 200 printable characters")
    store = store_of(database, config)
    with store.write() as connection:
        key_id, token = api_key.create(connection, store, account, wanted, name, store.dialect.now(connection))
    if as_json:
        print_json({"key_id": key_id, "account": account, "scopes": [str(s) for s in wanted], "token": token})
        return
    say(f"key {key_id} for account {account}, scopes {', '.join(wanted)}; it is not shown again:")
    sys.stdout.write(token + "\n")


@app.command("list")
def list_keys(
    database: Database = None,
    config: Config = None,
    account: Annotated[str | None, typer.Option(help="Only this account's.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List keys, without anything secret.

    Example: sexton keys list --database sqlite:////srv/shop.db
    """
    store = store_of(database, config)
    with store.read() as connection:
        found = api_keys.all_keys(connection, store, account)
    told = [{"key_id": key.pop("id"), **key} for key in found]
    if as_json:
        print_json(told)
        return
    for key in told:
        state = "revoked" if key["revoked_at"] else "active"
        sys.stdout.write(
            f"{key['key_id']}  {key['account']}  {state}  {','.join(key['scopes'])}  {key['name'] or ''}\n"
        )


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id.")],
    database: Database = None,
    config: Config = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Revoke a key; it stops working at once.

    Example: sexton keys revoke 5f2c… --database sqlite:////srv/shop.db
    """
    store = store_of(database, config)
    with store.write() as connection:
        known = api_key.revoke(connection, store, key_id, store.dialect.now(connection))
    if not known:
        raise ConfigurationError(f"there is no key {key_id}: `sexton keys list` shows them")
    if as_json:
        print_json({"key_id": key_id, "revoked": True})
    else:
        say(f"key {key_id} is revoked")
