"""Bit rates come out as asked for, in one piece and in chunks."""

import subprocess
from pathlib import Path

import pytest

from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from services.transcoder.encoders import Tuning
from tests.media.flows import run

KBPS = 200


def _grainy(path: Path) -> Path:
    picture = "mandelbrot=s=160x90:r=25:end_scale=0.01:end_pts=200,noise=alls=8:allf=t"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-t", "8", "-c:v", "libx264", "-g", "25", str(path)]
    subprocess.run(argv, check=True)
    return path


@pytest.mark.parametrize("codec", ["h264", "h265", "vp9"])
async def test_the_rate_asked_for(codec: str, tmp_path: Path) -> None:
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
