"""Every codec and container, cut or not: exactly the pictures, times and sound of one pass of ffmpeg."""

import itertools
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode, TranscodeOutput
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.media import clips, truth
from tests.media.flows import Done, run
from tests.media.sources import make

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")
CLOCK_S = 0.002
OPUS = {"codec": "opus", "sample_rate_hz": 48000}
PICTURES: dict[str, dict[str, Any]] = {
    "h265": {"container": "mp4", "video": {"codec": "h265"}},
    "vp9": {"container": "webm", "video": {"codec": "vp9"}, "audio": OPUS},
    "av1": {"container": "webm", "video": {"codec": "av1"}, "audio": OPUS},
    "av1 in mp4": {"container": "mp4", "video": {"codec": "av1"}, "audio": {"codec": "mp3"}},
    "flv": {"container": "flv"},
    "flv with mp3": {"container": "flv", "audio": {"codec": "mp3"}},
}
CODECS = {"h265": ("hevc", "aac"), "vp9": ("vp9", "opus"), "av1": ("av1", "opus"), "av1 in mp4": ("av1", "mp3")}
CODECS |= {"flv": ("h264", "aac"), "flv with mp3": ("h264", "mp3")}
SOUNDS: dict[str, dict[str, Any]] = {
    "m4a": {"codec": "aac", "bitrate_kbps": 96},
    "mp3": {"codec": "mp3", "bitrate_kbps": 128},
    "ogg": OPUS,
    "flac": {"codec": "flac"},
    "wav": {"codec": "pcm16"},
}


def asked(number: int, parameters: dict[str, Any], **video: Any) -> Transcode:
    """A small rendition."""
    small = {"width": 128, "resolution_adaptive": "close"} | video | parameters.get("video", {})
    made = TranscodeParameters.model_validate(parameters | {"video": small})
    return Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=made)


def path(done: Done, subtask_id: str) -> Path:
    output = done.rendition(subtask_id)
    return Path(unquote(output.url.removeprefix("file://")))


def tag(made: Path) -> str:
    argv = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_tag_string"]
    return subprocess.run([*argv, "-of", "csv=p=0", made], capture_output=True, check=True).stdout.decode().strip()


async def cut(source: Path, work: Path, kind: str, tuning: Tuning, **video: Any) -> tuple[Done, Done]:
    """The same rendition at 25 pictures a second and at the source's times, in one piece and in about five."""
    wanted = [asked(1, PICTURES[kind], fps=25, **video), asked(2, PICTURES[kind], **video)]
    whole = await run(source, work / "whole", wanted, tuning=tuning)
    pieces = await run(source, work / "pieces", wanted, chunks=5, tuning=tuning)
    for done in (whole, pieces):
        assert not done.inexact and not done.failed
    return whole, pieces


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("name", ["vfr.mp4", "offset.ts", "ntsc.mov", "late_picture.mkv"])
async def test_lossless(kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = make(name, tmp_path)
    for done in await cut(source, tmp_path, kind, LOSSLESS):
        for subtask_id, filters in (("transcode-1", "fps=25,"), ("transcode-2", "")):
            output = done.rendition(subtask_id)
            assert output.video is not None and output.audio is not None
            assert (output.video.codec, output.audio.codec) == CODECS[kind]
            size = f"scale={output.video.width}:{output.video.height}:flags=bicubic,setsar=1,format=yuv420p"
            expected = truth.expected(source, "v:0", f"setpts=PTS-STARTPTS,{filters}{size}")
            made = truth.frames(path(done, subtask_id), "v:0", "setpts=PTS-STARTPTS")
            assert output.video.frames == len(expected)
            assert [one.digest for one in made] == [one.digest for one in expected]
            assert all(abs(a.time_s - b.time_s) <= CLOCK_S for a, b in zip(made, expected, strict=True))
            assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))


