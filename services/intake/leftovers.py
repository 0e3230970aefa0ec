"""When a broken off copy of a source is nobody's any more. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from contracts.units import ErrorKind

KEPT_S = 900.0
"""How long a failed attempt's copy waits for the next attempt."""


def abandoned(units: Sequence[Mapping[str, Any]], since: datetime, now: datetime) -> bool:
    """Whether no attempt will go on with a flow's copy, from the documents of all attempts at its fetch.

    None is open, and one of them brought the source, failed for good or was cancelled, or the last was long ago;
    without any, the copy has been there `since` long ago.
    """
    if any(unit.get("open") for unit in units):
        return False
    last = max((unit["ended_at"] for unit in units if unit.get("ended_at")), default=since)
    return any(map(_final, units)) or now - last > timedelta(seconds=KEPT_S)


def _final(unit: Mapping[str, Any]) -> bool:
    result = unit.get("result")
    error = result.get("error") if result else None
    return error is None or error["kind"] != ErrorKind.TRANSIENT
