"""What makes a command an edit: its inputs and its result lie in places that are allowed. Pure."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from contracts import codes
from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted, Input, Output
from contracts.subtasks import EditMedia
from shared.errors import RequestError
from shared.locations import parent

from .naming import check_names
from .places import check_place
from .rules import check_window, top

SUBTASK_ID = "edit_media-1"


def accept_edit(command: EditSubmit, flow_id: str, roots: Sequence[Path], now: datetime) -> FlowAccepted:
    """The flow that an edit is.

    Raises:
        RequestError: a place that is not allowed, an empty window, an impossible name, several inputs for type fast.
    """
    for number, one in enumerate(command.inputs):
        check_place(one.url, roots, f"inputs.{number}.url")
        check_window(one.start_time_offset_s, one.end_time_offset_s, f"inputs.{number}")
    if command.config.type == "fast" and len(command.inputs) > 1:
        text = f"config.type: fast takes one input, not {len(command.inputs)}: leave it out to join them exactly"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "config.type")
    first = command.inputs[0].url
    output = command.output or Output(storage=parent(first))
    check_place(output.storage, roots, "output.storage")
    subtask = EditMedia(
        subtask_id=SUBTASK_ID,
        definition=command.definition,
        inputs=command.inputs,
        parameters=command.config,
        output_object_path=command.output_object_path,
        segment_object_name=command.segment_object_name,
        object_number_format=command.object_number_format,
    )
    sources = [top(one.url, roots) for one in command.inputs]
    check_names(first, output, [subtask], lambda url: top(url, roots), sources)
    return FlowAccepted(
        flow_id=flow_id,
        input=Input(url=first),
        output=output,
        subtasks=[subtask],
        session_id=command.session_id,
        session_context=command.session_context,
        priority=command.priority,
        notify=command.notify,
        accepted_at=now,
    )
