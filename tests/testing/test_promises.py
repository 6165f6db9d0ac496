"""The shipped conformance suite, over hosts that keep their promises: each strategy, on every database."""

from __future__ import annotations

import pytest

from albums import KINDS, connect, make, make_host
from sexton.testing import DeletePromises


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
    def host(cls, kind, class_database_url):
        engine = connect(class_database_url)
        yield make_host(engine, kind)
        engine.dispose()
