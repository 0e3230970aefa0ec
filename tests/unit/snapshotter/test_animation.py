"""Animation units to ffmpeg commands; whether what came is what was planned."""

from fractions import Fraction
from pathlib import Path

import pytest

from contracts.codes import RESULT_TOO_LARGE, SOURCE_MALFORMED
from contracts.units import AnimationWork, Framing, Source, VideoIn
from services.snapshotter.animation import colours, gif, palette, webp
from services.snapshotter.checks import check
from shared.command import FORMATS
from shared.errors import InexactError, MediaError

WORK = AnimationWork(
    subtask_id="animated_graphic-1",
    source=Source(url="file:///in.mp4", size_bytes=1),
    video=VideoIn(index=0, time_base=Fraction(1, 1000), first_pts=5000, seek_s=3.5),
    fps=Fraction(2),
    zero_pts=5005,
    start=0,
    end=4,
    frames_min=4,
    frames_max=4,
    framing=Framing(width=64, height=36, scale_width=64, scale_height=36, fill="black"),
    format="gif",
    quality=75,
    url="file:///out.gif",
    start_s=5,
    end_s=7,
)
HEAD = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-nostats"]
HEAD += ["-progress", "pipe:1", "-stats_period", "0.5"]
SEEK = ["-copyts", "-format_whitelist", FORMATS, "-noaccurate_seek", "-protocol_whitelist", "file"]
SEEK += ["-seek_timestamp", "1", "-ss", "3.500000", "-i", "file:/in.mp4"]
TIMED = (
    "[0:0]setpts=PTS-(5005)[s0];[s0]fps=2/1:eof_action=pass:round=up[s1];[s1]trim=end_pts=4:start_pts=0[s2];"
    "[s2]scale=64:36:flags=bicubic[s3];[s3]setsar=1[s4];[s4]format="
)


def test_palette() -> None:
    assert palette(WORK, Path("/in.mp4"), Path("/w/p.png")) == [
        *HEAD,
        *SEEK,
        *("-filter_complex", TIMED + "bgra[s5];[s5]palettegen=max_colors=256[s6]", "-map", "[s6]"),
        *("-f", "image2", "-c:v", "png", "-frames:v", "1", "-update", "1", "file:/w/p.png", "-y"),
    ]


def test_gif() -> None:
    drawn = "bgra[s5];[s5][1:v]paletteuse=bayer_scale=3:diff_mode=rectangle:dither=bayer[s6]"
    assert gif(WORK, Path("/in.mp4"), Path("/w/p.png"), Path("/w/a.gif")) == [
        *HEAD,
        *SEEK,
        *("-f", "image2", "-pattern_type", "none", "-i", "file:/w/p.png"),
        *("-filter_complex", TIMED + drawn, "-map", "[s6]"),
        *("-f", "gif", "-c:v", "gif", "-fps_mode", "passthrough", "-frames:v", "5", "-loop", "0"),
        *("-map_metadata", "-1", "file:/w/a.gif", "-y"),
    ]


def test_webp() -> None:
    assert webp(WORK, Path("/in.mp4"), Path("/w/a.webp")) == [
        *HEAD,
        *SEEK,
        *("-filter_complex", TIMED + "yuv420p[s5]", "-map", "[s5]"),
        *("-f", "webp", "-c:v", "libwebp_anim", "-fps_mode", "passthrough", "-frames:v", "5", "-loop", "0"),
        *("-map_metadata", "-1", "-quality", "75", "file:/w/a.webp", "-y"),
    ]


def test_by_the_clock_the_window_is_found_by_ticks_from_the_start() -> None:
    video = WORK.video.model_copy(update={"first_pts": None, "seek_s": None})
    work = WORK.model_copy(update={"times": "mended", "video": video, "zero_pts": 0, "start": 3, "end": None})
    made = webp(work, Path("/in.mp4"), Path("/w/a.webp"))
    assert not {"-copyts", "-ss"} & set(made)
    graph = made[made.index("-filter_complex") + 1]
    assert graph.startswith("[0:0]fps=2/1:eof_action=pass:round=up[s0];[s0]trim=start_pts=3[s1];[s1]setpts=PTS-(3)[s2]")


@pytest.mark.parametrize(("quality", "number"), [(1, 4), (50, 171), (75, 256), (100, 256)])
def test_colours(quality: int, number: int) -> None:
    assert colours(quality) == number


def test_what_came_is_checked() -> None:
    check(WORK, 4)
    with pytest.raises(InexactError, match="3 pictures instead of 4 to 4"):
        check(WORK, 3)
    clock = WORK.model_copy(update={"times": "mended"})
    check(clock, 3)
    for frames, code in ((0, SOURCE_MALFORMED), (5, RESULT_TOO_LARGE)):
        with pytest.raises(MediaError) as refused:
            check(clock, frames)
        assert refused.value.code == code
