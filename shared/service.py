"""A service's process: settings, connections, health, signals, an orderly stop. The one place of wiring."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Protocol

from pydantic import ValidationError

from . import health, log, telemetry
from .bus import Bus
from .log import logger
from .parts import Parts
from .settings import Settings
from .storage import Storage
from .store import Store
from .validation import path


class App(Protocol):
    """A wired service: it has put its handlers on the bus when it is made."""

    async def prepare(self) -> None:
        """Make indexes; called before any message comes."""
        ...

    async def serve(self) -> None:
        """Whatever runs besides handlers, until cancelled."""
        ...

    async def stop(self) -> None:
        """Begin nothing new, end or hand back what runs."""
        ...


__all__ = ["App", "Parts", "run"]

Build = Callable[[Parts], App]


def run(name: str, build: Build) -> None:
    """Run a service until SIGTERM or SIGINT."""
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            print(f"VODFLOW_{path(problem['loc']).upper()}: {problem['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
    log.configure(name, settings.log_level)
    asyncio.run(_serve(name, build, settings))


async def _serve(name: str, build: Build, settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stopping.set)
    tracer = telemetry.start(name, settings)
    store = Store.connect(settings)
    bus = Bus(name, settings, tracer)
    app = build(Parts(settings, bus, store, Storage(settings), tracer))

    async def ready() -> dict[str, bool]:
        return {"consumers": bus.consuming(), "store": await _answers(store)}

    async with asyncio.TaskGroup() as group:
        if settings.health_port:
            http = group.create_task(health.serve(settings.health_host, settings.health_port, ready))
        working = group.create_task(_work(app, bus, stopping))
        await stopping.wait()
        logger().info("stopping")
        await app.stop()
        await bus.stop()
        working.cancel()
        if settings.health_port:
            http.cancel()
    await store.close()
    tracer.close()
    logger().info("stopped")


async def _work(app: App, bus: Bus, stopping: asyncio.Event) -> None:
    await _until_it_works("MongoDB", app.prepare, stopping)
    await _until_it_works("RabbitMQ", bus.start, stopping)
    logger().info("ready")
    await app.serve()


async def _until_it_works(what: str, action: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    pause_s = 0.2
    while not stopping.is_set():
        try:
            return await action()
        except Exception as error:
            logger().warning(f"{what} is not there yet; trying again", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)


async def _answers(store: Store) -> bool:
    try:
        async with asyncio.timeout(2):
            await store.ping()
        return True
    except Exception:
        return False
