"""Edits as tests ask for them, and their inputs."""

import itertools
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from contracts.edit_parameters import EditInput, EditParameters
from contracts.subtasks import EditMedia, EditMediaOutput
from tests.media import truth
from tests.media.attempt import file_url
from tests.media.flows import Done

CLOCK_S = 0.002
NAME = "edit_media-1"
Taken = tuple[Path, float, float]
"""A source, and where its window starts and ends."""


def edit(*inputs: Taken, definition: int = 10, **config: Any) -> EditMedia:
    """An edit of windows."""
    asked = [EditInput(url=file_url(path), start_time_offset_s=s, end_time_offset_s=e) for path, s, e in inputs]
    parameters = EditParameters.model_validate(config)
    return EditMedia(subtask_id=NAME, definition=definition, inputs=asked, parameters=parameters)


def generated(options: str, path: Path) -> Path:
    """A clip that ffmpeg makes."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options.split(), f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def edited(done: Done) -> tuple[EditMediaOutput, Path]:
    """What came of an edit, and its file."""
    assert not done.failed, done.failed
    output = done.outputs[NAME]
    assert isinstance(output, EditMediaOutput)
    return output, Path(unquote(output.url.removeprefix("file://")))


def matches(made: list[truth.Frame], pieces: list[list[truth.Frame]], lengths: list[Fraction]) -> None:
    """The pictures are those of the pieces, each at its time; `lengths` are how long the pieces last."""
    assert [one.digest for one in made] == [one.digest for piece in pieces for one in piece]
    starts = itertools.accumulate(lengths, initial=Fraction(0))
    times = [float(start) + one.time_s for start, piece in zip(starts, pieces, strict=False) for one in piece]
    assert all(abs(one.time_s - time_s) <= CLOCK_S for one, time_s in zip(made, times, strict=True))
