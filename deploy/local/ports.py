"""Free TCP ports on 127.0.0.1, kept from one start to the next so that addresses stay the same."""

import asyncio
import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

_FIRST, _LAST = 20_000, 32_000  # below the range that Linux gives to outgoing connections


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


async def accepts(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_ports(count: int, taken: Iterable[int] = ()) -> list[int]:
    """`count` different free ports, none of them in `taken`. Nothing reserves them: use them soon."""
    avoid = set(taken)
    found: list[int] = []
    while len(found) < count:
        port = random.randint(_FIRST, _LAST)
        if port not in avoid and is_free(port):
            avoid.add(port)
            found.append(port)
    return found


def remembered_ports(file: Path, names: Iterable[str]) -> dict[str, int]:
    """A port for each name: the one written in `file` by the last start if it is still free, else a new one."""
    before = _read(file)
    ports = {name: before[name] for name in names if name in before and is_free(before[name])}
    missing = [name for name in names if name not in ports]
    ports.update(zip(missing, free_ports(len(missing), ports.values()), strict=True))
    file.write_text(json.dumps(ports))
    return ports


def _read(file: Path) -> dict[str, int]:
    try:
        stored = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in stored.items() if isinstance(port, int)} if isinstance(stored, dict) else {}