@pytest.mark.parametrize("kind", PICTURES)
async def test_as_encoded_in_practice(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With B-frames, hidden reference pictures and a short group of pictures; large enough for SVT-AV1."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    monkeypatch.setattr(cutting, "VP9_LEAST_S", 1.0)
    source = make("vfr.mp4", tmp_path)
    whole, pieces = await cut(source, tmp_path, kind, Tuning(), gop=20, bitrate_kbps=200)
    for subtask_id in ("transcode-1", "transcode-2"):
        one, many = path(whole, subtask_id), path(pieces, subtask_id)
        a, b = truth.frames(one, "v:0", "setpts=PTS-STARTPTS"), truth.frames(many, "v:0", "setpts=PTS-STARTPTS")
        assert len(a) == len(b) > 100
        assert all(abs(x.time_s - y.time_s) <= CLOCK_S for x, y in zip(a, b, strict=True))
        assert truth.samples(one, "a:0") == truth.samples(many, "a:0")
        offsets = [truth.start_s(made, "a:0") - truth.start_s(made, "v:0") for made in (one, many)]
        assert abs(offsets[0] - offsets[1]) < 0.005
        output = pieces.rendition(subtask_id)
        assert output.chunks >= 3
        if kind == "h265":
            assert tag(one) == tag(many) == "hvc1"


@pytest.mark.parametrize("container", SOUNDS)
async def test_sound_only(container: str, tmp_path: Path) -> None:
    parameters = {"container": container, "remove_video": True, "audio": SOUNDS[container]}
    done = await run(clips.TEST_CARD, tmp_path, [asked(1, parameters)], tuning=FAST)
    output = done.rendition()
    assert output.audio is not None
    assert (output.container, output.video, output.chunks) == (container, None, 1)
    assert done.media.duration_s is not None and abs(output.duration_s - done.media.duration_s) < 0.1
    rate = SOUNDS[container].get("sample_rate_hz", 44100)
    assert output.audio.sample_rate_hz == rate
    assert abs(truth.samples(path(done, "transcode-1"), "a:0") / rate - done.media.duration_s) < 0.1


@pytest.mark.parametrize("codec", ["h265", "vp9", "av1"])
async def test_a_single_picture(codec: str, tmp_path: Path) -> None:
    source = make("one_frame.mp4", tmp_path)
    container = "webm" if codec == "vp9" else "mp4"
    parameters = {"container": container, "video": {"codec": codec}, "remove_audio": True}
    done = await run(source, tmp_path, [asked(1, parameters), asked(2, parameters, fps=25)], tuning=FAST)
    for output in done.outputs.values():
        assert isinstance(output, TranscodeOutput) and output.video is not None
        assert output.video.frames == 1


@pytest.mark.parametrize("codec", ["opus", "flac"])
async def test_six_channels(codec: str, tmp_path: Path) -> None:
    audio = {"codec": codec, "sample_rate_hz": 0, "channels": 6}
    parameters = {"container": "ogg", "remove_video": True, "audio": audio}
    done = await run(clips.SOUND_ONLY, tmp_path, [asked(1, parameters)], tuning=FAST)
    output = done.rendition()
    assert output.audio is not None
    assert output.audio.channels == 6


@pytest.mark.parametrize("target", [-16.0, -30.0])
async def test_loudness(target: float, tmp_path: Path) -> None:
    source = make("vfr.mp4", tmp_path)
    plain = {"codec": "pcm16", "sample_rate_hz": 0, "channels": 0}
    even, loud = (
        {"container": "wav", "remove_video": True, "audio": plain | more}
        for more in ({}, {"loudness": {"integrated_lufs": target}})
    )
    done = await run(source, tmp_path, [asked(1, even), asked(2, loud)], tuning=FAST)
    before, after = path(done, "transcode-1"), path(done, "transcode-2")
    assert truth.samples(before, "a:0") == truth.samples(after, "a:0")
    assert abs(truth.loudness(after) - target) < 0.3


async def test_a_picture_too_small_for_its_encoder(tmp_path: Path) -> None:
    source = make("thin.mp4", tmp_path)
    done = await run(source, tmp_path, [asked(2, {"video": {"codec": "h265"}})], tuning=FAST)
    assert done.failed["transcode-2"].code == CONFIGURATION_UNSUPPORTED
    assert "16 pixels a side" in done.failed["transcode-2"].message
