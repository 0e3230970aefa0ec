"""A stack for tests, run by a thread of its own, so that it lives on whatever event loop a test has."""

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from deploy.local.environment import Environment
from deploy.local.stack import Stack

T = TypeVar("T")


class RunningStack:
    """Starts on entry, waits until everything is ready; ends every process on exit."""

    def __init__(self, data: Path, counts: Mapping[str, int], settings: Mapping[str, str] | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stack")
        self.data = data
        self.stack = Stack(data, counts=counts, settings=settings)

    @property
    def environment(self) -> Environment:
        """The stack's addresses."""
        return self.stack.environment

    def call(self, action: Coroutine[Any, Any, T]) -> Future[T]:
        """Run something on the stack's loop."""
        return asyncio.run_coroutine_threadsafe(action, self._loop)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.call(self.stack.__aenter__()).result(timeout=120)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.call(self.stack.__aexit__(kind, error, trace)).result(timeout=60)
        finally:
            self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
