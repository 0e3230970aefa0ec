"""Which processes of a stack are alive."""

from pathlib import Path

import psutil

from deploy.local.leftovers import mark_of, marked
from tests.waiting import until


def alive(data: Path) -> list[str]:
    """Names of the living processes that the stack in `data` started, helpers included."""
    return sorted(name for pid in marked(mark_of(data)) if (name := _name(pid)))


async def all_gone(data: Path) -> None:
    """Wait until none is left."""

    async def none() -> bool:
        return not alive(data)

    await until(none, f"the end of {alive(data)}")


def listening(data: Path) -> set[str]:
    """The addresses that the stack's processes listen on."""
    return {
        connection.laddr.ip
        for pid in marked(mark_of(data))
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return ""
