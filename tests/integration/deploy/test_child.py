"""Children that behave and children that don't."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from deploy.local.child import Child, Command, log_tail
from deploy.local.errors import StartFailed
from deploy.local.layout import Layout
from deploy.local.leftovers import end_marked, mark_of, marked
from deploy.local.supervised import Supervised
from tests.integration.deploy.processes import all_gone
from tests.waiting import until


def command(layout: Layout, script: str, *, grace_s: float = 30.0) -> Command:
    layout.make()
    return Command(
        name="child",
        argv=("bash", "-c", script),
        env={**os.environ, **layout.mark("child")},
        log=layout.log("child"),
        cwd=layout.data,
        grace_s=grace_s,
    )


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "da ta")


async def says(layout: Layout, text: str) -> None:
    async def said() -> bool:
        return text in log_tail(layout.log("child"))

    await until(said, f"the child to say {text}")


async def test_a_child_has_a_session_of_its_own_and_a_log(layout: Layout) -> None:
    child = await Child.start(command(layout, "echo out; echo err >&2; exit 3"))
    assert await child.wait() == 3
    assert log_tail(layout.log("child")) == "out\nerr"
    child = await Child.start(command(layout, "sleep 60"))
    assert os.getsid(child.pid) == child.pid != os.getsid(0)
    await child.stop()
    assert child.exit_code == -signal.SIGTERM


async def test_a_deaf_child_is_killed_with_its_group(layout: Layout) -> None:
    child = await Child.start(
        command(layout, "trap '' TERM; sleep 60 & echo up; while true; do wait; done", grace_s=0.1)
    )
    await says(layout, "up")
    await child.stop()
    assert child.exit_code == -signal.SIGKILL
    await all_gone(layout.data)


async def test_a_cancelled_stop_kills_at_once(layout: Layout) -> None:
    child = await Child.start(command(layout, "trap '' TERM; echo up; while true; do sleep 1; done", grace_s=600))
    await says(layout, "up")
    stopping = asyncio.create_task(child.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert child.exit_code == -signal.SIGKILL


async def test_processes_in_other_sessions_are_found_and_ended(layout: Layout) -> None:
    child = await Child.start(command(layout, "setsid sleep 60 & echo $!"))
    await child.wait()
    await until_marked(layout)
    assert len(await end_marked(mark_of(layout.data), grace_s=30)) == 1
    assert marked(mark_of(layout.data)) == []


async def until_marked(layout: Layout) -> None:
    async def one() -> bool:
        return any(psutil.Process(pid).name() == "sleep" for pid in marked(mark_of(layout.data)))

    await until(one, "the sleeper")


async def test_an_early_end_is_told_with_the_last_words(layout: Layout) -> None:
    supervised = Supervised(command(layout, "echo no such disk >&2; exit 9"), never, say=print)
    with pytest.raises(StartFailed, match=r"exit code 9(.|\n)*no such disk"):
        await supervised.start()
    assert supervised.pid is None


async def test_silence_is_told_and_leaves_nothing(layout: Layout) -> None:
    supervised = Supervised(command(layout, "sleep 60"), never, say=print, start_timeout_s=0.2)
    with pytest.raises(StartFailed, match=r"not ready within 0\.2 s"):
        await supervised.start()
    assert marked(mark_of(layout.data)) == []


async def test_a_program_that_is_not_there(layout: Layout) -> None:
    made = command(layout, "")
    missing = Command(name="x", argv=("/no/such",), env={}, log=made.log, cwd=layout.data / "none")
    with pytest.raises(StartFailed, match="cannot be started"):
        await Supervised(missing, never, say=print).start()


async def test_what_ends_by_itself_is_started_again_and_what_is_stopped_is_not(layout: Layout) -> None:
    said: list[str] = []
    supervised = Supervised(command(layout, "echo up; sleep 60"), at_once, say=said.append)
    await supervised.start()
    first = supervised.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    async def again() -> bool:
        return supervised.pid not in (None, first)

    await until(again, "a new start")
    assert said == ["child ended with exit code -9; starting it again in 0.5 s"]
    await supervised.stop()
    assert supervised.pid is None
    assert marked(mark_of(layout.data)) == []


async def test_a_killed_one_comes_back_only_when_told(layout: Layout) -> None:
    supervised = Supervised(command(layout, "sleep 60"), at_once, say=print)
    await supervised.start()
    await supervised.kill()
    assert supervised.pid is None
    assert marked(mark_of(layout.data)) == []
    await supervised.start()
    assert supervised.pid is not None
    await supervised.stop()


async def never() -> bool:
    return False


async def at_once() -> bool:
    return True
