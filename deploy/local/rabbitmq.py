"""A private RabbitMQ node with a port mapper of its own; also for an ordinary user."""

import asyncio
import os
from collections.abc import Mapping

import aio_pika
from aio_pika.exceptions import AMQPError

from deploy.local import erlang, programs
from deploy.local.child import Command
from deploy.local.layout import Layout
from deploy.local.ports import accepts
from deploy.local.secret import fresh_unless_complete, kept_secret
from deploy.local.supervised import Say, Supervised

PORT_NAMES = ("rabbitmq", "rabbitmq_dist", "epmd")
_PROBE_S = 5.0


class RabbitMQ:
    """The node and its epmd. `start` after `stop` or `kill` brings it back with its data, at the same address."""

    def __init__(self, layout: Layout, ports: Mapping[str, int], say: Say) -> None:
        self._node = erlang.Node(
            home=layout.rabbitmq,
            port=ports["rabbitmq"],
            dist_port=ports["rabbitmq_dist"],
            epmd_port=ports["epmd"],
        )
        self._password = ""
        self._epmd = Supervised(self._epmd_command(layout), self._epmd_is_ready, say=say)
        self._server = Supervised(self._server_command(layout), self._server_is_ready, say=say)

    @property
    def url(self) -> str:
        """The AMQP address with user and password; valid after `start`."""
        return f"amqp://{erlang.USER}:{self._password}@127.0.0.1:{self._node.port}/"

    @property
    def pid(self) -> int | None:
        """The node's process id; None when it does not run."""
        return self._server.pid

    async def start(self) -> None:
        """Start and wait until a client can log in. Raises StartFailed, and then leaves nothing behind."""
        await asyncio.to_thread(self._prepare)
        try:
            await self._epmd.start()
            await self._server.start()
        except BaseException:
            await self.stop()
            raise
        self._node.complete.touch()

    async def stop(self) -> None:
        """Stop the node, then its port mapper."""
        try:
            await self._server.stop()
        finally:
            await self._epmd.stop()

    async def kill(self) -> None:
        """SIGKILL the node, and no new start."""
        await self._server.kill()
        await self._epmd.stop()

    def _prepare(self) -> None:
        node = self._node
        self._password = kept_secret(node.home / "password")
        kept_secret(node.home / ".erlang.cookie")
        node.database.mkdir(exist_ok=True)
        fresh_unless_complete(node.database, node.complete)
        node.config.touch(mode=0o600)
        node.config.write_text(erlang.config_text(node, self._password))
        node.plugins.write_text("[].\n")

    def _server_command(self, layout: Layout) -> Command:
        return Command(
            name="rabbitmq",
            argv=(str(programs.rabbitmq_server()),),
            env=erlang.node_environment(self._node, os.environ) | layout.mark("rabbitmq"),
            log=layout.log("rabbitmq"),
            cwd=layout.rabbitmq,
            grace_s=20.0,
            orphaned="KILL",  # Erlang loses a SIGTERM that comes early in its start
        )

    def _epmd_command(self, layout: Layout) -> Command:
        return Command(
            name="epmd",
            argv=(str(programs.epmd()), "-address", "127.0.0.1", "-port", str(self._node.epmd_port)),
            env=erlang.epmd_environment(os.environ) | layout.mark("epmd"),
            log=layout.log("epmd"),
            cwd=layout.rabbitmq,
            grace_s=2.0,
        )

    async def _epmd_is_ready(self) -> bool:
        return await accepts(self._node.epmd_port)

    async def _server_is_ready(self) -> bool:
        if not await accepts(self._node.port):
            return False
        try:
            connection = await aio_pika.connect(self.url, timeout=_PROBE_S)
            await connection.close()
        except (OSError, AMQPError, TimeoutError):
            return False
        return True
