"""Films between heads and tails, and what one pass over each source makes of it."""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

from contracts.head_tails import HeadTailParameters
from contracts.subtasks import Transcode
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import truth
from tests.media.attempt import existing, file_url
from tests.media.flows import Done, run

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")
AS_THE_FILM = ":in_color_matrix=bt709:out_color_matrix=bt601"
AS_AN_HD_FILM = ":in_color_matrix=bt601:out_color_matrix=bt709"
"""The tail is HD and tells so; the film is small and tells nothing, which means BT.601."""
AS_CHUNKS = ("-filter_complex_threads", "1")
"""A conversion between matrices rounds differently on several threads."""
HEAD = (
    "-f lavfi -i testsrc2=s=200x100:r=30:d=1.03 -f lavfi -i sine=f=1000:r=22050:d=0.7 -ac 1 -c:a pcm_s16le "
    "-c:v libx264 -preset ultrafast -bf 2 -g 10"
)
SILENT = "-f lavfi -i smptebars=s=64x120:r=12:d=1 -c:v libx264 -preset ultrafast"


def generate(options: str, path: Path) -> Path:
    """A source made with ffmpeg's options."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options.split(), f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def with_clips(one: Transcode, *added: dict[str, Any]) -> Transcode:
    """A rendition with clips around it."""
    put = [HeadTailParameters.model_validate(clip) for clip in added]
    return one.model_copy(update={"head_tails": put})


def path(done: Done, subtask_id: str) -> Path:
    """The file of a flow's rendition."""
    return existing(done.rendition(subtask_id).url)


async def row(sources: list[Path], work: Path, rows: list[Transcode], chunks: int, tuning: Tuning = LOSSLESS) -> Done:
    """A film (the second of three) between a head and a tail."""
    head, film, tail = sources
    added = {"heads": [file_url(head)], "tails": [file_url(tail)]}
    return await run(film, work, [with_clips(one, added) for one in rows], chunks=chunks, tuning=tuning)


async def lengths(sources: list[Path], fps: Fraction | None) -> list[Fraction]:
    """How long each source's pictures are on show, in whole ticks where there is a rate."""
    found = []
    for source in sources:
        _, index = await probe(source)
        assert index is not None
        exact = (index.end_pts - index.pts[0]) * index.time_base
        found.append(Fraction(int(exact * fps + Fraction(1, 2)), 1) / fps if fps else exact)
    return found


def expected(
    source: Path, fps: Fraction | None, length_s: Fraction, size: tuple[int, int], colours: str = ""
) -> list[truth.Frame]:
    """One pass over a source; at a rate, its last picture stays to the end."""
    rate = f"fps={fps}," if fps else ""
    scale = f"scale={size[0]}:{size[1]}:flags=bicubic{colours},setsar=1,format=yuv420p"
    shown = truth.frames(source, "v:0", f"setpts=PTS-STARTPTS,{rate}{scale}", *AS_CHUNKS)
    if fps:
        count = int(length_s * fps)
        shown += [shown[-1]] * (count - len(shown))
        shown = [truth.Frame(float(n / fps), one.digest) for n, one in enumerate(shown[:count])]
    return shown


def complaints(made: Path) -> bytes:
    """What ffmpeg says while it decodes every picture."""
    argv = ["ffmpeg", "-v", "warning", "-nostdin", "-i", f"file:{made}", "-map", "0:v", "-fps_mode", "passthrough"]
    argv += ["-enc_time_base", "1/90000", "-f", "null", "-"]
    return subprocess.run(argv, capture_output=True, check=True).stderr
