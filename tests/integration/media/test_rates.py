"""Bit rates come out as asked for, in one piece and in chunks."""

import subprocess
from pathlib import Path

import pytest

from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from contracts.units import EncodeOutput
from services.planner import chunks as cutting
from services.transcoder import handlers, overshoot
from services.transcoder.encoders import Tuning
from shared.written import Written
from tests.media.flows import run

KBPS = 200


def _grainy(path: Path) -> Path:
    picture = "mandelbrot=s=160x90:r=25:end_scale=0.01:end_pts=200,noise=alls=8:allf=t"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-t", "8", "-c:v", "libx264", "-g", "25", str(path)]
    subprocess.run(argv, check=True)
    return path


@pytest.mark.parametrize("codec", ["h264", "h265", "vp9"])
async def test_the_rate_asked_for(codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "VP9_LEAST_S", 1.0)
    source = _grainy(tmp_path / "source.mp4")
    asked = {
        "container": "webm" if codec == "vp9" else "mp4",
        "remove_audio": True,
        "video": {"codec": codec, "bitrate_kbps": KBPS, "fps": 25},
    }
    parameters = TranscodeParameters.model_validate(asked)
    for chunks in (0, 2):
        subtask = Transcode(subtask_id="transcode-1", definition=1, parameters=parameters)
        done = await run(source, tmp_path / f"{chunks}", [subtask], chunks=chunks, tuning=Tuning(preset="veryfast"))
        output = done.rendition()
        assert output.video is not None and (output.chunks > 1) is (chunks > 0)
        assert 0.6 <= output.size_bytes * 8 / 8000 / KBPS <= 1.4


def _noisy_in_the_end(path: Path) -> Path:
    """Rate control in one pass learns of the second half when the first half's bits are spent."""
    halves = [f"testsrc2=s=160x90:r=25:d=8,noise=alls={strength}:allf=t" for strength in (4, 40)]
    graph = f"{halves[0]}[a];{halves[1]}[b];[a][b]concat"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", graph, "-c:v", "libx264", "-crf", "18", str(path)]
    subprocess.run(argv, check=True)
    return path


@pytest.mark.parametrize("codec", ["h264", "h265", "av1"])
async def test_what_misses_its_rate_is_made_once_more(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _noisy_in_the_end(tmp_path / "source.mp4")
    container = "webm" if codec == "av1" else "mp4"
    video = {"codec": codec, "bitrate_kbps": 2 * KBPS, "fps": 25, "mode": "abr"}
    parameters = TranscodeParameters.model_validate({"container": container, "remove_audio": True, "video": video})
    subtask = Transcode(subtask_id="transcode-1", definition=1, parameters=parameters)
    shares = []
    for most in (100.0, overshoot.MOST):
        monkeypatch.setattr(overshoot, "MOST", most)
        done = await run(source, tmp_path / f"{most}", [subtask], chunks=1, tuning=Tuning(preset="veryfast"))
        made = done.rendition()
        assert made.video is not None and made.video.frames == 16 * 25
        shares.append((made.video.bitrate_kbps or 0) / (2 * KBPS))
    assert shares[0] > overshoot.MOST
    assert abs(shares[1] - 1) < abs(shares[0] - 1) / 2, shares


@pytest.mark.parametrize("codec", ["h264", "h265", "vp9"])
async def test_of_several_only_what_misses_its_rate_is_made_once_more(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first pass serves again, though it is another output of the command now."""
    monkeypatch.setattr(cutting, "VP9_LEAST_S", 1.0)
    source, remade = _noisy_in_the_end(tmp_path / "source.mp4"), []

    def lowered(asked: EncodeOutput, tried: EncodeOutput, made: Written) -> EncodeOutput | None:
        if asked.name != "transcode-2" or asked.video is None or tried is not asked:
            return None
        remade.append(asked.name)
        return asked.model_copy(update={"video": asked.video.model_copy(update={"share": 0.9 * asked.video.share})})

    monkeypatch.setattr(handlers, "lowered", lowered)
    container = "webm" if codec == "vp9" else "mp4"
    subtasks = []
    for number, kbps in ((1, 2 * KBPS), (2, KBPS)):
        video = {"codec": codec, "bitrate_kbps": kbps, "fps": 25, "height": 128 * number}
        whole = {"container": container, "remove_audio": True, "video": video}
        parameters = TranscodeParameters.model_validate(whole)
        subtasks.append(Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=parameters))
    done = await run(source, tmp_path / "done", subtasks, chunks=2, tuning=Tuning(preset="veryfast"))
    assert remade == ["transcode-2"] * 2
    left = list((tmp_path / "done").glob(f"unit-*/[0-9]*.{container}"))
    assert not left, "what came out worse goes, what is kept moves"
    for number in (1, 2):
        made = done.rendition(number)
        assert made.chunks == 2 and made.video is not None and made.video.frames == 16 * 25
