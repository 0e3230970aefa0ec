"""The ways of coding a picture, by what is in the result: cut or not, chunks are joined without a break."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.media import truth
from tests.media.attempt import existing
from tests.media.flows import run
from tests.media.sources import make

FAST = Tuning(preset="veryfast")
SHOWN = "profile,level,codec_tag_string,has_b_frames,pix_fmt"
CASES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "h264 constant": (
        {"codec": "h264", "mode": "cbr", "bitrate_kbps": 300, "bframes": 0, "level": "3.1", "fps": 25},
        {"has_b_frames": "0", "level": "31", "profile": "High"},
    ),
    "h265 constant, ten bits": (
        {
            "codec": "h265",
            "mode": "cbr",
            "bitrate_kbps": 300,
            "codec_tag": "hev1",
            "level": "3",
            "bit_depth": 10,
            "fps": 25,
        },
        {"codec_tag_string": "hev1", "level": "90", "profile": "Main 10", "pix_fmt": "yuv420p10le"},
    ),
    "vp9 constant": ({"codec": "vp9", "mode": "cbr", "bitrate_kbps": 300, "fps": 25}, {"profile": "Profile 0"}),
    "h264 average, ten bits": (
        {"codec": "h264", "mode": "abr", "bitrate_kbps": 300, "bframes": 3, "bit_depth": 10},
        {"has_b_frames": "2", "profile": "High 10", "pix_fmt": "yuv420p10le"},
    ),
}


def _rendition(video: dict[str, Any]) -> Transcode:
    container = "webm" if video["codec"] == "vp9" else "mp4"
    asked = {
        "container": container,
        "remove_audio": True,
        "video": {"width": 160, "resolution_adaptive": "close"} | video,
    }
    return Transcode(subtask_id="transcode-1", definition=1, parameters=TranscodeParameters.model_validate(asked))


def _told(path: Path, entries: str) -> list[str]:
    argv = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        entries,
        "-of",
        "default=nw=1",
        str(path),
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split("\n")


@pytest.mark.parametrize("name", CASES)
async def test_what_was_asked(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    video, expected = CASES[name]
    source = make("ntsc.mov", tmp_path)
    for chunks in (0, 3):
        done = await run(source, tmp_path / f"{chunks}", [_rendition(video)], chunks=chunks, tuning=FAST)
        assert not done.inexact and not done.failed
        output = done.rendition()
        assert output.video is not None and (output.chunks > 1) is (chunks > 0)
        made = existing(output.url)
        fields = dict(line.split("=", 1) for line in _told(made, f"stream={SHOWN}") if line)
        assert expected.items() <= fields.items()
        assert len(truth.frames(made, "v:0", "null")) == output.video.frames
        if video["mode"] == "cbr":
            assert 0.8 <= (output.video.bitrate_kbps or 0) / 300 <= 1.25


def _scenes(path: Path) -> Path:
    scenes = "testsrc2=s=160x96:r=25:d=1.6[a];mandelbrot=s=160x96:r=25,trim=duration=1[b];[a][b]concat"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", scenes, "-c:v", "libx264", "-preset", "ultrafast", str(path)]
    subprocess.run(argv, check=True)
    return path


async def test_scene_changes(tmp_path: Path) -> None:
    """A change of scene makes a keyframe, unless it must not."""
    source = _scenes(tmp_path / "scenes.mp4")
    for codec in ("h264", "h265"):
        for kept in (True, False):
            asked = {"codec": codec, "no_scenecut": not kept}
            done = await run(source, tmp_path / f"{codec}{kept}", [_rendition(asked)], tuning=Tuning(preset="medium"))
            made = existing(done.rendition().url)
            keys = sum("K" in line for line in _told(made, "packet=flags"))
            assert keys == 1 + kept


async def test_a_level_that_does_not_reach(tmp_path: Path) -> None:
    source = make("ntsc.mov", tmp_path)
    done = await run(source, tmp_path, [_rendition({"codec": "h265", "level": "1", "width": 1280})], tuning=FAST)
    assert done.failed["transcode-1"].code == CONFIGURATION_UNSUPPORTED
    assert "level 1 of h265" in done.failed["transcode-1"].message
