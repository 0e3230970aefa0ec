"""`vodflow queue rewind | replay`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from ..client import VodflowClient
from ..subscriber_queues import EventReplay, QueueRewind, QueueRewound
from . import library_options as library
from .exits import USAGE, fail, run
from .options import DATA, TENANT, TIMEOUT_S, Data, Json, Tenant, Timeout
from .output import print_done
from .stack import Stack

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_AGO = re.compile(r"(\d{1,7})([smhd])", re.ASCII)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The subscription's name.")]


def rewind(
    name: Name,
    since: Annotated[str, typer.Option(metavar="2h|TIMESTAMP", help="So long ago (s, m, h, d), or a moment in UTC.")],
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Have the events since a moment once more, deleted ones too; at most the subscription's rewind_s ago.

    `vodflow queue attributes` tells how far it is.
    """
    moment = moment_of(since, datetime.now(UTC))
    command = library.asked(QueueRewind, name=name, since=moment)

    async def work(client: VodflowClient) -> None:
        _tell(await client.rewind(command.name, command.since, timeout_s=timeout), as_json)

    run(Stack(data, tenant), work)


def replay(
    name: Name,
    flow_id: Annotated[str, typer.Argument(metavar="FLOW_ID", help="The flow's id.")],
    from_sequence: Annotated[int, typer.Option(metavar="N", min=1, help="The first event that is wanted.")] = 1,
    as_json: Json = False,
    tenant: Tenant = TENANT,
    data: Data = DATA,
    timeout: Timeout = TIMEOUT_S,
) -> None:
    """Have one flow's events from a sequence on once more.

    `vodflow queue attributes` tells how far it is; 0 events: the flow is unknown, or older than 15 days.
    """
    command = library.asked(EventReplay, name=name, flow_id=flow_id, from_sequence=from_sequence)

    async def work(client: VodflowClient) -> None:
        told = await client.replay(
            command.name, command.flow_id, from_sequence=command.from_sequence, timeout_s=timeout
        )
        _tell(told, as_json)

    run(Stack(data, tenant), work)


def _tell(replay_id: str, as_json: bool) -> None:
    print_done(QueueRewound(replay_id=replay_id), f"begun: its events carry replay {replay_id}", as_json=as_json)


def moment_of(text: str, now: datetime) -> datetime:
    """A moment from how long ago it was, or as RFC 3339; leaves with a sentence when it is neither."""
    try:
        if ago := _AGO.fullmatch(text):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        told = datetime.fromisoformat(text)
        return told.replace(tzinfo=told.tzinfo or UTC)
    except (ValueError, OverflowError):
        fail(USAGE, f"--since {text}: expected such as 90s, 30m, 2h, 1d, or 2026-11-27T12:00:00Z")
