"""When watermarks are on show, and mosaics: the same whether a source is cut or not."""

from pathlib import Path
from typing import Any

import pytest

from contracts.watermarks import Mosaic
from services.transcoder.encoders import Tuning
from tests.media import marked, truth
from tests.media.flows import Done, run
from tests.media.marked import Box, Gray, asked, mark, shown
from tests.media.sources import make

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
LOSSLESS = Tuning(preset="ultrafast", lossless=True)
ON, OFF = 1.2, 3.4


def _clocked(directory: Path) -> dict[str, Any]:
    """Marks of every sort with times of their own, each in a place of its own."""
    square = {"width": "16px", "height": "16px"}
    ticking = marked.animation(directory / "ticking.gif", [255, 0, 128], 120)
    uneven = marked.animation(directory / "uneven.webp", [0, 255, 60, 200], [50, 170, 90, 330])
    return {
        "watermarks": [
            mark(
                marked.image(directory / "still.png"),
                **square,
                start_time_offset_s=ON,
                end_time_offset_s=OFF,
            ),
            mark(ticking, **square, x_pos="20px", start_time_offset_s=0.5),
            mark(uneven, **square, x_pos="40px"),
            mark(ticking, **square, x_pos="60px", start_time_offset_s=1, repeat_type="once"),
            mark(ticking, **square, x_pos="80px", start_time_offset_s=1, repeat_type="repeat_last_frame"),
        ],
        "mosaics": [Mosaic(y_pos="40px", width="32px", height="32px", start_time_offset_s=-3, end_time_offset_s=-1)],
    }


def _square(number: int) -> Box:
    return 20 * number, 0, 20 * number + 16, 16


@pytest.mark.parametrize("name", ["ntsc.mov", "vfr.mp4", "offset.ts"])
async def test_a_cut_changes_nothing_and_times_are_exact(name: str, tmp_path: Path) -> None:
    source = make(name, tmp_path)
    marks = _clocked(tmp_path)
    subtasks = [asked(1), asked(2, **marks), asked(3, 25), asked(4, 25, **marks)]
    whole = await run(source, tmp_path / "whole", subtasks, tuning=LOSSLESS)
    cut = await run(source, tmp_path / "cut", subtasks, chunks=3, tuning=LOSSLESS)
    assert not whole.failed and not cut.failed and not cut.inexact
    for number in (1, 2, 3, 4):
        results = [done.rendition(number) for done in (whole, cut)]
        one, three = results
        assert one.chunks == 1 and three.chunks >= 2
        frames = [truth.frames(marked.path_of(result.url), "v:0", "null") for result in (one, three)]
        assert [f.digest for f in frames[0]] == [f.digest for f in frames[1]]
        assert all(abs(a.time_s - b.time_s) < 0.001 for a, b in zip(*frames, strict=True))
        if number in (2, 4):
            _check_times(whole, number, [frame.time_s for frame in frames[0]], one.duration_s)


def _check_times(done: Done, number: int, times_s: list[float], length_s: float) -> None:
    """Each mark is on show from the first picture not before its time to the last before its end."""
    pictures, plain = shown(done, number), shown(done, number - 1)
    assert len(pictures) == len(plain) == len(times_s)
    for picture, before, time_s in zip(pictures, plain, times_s, strict=True):
        t = time_s + 1e-4

        def seen(box: Box, picture: Gray = picture, before: Gray = before) -> int | None:
            """The gray of a square that has one value, None where the picture is as it was."""
            values = set(picture.part(box))
            return values.pop() if len(values) == 1 else None if picture.part(box) == before.part(box) else -1

        assert seen(_square(0)) == (235 if ON <= t < OFF else None), time_s
        ticks = int((t - 0.5) / 0.12)
        assert seen(_square(1)) == ((235, 16, 126)[ticks % 3] if t >= 0.5 else None), time_s
        assert seen(_square(2)) == _uneven(t % 0.64), time_s
        since = int((t - 1) / 0.12)
        once = (235, 16, 126)[since] if t >= 1 and since < 3 else None
        assert seen(_square(3)) == once, time_s
        assert seen(_square(4)) == ((235, 16, 126)[min(since, 2)] if t >= 1 else None), time_s


def _uneven(t: float) -> int:
    return 16 if t < 0.05 else 235 if t < 0.22 else 68 if t < 0.31 else 188


async def test_a_mosaic_changes_its_region_and_nothing_else(tmp_path: Path) -> None:
    source = make("ntsc.mov", tmp_path)
    mosaic = Mosaic(x_pos="25%", y_pos="25%", width="50%", height="40px")
    done = await run(source, tmp_path / "w", [asked(1), asked(2, mosaics=[mosaic])], tuning=LOSSLESS)
    plain, pictures = shown(done, 1), shown(done, 2)
    box = (32, 18, 96, 58)
    for picture, before in zip(pictures[::20], plain[::20], strict=True):
        left, top, right, bottom = picture.changed(before) or (0, 0, 0, 0)
        assert left >= box[0] and top >= box[1] and right <= box[2] and bottom <= box[3]
        assert right - left > 48 and bottom - top > 30
        blocks = [set(picture.part((x, y, x + 8, y + 8))) for x in range(32, 96, 8) for y in range(18, 58, 8)]
        assert all(len(block) == 1 for block in blocks)
        mean = [sum(one.part((32, 18, 40, 26))) / 64 for one in (picture, before)]
        assert abs(mean[0] - mean[1]) < 3
