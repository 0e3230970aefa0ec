"""Sound over seams, and late sound: by what is heard, not by what the container tells."""

import itertools
import subprocess
from array import array
from pathlib import Path

import pytest

from contracts.units import MergeWork
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.media import asked, truth
from tests.media.attempt import existing
from tests.media.flows import run

FAST = Tuning(preset="ultrafast")
RATE = 44_100
LATE_S = 0.8
CLICKS = "aevalsrc='if(lt(mod(t,0.16),0.004),sin(2*PI*(900+400*floor(t/0.16))*t),0)':s=44100:d=4"
"""Each of another pitch, so that no two are alike."""
PICTURE = "testsrc2=s=160x90:r=25:d=5"
WINDOW_S, REACH_S = 0.2, 0.01


def _source(path: Path, late_s: float) -> Path:
    argv = [
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        PICTURE,
        "-itsoffset",
        f"{late_s}",
        "-f",
        "lavfi",
        "-i",
        CLICKS,
    ]
    argv += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-c:a", "pcm_s16le", f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def heard(path: Path) -> "array[int]":
    """The sound from the picture's beginning, silence where there is none."""
    begin = truth.start_s(path, "v:0")
    even = f"aresample={RATE}:async=1:min_hard_comp=0.001:first_pts=0,asetpts=N"
    argv = ["ffmpeg", "-v", "error", "-copyts", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1"]
    argv += ["-af", f"asetpts=PTS-{begin}/TB,{even}", "-f", "s16le", "-"]
    return array("h", subprocess.run(argv, capture_output=True, check=True).stdout)


def lag_s(one: "array[int]", other: "array[int]", at_s: float) -> float:
    """How much later `other` sounds around a moment: where the correlation is highest."""
    first, reach = round((at_s - WINDOW_S / 2) * RATE), round(REACH_S * RATE)
    piece = [(n, one[n]) for n in range(max(reach, first), first + round(WINDOW_S * RATE)) if abs(one[n]) > 500]
    assert piece
    return max(range(-reach, reach + 1), key=lambda lag: sum(value * other[n + lag] for n, value in piece)) / RATE


@pytest.mark.parametrize("late_s", [0.0, LATE_S])
async def test_clicks(late_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every seam within a millisecond; cut or not, as late as in the source."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = _source(tmp_path / "clicks.mkv", late_s)
    expected = heard(source)
    for chunks in (0, 6):
        done = await run(source, tmp_path / f"{chunks}", [asked.rendition(1, 25)], chunks=chunks, tuning=FAST)
        output = done.rendition()
        assert (output.chunks >= 4) is (chunks > 0)
        made = heard(existing(output.url))
        joins = [unit.work for unit in done.plan.units if isinstance(unit.work, MergeWork)]
        lengths = [chunk.duration_s for join in joins for chunk in join.chunks]
        seams = [float(seam) for seam in itertools.accumulate(lengths)][:-1] or [2.5]
        lags = {at_s: lag_s(expected, made, at_s) for at_s in seams if late_s + 0.1 < at_s < late_s + 3.8}
        assert lags and max(map(abs, lags.values())) < 0.001, lags
        assert abs(len(made) - len(expected)) <= 2048
