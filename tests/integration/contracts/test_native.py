"""The consumers of contracts/EVENTS.md, in Python and in JavaScript, on a real queue."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from contracts.topology import subscriber_queue
from tests.integration.contracts.standin import StandIn
from tests.integration.contracts.test_events import name, numbered
from tests.playback.server import PLAYERS
from tests.proxy import Proxy
from tests.waiting import PATIENCE_S

__all__ = ["name"]

ROOT = Path(__file__).parents[3]
NATIVE = ROOT / "tests" / "e2e" / "native"
EXAMPLES = ["consume.py", "consume.mjs"]


def command(example: str, directory: Path) -> list[str]:
    """How to run a copy of an example in a directory where it finds its library."""
    file = str(shutil.copy(NATIVE / example, directory))
    if example.endswith(".py"):
        return [sys.executable, file]
    node = shutil.which("node")
    if node is None or not (PLAYERS / "amqplib").is_dir():
        (pytest.fail if "CI" in os.environ else pytest.skip)("needs node, and amqplib from deploy/local/setup tests")
    (directory / "node_modules").symlink_to(PLAYERS)
    return [node, file]


@asynccontextmanager
async def running(*argv: str) -> AsyncIterator[asyncio.StreamReader]:
    """A process; what it prints."""
    process = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def printed(output: asyncio.StreamReader, sequence: int) -> list[int]:
    """The sequences that were printed, up to this one."""
    told: list[int] = []
    async with asyncio.timeout(PATIENCE_S):
        while not told or told[-1] != sequence:
            line = await output.readline()
            assert line, "it ended"
            told.append(int(json.loads(line)["sequence"]))
    return told


@pytest.mark.parametrize("example", EXAMPLES)
async def test_it_confirms_what_it_has_handled_and_connects_again(
    stand_in: StandIn, line: Proxy, name: str, tmp_path: Path, example: str
) -> None:
    queue = await stand_in.queue(subscriber_queue("t1", name))
    await stand_in.put(queue.name, *numbered(*range(1, 51)))
    async with running(*command(example, tmp_path), line.url, queue.name) as output:
        assert await printed(output, 50) == list(range(1, 51))
        line.cut()
        await stand_in.put(queue.name, *numbered(51))
        again = await printed(output, 51)
        assert again == list(range(again[0], 52)), "what was not confirmed in time came again, in order"
        await stand_in.put(queue.name, *numbered(*range(52, 102)))
        await printed(output, 101)
    left = []
    while message := await queue.get(no_ack=True, fail=False):
        left.append(int(json.loads(message.body)["sequence"]))
    assert left == list(range(102 - len(left), 102)), "confirmed but for the last, which it was killed right after"
    assert len(left) < 20


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_readme_shows_it(example: str) -> None:
    language = {"py": "python", "mjs": "js"}[example.rpartition(".")[2]]
    text = (NATIVE / example).read_text()
    assert f"```{language}\n{text}```" in (ROOT / "contracts" / "EVENTS.md").read_text()
