"""The ways of coding a picture, by what is in the result: cut or not, chunks are joined without a break."""

import re
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
from tests.media.flows import Done, run
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


def _told_scenes(path: Path) -> Path:
    """Scenes begin at 3.2, 6.8 and 14 s; 5.2 s are what the encoder allows at most."""
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=16", "-c:v", "libx264"]
    argv += ["-force_key_frames", "3.2,6.8,12,14", "-sc_threshold", "0", "-preset", "ultrafast", str(path)]
    subprocess.run(argv, check=True)
    return path


@pytest.mark.parametrize("codec", ["h265", "vp9"])
@pytest.mark.parametrize("rate", [{"fps": 20}, {"fps": 20, "bitrate_kbps": 200}, {}])
async def test_scenes_that_an_encoder_would_miss(
    codec: str, rate: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They begin with key pictures, in one piece and in chunks that begin elsewhere."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    monkeypatch.setattr(cutting, "VP9_LEAST_S", 1.0)
    monkeypatch.setattr(cutting, "borders", lambda *_: [0, 60, 235, 400])
    source = _told_scenes(tmp_path / "told.mp4")
    for chunks, begun in ((1, ()), (3, (2.4, 9.4))):
        asked = [_rendition({"codec": codec, "gop": 400, **rate})]
        done = await run(source, tmp_path / f"{chunks}", asked, chunks=chunks, tuning=FAST)
        assert done.rendition().chunks == chunks
        assert _keys_s(done) == pytest.approx(sorted((0.0, 3.2, 6.8, 14.0, *begun)), abs=0.002)


@pytest.mark.parametrize("rate", [{"fps": 25}, {"fps": 50, "bitrate_kbps": 200}, {}])
async def test_av1_has_the_same_key_pictures_in_chunks_as_in_one_piece(
    rate: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = _told_scenes(tmp_path / "told.mp4")
    asked = [_rendition({"codec": "av1", "gop": 3 * rate.get("fps", 25), **rate})]
    for chunks in (1, 3):
        done = await run(source, tmp_path / f"{chunks}", asked, chunks=chunks, tuning=FAST)
        assert done.rendition().chunks == chunks
        assert _keys_s(done) == pytest.approx([0.0, 3.0, 6.0, 9.0, 12.0, 15.0], abs=0.002)


def _keys_s(done: Done) -> list[float]:
    packets = "\n".join(_told(existing(done.rendition().url), "packet=pts_time,flags"))
    return sorted(float(at) for at in re.findall(r"pts_time=(\S+)\nflags=K", packets))


async def test_a_level_that_does_not_reach(tmp_path: Path) -> None:
    source = make("ntsc.mov", tmp_path)
    done = await run(source, tmp_path, [_rendition({"codec": "h265", "level": "1", "width": 1280})], tuning=FAST)
    assert done.failed["transcode-1"].code == CONFIGURATION_UNSUPPORTED
    assert "level 1 of h265" in done.failed["transcode-1"].message
