"""A service ends when it is told to, also when its broker is gone."""

import asyncio
import os
import signal
import sys

import pytest

from shared.settings import Settings
from tests.proxy import proxy
from tests.waiting import until


@pytest.mark.parametrize("moment", ["with the broker", "after the broker", "just after the signal"])
async def test_sigterm_ends_a_service_whose_broker_is_gone(settings: Settings, amqp_url: str, moment: str) -> None:
    async with proxy(amqp_url) as broker:
        variables = {"VODFLOW_AMQP_URL": broker.url, "VODFLOW_MONGO_URL": settings.mongo_url, "VODFLOW_GRACE_S": "1"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services", "notifier"),
            env=os.environ | variables,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            while b'"ready"' not in await process.stderr.readline():
                assert process.returncode is None
            reading = asyncio.create_task(process.stderr.read())
            accepted = broker.accepted
            broker.open = False
            if moment != "just after the signal":
                broker.cut()

            async def tried_again() -> bool:
                return broker.refused > 0 and broker.accepted == accepted

            if moment == "after the broker":
                await until(tried_again, "a try to reconnect")
            process.send_signal(signal.SIGTERM)
            if moment == "just after the signal":
                broker.cut()
            async with asyncio.timeout(60):
                assert await process.wait() == 0
                await reading
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
