"""The flows that a command asks for after its own: each has a subtask to start from, a procedure and a place. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from contracts import codes
from contracts.edits import EditSubmit
from contracts.flows import FlowAccepted, FlowSubmit
from contracts.identities import next_flow_id
from contracts.next_flows import FollowUp, NextFlow
from contracts.subtasks import EditMedia, Subtask, Transcode
from shared.errors import RequestError

from .library import Library
from .places import check_place
from .rules import check

Asked = Mapping[str, NextFlow]
"""What is to follow, by the command's member that asks for it."""


def asked_of(command: FlowSubmit | EditSubmit) -> Asked:
    """An edit's `procedure` is short for a next flow of its result."""
    asked = {f"next.{number}": one for number, one in enumerate(command.next)}
    if isinstance(command, EditSubmit) and command.procedure is not None:
        return {"procedure": NextFlow(procedure=command.procedure), **asked}
    return asked


def followed(
    accepted: FlowAccepted, asked: Asked, tenant: str, roots: Sequence[Path], library: Library
) -> FlowAccepted:
    """The flow with those that are to follow it.

    Raises:
        RequestError: a subtask that is not there or makes no single media file, an unknown procedure or one that can't
            be done as things stand, a place that is not allowed, the flow's own procedure, the same asked twice.
    """
    ups: list[FollowUp] = []
    for number, (field, one) in enumerate(asked.items()):
        at_procedure = field if field == "procedure" else f"{field}.procedure"
        up = FollowUp(
            flow_id=next_flow_id(tenant, accepted.flow_id, number),
            of=_subtask(one.of, accepted.subtasks, field if field == "procedure" else f"{field}.of"),
            procedure=one.procedure,
            output=one.output or accepted.output,
            priority=accepted.priority if one.priority is None else one.priority,
            notify=one.notify or accepted.notify,
            session_context=accepted.session_context if one.session_context is None else one.session_context,
        )
        if one.procedure == accepted.procedure:
            text = f"{at_procedure}: {one.procedure!r} is the flow's own: a chain must not name itself"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, at_procedure)
        _check_procedure(one.procedure, library, roots, at_procedure)
        if one.output is not None:
            check_place(one.output.storage, roots, f"{field}.output.storage")
        if any((up.of, up.procedure, up.output) == (other.of, other.procedure, other.output) for other in ups):
            text = f"{field}: {up.procedure!r} of {up.of} into the same place is there already"
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, field)
        ups.append(up)
    return accepted.model_copy(update={"next": ups})


def makes_a_film(subtask: Subtask) -> bool:
    """Whether it makes one media file that can be a source: no pictures, no playlist, nor H.265 in FLV.

    The last is our own form of it, which ffmpeg 5.1 can't read.
    """
    if not isinstance(subtask, Transcode | EditMedia):
        return False
    parameters = subtask.parameters
    return parameters.container != "hls" and (parameters.container, parameters.video.codec) != ("flv", "h265")


def _subtask(of: str | None, subtasks: Sequence[Subtask], field: str) -> str:
    films = [subtask.subtask_id for subtask in subtasks if makes_a_film(subtask)]
    if of is None and len(films) > 1:
        raise RequestError(f"{field}: say which: {', '.join(films)}", codes.MISSING_PARAMETER, field)
    if of is None and films:
        return films[0]
    if of is not None and of in films:
        return of
    there = f"there is {', '.join(films)}" if films else "no subtask of this flow does"
    what = "a next flow starts from" if of is None else f"{of!r} is not"
    text = f"{field}: {what} a subtask that makes one media file that vodflow can read: {there}"
    raise RequestError(text, codes.INVALID_PARAMETER_VALUE, field)


def _check_procedure(name: str, library: Library, roots: Sequence[Path], field: str) -> None:
    try:
        check(library.tasks(name), library, roots)
    except RequestError as error:
        inner = "" if error.field == "procedure" else f"procedure {name!r} can't be done: "
        raise RequestError(f"{inner}{error.message}", error.code, field) from error
