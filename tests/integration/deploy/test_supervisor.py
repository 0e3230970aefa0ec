"""However the supervisor ends, nothing is left."""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.lock import is_locked
from tests.integration.deploy.processes import alive, all_gone
from tests.integration.deploy.supervisor import NO_SERVICES, supervisor
from tests.waiting import PATIENCE_S, until

UP = ("up", "--json", *NO_SERVICES)


async def ready(process: Process) -> dict[str, object]:
    """The JSON line that `up` prints."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        line = await process.stdout.readline()
    told: dict[str, object] = json.loads(line)
    return told


async def ended(process: Process) -> int:
    async with asyncio.timeout(PATIENCE_S):
        return await process.wait()


async def started(data: Path, name: str) -> None:
    async def there() -> bool:
        return name in alive(data)

    await until(there, f"the start of {name}")


async def test_up_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    async with supervisor(tmp_path, *UP) as process:
        told = await ready(process)
        assert (told["pid"], told["data"], told["services"]) == (process.pid, str(tmp_path), [])
        assert {"beam.smp", "epmd", "mongod"} <= set(alive(tmp_path))
        process.terminate()
        assert await ended(process) == 0
        assert alive(tmp_path) == []
        assert not (tmp_path / "env").exists()


async def test_nothing_outlives_a_killed_supervisor_and_the_next_one_starts(tmp_path: Path) -> None:
    async with supervisor(tmp_path, *UP) as process:
        await ready(process)
        process.kill()
        await ended(process)
        async with supervisor(tmp_path, *UP) as successor:
            await ready(successor)
            successor.send_signal(signal.SIGINT)
            assert await ended(successor) == 0
    assert alive(tmp_path) == []


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) ties children to their supervisor")
@pytest.mark.parametrize("moment", ["ready", "starting"])
async def test_children_end_by_themselves_when_the_supervisor_is_killed(tmp_path: Path, moment: str) -> None:
    async with supervisor(tmp_path, *UP) as process:
        if moment == "ready":
            await ready(process)
        else:
            await started(tmp_path, "beam.smp")
        process.kill()
        await ended(process)
        await all_gone(tmp_path)


@pytest.mark.parametrize("first_child", ["epmd", "beam.smp"])
async def test_an_interrupt_in_the_middle_of_the_start_leaves_nothing(tmp_path: Path, first_child: str) -> None:
    async with supervisor(tmp_path, *UP) as process:
        await started(tmp_path, first_child)
        process.send_signal(signal.SIGINT)
        assert await ended(process) == 130
        assert alive(tmp_path) == []
        assert not is_locked(tmp_path / "lock")


async def test_after_an_interrupted_first_start_the_next_one_works(tmp_path: Path) -> None:
    async with supervisor(tmp_path, *UP) as process:
        await started(tmp_path, "beam.smp")
        process.send_signal(signal.SIGINT)
        await ended(process)
    async with supervisor(tmp_path, *UP) as process:
        await ready(process)


async def test_a_busy_data_directory_is_told_in_one_line(tmp_path: Path) -> None:
    async with supervisor(tmp_path, *UP) as process:
        await ready(process)
        async with supervisor(tmp_path, *UP) as second:
            assert await ended(second) == 1
            assert {"beam.smp", "mongod"} <= set(alive(tmp_path))
            process.terminate()
            assert await ended(process) == 0


@pytest.fixture
def anybodys_data() -> Iterator[Path]:
    """A folder that an ordinary user may reach and write; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "data"


async def test_an_ordinary_user_can_run_it(anybodys_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    python = await python_for(user)
    monkeypatch.setenv("PYTHONPATH", next(path for path in sys.path if path.endswith("site-packages")))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    async with supervisor(anybodys_data, *UP, prefix=(*user, python)) as process:
        await ready(process)
        process.send_signal(signal.SIGINT)
        assert await ended(process) == 0
        assert alive(anybodys_data) == []


async def python_for(user: tuple[str, ...]) -> str:
    """A Python of this version that another user may run, with our packages; skips the test without one."""
    version = f"import sys; assert sys.version_info[:2] == {sys.version_info[:2]}; import encodings"
    packages = next((path for path in sys.path if path.endswith("site-packages")), "")
    for candidate in (sys.executable, "/usr/bin/python3"):
        program = f"{version}; sys.path.append({packages!r}); import pymongo, aio_pika"
        with_user = (*user, candidate, "-c", program)
        try:
            process = await asyncio.create_subprocess_exec(*with_user, stderr=asyncio.subprocess.DEVNULL, cwd="/")
        except OSError:
            break
        if await process.wait() == 0:
            return candidate
    pytest.skip("needs root, setpriv, and a Python that others may run")
