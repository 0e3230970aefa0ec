"""Watermarks and mosaics on HDR: kept, their white is that of graphics; mapped, that of SDR; the same cut or not."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from contracts.watermarks import Mosaic
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.integration.media.test_colours import NEAR
from tests.media import marked, patches, truth
from tests.media.attempt import existing
from tests.media.flows import run

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
WHITE, RED, BORDER = (8, 8), (40, 8), 128
"""Where the marks are; blocks go across the border between two patches."""
Planes = list[int]


def rendition(number: int, **more: Any) -> Transcode:
    video = {"codec": "h265", "width": 192, "resolution_adaptive": "close", "preserve_hdr": number != 3}
    parameters = TranscodeParameters.model_validate({"remove_audio": True, "video": video})
    return Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=parameters, **more)


def pixel(path: Path, at: tuple[int, int]) -> Planes:
    """Y, Cb, Cr of a pixel of the first picture, in 10 bits."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path}", "-frames:v", "1"]
    argv += ["-vf", f"format=yuv444p10le,crop=1:1:{at[0]}:{at[1]}", "-f", "rawvideo", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    return [int.from_bytes(raw[n : n + 2], "little") for n in (0, 2, 4)]


@pytest.mark.parametrize(("kind", "white"), [("pq.mp4", 0.58), ("hlg.mp4", 0.75)])
async def test_marks(kind: str, white: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = patches.make(kind, tmp_path)
    place = {"width": "16px", "height": "16px", "y_pos": f"{WHITE[1]}px"}
    red = marked.image(tmp_path / "red.png", (16, 16), (255, 0, 0, 255))
    marks = [
        marked.mark(marked.image(tmp_path / "white.png", (16, 16)), x_pos=f"{WHITE[0]}px", **place),
        marked.mark(red, x_pos=f"{RED[0]}px", **place),
    ]
    mosaics = [Mosaic(x_pos=f"{BORDER - 4}px", y_pos="32px", width="8px", height="32px")]
    wanted = [rendition(1), *(rendition(n, watermarks=marks, mosaics=mosaics) for n in (2, 3))]
    whole = await run(source, tmp_path / "whole", wanted, tuning=LOSSLESS)
    cut = await run(source, tmp_path / "cut", wanted, chunks=3, tuning=LOSSLESS)
    assert not whole.failed and not cut.failed and not cut.inexact and cut.rendition(2).chunks >= 2
    plain, kept, mapped = (existing(whole.rendition(n).url) for n in (1, 2, 3))
    for n in (2, 3):
        shown = [truth.frames(existing(done.rendition(n).url), "v:0", "null") for done in (whole, cut)]
        assert [one.digest for one in shown[0]] == [one.digest for one in shown[1]]

    luma, cb, cr = pixel(kept, (16, 16))
    assert abs((luma / 4 - 16) / 219 - white) < 0.01 and abs(cb - 512) <= 4 and abs(cr - 512) <= 4
    luma, cb, cr = pixel(kept, (48, 16))
    assert cr > 600 and cb < 512 and luma < pixel(kept, (16, 16))[0]
    assert pixel(kept, (16, 40)) == pixel(plain, (16, 40))
    assert patches.away(patches.shown(mapped, "crop=iw:32:0:32"), patches.mapped()) <= NEAR
    assert [abs(a - b) <= 4 for a, b in zip(pixel(mapped, (16, 16)), (940, 512, 512), strict=True)] == [True] * 3

    before, blurred = ([pixel(path, (x, 48))[0] for x in range(BORDER - 8, BORDER + 12)] for path in (plain, kept))
    assert before[:4] == blurred[:4] and before[12:] == blurred[12:]
    assert len(set(blurred[4:12])) == 1 and before[4:12] != blurred[4:12]
