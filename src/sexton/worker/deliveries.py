"""Send webhooks until told to stop, in a thread of its own: a receiver that hangs holds up no chunk."""

from __future__ import annotations

import threading

from sexton.actions.deliver import deliver
from sexton.storage.store import Store
from sexton.telemetry.logs import Logger

_IDLE_SECONDS = 1.0
_log = Logger("sexton.worker")


class Deliveries:
    """A thread that sends what is due. Any number of these may run; what one dies over, another sends again."""

    def __init__(self, store: Store) -> None:
        """Make one that does not run yet."""
        self._store = store
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="sexton-deliveries", daemon=True)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread.start()

    def request_stop(self) -> None:
        """End after the messages in hand; returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Finish the messages in hand, then end."""
        self.request_stop()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def run(self) -> None:
        """Send until stopped."""
        while not self._stopping.is_set():
            if not self._pass():
                self._stopping.wait(_IDLE_SECONDS)

    def _pass(self) -> bool:
        """One batch; True where there was something to send."""
        try:
            return deliver(self._store) > 0
        except Exception as error:  # noqa: BLE001 — it outlives whatever befalls one batch
            _log.warning("deliveries_retry", error=type(error).__name__, detail=str(getattr(error, "orig", error)))
            return False
