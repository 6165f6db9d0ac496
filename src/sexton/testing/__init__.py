"""Tests for hosts: does my delete API keep its promises? Needs `pip install 'sexton[server]' pytest`.

`DeletePromises` is a class of tests that a host subclasses. `time_machine` ends windows without waiting, `run_jobs`
does what a worker would, `webhook_receiver` takes messages, `principal` makes callers. As fixtures, over the host's own
`sexton` (and `app`): `pytest_plugins = ["sexton.testing"]`.

PYTEST_DONT_REWRITE: there is no assertion in this module, and pytest would warn where it was imported before.
"""

import pytest

pytest.register_assert_rewrite("sexton.testing.promises")

from sexton.testing.calls import Caller as Caller  # noqa: E402 — assertions are rewritten before they are imported
from sexton.testing.clock import Clock as Clock  # noqa: E402
from sexton.testing.clock import time_machine as time_machine  # noqa: E402
from sexton.testing.fixtures import sexton_client as sexton_client  # noqa: E402
from sexton.testing.fixtures import sexton_clock as sexton_clock  # noqa: E402
from sexton.testing.fixtures import sexton_jobs as sexton_jobs  # noqa: E402
from sexton.testing.fixtures import sexton_webhooks as sexton_webhooks  # noqa: E402
from sexton.testing.principals import principal as principal  # noqa: E402
from sexton.testing.promises import DeletePromises as DeletePromises  # noqa: E402
from sexton.testing.promises import Host as Host  # noqa: E402
from sexton.testing.receiver import webhook_receiver as webhook_receiver  # noqa: E402
from sexton.testing.work import run_jobs as run_jobs  # noqa: E402
