"""Flows that start from flows: a procedure for what a subtask has made."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .addressing import Notify, Output
from .model import Asked, Model
from .procedures import ProcedureName

MOST_NEXT = 10


class NextFlow(Asked):
    """A flow to start on the one media file that a subtask of this flow makes, as soon as that has succeeded.

    `of` is the subtask's id, such as `transcode-1`; it may be left out where only one subtask makes a single media
    file. What else is left out is as in this flow. The procedure's tasks are those it has when the next flow starts.
    """

    procedure: ProcedureName
    of: str | None = Field(default=None, pattern=r"^[a-z_]{1,40}-[1-9][0-9]{0,2}$")
    output: Output | None = None
    priority: int | None = Field(default=None, ge=-10, le=10)
    notify: Notify | None = None
    session_context: str | None = Field(default=None, max_length=1000)


NextFlows = Annotated[list[NextFlow], Field(max_length=MOST_NEXT)]
"""Of a command that makes a flow."""


class FollowUp(Model):
    """A next flow as it was accepted, nothing left open. Its id is known before it is there."""

    flow_id: str
    of: str
    procedure: str
    output: Output
    priority: int = 0
    notify: Notify = Notify()
    session_context: str = ""


class NextState(StrEnum):
    """How a next flow stands, seen from the one that it follows."""

    WAITING = "waiting"
    """For its subtask, or for intake to take it."""
    STARTED = "started"
    REFUSED = "refused"
    """By intake, with a code: its procedure is gone by now, for one."""
    NOT_REACHED = "not_reached"
    """Its subtask has failed or was aborted."""


class NextView(Model):
    """How a next flow stands; it is described under its own `flow_id`. `code` is "" unless nothing came of it."""

    flow_id: str
    of: str
    procedure: str
    state: NextState = NextState.WAITING
    code: str = ""
    message: str = ""
