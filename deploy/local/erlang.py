"""How the private RabbitMQ node is configured: pure texts, environments and argument lists."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NODE = "vodflow@localhost"
USER = "vodflow"

#: No standard input; SIGINT is the supervisor's; two schedulers; our own epmd; distribution on loopback only.
_VM_ARGUMENTS = (
    "-noinput +B i +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
    " -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A private node: its folder and its ports on 127.0.0.1."""

    home: Path
    port: int
    dist_port: int
    epmd_port: int

    @property
    def database(self) -> Path:
        """Mnesia, queues and streams."""
        return self.home / "mnesia"

    @property
    def config(self) -> Path:
        """rabbitmq.conf."""
        return self.home / "rabbitmq.conf"

    @property
    def plugins(self) -> Path:
        """The list of enabled plugins: none."""
        return self.home / "enabled_plugins"

    @property
    def complete(self) -> Path:
        """Exists once the first start has come to its end."""
        return self.home / "complete"


def config_text(node: Node, password: str) -> str:
    """rabbitmq.conf: loopback only, small memory and disk footprint, a log on standard output."""
    return "\n".join(
        (
            f"listeners.tcp.1 = 127.0.0.1:{node.port}",
            "num_acceptors.tcp = 2",
            f"default_user = {USER}",
            f"default_pass = {password}",
            "default_user_tags.administrator = true",
            "log.file = false",
            "log.console = true",
            "log.console.level = warning",
            "vm_memory_high_watermark.relative = 0.25",
            "disk_free_limit.absolute = 200MB",
            "raft.wal_max_size_bytes = 64000000",
            "",
        )
    )


def node_environment(node: Node, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server script; the caller's own RabbitMQ and Erlang settings are left out."""
    return _without_erlang(inherited) | {
        "HOME": str(node.home),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(node.epmd_port),
        # The script then becomes the node instead of staying its parent; -noinput makes up for the rest.
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_CONFIG_FILE": str(node.config),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_DIST_PORT": str(node.dist_port),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(node.plugins),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_LOG_BASE": str(node.home),
        "RABBITMQ_MNESIA_BASE": str(node.database),
        "RABBITMQ_NODENAME": NODE,
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(node.port),
        "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _VM_ARGUMENTS,
    }


def epmd_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of our own port mapper."""
    return _without_erlang(inherited)


def _without_erlang(inherited: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in inherited.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
