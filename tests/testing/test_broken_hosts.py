"""Every promise of the suite is seen to fail: over a host that breaks it, and only by what breaks it."""

from __future__ import annotations

import pytest
from _pytest.outcomes import Skipped
from standardwebhooks import WebhookVerificationError

from albums import connect, make, make_host
from breakages import BREAKAGES, Broken, nothing
from sexton.testing import Caller, DeletePromises
from sexton.testing.calls import served
from sexton.testing.promises.api import Api

ACME, GLOBEX = ({"Authorization": f"Bearer {account}"} for account in ("acme", "globex"))


class Suite(DeletePromises):
    headers = ACME

    def make_family(self, client):
        return make(client, 1, tracks=3)[0]


SUITE = Suite()
PROMISES = {name.removeprefix("test_") for name in dir(SUITE) if name.startswith("test_")}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    path = tmp_path_factory.mktemp("broken") / "albums.db"
    path.touch()
    engine = connect(f"sqlite:///{path}")
    host = make_host(engine, with_worker=False)
    app = Broken(host.app, engine)
    with served(app) as address:
        yield app, host.sexton, address
    engine.dispose()


@pytest.fixture
def keep(broken):
    """Run a promise over the host, broken in one way."""
    app, sexton, address = broken

    def run(promise, breakage=nothing):
        app.start(breakage)
        with Caller(address, ACME) as caller, Caller(address, GLOBEX) as second:
            common = (sexton, "albums", "/api/v1", make, {"title": "changed"})
            getattr(SUITE, f"test_{promise}")(Api(caller, *common, Api(second, *common, None)))

    yield run
    assert app.faults == []


def test_every_promise_has_something_that_breaks_it():
    assert {promise for promise, _ in BREAKAGES} == PROMISES


@pytest.mark.parametrize(
    ("promise", "breakage"), [pytest.param(*one, id=f"{one[1].__name__}-{one[0]}") for one in BREAKAGES]
)
def test_a_broken_promise_is_noticed(keep, promise, breakage):
    with pytest.raises((AssertionError, WebhookVerificationError)):
        keep(promise, breakage)


@pytest.mark.parametrize("promise", sorted(PROMISES))
def test_the_same_host_unbroken_keeps_it(keep, promise):
    try:
        keep(promise)
    except Skipped as skipped:
        pytest.fail(f"skipped: {skipped}")
