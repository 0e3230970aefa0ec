"""Heads and tails that a command asks for. Pure."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from contracts import codes
from contracts.head_tails import HeadTailParameters
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Subtask, Transcode
from contracts.tasks import Tasks, TranscodeTask
from shared.errors import RequestError

from .library import Library
from .places import check_place


def added(
    task: TranscodeTask, parameters: TranscodeParameters, library: Library, field: str
) -> list[HeadTailParameters]:
    """The clips that a rendition gets, templates resolved.

    Raises:
        RequestError: an unknown template, or a rendition that clips can't be put to.
    """
    what = _unfit(parameters)
    if task.head_tails and what:
        text = f"{field}.head_tails: a rendition that {what} can't have heads or tails"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, f"{field}.head_tails")
    found = []
    for number, asked in enumerate(task.head_tails):
        place = f"{field}.head_tails.{number}.definition"
        found.append(asked.raw or cast(HeadTailParameters, library.template("head_tail", asked.definition, place)))
    return found


def _unfit(parameters: TranscodeParameters) -> str | None:
    """Why clips can't be put to a rendition."""
    if parameters.remove_video:
        return "has no picture"
    return "is a copy" if parameters.copies else None


def check_clips(subtasks: Iterable[Subtask], tasks: Tasks, roots: Sequence[Path]) -> None:
    """Raises RequestError, naming the field, when a candidate's URL is no place of ours."""
    renditions = (subtask for subtask in subtasks if isinstance(subtask, Transcode))
    for task, rendition in enumerate(renditions):
        for number, clips in enumerate(rendition.head_tails):
            field = f"tasks.transcode.{task}.head_tails.{number}"
            raw = tasks.transcode[task].head_tails[number].raw
            for name, urls in (("heads", clips.heads), ("tails", clips.tails)):
                for place, url in enumerate(urls):
                    check_place(url, roots, f"{field}.raw.{name}.{place}" if raw else f"{field}.definition")
