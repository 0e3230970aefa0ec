"""Options of muxers: how a file of each container is written. Pure."""

from typing import Any

from contracts.fitting import Container, VideoCodec

CLOCK_HZ = 90_000
"""Time base of pictures in MP4: fine enough for every rate."""
_MUXERS = {"m4a": "ipod"}
"""ffmpeg's name of the muxer, where it is not the container's."""
MP4_FAMILY = frozenset({"mp4", "m4a"})


def written_first(container: Container, codec: VideoCodec | None) -> Container:
    """What ffmpeg writes: the container itself, but MP4 for H.265 in FLV, which flv.py makes of it."""
    return "mp4" if (container, codec) == ("flv", "h265") else container


def muxer_options(container: Container, *, picture: bool, final: bool) -> dict[str, Any]:
    """The muxer: nothing of the source's metadata or chapters; a final MP4 file's index goes in front."""
    options: dict[str, Any] = {"f": _MUXERS.get(container, container), "map_metadata": -1, "map_chapters": -1}
    if container in MP4_FAMILY:
        if picture:
            options["video_track_timescale"] = CLOCK_HZ
        if final:
            options["movflags"] = "+faststart"
    if container == "flv" and final:
        options["flvflags"] = "+add_keyframe_index"
    if container == "webm" and final:
        options["cues_to_front"] = 1
    return options
