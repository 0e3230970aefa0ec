"""`vodflow doctor`: what is well, what is not, and how to mend it."""

import asyncio
import dataclasses
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local import checks, environment, programs, reachable
from deploy.local.checks import Check
from deploy.local.layout import Layout
from deploy.local.lock import is_locked
from deploy.local.services import listed


async def doctor(data: Path, *, as_json: bool) -> int:
    """Check everything and print it; 0 when all is well, else 1."""
    found = await examine(Layout(await asyncio.to_thread(data.absolute)), os.environ)
    if as_json:
        print(json.dumps([dataclasses.asdict(check) for check in found]))
    else:
        Console(highlight=False).print(_table(found))
    return 0 if all(check.well for check in found) else 1


async def examine(layout: Layout, given: Mapping[str, str]) -> list[Check]:
    """All checks; servers and services only where a stack runs or an address is set."""
    addresses = {**await asyncio.to_thread(environment.read, layout.env), **given}
    machine = await asyncio.to_thread(lambda: list(_machine(layout, given, addresses)))
    tools = await asyncio.gather(checks.tool("ffmpeg"), checks.tool("ffprobe"), checks.encoders())
    running = await asyncio.to_thread(is_locked, layout.lock)
    stack = Check("stack", True, f"runs in {layout.data}" if running else f"none runs in {layout.data} (vodflow up)")
    return [machine[0], *tools, *machine[1:], stack, *await _network(layout, addresses)]


def _machine(layout: Layout, given: Mapping[str, str], addresses: Mapping[str, str]) -> Iterator[Check]:
    yield checks.python()
    yield checks.fonts()
    if not given.get("VODFLOW_AMQP_URL"):
        yield checks.program("rabbitmq-server", programs.rabbitmq_server)
    if not given.get("VODFLOW_MONGO_URL"):
        yield checks.program("mongod", programs.mongod)
    for root in dict.fromkeys([layout.storage, *environment.roots_of(addresses)]):
        yield checks.writable(root)
    yield checks.free_disk(layout.data)


async def _network(layout: Layout, addresses: Mapping[str, str]) -> list[Check]:
    asked = []
    if amqp_url := addresses.get("VODFLOW_AMQP_URL"):
        asked.append(reachable.rabbitmq(amqp_url))
    if mongo_url := addresses.get("VODFLOW_MONGO_URL"):
        asked.append(reachable.mongodb(mongo_url))
    for line in await asyncio.to_thread(listed, layout.services):
        name = str(line["name"])
        asked.append(reachable.service(name, str(line["health_url"]), str(layout.log(name))))
    return list(await asyncio.gather(*asked))


def _table(found: list[Check]) -> Table:
    table = Table("")
    for heading in ("what", "found", "how to mend it"):
        table.add_column(heading, overflow="fold")
    for check in found:
        mark = "[green]ok[/]" if check.well else "[red]no[/]"
        table.add_row(mark, check.name, check.detail, "" if check.well else check.mend)
    return table
