"""The shipped conformance suite, over hosts that keep their promises: each strategy, on every database."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from albums import KINDS, connect, make, make_host
from sexton.testing import DeletePromises

DATABASES = {
    "sqlite": list(KINDS),
    "pg18": list(KINDS),
    "pg15": list(KINDS) if "SEXTON_SOAK" in os.environ else ["soft"],
}
HOSTS = [(kind, database) for database, kinds in DATABASES.items() for kind in kinds]


@pytest.mark.parametrize(("kind", "class_database_url"), HOSTS, indirect=["class_database_url"], scope="class")
class TestAlbums(DeletePromises):
    resource = "albums"
    headers = {"Authorization": "Bearer acme"}
    other_headers = {"Authorization": "Bearer globex"}
    change = {"title": "changed"}

    def make(self, client, count):
        return make(client, count)

    def make_family(self, client):
        return make(client, 1, tracks=3)[0]

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, kind, class_database_url):
        engine = connect(class_database_url)
        yield make_host(engine, kind)
        engine.dispose()


@pytest.mark.parametrize("class_database_url", ["sqlite"], indirect=True)
class TestCredits(DeletePromises):
    """An awkward name, an awkward key, no account, and no time to undo."""

    resource = "album credits"
    headers = {"Authorization": "Bearer default"}
    change = {"role": "changed"}

    def make(self, client, count):
        told = [{"person": f"Ann, 50% {uuid4()}", "place": n, "role": "bass"} for n in range(count)]
        return [client.post("/api/v1/album%20credits", json=one).json()["_id"] for one in told]

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, class_database_url):
        engine = connect(class_database_url)
        yield make_host(engine)
        engine.dispose()
