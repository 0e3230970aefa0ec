"""A whole ladder of a 63 s 1080p source: vodflow against three ffmpeg commands in turn, and against one decode."""

import statistics

from contracts import presets
from contracts.client import VodflowClient
from contracts.parameters import TranscodeParameters
from deploy.local.stack import Stack
from tests.bench import flows, plain
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts

ROUNDS = 2
"""Rounds of all three in turn; the first flow also teaches the planner what units cost here."""


def _rung(definition: int, height: int, width: int) -> tuple[TranscodeParameters, int]:
    preset = presets.TRANSCODE[definition]
    return preset.model_copy(update={"video": preset.video.model_copy(update={"height": height})}), width


RUNGS = [_rung(100030, 720, 1280), _rung(100020, 480, 854), _rung(100010, 360, 640)]
TASKS = {
    "transcode": [
        {"definition": 100030},
        {"definition": 100020, "override": {"video": {"height": 480}}},
        {"definition": 100010},
    ]
}


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Ratios of wall time, pair by pair."""
    source = sources.long_1080p()
    folder = source.parent / "plain"
    folder.mkdir(exist_ok=True)
    separate, single, ours, chunks = [], [], [], 0
    async with VodflowClient(stack.environment.amqp_url) as client:
        for _ in range(ROUNDS):
            separate.append(sum([await plain.seconds(plain.one(source, *rung, folder / "one.mp4")) for rung in RUNGS]))
            single.append(await plain.seconds(plain.ladder(source, RUNGS, folder)))
            run = await flows.run(client, source.as_uri(), (source.parent / "ladder").as_uri(), TASKS)
            ours.append(run.finished - run.submitted)
            chunks = getattr(run.flow.subtasks[0].output, "chunks", 1)
    to_separate = statistics.median(mine / other for mine, other in zip(ours, separate, strict=True))
    to_single = statistics.median(mine / other for mine, other in zip(ours, single, strict=True))
    took = f"{_all(ours)} s in {chunks} chunks against {_all(separate)} s"
    return [
        Figure("63 s 1080p ladder / three ffmpeg commands", to_separate, "", 0.80, took),
        Figure("63 s 1080p ladder / one-decode ffmpeg command", to_single, "", 1.0, f"against {_all(single)} s"),
    ]


def _all(values: list[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)
