"""`sexton worker`."""

from __future__ import annotations

import signal
from typing import Any

from sexton.cli.exits import say
from sexton.cli.options import Config, Database, settings_of
from sexton.cli.serve import address_of, listen
from sexton.server.assembly import open_store
from sexton.server.logging import configure_logging
from sexton.server.metrics import routes_of, serve_beside
from sexton.storage.backlog import watched
from sexton.worker.deliveries import Deliveries
from sexton.worker.loop import Worker


def worker(database: Database = None, config: Config = None) -> None:
    """Run jobs and purges and send webhooks; any number of workers may share a database. SIGTERM ends it after the chunk in hand.

    Example: sexton worker --database postgresql://app@localhost/shop
    """
    settings = settings_of(database, config)
    configure_logging()
    store = open_store(settings)
    running, deliveries = Worker(store, settings.server.purge_interval), Deliveries(store)

    routes = routes_of(store.recorder, settings.metrics)
    if routes and settings.metrics.worker_port is not None:
        listener = listen(settings.metrics.worker_host, settings.metrics.worker_port)
        serve_beside(routes, listener)
        say(f"metrics at {address_of(listener)}/metrics")

    def stop(*_: Any) -> None:
        running.request_stop()
        deliveries.request_stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    say("working; SIGTERM stops")
    deliveries.start()
    with watched(store):
        running.run()
    deliveries.stop()
