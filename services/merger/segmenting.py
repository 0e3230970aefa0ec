"""From joined tracks to ffmpeg commands that cut them into segments. Pure.

ffmpeg's HLS muxer cuts where we want it: at the first keyframe on or behind every multiple of the segment's length,
counted from the first packet. The pieces have keyframes there (`VideoEncode.key_every_s`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.parameters import SegmentType
from shared.command import argv, local

INIT, LIST, ONE_FILE = "init.mp4", "list.m3u8", "media.mp4"
"""Names in the directory that a command writes to."""
_DURATIONS = r"setts=pts=PTS:dts=DTS:duration=if(eq(NEXT_DTS\,NOPTS)\,DURATION\,NEXT_DTS-DTS)"
"""A picture lasts until the next: a chunk's last one does not know it, and a fragment's times are sums of them."""
_SUFFIX = {"ts": "ts", "fmp4": "m4s"}


@dataclass(frozen=True)
class Cutting:
    """How tracks are cut. `one_file`: segments are parts of one file.

    `alone` is a stream of a set: its times stay as they are, on the clock of the whole set; a picture's edit list takes
    back its reordering delay, a sound's its priming, and no other shift is left to players.
    """

    segment_type: SegmentType
    segment_s: Fraction
    one_file: bool = False
    alone: bool = False


def cut_command(tracks: Sequence[Any], cutting: Cutting, directory: Path, *, picture: bool) -> list[str]:
    """The argv that copies tracks (ffmpeg-python's streams) into segments, with a playlist, in `directory`."""
    options: dict[str, Any] = {
        "f": "hls",
        "c": "copy",
        "hls_time": f"{float(cutting.segment_s):.6f}",
        "hls_playlist_type": "vod",
        "hls_segment_type": "mpegts" if cutting.segment_type == "ts" else "fmp4",
        "hls_segment_filename": _segments(cutting, directory),
        "map_metadata": -1,
        "map_chapters": -1,
    }
    if cutting.segment_type == "fmp4":
        options |= {"hls_fmp4_init_filename": INIT, "hls_segment_options": f"movflags={_flags(cutting, picture)}"}
    if picture and cutting.segment_type == "fmp4":
        options["bsf:v"] = _DURATIONS
    if cutting.one_file:
        options["hls_flags"] = "single_file"
    if cutting.alone:
        options["avoid_negative_ts"] = "disabled"
    return argv([ffmpeg.output(*tracks, local(directory / LIST), **options)])


def _segments(cutting: Cutting, directory: Path) -> str:
    if cutting.one_file:
        return local(directory / ONE_FILE)
    return f"{local(directory).replace('%', '%%')}/%d.{_SUFFIX[cutting.segment_type]}"


def _flags(cutting: Cutting, picture: bool) -> str:
    """Absolute times in fragments, but not for a sound alone: its priming would begin before 0, which none can tell."""
    return "+skip_sidx" if cutting.alone and not picture else "+skip_sidx+frag_discont"
