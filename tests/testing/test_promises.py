"""The shipped conformance suite, over hosts that keep their promises: each strategy, on every database."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from albums import KINDS, connect, make, make_host

from conftest import DATABASES, fresh
from sexton.testing import DeletePromises


@contextmanager
def hosted(database, servers, folder, **options):
    with fresh(database, servers, folder) as url:
        engine = connect(url)
        try:
            yield make_host(engine, **options)
        finally:
            engine.dispose()


@pytest.mark.parametrize("database", DATABASES, scope="class")
@pytest.mark.parametrize("kind", KINDS, scope="class")
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
    def host(cls, kind, database, servers, tmp_path_factory):
        with hosted(database, servers, tmp_path_factory.mktemp("albums"), kind=kind) as host:
            yield host
