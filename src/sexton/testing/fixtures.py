"""Fixtures over two of the host's own: `sexton`, its `Sexton`, and, for the client, `app`, its application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sexton.library.sexton import Sexton
from sexton.testing.calls import Caller, calling
from sexton.testing.clock import Clock, time_machine
from sexton.testing.receiver import Receiver, webhook_receiver
from sexton.testing.work import Done, run_jobs


@pytest.fixture
def sexton_client(app: Any) -> Iterator[Caller]:
    """Calls the host's application over HTTP, with its lifespan; set `.headers` to authenticate."""
    with calling(app, {}) as caller:
        yield caller


@pytest.fixture
def sexton_clock(sexton: Sexton) -> Iterator[Clock]:
    """A clock that the test sets forward: `sexton_clock.advance(days=30, hours=1)`."""
    with time_machine(sexton) as clock:
        yield clock


@pytest.fixture
def sexton_jobs(sexton: Sexton) -> Callable[[], Done]:
    """Call it to run all jobs to their end, send what is due and purge what is due."""
    return lambda: run_jobs(sexton)


@pytest.fixture
def sexton_webhooks(sexton: Sexton) -> Iterator[Receiver]:
    """A receiver of webhooks that Sexton may call."""
    with webhook_receiver(sexton) as receiver:
        yield receiver
