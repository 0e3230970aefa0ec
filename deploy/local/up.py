"""`vodflow up`: the stack in the foreground."""

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local.stack import Stack


async def up(data: Path, counts: Mapping[str, int], *, as_json: bool) -> int:
    """Start everything, tell the addresses, run until cancelled, stop everything. Raises StackError."""
    starting = Stack(data, counts=counts)
    if not as_json:
        Console(stderr=True).print(f"starting vodflow in {starting.layout.data} …", highlight=False, markup=False)
    async with starting as stack:
        if as_json:
            print(json.dumps(_description(stack)), flush=True)
        else:
            _print_table(stack)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        if not as_json:
            Console(stderr=True).print("stopping …")
    return 0


def _description(stack: Stack) -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "data": str(stack.layout.data),
        "environment": stack.environment.variables(),
        "services": [service.line() for service in stack.services.running],
    }


def _print_table(stack: Stack) -> None:
    table = Table("what", title="vodflow is ready", title_justify="left", title_style="bold green")
    table.add_column("where", overflow="fold")
    table.add_row("RabbitMQ", stack.environment.amqp_url)
    table.add_row("MongoDB", stack.environment.mongo_url)
    table.add_row("results", str(stack.environment.storage_root))
    for service in stack.services.running:
        table.add_row(service.command.name, service.health_url)
    table.add_row("logs", str(stack.layout.logs))
    console = Console(highlight=False, soft_wrap=not os.isatty(1))
    console.print(table)
    console.print(f"Other programs: source {stack.layout.env}", markup=False)
    console.print("Ctrl-C stops it.")
