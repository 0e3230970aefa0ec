"""What all ffmpeg commands have in common: safe input, quiet and machine-readable reports. Pure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,av1,avi,caf,dts,dv,eac3,flac,flv,gif,gxf,h264,hevc,ivf,kux,live_flv,m4v,matroska,mov,mp3"
    ",mpeg,mpegts,mpegvideo,mxf,nsv,nut,obu,ogg,rm,tta,truehd,vc1,w64,wav,webm,wtv,wv,yuv4mpegpipe"
)
"""Demuxers that may open a source: media containers only, no playlist and nothing that opens further files."""
REPORT_S = 0.5
"""How often ffmpeg tells of its progress."""


def local(path: Path) -> str:
    """A local file for ffmpeg, whatever characters its name has: no option, protocol or pattern is seen in it."""
    return f"file:{path.absolute()}"


def source_options() -> dict[str, Any]:
    """Options before an input that somebody else made."""
    return {"protocol_whitelist": "file", "format_whitelist": FORMATS}


def seek_options(seek_s: float | None, *, keep_times: bool) -> dict[str, Any]:
    """Options before an input: keep its own times, or let ffmpeg mend them; where to start reading.

    With times kept, `seek_s` is absolute. Accurate seek stays off (on, a transport stream with a non-zero start loses
    everything): the graph cuts by PTS.
    """
    options: dict[str, Any] = {}
    if keep_times:
        options["copyts"] = None
    if seek_s is not None:
        options |= {"ss": f"{seek_s:.6f}", "noaccurate_seek": None}
        if keep_times:
            options["seek_timestamp"] = 1
    return options


def argv(outputs: Sequence[Any], *extra: str) -> list[str]:
    """The command line of a graph built with ffmpeg-python; `extra` are further global options."""
    merged = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    compiled: list[str] = ffmpeg.compile(merged, overwrite_output=True)
    quiet = ["-hide_banner", "-nostdin", "-loglevel", "error", "-nostats"]
    return [compiled[0], *quiet, "-progress", "pipe:1", "-stats_period", str(REPORT_S), *extra, *compiled[1:]]
