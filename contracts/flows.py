"""Flows: the commands about them, the answers, the events."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from .addressing import Input as Input
from .addressing import Notify as Notify
from .addressing import Output as Output
from .edit_parameters import EditInput
from .media import MediaInfo
from .model import Asked, Model, Timestamp
from .next_flows import FollowUp, NextFlows, NextView
from .subtasks import Subtask, SubtaskState, SubtaskView
from .tasks import Tasks

FLOW_ID_PATTERN = r"^[0-9a-f]{32}$"


class FlowState(StrEnum):
    """How a flow stands. Finished means ended; its outcome tells how."""

    WAITING = "waiting"
    PROCESSING = "processing"
    FINISHED = "finished"
    ABORTED = "aborted"

    @property
    def ended(self) -> bool:
        """Whether it never changes again."""
        return self in (FlowState.FINISHED, FlowState.ABORTED)


class Outcome(StrEnum):
    """What came of a finished flow's subtasks: all succeeded, some did, none did."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"


def check_asked(tasks: Tasks | None, procedure: str | None) -> None:
    """Raises ValueError unless something is asked for, in one of the two ways."""
    if (tasks is None) == (procedure is None):
        raise ValueError("give either tasks or procedure")
    if tasks is not None and tasks.count() == 0:
        raise ValueError("tasks is empty: ask for at least one")


class FlowSubmit(Asked):
    """Command `flow.submit.v1`: process one source.

    Either `tasks` or `procedure` is given. `session_id` (at most 50 characters) makes a repeat within three days an
    error; `session_context` (at most 1000) comes back in every event. `priority` -10 to 10, larger first. Without
    `output` the results lie beside the source. `next` (at most 10) are flows to start on what this one makes.
    """

    input: Input
    output: Output | None = None
    tasks: Tasks | None = None
    procedure: str | None = Field(default=None, min_length=1, max_length=20)
    session_id: str = Field(default="", max_length=50)
    session_context: str = Field(default="", max_length=1000)
    priority: int = Field(default=0, ge=-10, le=10)
    notify: Notify = Notify()
    next: NextFlows = Field(default_factory=list)

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        check_asked(self.tasks, self.procedure)
        return self


class FlowAccepted(Model):
    """Answer and first event of a flow: what will be done, every template resolved."""

    flow_id: str = Field(pattern=FLOW_ID_PATTERN)
    input: Input
    output: Output
    subtasks: list[Subtask]
    procedure: str | None = None
    workflow_id: str | None = None
    """Of the workflow that started it."""
    session_id: str = ""
    session_context: str = ""
    priority: int = 0
    notify: Notify = Notify()
    next: list[FollowUp] = Field(default_factory=list)
    accepted_at: Timestamp


class Rejected(Model):
    """A command that was refused: `code` (reference H.5, E.4), what was wrong, and the field at fault."""

    code: str
    message: str
    field: str | None = None


class FlowCancel(Asked):
    """Command `flow.cancel.v1`: stop a flow that has not ended."""

    flow_id: str = Field(pattern=FLOW_ID_PATTERN)


class FlowCancelled(Model):
    """Answer to `flow.cancel.v1`: the flow is aborted; `flow.finished.v1` tells everyone."""

    flow_id: str


class FlowAbort(Model):
    """From intake to the planner: abort a flow that intake knows, and answer there."""

    flow_id: str
    reply_to: str = ""
    correlation_id: str = ""


class FlowDescribe(Asked):
    """Query `flow.describe.v1`."""

    flow_id: str = Field(pattern=FLOW_ID_PATTERN)


class FlowList(Asked):
    """Query `flow.list.v1`: the tenant's flows, newest first, `limit` at a time; `scroll_token` continues."""

    state: FlowState | None = None
    limit: int = Field(default=10, ge=1, le=100)
    scroll_token: str | None = Field(default=None, max_length=200)


class FlowSummary(Model):
    """A flow in a list."""

    flow_id: str
    state: FlowState
    outcome: Outcome | None = None
    input: Input
    progress_percent: float = 0.0
    session_id: str = ""
    created_at: Timestamp
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None


class FlowView(FlowSummary):
    """Everything about a flow that a user may see."""

    output: Output
    tenant: str = "default"
    procedure: str | None = None
    workflow_id: str | None = None
    priority: int = 0
    session_context: str = ""
    notify: Notify = Notify()
    media: MediaInfo | None = None
    code: str = ""
    message: str = ""
    subtasks: list[SubtaskView]
    inputs: list[EditInput] = Field(default_factory=list)
    """Of an edit: all that it is made of; `input` is the first, `media` the base."""
    next: list[NextView] = Field(default_factory=list)


class FlowDescribed(Model):
    """Answer to `flow.describe.v1`."""

    flow: FlowView


class FlowListed(Model):
    """Answer to `flow.list.v1`; `scroll_token` is absent at the end."""

    flows: list[FlowSummary]
    scroll_token: str | None = None


class FlowStarted(Model):
    """Event: the source is probed and the work is planned."""

    flow_id: str
    session_id: str = ""
    session_context: str = ""
    notify: Notify = Notify()
    media: MediaInfo


class SubtaskProgress(Model):
    """A line of a flow's progress."""

    subtask_id: str
    kind: str
    definition: int
    state: SubtaskState
    progress_percent: float


class FlowProgressed(Model):
    """Event, about once a second while a flow is worked on: grows, never shrinks, 100 only at the end."""

    flow_id: str
    session_id: str = ""
    notify: Notify = Notify()
    progress_percent: float
    subtasks: list[SubtaskProgress]


class FlowFinished(Model):
    """Event, once per flow, its last: how it ended, with every subtask's result."""

    flow: FlowView
