"""`GET /metrics`: what this process counted and what waits in the database, for Prometheus to scrape."""

from __future__ import annotations

import hmac
import socket
import threading
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sexton.api.headers import bearer
from sexton.server.configuration import MetricsSettings
from sexton.telemetry.prometheus import Page
from sexton.telemetry.recorder import Recorder


def recorder_of(settings: MetricsSettings) -> Recorder:
    """What counts, with a page where the configuration asks for one."""
    return Recorder(Page() if settings.enabled else None)


def routes_of(recorder: Recorder, settings: MetricsSettings) -> list[Route]:
    """The route of the recorder's page; none where it has none."""
    if not isinstance(recorder.page, Page):
        return []
    registry = CollectorRegistry()
    registry.register(recorder.page)
    return [_route(registry, settings.token.get_secret_value() if settings.token else None)]


def _route(registry: CollectorRegistry, token: str | None) -> Route:
    def metrics(request: Request) -> Response:
        if token is not None and not _holds(request, token):
            detail = "send `Authorization: Bearer …` with the token of [metrics]\n"
            return PlainTextResponse(detail, 401, {"WWW-Authenticate": 'Bearer realm="metrics"'})
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    return Route("/metrics", metrics)


def _holds(request: Request, token: str) -> bool:
    sent = bearer(request.headers.get("authorization")) or ""
    return hmac.compare_digest(sent.encode(errors="replace"), token.encode())


def serve_beside(routes: list[Route], listener: socket.socket) -> None:
    """Answer these routes in a thread, for a process that serves nothing else."""
    options: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "off", "server_header": False}
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), **options))
    threading.Thread(target=server.run, args=([listener],), name="sexton-metrics", daemon=True).start()
