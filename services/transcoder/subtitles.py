"""From a source's subtitle tracks to SubRip text of each. Pure."""

from collections.abc import Mapping
from pathlib import Path

import ffmpeg

from shared.command import argv, local, source_options


def reading(source: Path, files: Mapping[int, Path]) -> list[str]:
    """The argv that writes the tracks of `source` with these indices to files, times from the container's start.

    Damaged cues are skipped, however many.
    """
    opened = ffmpeg.input(local(source), **source_options())
    outputs = [
        ffmpeg.output(opened[str(index)], local(path), f="srt", **{"c:s": "srt"}) for index, path in files.items()
    ]
    return argv(outputs, "-max_error_rate", "1")
