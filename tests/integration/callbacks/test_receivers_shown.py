"""The receivers that contracts/EVENTS.md shows, as they stand there: they take what is signed, and nothing else."""

import asyncio
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

import contracts
from tests.integration.callbacks.house import SECRET, House, event
from tests.waiting import until

ROOT = Path(__file__).parents[3]


def shown(language: str) -> str:
    """The first example in this language below HTTP callbacks."""
    section = (ROOT / "contracts" / "EVENTS.md").read_text().split("## HTTP callbacks\n")[1].split("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(*argv: str, port: int, path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A receiver that listens."""
    environment = {**os.environ, "SECRET": SECRET, "PORT": str(port), "PYTHONPATH": str(path)}
    process = await asyncio.create_subprocess_exec(*argv, env=environment, stdout=asyncio.subprocess.PIPE)

    async def listens() -> bool:
        assert process.returncode is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        await until(listens, "the receiver")
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest.mark.parametrize("language", ["python", "js"])
async def test_a_receiver(language: str, house: House, tmp_path: Path) -> None:
    program = sys.executable if language == "python" else shutil.which("node")
    if program is None:
        pytest.skip("node is not installed")
    assert contracts.__file__ is not None
    (tmp_path / "vodflow_contracts").symlink_to(Path(contracts.__file__).parent)
    script = tmp_path / f"receiver.{language}"
    script.write_text(shown(language))
    port = free_port()
    async with running(program, str(script), port=port, path=tmp_path) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{port}/"
        async with aiohttp.ClientSession() as session:
            for told in ({}, {"X-Vodflow-Timestamp": "1", "X-Vodflow-Signature": "v1=ä"}):
                async with session.post(url, data=b"forged", headers=told) as answer:
                    assert answer.status == 401
        subscription = await house.put(url)
        async with house.replica():
            await house.tell(subscription, event("a", 1))
            async with asyncio.timeout(30):
                line = await process.stdout.readline()
            await house.empty(subscription)
    assert line.strip() == event("a", 1).to_json()
