"""The first thing a user runs."""

import asyncio
import signal
from pathlib import Path

from deploy.local.layout import CODE
from tests.files import files_below
from tests.integration.deploy.processes import alive
from tests.integration.deploy.supervisor import supervisor
from tests.waiting import PATIENCE_S, until

CLIP = CODE / "tests" / "media" / "clips" / "22_mov_text_subtitle.mp4"


async def test_the_demo_makes_everything_and_leaves_nothing_running(tmp_path: Path) -> None:
    async with supervisor(tmp_path, "demo", str(CLIP)) as process:
        async with asyncio.timeout(3 * PATIENCE_S):
            out, _ = await process.communicate()
        assert process.returncode == 0
        assert f"The results are in {tmp_path}/storage/demo/{CLIP.stem}/" in out.decode()
        assert alive(tmp_path) == []
    made = {file.suffix for file in files_below(tmp_path / "storage" / "demo" / CLIP.stem)}
    assert made == {".mp4", ".jpg", ".vtt"}
    assert not files_below(tmp_path / "scratch")


async def test_an_interrupt_while_services_start_leaves_nothing(tmp_path: Path) -> None:
    async with supervisor(tmp_path, "demo", str(CLIP)) as process:

        async def services() -> bool:
            return any(name.startswith("python") for name in alive(tmp_path))

        await until(services, "a service")
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 130
        assert alive(tmp_path) == []
