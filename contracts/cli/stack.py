"""Where vodflow runs: from the environment, or from the `env` file that `vodflow up` writes."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

AMQP_URL = "VODFLOW_AMQP_URL"
STORAGE_ROOT = "VODFLOW_STORAGE_ROOT"


class StackNotFound(Exception):
    """Nothing tells where RabbitMQ is."""


@dataclass(frozen=True)
class Stack:
    """A vodflow to talk to, as `tenant`. The environment wins over the file DATA/env."""

    data: Path
    tenant: str
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def amqp_url(self) -> str:
        """RabbitMQ's URL. Raises StackNotFound with what to do about it."""
        url = self.setting(AMQP_URL)
        if url is None:
            raise StackNotFound(
                f"no vodflow found: {AMQP_URL} is not set and there is no {self.data / 'env'}. "
                f"Start one here with `vodflow up`, or set {AMQP_URL}=amqp://user:password@host:5672/, "
                "or name the folder of a running one with --data or VODFLOW_DATA."
            )
        return url

    def setting(self, name: str) -> str | None:
        """A setting's value, or None."""
        return self.environment.get(name) or self._file().get(name)

    def _file(self) -> dict[str, str]:
        try:
            return parse(Path(self.data, "env").read_text())
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise StackNotFound(f"can't read {self.data / 'env'}: {error}") from error


def parse(text: str) -> dict[str, str]:
    """The variables of shell lines `NAME=value` or `export NAME=value`; other lines are left out."""
    variables = {}
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue
        for word in words[1:] if words[:1] == ["export"] else words[:1]:
            name, equals, value = word.partition("=")
            if equals and name.isidentifier():
                variables[name] = value
    return variables
