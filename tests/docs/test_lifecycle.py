"""An item goes every way that its diagram draws; a job and a purge announce what the page of events says."""

from __future__ import annotations

import json
import sqlite3

from reference.diagrams import ITEM_MOVES
from reference.events import DATA
from serving import Api, create_key, serving
from sexton.actions.purge import purge
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings

CONFIG = """
[webhooks]
allow_private = true
"""


class Item:
    """One item, where it is on the diagram, and the ways it went."""

    def __init__(self, api: Api, path) -> None:
        self.api, self.path, self.state, self.gone = api, path, "live", []

    def goes(self, move: str, to: str) -> None:
        {
            "delete": self.delete,
            "restore": self.restore,
            "hold": self.hold,
            "lift": self.lift,
            "recovery window over": lambda: self.purge_after("restorable_until"),
            "memory over": lambda: self.purge_after("forget_after"),
        }[move]()
        assert self.seen() == to.removesuffix(", held"), move
        assert (self.api("GET", "/notes/1/hold").status_code == 200) is to.endswith(", held")
        self.gone.append((self.state, to, move))
        self.state = to

    def seen(self) -> str:
        answer = self.api("GET", "/notes/1")
        if answer.status_code == 410:
            return "deleted" if answer.json()["restorable_until"] else "purged"
        return {200: "live", 404: "forgotten"}[answer.status_code]

    def delete(self) -> None:
        assert self.api("DELETE", "/notes/1").status_code == 204

    def restore(self) -> None:
        assert self.api("POST", "/notes/1/restore").status_code == 200

    def hold(self) -> None:
        assert self.api("PUT", "/notes/1/hold", json={"reason": "court"}).status_code == 200

    def lift(self) -> None:
        assert self.api("DELETE", "/notes/1/hold").status_code == 204

    def purge_after(self, date: str) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute(f"UPDATE sexton_tombstones SET {date} = deleted_at")
        store = open_store(Settings(database={"url": f"sqlite:///{self.path}"}))
        purge(store)
        store.dialect.close(store.engine)


def test_an_item_goes_every_way_of_its_diagram(tmp_path):
    path = tmp_path / "notes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)")
        connection.execute("INSERT INTO notes VALUES (1, 'one'), (2, 'two')")
    token = create_key(f"sqlite:///{path}")
    with serving(f"sqlite:///{path}", "--no-worker", config=CONFIG) as base:
        api = Api(base, token)
        hook = api("POST", "/webhooks", json={"url": "http://127.0.0.1:9/"})
        assert hook.status_code == 201, hook.text
        item = Item(api, path)
        item.goes("hold", "live, held")
        assert api("DELETE", "/notes/1").status_code == 409
        item.goes("lift", "live")
        item.goes("delete", "deleted")
        item.goes("restore", "live")
        item.goes("delete", "deleted")
        item.goes("hold", "deleted, held")
        item.purge_after("restorable_until")
        assert item.seen() == "deleted"
        item.goes("lift", "deleted")
        item.goes("recovery window over", "purged")
        assert api("POST", "/notes/1/restore").status_code == 410
        item.goes("memory over", "forgotten")
        assert set(item.gone) == set(ITEM_MOVES)
        api("POST", "/notes/bulk_delete", json={"ids": [2]})
    with sqlite3.connect(path) as connection:
        told = [json.loads(body) for (body,) in connection.execute("SELECT body FROM sexton_webhook_deliveries")]
    assert {one["type"]: tuple(one["data"]) for one in told} == {
        "item.purged": DATA["item"],
        "bulk_job.completed": DATA["bulk_job"],
    }
