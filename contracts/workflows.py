"""Workflows: a place with tasks or a procedure bound to it; a new file there starts a flow. Source: reference A.6, B.6.

A workflow is created disabled. A file that comes while it is enabled is taken once, when it is complete; what was there
before it was enabled, or came while it was disabled, is not.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from .flows import FLOW_ID_PATTERN, Notify, Output, check_asked
from .model import Asked, Model, Timestamp
from .naming_options import StorageUrl
from .tasks import Tasks
from .trigger_places import check_dir, check_format

WORKFLOW_ID_PATTERN = r"^[0-9a-f]{32}$"

WorkflowId = Annotated[str, Field(pattern=WORKFLOW_ID_PATTERN)]
WorkflowName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
TriggerDir = Annotated[str, Field(max_length=1024), AfterValidator(check_dir)]
Format = Annotated[str, Field(max_length=65), AfterValidator(check_format)]


class WorkflowStatus(StrEnum):
    """Whether new files start flows."""

    DISABLED = "disabled"
    ENABLED = "enabled"


class Trigger(Asked):
    """Which new files start flows: those below `dir` of `storage`, at any depth, with a suffix of `formats`.

    `storage` is a bucket (`s3://media/`) or a directory (`file:///srv/media/`); `dir`, which starts and ends with "/",
    a directory in it. `formats` are suffixes with or without a dot, in any case; `*` is any; none at all: mp4 avi mov
    wmv flv mkv mpg mpeg rm rmvb asf 3gp webm ts m4v, mp3 wav aac flac ogg m4a amr, vtt srt.
    """

    storage: StorageUrl
    dir: TriggerDir = "/"
    formats: list[Format] = Field(default_factory=list, max_length=100)


class WorkflowContent(Asked):
    """What a workflow does with a file that comes: either `tasks` or `procedure`, as in `flow.submit.v1`.

    Templates and procedures are looked up at each run: a change holds for later runs. Results must lie outside of the
    trigger's place, so that none of them starts the workflow again, nor in the place of another enabled workflow that
    leads back to this one.
    """

    name: WorkflowName
    trigger: Trigger
    output: Output
    tasks: Tasks | None = None
    procedure: str | None = Field(default=None, min_length=1, max_length=20)
    session_context: str = Field(default="", max_length=1000)
    priority: int = Field(default=0, ge=-10, le=10)
    notify: Notify = Notify()

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        check_asked(self.tasks, self.procedure)
        return self


class WorkflowPut(WorkflowContent):
    """Command `workflow.put.v1`: create a workflow under a name that is free. It is disabled at first."""


class WorkflowReset(WorkflowContent):
    """Command `workflow.reset.v1`: replace the whole of a workflow, its name included, while it is disabled."""

    workflow_id: WorkflowId


class WorkflowEnable(Asked):
    """Command `workflow.enable.v1`: from now on new files start flows. Files that are there already don't."""

    workflow_id: WorkflowId


class WorkflowDisable(Asked):
    """Command `workflow.disable.v1`: new files start nothing more. Flows that were started go on."""

    workflow_id: WorkflowId


class WorkflowDelete(Asked):
    """Command `workflow.delete.v1`: remove a workflow that is disabled. Flows and their results stay as they are."""

    workflow_id: WorkflowId


class WorkflowDescribe(Asked):
    """Query `workflow.describe.v1`: workflows by age, oldest first; `limit` from `offset`.

    With `workflow_ids`, of these only; those that don't exist are left out. With `status`, those that have it.
    """

    workflow_ids: list[WorkflowId] = Field(default_factory=list, max_length=100)
    status: WorkflowStatus | None = None
    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=10, ge=1, le=100)


class WorkflowView(Model):
    """A workflow as it stands. `enabled_at`: since when, if it is."""

    workflow_id: str
    name: str
    status: WorkflowStatus
    trigger: Trigger
    output: Output
    tasks: Tasks | None = None
    procedure: str | None = None
    session_context: str = ""
    priority: int = 0
    notify: Notify = Notify()
    created_at: Timestamp
    updated_at: Timestamp
    enabled_at: Timestamp | None = None


class WorkflowStored(Model):
    """Answer to `workflow.put.v1`, `.reset.v1`, `.enable.v1` and `.disable.v1`: the workflow as it is from now on."""

    workflow: WorkflowView


class WorkflowDeleted(Model):
    """Answer to `workflow.delete.v1`."""

    workflow_id: str


class WorkflowDescribed(Model):
    """Answer to `workflow.describe.v1`; `total_count` tells how many there are on all pages."""

    total_count: int
    workflows: list[WorkflowView]


class WorkflowFailed(Model):
    """Event, once for a file: an enabled workflow could not start its flow, because it can't be done any more.

    A template that it names was deleted, say: `code`, `message` and `field` as in a refused `flow.submit.v1`. What
    fails later (a file that is no media) is told by the flow's own events.
    """

    workflow_id: str
    name: str
    url: str
    flow_id: str = Field(pattern=FLOW_ID_PATTERN)
    """The id that the flow would have had."""
    code: str
    message: str
    field: str | None = None
    notify: Notify = Notify()
