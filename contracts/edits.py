"""Edits: the command that joins windows of several sources into one new video, and the event of its end.

An edit is a flow with one subtask: it is described, listed, cancelled and told of as any other. Source: reference A.1,
B.7, E.5, E.6.
"""

from typing import Literal

from pydantic import Field

from .edit_parameters import MOST_INPUTS, EditInput, EditParameters
from .flows import Notify, Output
from .model import Asked, Model
from .naming_options import FilePath, SegmentName
from .next_flows import NextFlows
from .procedures import ProcedureName
from .series import NumberFormat
from .subtasks import SubtaskView


class EditSubmit(Asked):
    """Command `edit.submit.v1`: cut inputs and join them, in the order given, into one new video.

    `definition` 10 takes the input with the highest resolution as the base for whatever `config` leaves open, 20 that
    with the highest bit rate. Without `output` the result lies beside the first input, whose name it has by default.
    `procedure` is done on the result, and is short for one of `next`. The other members are as those of
    `flow.submit.v1`.
    """

    inputs: list[EditInput] = Field(min_length=1, max_length=MOST_INPUTS)
    definition: Literal[10, 20] = 10
    config: EditParameters = EditParameters()
    output: Output | None = None
    output_object_path: FilePath | None = None
    segment_object_name: SegmentName | None = None
    object_number_format: NumberFormat | None = None
    session_id: str = Field(default="", max_length=50)
    session_context: str = Field(default="", max_length=1000)
    priority: int = Field(default=0, ge=-10, le=10)
    notify: Notify = Notify()
    procedure: ProcedureName | None = None
    next: NextFlows = Field(default_factory=list)


class EditFinished(Model):
    """Event, once per edit, before its `flow.finished.v1`: how it ended, and what was asked."""

    flow_id: str
    session_id: str = ""
    session_context: str = ""
    notify: Notify = Notify()
    inputs: list[EditInput]
    subtask: SubtaskView
