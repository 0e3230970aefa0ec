"""Joining ten clips with the same parameters: by copying, encoded anew, and by plain ffmpeg's concat."""

import statistics
from pathlib import Path
from typing import Any

from contracts.client import VodflowClient
from contracts.edits import EditSubmit
from contracts.subtasks import EditMediaOutput
from deploy.local.stack import Stack
from tests.bench import flows, plain
from tests.bench.figure import Figure, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

ROUNDS, ENCODED_ROUNDS = 7, 3
ENCODED = {"video": {"height": 720}}
"""Their own size, but asked for: enough to have them encoded."""


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Medians of wall time and their ratios."""
    clips = sources.ten_alike()
    folder = clips[0].parent / "edit"
    folder.mkdir(exist_ok=True)
    listing = folder / "list.txt"
    listing.write_text("".join(f"file '{path}'\n" for path in clips))
    bare, copied, encoded = [], [], []
    async with VodflowClient(stack.environment.amqp_url) as client:
        await _joined(client, clips, folder, {})
        for number in range(ROUNDS):
            bare.append(await plain.seconds(_concat(listing, folder / "bare.mp4")))
            copied.append(await _joined(client, clips, folder, {}))
            if number < ENCODED_ROUNDS:
                encoded.append(await _joined(client, clips, folder, ENCODED))
    ours, whole, least = (statistics.median(values) for values in (copied, encoded, bare))
    return [
        Figure("ten clips joined by copying / encoded", ours / whole, "", 0.5, f"{spread(copied)} s"),
        Figure("ten clips encoded and joined", whole, "s", None, spread(encoded)),
        Figure("ten clips joined by copying, later than ffmpeg's concat", ours - least, "s", None, spread(bare)),
    ]


async def _joined(client: VodflowClient, clips: list[Path], folder: Path, config: dict[str, Any]) -> float:
    inputs = [{"url": path.as_uri()} for path in clips]
    asked = {"inputs": inputs, "config": config, "output": {"storage": folder.as_uri() + "/"}}
    run = await flows.edit(client, EditSubmit.model_validate(asked))
    [subtask] = run.flow.subtasks
    assert isinstance(subtask.output, EditMediaOutput) and subtask.output.copied is (not config), subtask
    return run.finished - run.submitted


def _concat(listing: Path, target: Path) -> list[str]:
    return ["-f", "concat", "-safe", "0", "-i", str(listing), "-c", "copy", "-movflags", "+faststart", str(target)]
