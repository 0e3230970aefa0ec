"""Two notifiers on servers of their own, and what is done to them."""

import asyncio
import os
import signal
from typing import Any

import aio_pika

from deploy.local.health import is_ready
from deploy.local.services import Service
from shared.store import Document
from tests.running import RunningStack
from tests.waiting import until


class Notifiers:
    """The stack's two replicas."""

    def __init__(self, running: RunningStack) -> None:
        self._running = running
        self.amqp_url = running.environment.amqp_url
        self.mongo_url = running.environment.mongo_url

    @property
    def replicas(self) -> list[Service]:
        """Both."""
        return self._running.stack.services.of("notifier")

    def owner(self, document: Document) -> Service:
        """The replica that holds a document."""
        pid = int(document["owner"].rsplit(":", 1)[-1])
        return next(one for one in self.replicas if one.pid == pid)

    async def kill(self, victim: Service) -> None:
        """SIGKILL, and another one in its place, which is waited for."""
        await self._call(victim.kill())
        await self._call(victim.start())

    def signal(self, victim: Service, number: signal.Signals) -> None:
        """Such as SIGSTOP."""
        assert victim.pid is not None
        os.kill(victim.pid, number)

    async def restart_broker(self) -> None:
        """Stopped in good order, and started."""
        rabbitmq = self._running.stack.rabbitmq
        assert rabbitmq is not None
        await self._call(rabbitmq.stop())
        await self._call(rabbitmq.start())

    async def kill_database(self) -> None:
        """SIGKILL, and started again."""
        mongod = self._running.stack.mongod
        assert mongod is not None
        await self._call(mongod.kill())
        await self._call(mongod.start())

    async def ready(self) -> None:
        """Both answer that they are ready."""

        async def check() -> bool:
            return all([one.pid is not None and await is_ready(one.health_url) for one in self.replicas])

        await until(check, "both notifiers to be ready")

    async def said(self, replica: Service, *words: str) -> None:
        """A line with these words is in a replica's log."""
        log = self._running.stack.layout.log(replica.command.name)

        async def check() -> bool:
            return any(all(word in line for word in words) for line in log.read_text().splitlines())

        await until(check, f"{words} in the log of {replica.command.name}")

    async def empty(self, *queues: str) -> bool:
        """Whether nothing waits in these queues."""
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel()
            declared = [await channel.declare_queue(queue, passive=True) for queue in queues]
        return not any(one.declaration_result.message_count for one in declared)

    async def _call(self, action: Any) -> None:
        await asyncio.wrap_future(self._running.call(action))
