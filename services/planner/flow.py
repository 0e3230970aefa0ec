"""A flow as the planner keeps it. Pure values; `steps`, `decide` and `apply` change them."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from contracts.fetch_work import SOURCE
from contracts.flows import FlowAccepted, FlowState, Outcome
from contracts.media import MediaInfo
from contracts.model import Model, Timestamp
from contracts.next_flows import FollowUp, NextState
from contracts.subtasks import SubtaskView
from contracts.units import FetchWork, UnitError, UnitFinished
from shared.web_rules import is_web

from .planned import PlannedUnit

FETCH = "fetch"
"""The unit that brings a source of the web into our storage."""


class UnitState(StrEnum):
    """How a unit stands with the planner."""

    WAITING = "waiting"
    """For what it depends on, for the delay of a retry, or (a fallback) for its group to prove inexact."""
    REQUESTED = "requested"
    SUCCESS = "success"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not needed any more."""

    @property
    def ended(self) -> bool:
        """Whether it never changes again."""
        return self in (UnitState.SUCCESS, UnitState.FAILED, UnitState.DROPPED)


class UnitRecord(Model):
    """A planned unit and what became of it. `attempt` counts requests for a new try, 1 for the first."""

    model_config = ConfigDict(frozen=False)

    planned: PlannedUnit
    rate: float = 1.0
    """The learned rate that its expected cost was made with."""
    stamp: float = 0.0
    state: UnitState = UnitState.WAITING
    active: bool = True
    attempt: int = 0
    not_before: Timestamp | None = None
    news_at: Timestamp | None = None
    """When it was last requested or heard of."""
    started: bool = False
    progress_percent: float = 0.0
    result: UnitFinished | None = None
    error: UnitError | None = None


class NextRecord(Model):
    """A next flow and what became of it."""

    model_config = ConfigDict(frozen=False)

    planned: FollowUp
    state: NextState = NextState.WAITING
    asked_at: Timestamp | None = None
    """When intake was last asked for it."""
    code: str = ""
    message: str = ""


class Flow(Model):
    """Everything about a flow. `sequence` is that of its last public event; 1 was intake's flow.accepted."""

    model_config = ConfigDict(frozen=False)

    flow_id: str
    tenant: str
    accepted: FlowAccepted
    traceparent: str | None = None
    stamp: float = 0.0
    state: FlowState = FlowState.WAITING
    outcome: Outcome | None = None
    code: str = ""
    message: str = ""
    media: MediaInfo | None = None
    units: dict[str, UnitRecord] = Field(default_factory=dict)
    subtasks: list[SubtaskView] = Field(default_factory=list)
    impossible: dict[str, UnitError] = Field(default_factory=dict)
    """Subtasks that can't be done for this source, and why."""
    next: list[NextRecord] = Field(default_factory=list)
    sequence: int = 1
    cancel_requested: bool = False
    progress_percent: float = 0.0
    announced: bool = False
    """Whether flow.started was told."""
    progressed_at: Timestamp | None = None
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None

    @property
    def to_be_probed(self) -> bool:
        """Whether its source is within reach and waits to be probed."""
        looked_at = self.media is not None or bool(self.impossible) or self.state.ended
        return not looked_at and all(unit.state is UnitState.SUCCESS for unit in self.units.values())

    @property
    def source_url(self) -> str:
        """Where its source lies in our own storage."""
        fetch = self.units.get(FETCH)
        if fetch is None or fetch.result is None:
            return self.accepted.input.url
        return next(made.url for made in fetch.result.files if made.name == SOURCE)

    def subtask(self, subtask_id: str) -> SubtaskView:
        """The subtask of this id."""
        return next(subtask for subtask in self.subtasks if subtask.subtask_id == subtask_id)

    def set_subtask(self, changed: SubtaskView) -> None:
        """Put a changed subtask in the place of what it was."""
        self.subtasks = [changed if old.subtask_id == changed.subtask_id else old for old in self.subtasks]


def new_flow(accepted: FlowAccepted, tenant: str, traceparent: str | None, stamp: float) -> Flow:
    """A flow that was just accepted; a source of the web is to be fetched before it can be probed."""
    units = {}
    if is_web(accepted.input.url):
        subtask_ids = [asked.subtask_id for asked in accepted.subtasks]
        work = FetchWork(url=accepted.input.url, flow_id=accepted.flow_id)
        fetch = PlannedUnit(unit_id=FETCH, subtask_ids=subtask_ids, work=work, prepares=True)
        units[FETCH] = UnitRecord(planned=fetch, stamp=stamp)
    return Flow(
        flow_id=accepted.flow_id,
        tenant=tenant,
        accepted=accepted,
        traceparent=traceparent,
        stamp=stamp,
        units=units,
        next=[NextRecord(planned=planned) for planned in accepted.next],
        subtasks=[
            SubtaskView(subtask_id=asked.subtask_id, kind=asked.kind, definition=asked.definition)
            for asked in accepted.subtasks
        ],
    )


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Whether a moment has come; no moment has always come."""
    return moment is None or moment <= now
