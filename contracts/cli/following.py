"""Follow a flow's events to its end: bars on a terminal, lines elsewhere, or JSON."""

import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

from pydantic import ValidationError

from ..catalog import CATALOG
from ..client import VodflowClient
from ..envelope import CloudEvent
from ..flows import FlowAccepted, FlowFinished, FlowView, Outcome
from ..model import Model
from .bars import Bars
from .exits import FLOW_FAILED
from .lines import Lines
from .output import console, print_json, tell_accepted
from .view import flow_lines


async def follow(happenings: AsyncIterator[CloudEvent], *, as_json: bool, only_end: bool = False) -> int:
    """Show what happens; the exit code of how the flow ended. `only_end` prints only the flow's end as JSON."""
    view = None
    if as_json:
        async for event in happenings:
            if not only_end:
                print_json(event)
            view = _ended(_read(event)) or view
        if only_end and view:
            print_json(view)
    else:
        view = await _shown(happenings)
        if view:
            for line in flow_lines(view):
                console().print(line)
    return 0 if view is not None and view.outcome is Outcome.SUCCESS else FLOW_FAILED


async def told_and_followed(client: VodflowClient, accepted: FlowAccepted, *, as_json: bool, wait: bool) -> int:
    """Tell that a flow was accepted, and with `wait` follow it; the exit code."""
    tell_accepted(accepted, as_json=as_json, wait=wait)
    if not wait:
        return 0
    async with aclosing(client.watch(accepted.flow_id)) as happenings:
        return await follow(happenings, as_json=as_json, only_end=True)


async def _shown(happenings: AsyncIterator[CloudEvent]) -> FlowView | None:
    view = None
    with Bars(console()) if sys.stdout.isatty() else Lines(console()) as board:
        async for event in happenings:
            if data := _read(event):
                board.show(event.key, data)
                view = _ended(data) or view
    return view


def _ended(data: Model | None) -> FlowView | None:
    return data.flow if isinstance(data, FlowFinished) else None


def _read(event: CloudEvent) -> Model | None:
    known = CATALOG.get(event.key)
    try:
        return known.read(event.data) if known else None
    except ValidationError:
        return None
