"""Where the segments of an HLS rendition go, and how long they are. Pure."""

from contracts.subtasks import Transcode
from contracts.units import HlsFiles

from .naming import Names
from .renditions import segment_s


def hls_files(subtask: Transcode, names: Names) -> HlsFiles:
    """The files of a rendition in container hls."""
    asked = subtask.parameters
    fragmented = asked.segment_type == "fmp4"
    return HlsFiles(
        segment_type=asked.segment_type,
        segment_s=segment_s(asked.video.hls_time),
        segments=names.segments(subtask.subtask_id, "m4s" if fragmented else "ts"),
        init_url=names.init_url(subtask.subtask_id, "mp4") if fragmented else None,
    )
