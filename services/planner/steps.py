"""What comes from outside, written into a flow: a plan, a unit's start, progress and result, a wish to cancel. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contracts.flows import FlowState
from contracts.media import MediaInfo
from contracts.units import ErrorKind, UnitError, UnitFinished, UnitStarted

from .flow import Flow, UnitRecord, UnitState
from .planned import Plan


def planned(
    flow: Flow, media: MediaInfo, plan: Plan, rates: Mapping[str, float], stamps: Mapping[str, float], now: datetime
) -> None:
    """The source is probed and the work is cut up; some subtasks may be impossible for it."""
    if not flow.to_be_probed:
        return
    flow.state = FlowState.PROCESSING
    flow.media = media
    flow.started_at = flow.started_at or now
    flow.units |= {
        unit.unit_id: UnitRecord(
            planned=unit,
            rate=rates.get(unit.rate_key or "", 1.0),
            active=not unit.fallback,
            stamp=stamps.get(unit.unit_id, flow.stamp),
        )
        for unit in plan.units
    }
    flow.impossible = dict(plan.failed)


def unplannable(flow: Flow, error: UnitError, now: datetime) -> None:
    """The source can't be used: every subtask fails for the same reason."""
    if not flow.to_be_probed:
        return
    flow.state = FlowState.PROCESSING
    flow.started_at = flow.started_at or now
    flow.code, flow.message = error.code, error.message
    flow.impossible = {subtask.subtask_id: error for subtask in flow.subtasks}


def started(flow: Flow, told: UnitStarted, now: datetime) -> None:
    """A worker began."""
    unit = _current(flow, told.unit_id, told.attempt)
    if unit is not None:
        unit.started = True
        unit.news_at = now


def progressed(flow: Flow, percent: dict[str, float], now: datetime) -> None:
    """How far units are, by unit id; never goes back."""
    for unit_id, value in percent.items():
        unit = flow.units.get(unit_id)
        if unit is not None and unit.state is UnitState.REQUESTED and value > unit.progress_percent:
            unit.progress_percent = min(value, 100.0)
            unit.started = True
            unit.news_at = now


def finished(flow: Flow, result: UnitFinished, now: datetime, attempts: int, retry_s: float) -> None:
    """A worker is done. Late and doubled results change nothing; a transient failure is tried again later."""
    unit = _current(flow, result.unit_id, result.attempt)
    if unit is None:
        return
    unit.started = True
    if result.error is None:
        unit.state, unit.result, unit.progress_percent = UnitState.SUCCESS, result, 100.0
        return
    unit.error = result.error
    if result.error.kind is ErrorKind.TRANSIENT and unit.attempt < attempts:
        unit.state = UnitState.WAITING
        unit.not_before = now + timedelta(seconds=retry_s * 2 ** (unit.attempt - 1))
        return
    unit.state = UnitState.FAILED
    if unit.planned.prepares:
        flow.code, flow.message = result.error.code, result.error.message


def _current(flow: Flow, unit_id: str, attempt: int) -> UnitRecord | None:
    unit = flow.units.get(unit_id)
    return unit if unit is not None and unit.state is UnitState.REQUESTED and unit.attempt == attempt else None
