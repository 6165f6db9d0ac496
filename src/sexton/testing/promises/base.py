"""What a host says about itself, and how its application is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import pytest

from sexton.library.sexton import Sexton
from sexton.testing.calls import Caller, served
from sexton.testing.promises.api import Api


class Host(NamedTuple):
    """An application, and the `Sexton` in it."""

    app: Any
    sexton: Sexton


class Promises:
    """What `DeletePromises` says to its users stands there."""

    app: ClassVar[Any]
    sexton: ClassVar[Sexton]
    resource: ClassVar[str]
    prefix: ClassVar[str] = "/api/v1"
    headers: ClassVar[Mapping[str, str]] = {}
    other_headers: ClassVar[Mapping[str, str] | None] = None
    change: ClassVar[Mapping[str, Any] | None] = None

    def make(self, client: Caller, count: int) -> Sequence[str]:
        """Make this many fresh items that may be deleted, without dependents; their ids as URLs spell them."""
        raise NotImplementedError("say how items are made: def make(self, client, count): … return ids")

    def make_family(self, client: Caller) -> str:
        """Make one item with dependents that may go along with it; its id."""
        del client
        pytest.skip("no make_family(self, client) makes an item with dependents")

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls) -> Host:
        """The application under test; override it (for the class) where it is made by a fixture."""
        return Host(cls.app, cls.sexton)

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls, host: Host) -> Iterator[str]:
        """Where the application listens, for all tests of the class."""
        with served(host.app) as base:
            yield base

    @pytest.fixture
    def api(self, host: Host, address: str) -> Iterator[Api]:
        """The API as the account of `headers` sees it."""
        with Caller(address, self.headers) as caller, Caller(address, self.other_headers or {}) as second:
            common = (host.sexton, self.resource, self.prefix, self.make, self.change)
            other = Api(second, *common, None) if self.other_headers is not None else None
            yield Api(caller, *common, other)
