"""How the command ends: exit codes, and a sentence instead of a traceback."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

import typer
from pydantic import ValidationError

from ..client import VodflowClient
from ..errors import ClientError, Refused
from .stack import Stack, StackNotFound

EXIT_CODES = (
    "Exit codes: 0 done, 1 the flow failed, succeeded in part or was aborted (watch, submit --wait), 2 wrong usage, "
    "3 refused by the service, 4 no connection or no answer in time, 130 interrupted."
)

FLOW_FAILED = 1
USAGE = 2
REFUSED = 3
UNREACHABLE = 4
INTERRUPTED = 130


def run(stack: Stack, work: Callable[[VodflowClient], Awaitable[int | None]]) -> None:
    """Run `work` with a client and leave with the code it returns, or the one of what went wrong."""
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    try:
        code = asyncio.run(_with_client(stack, work))
    except StackNotFound as error:
        fail(UNREACHABLE, str(error))
    except Refused as error:
        fail(REFUSED, f"refused: {error}")
    except ClientError as error:
        fail(UNREACHABLE, str(error))
    except ValidationError as error:
        fail(USAGE, *complaints(error))
    except KeyboardInterrupt:
        fail(INTERRUPTED, "interrupted")
    raise typer.Exit(code or 0)


def fail(code: int, *lines: str) -> NoReturn:
    """Say why on stderr and leave."""
    for line in lines:
        typer.secho(f"vodflow: {line}", err=True, fg=typer.colors.RED)
    raise typer.Exit(code)


def complaints(error: ValidationError) -> list[str]:
    """A line for each member that is wrong."""
    return [
        ": ".join(part for part in (".".join(map(str, item["loc"])), item["msg"].removeprefix("Value error, ")) if part)
        for item in error.errors(include_url=False)
    ]


async def _with_client(stack: Stack, work: Callable[[VodflowClient], Awaitable[int | None]]) -> int | None:
    async with VodflowClient(stack.amqp_url(), tenant=stack.tenant, source="vodflow-cli") as client:
        return await work(client)
