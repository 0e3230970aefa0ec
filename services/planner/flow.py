"""A flow as the planner keeps it. Pure values; `steps`, `decide` and `apply` change them."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from contracts.flows import FlowAccepted, FlowState, Outcome
from contracts.media import MediaInfo
from contracts.model import Model, Timestamp
from contracts.subtasks import SubtaskView
from contracts.units import UnitError, UnitFinished

from .planned import PlannedUnit


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
    sequence: int = 1
    cancel_requested: bool = False
    progress_percent: float = 0.0
    announced: bool = False
    """Whether flow.started was told."""
    progressed_at: Timestamp | None = None
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None

    def subtask(self, subtask_id: str) -> SubtaskView:
        """The subtask of this id."""
        return next(subtask for subtask in self.subtasks if subtask.subtask_id == subtask_id)

    def set_subtask(self, changed: SubtaskView) -> None:
        """Put a changed subtask in the place of what it was."""
        self.subtasks = [changed if old.subtask_id == changed.subtask_id else old for old in self.subtasks]


def new_flow(accepted: FlowAccepted, tenant: str, traceparent: str | None, stamp: float) -> Flow:
    """A flow that was just accepted."""
    return Flow(
        flow_id=accepted.flow_id,
        tenant=tenant,
        accepted=accepted,
        traceparent=traceparent,
        stamp=stamp,
        subtasks=[
            SubtaskView(subtask_id=asked.subtask_id, kind=asked.kind, definition=asked.definition)
            for asked in accepted.subtasks
        ],
    )


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Whether a moment has come; no moment has always come."""
    return moment is None or moment <= now
