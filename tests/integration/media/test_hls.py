"""HLS renditions, cut or not: pictures, times and sound of one pass, and a copy of the source."""

from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import TranscodeParameters
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.integration.media.test_codecs import asked
from tests.media import truth
from tests.media.flows import run
from tests.media.sources import make
from tests.media.streams import listed, local, same_pictures

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")


@pytest.mark.parametrize("chunks", [0, 3])
@pytest.mark.parametrize("name", ["ntsc.mov", "offset.ts", "late_sound.mp4", "late_picture.mkv"])
async def test_hls(name: str, chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transport stream at 25 pictures a second, fragments at the source's times; sound as in MP4."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = make(name, tmp_path)
    wanted = [
        asked(1, {"container": "hls", "video": {"hls_time": 1}}, fps=25),
        asked(2, {"container": "hls", "segment_type": "fmp4", "video": {"hls_time": 1.5}}),
        asked(3, {"container": "mp4"}),
        asked(4, {"container": "hls", "remove_video": True}),
    ]
    done = await run(source, tmp_path, wanted, chunks=chunks, tuning=LOSSLESS)
    assert not done.inexact and not done.failed
    plain = done.rendition(3)
    for number, fps, every_s in ((1, 25, 1), (2, 0, 1.5)):
        output = done.rendition(number)
        assert output.video is not None and output.audio is not None
        playlist = local(output.url)
        assert (playlist.suffix, output.container) == (".m3u8", "hls")
        assert (output.chunks > 1) is (chunks > 0)
        same_pictures(playlist, source, output.video.width, output.video.height, fps)
        segments = listed(playlist)
        first = 1 if name == "late_picture.mkv" else 0
        assert all(abs(seconds - every_s) < 0.045 for seconds in segments.durations_s[first:-1])
        assert max(segments.durations_s) <= segments.target_s + 0.5
        inits = list(playlist.parent.glob(f"{playlist.stem}_init.mp4"))
        assert len(inits) == (number == 2)
        files = [playlist, *inits, *(path for path, _, _ in segments.parts)]
        assert output.size_bytes == sum(path.stat().st_size for path in files)
        assert len(set(files)) == len(files)
        assert truth.samples(playlist, "a:0") in range(*near_samples(local(plain.url)))
        late_s = [truth.start_s(path, "a:0") - truth.start_s(path, "v:0") for path in (playlist, local(plain.url))]
        assert abs(late_s[0] - late_s[1]) < 0.03
    assert done.rendition(4).video is None


def near_samples(plain: Path) -> tuple[int, int]:
    """A playlist's sound is that of the file, its priming not hidden: no edit list in a transport stream."""
    samples = truth.samples(plain, "a:0")
    return samples, samples + 2 * 1024 + 1


@pytest.mark.parametrize("name", ["h264.mp4", "mpeg2.ts"])
async def test_a_copy_in_hls(name: str, tmp_path: Path) -> None:
    source = make("long_gop.mp4", tmp_path) if name == "h264.mp4" else make(name, tmp_path)
    copy = {"container": "hls", "video": {"codec": "copy", "hls_time": 1}, "audio": {"codec": "copy"}}
    wanted = asked(1, {"container": "mp4"}).model_copy(update={"parameters": _parameters(copy)})
    done = await run(source, tmp_path, [wanted], tuning=FAST)
    if name == "mpeg2.ts":
        assert "hls can't hold mpeg2video" in done.failed["transcode-1"].message
        return
    output = done.rendition()
    assert output.video is not None
    assert truth.frames(local(output.url), "v:0", "null") and output.video.frames == 240
    assert len(listed(local(output.url)).parts) == 1


def _parameters(asked_for: dict[str, Any]) -> TranscodeParameters:
    return TranscodeParameters.model_validate(asked_for)
