"""A child that is started again, after a growing delay, when it ends without being told to."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from deploy.local.child import Child, Command, log_tail
from deploy.local.errors import StartFailed
from deploy.local.leftovers import MARK, end_marked

Say = Callable[[str], None]
Probe = Callable[[], Awaitable[bool]]

_POLL_S = 0.1
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.5, 30.0
_CALM_S = 60.0
#: A server in the middle of its start has nothing to lose yet, and Erlang may not hear SIGTERM then.
_START_GRACE_S = 2.0


class Supervised:
    """Keeps one child running. `is_ready` asks it once whether it answers and must not raise."""

    def __init__(self, command: Command, is_ready: Probe, *, say: Say, start_timeout_s: float = 60.0) -> None:
        self.command = command
        self._is_ready = is_ready
        self._say = say
        self._start_timeout_s = start_timeout_s
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None
        self._ready = False

    @property
    def pid(self) -> int | None:
        """The process id at this moment; None when it does not run."""
        return self._child.pid if self._child is not None and self._child.exit_code is None else None

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises StartFailed, and then leaves nothing behind."""
        self._ready = False
        try:
            self._child = await self._launch()
            self._watch = asyncio.create_task(self._keep_running(self._child), name=f"watch {self.command.name}")
            await self._answering(self._child)
            self._ready = True
        finally:
            if not self._ready:
                await self.stop()

    async def stop(self) -> None:
        """End it as gently as its command allows; does nothing when it does not run."""
        grace_s = None if self._ready else min(_START_GRACE_S, self.command.grace_s)
        await self._end(lambda child: child.stop(grace_s))

    async def kill(self) -> None:
        """SIGKILL, and no new start: what a test does to see whether others bear it. `start` brings it back."""

        async def at_once(child: Child) -> None:
            child.kill()
            await child.wait()

        await self._end(at_once)

    async def _end(self, how: Callable[[Child], Awaitable[None]]) -> None:
        watch, self._watch = self._watch, None
        try:
            if watch is not None:
                watch.cancel()
                await asyncio.wait([watch])
        finally:
            child, self._child = self._child, None
            try:
                if child is not None:
                    await how(child)
            finally:
                await self._end_strays()

    async def _launch(self) -> Child:
        try:
            return await Child.start(self.command)
        except OSError as error:
            raise StartFailed(self.command.name, f"cannot be started: {error}", self.command.log, "") from error

    async def _answering(self, child: Child) -> None:
        try:
            async with asyncio.timeout(self._start_timeout_s):
                while not await self._is_ready():
                    if child.exit_code is not None:
                        raise self._failed(f"ended at its start with exit code {child.exit_code}")
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise self._failed(f"was not ready within {self._start_timeout_s:g} s") from None

    def _failed(self, reason: str) -> StartFailed:
        return StartFailed(self.command.name, reason, self.command.log, log_tail(self.command.log))

    async def _keep_running(self, child: Child) -> None:
        delay_s = _FIRST_DELAY_S
        while True:
            started = time.monotonic()
            exit_code = await child.wait()
            await self._end_strays()
            if time.monotonic() - started > _CALM_S:
                delay_s = _FIRST_DELAY_S
            self._say(f"{self.command.name} ended with exit code {exit_code}; starting it again in {delay_s:g} s")
            child = self._child = await self._launch_again(delay_s)
            delay_s = min(2 * delay_s, _LONGEST_DELAY_S)

    async def _launch_again(self, delay_s: float) -> Child:
        while True:
            await asyncio.sleep(delay_s)
            try:
                return await self._launch()
            except StartFailed as failure:
                self._say(str(failure))

    async def _end_strays(self) -> None:
        if mark := self.command.env.get(MARK):
            await end_marked(mark)
