"""A trace context goes from the request to its receivers also where no SDK is installed."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from sexton.telemetry import traces
SENT = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "vendor=1"}
with traces.serving("POST", {name: [value] for name, value in SENT.items()} | {"baggage": ["a=b"]}, "corr-1"):
    kept = traces.carrier()
    assert traces.trace_id() == {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}
assert kept == SENT, kept
assert traces.carrier() == traces.trace_id() == {}
with traces.chunk("delete", kept, {}), traces.delivery(kept, {}) as headers:
    assert headers == SENT, headers
for nothing in (None, {}, {"traceparent": 7}, {"traceparent": "x"}, {"tracestate": "vendor=1"}):
    with traces.chunk("delete", nothing, {}), traces.delivery(nothing, {}) as headers:
        assert headers == {}, headers
with traces.serving("GET", {}, "corr-1"):
    assert traces.carrier() == {}
"""


def test_a_trace_context_is_handed_on_without_an_sdk():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
