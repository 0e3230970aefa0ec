"""What makes a command a flow: procedure and templates resolved, places allowed. Pure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts import codes
from contracts.flows import FlowAccepted, FlowSubmit, Output
from contracts.kinds import KINDS
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Subtask, Windowed
from contracts.tasks import TaskKind, Tasks, TranscodeTask
from shared.errors import RequestError
from shared.locations import LocalFile, parent, parse
from shared.web_rules import WebRules, is_web

from .clips import added, check_clips
from .contents import Contents
from .library import Library
from .naming import check_names, field_of
from .parameters import checked, merged
from .places import check_place, check_source
from .watermarks import check_image_places, marks

PRESETS_ONLY = Library()
PUBLIC = WebRules()


def accept(
    command: FlowSubmit,
    flow_id: str,
    roots: Sequence[Path],
    now: datetime,
    library: Library = PRESETS_ONLY,
    contents: Contents | None = None,
    web: WebRules = PUBLIC,
) -> FlowAccepted:
    """The flow that a command asks for; what it brings along to be stored is in `contents` then.

    Raises:
        RequestError: an unknown template or procedure, an impossible parameter, a place that is not allowed.
    """
    contents = contents or Contents("")
    check_source(command.input.url, roots, web, "input.url")
    output = command.output or _beside(command.input.url)
    check_place(output.storage, roots, "output.storage")
    with told_of(command.procedure):
        tasks = command.tasks or library.tasks(command.procedure or "")
        subtasks = resolve(tasks, library, contents)
        _check_storages(subtasks, roots)
        check_clips(subtasks, tasks, roots)
        check_image_places(subtasks, contents, roots, tasks)
        sources = [] if is_web(command.input.url) else [top(command.input.url, roots)]
        check_names(command.input.url, output, subtasks, lambda url: top(url, roots), sources)
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


def resolve(tasks: Tasks, library: Library = PRESETS_ONLY, contents: Contents | None = None) -> list[Subtask]:
    """The subtasks asked for, each with the plain parameters of its template and what is changed of them.

    Raises:
        RequestError: an unknown template, an override that does not fit, an empty window.
    """
    contents = contents or Contents("")
    return [
        _subtask(kind, number, task, library, contents)
        for kind in KINDS
        for number, task in enumerate(tasks.of_kind(kind), start=1)
    ]


def check(tasks: Tasks, library: Library, roots: Sequence[Path]) -> list[Subtask]:
    """The subtasks of a procedure or workflow, if they can be done as things stand, whatever the source.

    Raises:
        RequestError: as `accept`.
    """
    subtasks = resolve(tasks, library)
    _check_storages(subtasks, roots)
    check_clips(subtasks, tasks, roots)
    check_names(SOME_SOURCE, Output(storage=SOME_STORAGE), subtasks, lambda url: url)
    return subtasks


SOME_STORAGE = "s3://b7f1/"
SOME_SOURCE = f"{SOME_STORAGE}9c2e"
"""Stand-ins whose names nobody writes into a template."""


@contextmanager
def told_of(procedure: str | None) -> Iterator[None]:
    """What is wrong with a procedure's tasks, told of the procedure."""
    try:
        yield
    except RequestError as error:
        if procedure is None or not (error.field or "").startswith("tasks."):
            raise
        text = f"procedure {procedure!r} can't be done any more: {error.message} (its {error.field})"
        raise RequestError(text, error.code, "procedure") from error


def _subtask(kind: TaskKind, number: int, task: Any, library: Library, contents: Contents) -> Subtask:
    field = f"tasks.{kind}.{number - 1}"
    raw = getattr(task, "raw", None)
    template = raw or library.parameters(kind, task.definition, f"{field}.definition")
    parameters = checked(type(template), merged(template.model_dump(), task.override), f"{field}.override")
    others = task.model_dump(exclude={"definition", "override", "raw", "watermarks", "mosaics", "head_tails"})
    others |= marks(task, parameters, library, contents, field)
    if isinstance(task, TranscodeTask) and isinstance(parameters, TranscodeParameters):
        others["head_tails"] = added(task, parameters, library, field)
    head = {"subtask_id": f"{kind}-{number}", "definition": task.definition}
    subtask: Subtask = KINDS[kind].subtask(**head, parameters=parameters, **others)
    if isinstance(subtask, Windowed):
        check_window(subtask.start_time_offset_s, subtask.end_time_offset_s, field)
    return subtask


def check_window(start: float, end: float, field: str) -> None:
    """Raises RequestError, naming the field, when a window is empty whatever the source."""
    if end != 0 and (start >= 0) == (end > 0) and start >= end:
        text = f"the window from {start} s to {end} s is empty"
        raise RequestError(text, codes.INVALID_TIME_OFFSET, f"{field}.end_time_offset_s")


def _check_storages(subtasks: Sequence[Subtask], roots: Sequence[Path]) -> None:
    for subtask in subtasks:
        if subtask.output_storage is not None:
            check_place(subtask.output_storage, roots, f"{field_of(subtask)}.output_storage")


def _beside(url: str) -> Output:
    """The source's own directory. Raises RequestError when nothing can be written there."""
    if is_web(url):
        text = "say where the results of a web source go: output.storage is a file:// or s3:// directory"
        raise RequestError(text, codes.MISSING_PARAMETER, "output")
    return Output(storage=parent(url))


def top(url: str, roots: Sequence[Path]) -> str:
    """A place as a path that is the same however its URL is written."""
    place = parse(url, roots)
    return str(place.path) if isinstance(place, LocalFile) else place.url
