"""URLs of results: how the planner names what workers make. Pure. Rules: shared/naming.py."""

from collections.abc import Sequence

from contracts.flows import Output
from contracts.name_templates import filled
from contracts.series import NumberFormat, Series
from contracts.subtasks import Subtask
from shared.locations import below, escaped
from shared.naming import Files, Naming, Place

ONE = Files("output_object_path")
NUMBERED = Files("output_object_path", ("number",))
VTT = Files("web_vtt_object_name")
SUB_STREAM = Files("sub_stream_object_name", ("subStreamNumber",))
SEGMENT = Files("segment_object_name", ("number",))
SUB_STREAM_SEGMENT = Files("segment_object_name", ("subStreamNumber", "segmentNumber"))


class Names:
    """Result URLs of one flow's subtasks. Extensions are given without the dot; numbers count from 0."""

    def __init__(self, source_url: str, output: Output, subtasks: Sequence[Subtask]) -> None:
        self._naming = Naming(source_url, output, subtasks)
        formats = {subtask.subtask_id: getattr(subtask, "object_number_format", None) for subtask in subtasks}
        self._numbers = {subtask_id: given or NumberFormat() for subtask_id, given in formats.items()}

    def url(self, subtask_id: str, extension: str, number: int | None = None) -> str:
        """Where a result goes; `number` is its place within a row."""
        if number is None:
            return _one(self._naming.place(subtask_id, ONE, extension))
        series = _series(self._naming.place(subtask_id, NUMBERED, extension), self._numbers[subtask_id])
        return series.url(number)

    def vtt_url(self, subtask_id: str) -> str:
        """Where the WebVTT file of sprite sheets goes."""
        return _one(self._naming.place(subtask_id, VTT, "vtt"))

    def sub_stream_url(self, subtask_id: str, sub_stream: int, extension: str) -> str:
        """Where the playlist, or the one file, of a sub-stream goes."""
        place = self._naming.place(subtask_id, SUB_STREAM, extension)
        return _one(_of(place, subStreamNumber=str(sub_stream)))

    def segments(self, subtask_id: str, extension: str, sub_stream: int | None = None) -> Series:
        """Where the segments of a playlist go, of a sub-stream's or of a subtask's only one."""
        return _series(self._segments(subtask_id, extension, sub_stream), self._numbers[subtask_id])

    def init_url(self, subtask_id: str, extension: str, sub_stream: int | None = None) -> str:
        """Where what all segments begin with (fMP4's init segment) goes: `init` instead of a segment's number."""
        return _series(self._segments(subtask_id, extension, sub_stream), NumberFormat()).named("init")

    def _segments(self, subtask_id: str, extension: str, sub_stream: int | None) -> Place:
        if sub_stream is None:
            return self._naming.place(subtask_id, SEGMENT, extension)
        place = self._naming.place(subtask_id, SUB_STREAM_SEGMENT, extension)
        return _of(place, subStreamNumber=str(sub_stream))


def _of(place: Place, **numbers: str) -> Place:
    return Place(place.storage, filled(place.pieces, numbers))


def _one(place: Place) -> str:
    [path] = place.pieces
    return below(place.storage, path)


def _series(place: Place, numbers: NumberFormat) -> Series:
    first, *rest = place.pieces[0::2]
    parts = [below(place.storage, first), *(escaped(place.storage, text) for text in rest)]
    return Series(parts=parts, numbers=numbers)
