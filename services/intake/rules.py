"""What makes a command a flow: templates resolved, places allowed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts import codes
from contracts.flows import FlowAccepted, FlowSubmit, Output
from contracts.kinds import KINDS
from contracts.model import Asked
from contracts.subtasks import Subtask, Windowed
from contracts.tasks import SubtaskKind, Tasks
from shared.errors import RequestError
from shared.locations import parent, parse
from shared.validation import invalid

P = TypeVar("P", bound=Asked)


def accept(command: FlowSubmit, flow_id: str, roots: Sequence[Path], now: datetime) -> FlowAccepted:
    """The flow that a command asks for.

    Raises:
        RequestError: an unknown template or procedure, an impossible parameter, a place that is not allowed.
    """
    if command.tasks is None:
        text = f"there is no procedure {command.procedure!r}"
        raise RequestError(text, codes.PROCEDURE_NOT_EXIST, "procedure")
    subtasks = resolve(command.tasks)
    output = command.output or Output(storage=parent(command.input.url))
    _check_place(command.input.url, roots, "input.url")
    _check_place(output.storage, roots, "output.storage")
    return FlowAccepted(
        flow_id=flow_id,
        input=command.input,
        output=output,
        subtasks=subtasks,
        procedure=command.procedure,
        session_id=command.session_id,
        session_context=command.session_context,
        priority=command.priority,
        notify=command.notify,
        accepted_at=now,
    )


def resolve(tasks: Tasks) -> list[Subtask]:
    """The subtasks asked for, each with the plain parameters of its template and what is changed of them."""
    return [_subtask(kind, number, task) for kind in KINDS for number, task in enumerate(tasks.of_kind(kind), start=1)]


def _subtask(kind: SubtaskKind, number: int, task: Any) -> Subtask:
    templates = KINDS[kind].templates
    field = f"tasks.{kind}.{number - 1}"
    template = templates.get(task.definition)
    if template is None:
        text = f"there is no {kind} template {task.definition}; there are {', '.join(map(str, templates))}"
        raise RequestError(text, codes.TEMPLATE_NOT_EXIST, f"{field}.definition")
    parameters = _override(template, task.override, f"{field}.override")
    others = task.model_dump(exclude={"definition", "override"})
    head = {"subtask_id": f"{kind}-{number}", "definition": task.definition}
    subtask: Subtask = KINDS[kind].subtask(**head, parameters=parameters, **others)
    if isinstance(subtask, Windowed):
        _check_window(subtask, field)
    return subtask


def _override(template: P, override: Mapping[str, Any], field: str) -> P:
    try:
        return type(template).model_validate(_merged(template.model_dump(), override))
    except ValidationError as error:
        raise invalid(error, field) from error


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for name, value in change.items():
        below = both.get(name)
        both[name] = _merged(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return both


def _check_window(subtask: Windowed, field: str) -> None:
    start, end = subtask.start_time_offset_s, subtask.end_time_offset_s
    if end != 0 and (start >= 0) == (end > 0) and start >= end:
        text = f"the window from {start} s to {end} s is empty"
        raise RequestError(text, codes.INVALID_TIME_OFFSET, f"{field}.end_time_offset_s")


def _check_place(url: str, roots: Sequence[Path], field: str) -> None:
    try:
        parse(url, roots)
    except RequestError as error:
        raise RequestError(error.message, error.code, field) from error
