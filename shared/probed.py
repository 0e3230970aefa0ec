"""From ffprobe's output to what is known of a file. Pure."""

import re
from fractions import Fraction
from typing import Literal, cast

from contracts.media import AudioStream, MediaInfo, OtherStream, VideoStream

from .index import PacketIndex, built
from .packets import MISSING, Packets, Track

_JUMPING = frozenset({"mpegts", "mpeg", "mpegvideo", "rm", "wtv"})
"""Formats in which time stamps may jump within a file."""
QUARTER_TURN = 1.0
"""Degrees that an angle may differ from quarter turns to be taken for some: as ffmpeg's autorotation has it."""
Fields = dict[str, str]


def read(packets: Packets, size_bytes: int) -> tuple[MediaInfo, PacketIndex | None]:
    """What the file is, and its picture's packet index where the times can be relied on."""
    rows = [_fields(line) for line in packets.rest()]
    streams = list({row["index"]: row for row in rows if row["section"] == "stream"}.values())  # once more by program
    form = next((row for row in rows if row["section"] == "format"), {"section": "format"})
    pictures = sorted(
        (row for row in streams if row.get("codec_type") == "video" and not _is_cover(row)), key=_not_default
    )
    picture = pictures[0] if pictures else None
    sounds = sorted((row for row in streams if row.get("codec_type") == "audio"), key=_not_default)
    track = packets.tracks.get(int(picture["index"])) if picture else None
    index = _index(picture, track, form.get("format_name", "")) if picture and track else None
    start_s = _number(form.get("start_time")) or 0.0
    duration_s = _number(form.get("duration")) or _end_s(streams, packets) - start_s
    if duration_s <= 0 and picture and track:
        duration_s = float(len(track.pts) / (_rate(picture) or 25))
    info = MediaInfo(
        container=form.get("format_name", "unknown"),
        size_bytes=size_bytes,
        start_s=start_s,
        duration_s=duration_s if duration_s > 0 else None,
        bitrate_kbps=_kbps(form),
        video=_video(picture) if picture else None,
        audio=_audio(sounds[0], packets) if sounds else None,
        more_audio=[_audio(row, packets) for row in sounds[1:]],
        others=[_other(row) for row in streams if row is not picture and row.get("codec_type") != "audio"],
        frames=len(index) if index else len(track.pts) if track else 0 if picture else None,
        key_frames=len(index.keys) if index else None,
    )
    return info, index


def _fields(line: str) -> Fields:
    section, *pairs = re.split(r"(?<!\\)\|", line)
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return {**found, "section": section}


def _is_cover(row: Fields) -> bool:
    return row.get("disposition:attached_pic") == "1"


def _not_default(row: Fields) -> tuple[bool, int]:
    return row.get("disposition:default") != "1", int(row["index"])


def _index(row: Fields, track: Track, container: str) -> PacketIndex | None:
    packets = [
        (None if pts == MISSING else pts, bool(key), size_bytes)
        for pts, key, size_bytes in zip(track.pts, track.key, track.size_bytes, strict=True)
    ]
    time_base = Fraction(row["time_base"])
    return built(time_base, packets, track.last_duration, clock_may_jump=container in _JUMPING)


def _end_s(streams: list[Fields], packets: Packets) -> float:
    return max((end for row in streams if (end := _track_end_s(row, packets)) is not None), default=0.0)


def _track_end_s(row: Fields, packets: Packets) -> float | None:
    track = packets.tracks.get(int(row["index"]))
    return float(track.end * Fraction(row["time_base"])) if track and track.end != MISSING else None


def _video(row: Fields) -> VideoStream:
    width, height = int(row.get("width", 0)), int(row.get("height", 0))
    aspect = _fraction(row.get("sample_aspect_ratio", "").replace(":", "/")) or Fraction(1)
    angle = -float(row.get("rotation", 0))
    tilted = abs(angle - round(angle / 90) * 90) > QUARTER_TURN
    rotation = 0 if tilted else round(angle / 90) * 90 % 360
    shown = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
    if rotation in (90, 270):
        shown = shown[::-1]
    pixels = row.get("pix_fmt")
    depth = re.search(r"p(9|10|12|14|16)(le|be)$", pixels or "")
    return VideoStream(
        index=int(row["index"]),
        codec=row.get("codec_name", "unknown"),
        width=width,
        height=height,
        display_width=shown[0],
        display_height=shown[1],
        sample_aspect=aspect,
        tilted=tilted,
        rotation_deg=cast(Literal[0, 90, 180, 270], rotation),
        time_base=Fraction(row["time_base"]),
        frame_rate=_rate(row),
        start_s=_number(row.get("start_time")),
        duration_s=_number(row.get("duration")),
        bitrate_kbps=_kbps(row),
        pixel_format=_known(pixels),
        bit_depth=int(depth[1]) if depth else 8,
        color_space=_known(row.get("color_space")),
        color_transfer=_known(row.get("color_transfer")),
        color_primaries=_known(row.get("color_primaries")),
        color_range=_known(row.get("color_range")),
        field_order=_known(row.get("field_order")),
    )


def _rate(row: Fields) -> Fraction | None:
    return _fraction(row.get("avg_frame_rate")) or _fraction(row.get("r_frame_rate"))


def _audio(row: Fields, packets: Packets) -> AudioStream:
    start_s, end_s = _number(row.get("start_time")), _track_end_s(row, packets)
    measured_s = end_s - (start_s or 0.0) if end_s is not None else None
    return AudioStream(
        index=int(row["index"]),
        codec=row.get("codec_name", "unknown"),
        sample_rate_hz=int(_number(row.get("sample_rate")) or 0),
        channels=int(_number(row.get("channels")) or 0),
        start_s=start_s,
        duration_s=_number(row.get("duration")) or measured_s,
        bitrate_kbps=_kbps(row),
        language=_known(row.get("tag:language")),
    )


def _other(row: Fields) -> OtherStream:
    kind = row.get("codec_type", "data")
    if _is_cover(row):
        kind = "cover"
    elif kind not in ("subtitle", "video", "attachment"):
        kind = "data"
    return OtherStream(
        index=int(row["index"]),
        kind=cast(Literal["subtitle", "cover", "video", "data", "attachment"], kind),
        codec=_known(row.get("codec_name")),
        language=_known(row.get("tag:language")),
        default=row.get("disposition:default") == "1",
        forced=row.get("disposition:forced") == "1",
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _fraction(text: str | None) -> Fraction | None:
    try:
        value = Fraction(text or "")
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None


def _kbps(row: Fields) -> float | None:
    rate = _number(row.get("bit_rate"))
    return rate / 1000 if rate else None


def _known(text: str | None) -> str | None:
    return None if text in (None, "", "unknown", "N/A", "und") else text
