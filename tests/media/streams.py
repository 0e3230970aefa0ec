"""What playlists and sets of streams hold, read by ffprobe and by plain rules that share nothing with the product."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

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
    """A media playlist as it stands."""
    durations, parts = [], []
    size, offset, target = None, 0, 0
    for line in playlist.read_text().splitlines():
        if line.startswith("#EXTINF:"):
            durations.append(float(line[8:].rstrip(",")))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            size, offset = map(int, line[17:].split("@"))
        elif line.startswith("#EXT-X-TARGETDURATION:"):
            target = int(line[22:])
        elif line and not line.startswith("#"):
            parts.append((playlist.parent / unquote(line), offset, size))
            size, offset = None, 0
    return Listed(durations, parts, target)


def variants(master: Path) -> list[tuple[dict[str, str], Path]]:
    """The renditions that a multivariant playlist offers: attributes, and the media playlist."""
    found, about = [], {}
    for line in master.read_text().splitlines():
        if line.startswith("#EXT-X-STREAM-INF:"):
            about = attributes(line)
        elif line and not line.startswith("#"):
            found.append((about, master.parent / unquote(line)))
    return found


def attributes(line: str) -> dict[str, str]:
    """Those of a tag."""
    return {name: value.strip('"') for name, value in re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line)}


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
