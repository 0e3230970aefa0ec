"""What a task may say of its results' names and place, kind by kind. Source: reference B.3, B.4.

Mix-ins: a kind of task and its subtask take those that fit it. Templates are checked by name_templates.py.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from .name_templates import check_directory, check_path
from .series import NumberFormat


def _path(*numbers: str, absolute: bool = False) -> AfterValidator:
    return AfterValidator(lambda template: check_path(template, frozenset(numbers), absolute=absolute))


_Template = Field(min_length=1, max_length=1024)

StorageUrl = Annotated[str, Field(min_length=1, max_length=4096)]
ResultDirectory = Annotated[str, Field(max_length=1024), AfterValidator(check_directory)]
FilePath = Annotated[str, _Template, _path(absolute=True)]
"""Of one file, such as `{inputName}_{definition}.{format}`; with "/" in front from the storage's top."""
SeriesPath = Annotated[str, _Template, _path("number", absolute=True)]
"""Of several files, with `{number}`."""
SegmentName = Annotated[str, _Template, _path("number")]
"""Of a playlist's segments, from the playlist's directory."""
SubStreamName = Annotated[str, _Template, _path("subStreamNumber")]
SubStreamSegmentName = Annotated[str, _Template, _path("subStreamNumber", "segmentNumber")]
WebVttName = Annotated[str, _Template, _path()]


class Stored(BaseModel):
    """Results may go to another storage than the flow's."""

    output_storage: StorageUrl | None = None
    """A directory URL instead of the flow's `output.storage`."""


class OneFile(Stored):
    """One file, or one that leads to the others."""

    output_object_path: FilePath | None = None


class Numbered(BaseModel):
    """Files in a row."""

    object_number_format: NumberFormat | None = None


class SeveralFiles(Stored, Numbered):
    """Files in a row and nothing else."""

    output_object_path: SeriesPath | None = None


class Sheets(SeveralFiles):
    """Sheets with a WebVTT file, named from the sheets' directory."""

    web_vtt_object_name: WebVttName | None = None


class Segmented(OneFile, Numbered):
    """A file, or a playlist with its segments, named from the playlist's directory."""

    segment_object_name: SegmentName | None = None


class SubStreams(OneFile):
    """A manifest with the playlists and segments of its renditions, named from the manifest's directory."""

    sub_stream_object_name: SubStreamName | None = None
    segment_object_name: SubStreamSegmentName | None = None
