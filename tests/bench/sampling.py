"""What sampled snapshots of a long source cost, beside one full decode with an fps filter: processor time."""

import asyncio
import os
import resource
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

from contracts.client import VodflowClient
from contracts.flows import FlowSubmit, Outcome
from contracts.subtasks import SampledSnapshotOutput
from deploy.local.stack import Stack
from tests.bench.figure import Figure
from tests.bench.sources import Sources
from tests.bench.starts import Starts

EVERY_S = 10
BETWEEN_KEYS_S = 9.7
"""Off the key pictures, so that each picture has others to decode before it. Only shown: with pictures as small as
these, half of it is ffmpeg reading the container's list of 90,000 pictures anew for each jump."""
MOST_SHARE = 0.25


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """An hour of small pictures, a key picture every 2 s; of ours, also with the planner's probing and index."""
    source = sources.hour()
    plain_s = await _plain_s(source, source.with_name("plain-samples"))
    figures = [Figure(f"one decode of an hour with fps=1/{EVERY_S}, CPU", plain_s, "s")]
    for interval_s in (EVERY_S, BETWEEN_KEYS_S):
        shots_s, all_s, count = await _sampled(stack, source, interval_s)
        name = f"hour sampled every {interval_s:g} s"
        detail = f"{count} pictures, {shots_s:.3g} s, {plain_s / shots_s:.2g}x less"
        most = MOST_SHARE if interval_s == EVERY_S else None
        figures.append(Figure(f"{name}: CPU beside a full decode", shots_s / plain_s, "", most, detail))
        figures.append(Figure(f"{name}: the same with probing", all_s / plain_s, "", detail=f"{all_s:.3g} s"))
    return figures


async def _plain_s(source: Path, folder: Path) -> float:
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), "-vf", f"fps=1/{EVERY_S}", "-q:v", "2"]
    before = _children_s()
    await asyncio.to_thread(subprocess.run, [*argv, str(folder / "%d.jpg")], check=True)
    return _children_s() - before


def _children_s() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


async def _sampled(stack: Stack, source: Path, interval_s: float) -> tuple[float, float, int]:
    """Processor seconds of the snapshotter, of it and the planner, and how many pictures came."""
    tasks = {"sampled_snapshot": [{"override": {"sample_type": "time", "sample_interval": interval_s}}]}
    out = (source.parent / f"samples-{interval_s:g}").as_uri() + "/"
    asked = {"input": {"url": source.as_uri()}, "output": {"storage": out}, "tasks": tasks}
    before = {name: _spent_s(stack, [name]) for name in ("snapshotter", "planner")}
    async with VodflowClient(stack.environment.amqp_url) as client:
        accepted = await client.submit(FlowSubmit.model_validate(asked))
        async for _ in client.watch(accepted.flow_id):
            pass
        flow = await client.describe(accepted.flow_id)
    assert flow.outcome is Outcome.SUCCESS
    (subtask,) = flow.subtasks
    assert isinstance(subtask.output, SampledSnapshotOutput)
    spent = {name: _spent_s(stack, [name]) - before[name] for name in before}
    return spent["snapshotter"], sum(spent.values()), len(subtask.output.pictures)


def _spent_s(stack: Stack, names: Sequence[str]) -> float:
    """Processor seconds of services and of the processes that they have waited for."""
    pids = [service.pid for service in stack.services.running if service.pid and service.name in names]
    assert pids, os.linesep.join(service.name for service in stack.services.running)
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)
