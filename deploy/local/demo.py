"""`vodflow demo`: the whole system on one clip, from an empty machine to results."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from contracts.catalog import CATALOG
from contracts.client import VodflowClient
from contracts.envelope import CloudEvent
from contracts.errors import ClientError
from contracts.flows import FlowFinished, FlowSubmit, FlowView, Outcome
from deploy.local.demo_view import Board, results, tell_end
from deploy.local.errors import StackError
from deploy.local.stack import Stack

CLIP = Path(__file__).parent / "media" / "big_buck_bunny_30s.webm"

TRANSCODE = (100010, 100020, 100030)
PICTURES = 10

_CANCEL_TIMEOUT_S = 3.0


async def demo(file: Path | None, data: Path) -> int:
    """Start a stack, process `file` and show what came of it, stop the stack.

    Returns 0 when every subtask succeeded, else 1. Raises StackError.
    """
    source = readable(file or CLIP)
    console = Console(highlight=False)
    stack = Stack(data, more_roots=[source.parent], say=lambda text: console.print(text, markup=False))
    with console.status("Starting RabbitMQ, MongoDB and the services …") as status:
        async with stack:
            status.stop()
            try:
                view = await _process(stack, source, console)
            except ClientError as error:
                raise StackError(f"{error}; the services' logs are in {stack.layout.logs}") from error
            status.update("Stopping …")
            status.start()
    if view is None:
        return 1
    console.print(results(view))
    tell_end(console, view, stack.layout.logs)
    return 0 if view.outcome is Outcome.SUCCESS else 1


def readable(file: Path) -> Path:
    """The file's absolute path. Raises StackError when it is not there."""
    source = file.expanduser().resolve()
    if not source.is_file():
        raise StackError(f"no such file: {file}")
    return source


def wish(source: Path, results_root: Path) -> FlowSubmit:
    """What the demo asks for: three renditions, pictures at equal distances, sprite sheets."""
    return FlowSubmit.model_validate(
        {
            "input": {"url": source.as_uri()},
            "output": {"storage": f"{(results_root / 'demo' / source.stem).as_uri()}/"},
            "tasks": {
                "transcode": [{"definition": definition} for definition in TRANSCODE],
                "sampled_snapshot": [{"definition": PICTURES}],
                "image_sprite": [{"definition": PICTURES}],
            },
            "notify": {"mode": "change"},
        }
    )


async def _process(stack: Stack, source: Path, console: Console) -> FlowView | None:
    view = None
    async with VodflowClient(stack.environment.amqp_url, source="vodflow-demo") as client:
        accepted = await client.submit(wish(source, stack.environment.storage_root))
        console.print(f"Processing {source} as flow {accepted.flow_id}", markup=False)
        try:
            with Board(console, accepted) as board:
                async with aclosing(client.watch(accepted.flow_id)) as events:
                    async for data in _read(events):
                        board.show(data)
                        view = data.flow if isinstance(data, FlowFinished) else view
        except asyncio.CancelledError:
            # Else the next start would go on with it first.
            with suppress(ClientError):
                await client.cancel(accepted.flow_id, timeout_s=_CANCEL_TIMEOUT_S)
            raise
    return view


async def _read(events: AsyncIterator[CloudEvent]) -> AsyncIterator[object]:
    async for event in events:
        if (known := CATALOG.get(event.key)) is not None:
            try:
                yield known.read(event.data)
            except ValidationError:
                continue
