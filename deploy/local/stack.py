"""The embedded stack as one object: servers, services, and the files that tell others where they are."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import environment, mongod, rabbitmq
from deploy.local.environment import Environment
from deploy.local.layout import Layout
from deploy.local.leftovers import end_marked, mark_of
from deploy.local.lock import Lock
from deploy.local.mongod import Mongod
from deploy.local.ports import remembered_ports
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.services import NAMES, Services
from deploy.local.supervised import Say
from deploy.local.together import together

#: One process of each service.
ONE_OF_EACH: Mapping[str, int] = dict.fromkeys(NAMES, 1)
#: RabbitMQ and MongoDB without any service.
BACKENDS_ONLY: Mapping[str, int] = {}

#: How long what a killed supervisor left behind may take to end.
_LEFTOVERS_S = 15.0


def say_to_stderr(text: str) -> None:
    """Tell the user something, unless nobody listens any more."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


class Stack:
    """A stack in a data directory, as an asynchronous context manager.

    On entry everything is ready; on exit, also by an error or a cancellation in the middle of the start, every
    process that it started has ended. VODFLOW_AMQP_URL and VODFLOW_MONGO_URL, when set, are used instead of starting a
    server. Raises the errors of errors.py.
    """

    #: The private servers; None when an address in the environment stands in for one.
    rabbitmq: RabbitMQ | None = None
    mongod: Mongod | None = None
    #: Valid after entry.
    environment: Environment
    services: Services

    def __init__(
        self,
        data: Path,
        *,
        counts: Mapping[str, int] = ONE_OF_EACH,
        more_roots: Sequence[Path] = (),
        settings: Mapping[str, str] | None = None,
        say: Say = say_to_stderr,
    ) -> None:
        """`counts` is how many processes of each service; `settings` are variables for all of them."""
        self.layout = Layout(data.absolute())
        self._counts = counts
        self._more_roots = more_roots
        self._settings = settings or {}
        self._say = say
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as exits:
            await self._start(exits)
            self._exits = exits.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    async def _start(self, exits: AsyncExitStack) -> None:
        layout = self.layout
        await asyncio.to_thread(layout.make)
        exits.enter_context(Lock(layout.lock))
        exits.push_async_callback(end_marked, mark_of(layout.data))
        await end_marked(mark_of(layout.data), _LEFTOVERS_S)
        amqp_url, mongo_url = await self._start_servers(exits)
        self.environment = Environment(
            amqp_url=amqp_url,
            mongo_url=mongo_url,
            storage_root=layout.storage,
            more_roots=[*environment.roots_of(os.environ), *self._more_roots],
            scratch_url=os.environ.get("VODFLOW_SCRATCH_URL") or layout.scratch.as_uri(),
        )
        variables = self.environment.variables()
        exits.callback(layout.env.unlink, missing_ok=True)
        environment.write(layout.env, variables)
        self.services = Services(layout, {**variables, **self._settings}, self._say)
        exits.push_async_callback(self.services.stop)
        await self.services.start(self._counts)

    async def _start_servers(self, exits: AsyncExitStack) -> tuple[str, str]:
        names = (*rabbitmq.PORT_NAMES, *mongod.PORT_NAMES)
        ports = await asyncio.to_thread(remembered_ports, self.layout.ports, names)
        given_amqp, given_mongo = os.environ.get("VODFLOW_AMQP_URL"), os.environ.get("VODFLOW_MONGO_URL")
        self.rabbitmq = None if given_amqp else RabbitMQ(self.layout, ports, self._say)
        self.mongod = None if given_mongo else Mongod(self.layout, ports, self._say)
        servers = [server for server in (self.rabbitmq, self.mongod) if server is not None]

        async def stop() -> None:
            await together(*(server.stop() for server in servers))

        exits.push_async_callback(stop)
        await together(*(server.start() for server in servers))
        return (
            given_amqp or (self.rabbitmq.url if self.rabbitmq else ""),
            given_mongo or (self.mongod.url if self.mongod else ""),
        )
