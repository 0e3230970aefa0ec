"""The services of a stack: so many processes of each kind."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import environment
from deploy.local.child import Command
from deploy.local.health import is_ready, ready_url
from deploy.local.layout import CODE, Layout
from deploy.local.ports import free_ports
from deploy.local.supervised import Say, Supervised
from deploy.local.together import together

#: Every service, in the order of a flow's life.
NAMES = ("intake", "planner", "transcoder", "snapshotter", "merger", "notifier")

#: What a running unit may still take after SIGTERM; it goes on elsewhere, or at the next start.
_GRACE_S = 3.0
_KILL_AFTER_S = 10.0


class Service(Supervised):
    """One process of one service, ready when GET /ready answers 200."""

    def __init__(self, name: str, command: Command, health_port: int, say: Say) -> None:
        self.name = name
        self.health_url = ready_url(health_port)
        super().__init__(command, lambda: is_ready(self.health_url), say=say)

    def line(self) -> dict[str, str | int | None]:
        """What services.json tells of it."""
        return {"service": self.name, "name": self.command.name, "pid": self.pid, "health_url": self.health_url}


class Services:
    """The running services; `variables` is what each of them gets besides our own environment."""

    def __init__(self, layout: Layout, variables: Mapping[str, str], say: Say) -> None:
        self._layout = layout
        self._variables = variables
        self._say = say
        self._running: list[Service] = []
        self._counted: dict[str, int] = {}

    @property
    def running(self) -> tuple[Service, ...]:
        """All of them, in the order of their start."""
        return tuple(self._running)

    def of(self, name: str) -> list[Service]:
        """The processes of one service."""
        return [service for service in self._running if service.name == name]

    async def start(self, counts: Mapping[str, int]) -> None:
        """Start so many of each at once and wait until all are ready. Raises StartFailed."""
        names = [name for name in NAMES for _ in range(counts.get(name, 0))]
        ports = await asyncio.to_thread(free_ports, len(names))
        await together(*(self._start(self._new(name, port, {})) for name, port in zip(names, ports, strict=True)))
        self._write()

    async def add(self, name: str, settings: Mapping[str, str] | None = None) -> Service:
        """Start one more, with settings of its own, and wait until it is ready. Raises StartFailed."""
        port, *_ = await asyncio.to_thread(free_ports, 1)
        service = self._new(name, port, settings or {})
        await self._start(service)
        self._write()
        return service

    async def remove(self, service: Service) -> None:
        """Stop one and forget it."""
        await service.stop()
        self._running.remove(service)
        self._write()

    async def stop(self) -> None:
        """Stop all at once."""
        self._layout.services.unlink(missing_ok=True)
        await together(*(service.stop() for service in self._running))
        self._running.clear()

    async def _start(self, service: Service) -> None:
        self._running.append(service)
        await service.start()

    def _new(self, name: str, port: int, settings: Mapping[str, str]) -> Service:
        number = self._counted[name] = self._counted.get(name, 0) + 1
        command = service_command(self._layout, f"{name}-{number}", name, port, {**self._variables, **settings})
        return Service(name, command, port, self._tell)

    def _tell(self, text: str) -> None:
        self._say(text)
        asyncio.get_running_loop().call_later(2.0, self._write_again)

    def _write_again(self) -> None:
        if self._layout.services.exists():
            self._write()

    def _write(self) -> None:
        lines = [service.line() for service in self._running]
        environment.write_whole(self._layout.services, json.dumps(lines, indent=1))


def service_command(layout: Layout, process: str, name: str, port: int, variables: Mapping[str, str]) -> Command:
    """How to start one process of a service. The code's folder is its working directory, and so importable."""
    inherited = {"VODFLOW_GRACE_S": f"{_GRACE_S:g}", "VODFLOW_WORK_DIR": str(layout.data / "work"), **os.environ}
    own = {
        "VODFLOW_HEALTH_HOST": "127.0.0.1",
        "VODFLOW_HEALTH_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    together_ = {**inherited, **variables, **own, **layout.mark(process)}
    return Command(
        name=process,
        argv=(sys.executable, "-m", "services", name),
        env=together_,
        log=layout.log(process),
        cwd=CODE,
        grace_s=float(together_["VODFLOW_GRACE_S"]) + _KILL_AFTER_S,
    )


def listed(file: Path) -> list[dict[str, str | int | None]]:
    """The lines of services.json; none when no stack runs."""
    try:
        lines = json.loads(file.read_text())
    except (OSError, ValueError):
        return []
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
