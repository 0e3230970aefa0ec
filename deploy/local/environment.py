"""What clients and services must know of a running stack, as environment variables and as a file of shell lines."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The addresses of a stack."""

    #: RabbitMQ, with user and password.
    amqp_url: str
    #: MongoDB, with user, password and the database's name.
    mongo_url: str
    #: Where results go unless a flow says otherwise; writable.
    storage_root: Path
    #: Further directories that `file://` URLs may lie in.
    more_roots: Sequence[Path] = ()
    #: URL of the directory for intermediates.
    scratch_url: str

    def variables(self) -> dict[str, str]:
        """As services and the client read them."""
        roots = dict.fromkeys(str(root) for root in (self.storage_root, *self.more_roots))
        return {
            "VODFLOW_AMQP_URL": self.amqp_url,
            "VODFLOW_MONGO_URL": self.mongo_url,
            "VODFLOW_STORAGE_ROOT": str(self.storage_root),
            "VODFLOW_STORAGE_ROOTS": os.pathsep.join(roots),
            "VODFLOW_SCRATCH_URL": self.scratch_url,
        }


def roots_of(environment: Mapping[str, str]) -> list[Path]:
    """The directories in VODFLOW_STORAGE_ROOTS, absolute; none when it is not set."""
    parts = environment.get("VODFLOW_STORAGE_ROOTS", "").split(os.pathsep)
    return [Path(part).resolve() for part in parts if part.strip()]


def write(file: Path, variables: Mapping[str, str]) -> None:
    """Write lines `export NAME=value`, readable by this user only; a reader sees all of them or none."""
    text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    write_whole(file, text)


def read(file: Path) -> dict[str, str]:
    """The variables in such a file; empty when there is none."""
    try:
        words = shlex.split(file.read_text(), comments=True)
    except FileNotFoundError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)


def write_whole(file: Path, text: str) -> None:
    """Replace a file in one step, readable by this user only."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(file)
