"""What a whole flow costs on top of the bare ffmpeg command, for a clip of one second."""

import statistics

from contracts import presets
from contracts.client import VodflowClient
from deploy.local.stack import Stack
from tests.bench import flows, plain
from tests.bench.figure import Figure, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

ROUNDS = 15
TASKS = {"transcode": [{"definition": 100010}]}


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """The median of the differences, pair by pair."""
    source = sources.one_second()
    later = []
    async with VodflowClient(stack.environment.amqp_url) as client:
        for _ in range(ROUNDS):
            target = source.parent / "bare.mp4"
            bare_s = await plain.seconds(plain.one(source, presets.TRANSCODE[100010], 640, target))
            run = await flows.run(client, source.as_uri(), (source.parent / "short").as_uri(), TASKS)
            later.append(run.finished - run.submitted - bare_s)
    return [Figure("flow of a 1 s clip, later than bare ffmpeg", statistics.median(later), "s", 0.6, spread(later))]
