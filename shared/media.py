"""Probing a file: what it is, and when each of its pictures is shown. One start of ffprobe."""

import asyncio
from pathlib import Path

from contracts.codes import SOURCE_MALFORMED, SOURCE_NOT_ACCESSIBLE
from contracts.media import MediaInfo

from .command import FORMATS, local
from .errors import MediaError
from .failure import explained
from .index import PacketIndex
from .packets import Packets
from .probed import read
from .process import STALL_S, run

_ENTRIES = ":".join(
    (
        "packet=stream_index,pts,dts,duration,size,flags",
        "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,time_base,avg_frame_rate,r_frame_rate"
        ",start_time,duration,bit_rate,pix_fmt,color_space,color_transfer,color_primaries,color_range,field_order"
        ",sample_rate,channels",
        "stream_disposition=default,forced,attached_pic",
        "stream_tags=language",
        "stream_side_data=rotation",
        "format=format_name,start_time,duration,bit_rate",
    )
)


def probe_argv(path: Path) -> list[str]:
    """The ffprobe command: packets, streams and format in one go, only what `probed.read` needs."""
    return [
        *("ffprobe", "-loglevel", "error", "-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *("-show_entries", _ENTRIES, "-of", "compact", "-i", local(path)),
    ]


async def probe(path: Path, *, stall_s: float = STALL_S) -> tuple[MediaInfo, PacketIndex | None]:
    """What a local file is, and its picture's packet index; no index where there is no picture with reliable times.

    Raises:
        MediaError: no such file, or no media in it that ffmpeg can read.
        TransientError: ffprobe could not be run, hung or was killed.
    """
    size_bytes = await asyncio.to_thread(_size_bytes, path)
    packets = Packets()
    ended = await run(probe_argv(path), packets.feed, stall_s=stall_s)
    if ended.code != 0:
        raise explained(ended.code, ended.errors)
    info, index = await asyncio.to_thread(read, packets, size_bytes)
    if info.video is None and info.audio is None:
        raise MediaError(f"{path.name}: neither a picture nor a sound track in it", SOURCE_MALFORMED)
    return info, index


def _size_bytes(path: Path) -> int:
    if not path.is_file():
        raise MediaError(f"{path.name}: no such file", SOURCE_NOT_ACCESSIBLE)
    return path.stat().st_size
