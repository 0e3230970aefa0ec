"""Health over HTTP: /live (the loop runs), /ready (consumers attached, store reachable), /metrics (Prometheus)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[dict[str, bool]]]


def _app(ready: Check) -> Callable[..., Awaitable[None]]:
    async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        status, kind, body = 404, "application/json", b'{"error": "try /live, /ready or /metrics"}'
        if scope["path"] == "/live":
            status, body = 200, b'{"live": true}'
        elif scope["path"] == "/ready":
            checks = await ready()
            status, body = 200 if all(checks.values()) else 503, json.dumps(checks).encode()
        elif scope["path"] == "/metrics":
            status, kind, body = 200, CONTENT_TYPE_LATEST, generate_latest()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": body})

    return app


async def serve(host: str, port: int, ready: Check) -> None:
    """Answer until cancelled."""
    config = uvicorn.Config(
        _app(ready),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        interface="asgi3",
        ws="none",
    )
    server = uvicorn.Server(config)
    await server._serve()  # serve() would take over SIGTERM; the service has its own order of stopping
