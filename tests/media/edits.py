"""Edits as tests ask for them, and their inputs."""

import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from contracts.edit_parameters import EditInput, EditParameters
from contracts.subtasks import EditMedia, EditMediaOutput
from tests.media.attempt import file_url
from tests.media.flows import Done

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
