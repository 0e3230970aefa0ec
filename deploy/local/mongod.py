"""A private mongod: a replica set of one member, on loopback, with a password."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from pymongo.errors import PyMongoError

from deploy.local import programs, replica_set
from deploy.local.child import Command
from deploy.local.layout import Layout
from deploy.local.ports import accepts
from deploy.local.secret import fresh_unless_complete, kept_secret
from deploy.local.supervised import Say, Supervised

PORT_NAMES = ("mongod",)
_OPLOG_MB = 64
_CACHE_GB = 0.25


class Mongod:
    """The server. `start` after `stop` or `kill` brings it back with its data, at the same address."""

    def __init__(self, layout: Layout, ports: Mapping[str, int], say: Say) -> None:
        self._home = layout.mongodb
        self._port = ports["mongod"]
        self._password = ""
        self._server = Supervised(self._command(layout), self._is_ready, say=say)

    @property
    def url(self) -> str:
        """The address with user, password and the database `vodflow`; valid after `start`."""
        return replica_set.url(self._port, self._password)

    @property
    def pid(self) -> int | None:
        """The process id; None when it does not run."""
        return self._server.pid

    async def start(self) -> None:
        """Start and wait until it accepts writes. Raises StartFailed, and then leaves nothing behind."""
        await asyncio.to_thread(self._prepare)
        await self._server.start()
        self._complete.touch()

    async def stop(self) -> None:
        """Stop it cleanly."""
        await self._server.stop()

    async def kill(self) -> None:
        """SIGKILL it, and no new start."""
        await self._server.kill()

    @property
    def _complete(self) -> Path:
        return self._home / "complete"

    @property
    def _key(self) -> Path:
        return self._home / "key"

    @property
    def _database(self) -> Path:
        return self._home / "db"

    def _prepare(self) -> None:
        self._password = kept_secret(self._home / "password")
        kept_secret(self._key)
        self._database.mkdir(exist_ok=True)
        fresh_unless_complete(self._database, self._complete)

    def _command(self, layout: Layout) -> Command:
        return Command(
            name="mongod",
            argv=mongod_argv(programs.mongod(), self._database, self._port, self._key),
            env={**os.environ, **layout.mark("mongod")},
            log=layout.log("mongod"),
            cwd=layout.mongodb,
            grace_s=20.0,
        )

    async def _is_ready(self) -> bool:
        if not await accepts(self._port):
            return False
        try:
            return await replica_set.is_writable(self._port, self._password)
        except PyMongoError:
            return False


def mongod_argv(program: Path, database: Path, port: int, key: Path) -> tuple[str, ...]:
    """The command line: loopback, small oplog (MB), cache (GB) and journal, no socket in /tmp."""
    return (
        str(program),
        *("--dbpath", str(database)),
        *("--port", str(port)),
        *("--bind_ip", "127.0.0.1"),
        *("--replSet", replica_set.NAME),
        *("--keyFile", str(key)),
        *("--oplogSize", str(_OPLOG_MB)),
        *("--wiredTigerCacheSizeGB", str(_CACHE_GB)),
        *("--wiredTigerEngineConfigString", "log=(file_max=16MB,prealloc=false)"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        "--nounixsocket",
        "--quiet",
    )
