"""What playlists and sets of streams hold, read by ffprobe and by libraries that share nothing with the product."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import m3u8

from tests.media import truth

CLOCK_S = 0.002


@dataclass(frozen=True)
class Listed:
    """A media playlist: where its media are, in order, as (file, first byte, bytes; None: the whole file)."""

    durations_s: list[float]
    parts: list[tuple[Path, int, int | None]]
    target_s: int

    @property
    def sizes_bytes(self) -> list[int]:
        """Of the segments."""
        return [path.stat().st_size if size is None else size for path, _, size in self.parts]


def local(url: str) -> Path:
    """The file that a URL names."""
    return Path(unquote(url.removeprefix("file://")))


def listed(playlist: Path) -> Listed:
    """A media playlist as it stands: complete, of which nothing will change."""
    found = m3u8.loads(playlist.read_text())
    assert not found.is_variant and found.is_endlist and found.playlist_type == "vod" and found.media_sequence == 0
    parts: list[tuple[Path, int, int | None]] = []
    for segment in found.segments:
        size, offset = map(int, segment.byterange.split("@")) if segment.byterange else (None, 0)
        parts.append((playlist.parent / unquote(segment.uri), offset, size))
    return Listed([segment.duration for segment in found.segments], parts, found.target_duration)


@dataclass(frozen=True)
class Variant:
    """A rendition that a player may choose: its media playlist, and that of the sound beside it, if it has any."""

    about: Any
    playlist: Path
    sound: Path | None


def variants(master: Path) -> list[Variant]:
    """The renditions that a multivariant playlist offers; `about` are the attributes, typed."""
    found = m3u8.loads(master.read_text())
    assert found.is_variant
    sounds = {one.group_id: master.parent / unquote(one.uri) for one in found.media if one.type == "AUDIO"}
    return [
        Variant(one.stream_info, master.parent / unquote(one.uri), sounds.get(one.stream_info.audio))
        for one in found.playlists
    ]


def keys_s(path: Path) -> list[float]:
    """When keyframes of the first picture track are shown."""
    argv = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags"]
    text = subprocess.run([*argv, "-of", "csv=p=0", f"file:{path}"], capture_output=True, check=True).stdout.decode()
    return [float(row.split(",")[0]) for row in text.split() if "K" in row]


def frames_of(source: Path, width: int, height: int, fps: float) -> list[truth.Frame]:
    """What one pass makes of a source at a size, at a rate unless that is 0."""
    rate = f"fps={fps:g}," if fps else ""
    size = f"scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p"
    return truth.frames(source, "v:0", f"setpts=PTS-STARTPTS,{rate}{size}")


def same_pictures(path: Path, source: Path, width: int, height: int, fps: float) -> None:
    """Asserts that a file or playlist shows what one pass makes, at the same times."""
    made, expected = truth.frames(path, "v:0", "setpts=PTS-STARTPTS"), frames_of(source, width, height, fps)
    assert [one.digest for one in made] == [one.digest for one in expected]
    assert all(abs(a.time_s - b.time_s) <= CLOCK_S for a, b in zip(made, expected, strict=True))
