"""What a service takes when there is nothing to do, and how soon it is ready."""

import asyncio
import time

import psutil

from deploy.local.services import NAMES
from deploy.local.stack import Stack
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts

WATCHED_S = 30.0


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Memory and processor time of each service over half a minute; time from start to ready of one more of each."""
    await asyncio.sleep(5)
    processes = {service.name: psutil.Process(service.pid) for service in stack.services.running if service.pid}
    before = {name: _cpu_s(process) for name, process in processes.items()}
    await asyncio.sleep(WATCHED_S)
    percent = {name: (_cpu_s(process) - before[name]) / WATCHED_S * 100 for name, process in processes.items()}
    memory = {name: process.memory_info().rss / 1e6 for name, process in processes.items()}
    ready = {name: await _ready_s(stack, name) for name in NAMES}
    return [
        Figure("idle service, most memory (RSS)", max(memory.values()), "MB", 90, _each(memory)),
        Figure("idle service, most CPU", max(percent.values()), "%", 1, _each(percent)),
        Figure("start of a service to ready, slowest", max(ready.values()), "s", 3, _each(ready)),
    ]


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


async def _ready_s(stack: Stack, name: str) -> float:
    begin = time.monotonic()
    service = await stack.services.add(name)
    took = time.monotonic() - begin
    await stack.services.remove(service)
    return took


def _each(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in values.items())
