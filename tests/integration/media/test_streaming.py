"""Adaptive streaming, cut or not: pictures, times and sound of one pass, cut at the same times."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from mpegdash.parser import MPEGDASHParser

from contracts.codes import SOURCE_NO_VIDEO
from contracts.streaming_parameters import AdaptiveDynamicStreamingParameters
from contracts.subtasks import AdaptiveDynamicStreaming, AdaptiveDynamicStreamingOutput
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.media import clips, truth
from tests.media.flows import Done, run
from tests.media.sources import make
from tests.media.streams import CLOCK_S, Listed, frames_of, keys_s, listed, local, same_pictures, variants

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")


def adaptive(number: int, form: str, streams: list[dict[str, Any]], **others: Any) -> AdaptiveDynamicStreaming:
    parameters = {"format": form, "streams": streams, "segment_duration_s": 1} | others
    return AdaptiveDynamicStreaming(
        subtask_id=f"adaptive_dynamic_streaming-{number}",
        definition=number,
        parameters=AdaptiveDynamicStreamingParameters.model_validate(parameters),
    )


def ladder(codec: str = "h264", fps: float = 25, *sizes: int) -> list[dict[str, Any]]:
    """Small streams, all with the same sound."""
    video = {"codec": codec, "fps": fps, "resolution_adaptive": "close"}
    return [{"video": video | {"width": size}, "audio": {"bitrate_kbps": 48}} for size in sizes or (128, 192)]


def output_of(done: Done, number: int = 1) -> AdaptiveDynamicStreamingOutput:
    output = done.result(f"adaptive_dynamic_streaming-{number}", AdaptiveDynamicStreamingOutput)
    return output


@pytest.mark.parametrize("chunks", [0, 3])
@pytest.mark.parametrize("name", ["vfr.mp4", "late_sound.mp4", "late_picture.mkv"])
async def test_a_set_of_streams(name: str, chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HLS and DASH share their media, of which every picture and every sample is looked at."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = make(name, tmp_path)
    wanted = [adaptive(1, "hls", ladder()), adaptive(2, "mpeg-dash", ladder()), adaptive(3, "hls", ladder(fps=0))]
    done = await run(source, tmp_path, wanted, chunks=chunks, tuning=LOSSLESS)
    assert not done.inexact and not done.failed
    hls, dash, own = (output_of(done, number) for number in (1, 2, 3))
    assert [unit.unit_id.rpartition("-")[0] for unit in done.plan.units if not unit.fallback][-2:] == [
        "video-0-package"
    ] * 2
    assert (hls.package, dash.package, hls.drm_type) == ("hls", "dash", "")
    for output, fps in ((hls, 25), (own, 0)):
        _check_hls(output, source, fps)
    _check_dash(dash)
    files = {local(one.url or "") for one in dash.sub_streams}
    assert {path for stream in hls.sub_streams for path, _, _ in listed(local(stream.url or "")).parts} == files
    assert dash.size_bytes == sum(path.stat().st_size for path in [local(dash.url), *files])
    assert hls.chunks == dash.chunks and (hls.chunks > 1) is (chunks > 0)
    _check_sound(source, done, local(dash.sub_streams[-1].url or ""))


def _check_hls(output: AdaptiveDynamicStreamingOutput, source: Path, fps: float) -> None:
    master = local(output.url)
    offered = variants(master)
    pictured = [stream for stream in output.sub_streams if stream.type == "video"]
    assert [stream.type for stream in output.sub_streams] == ["video", "video", "audio"]
    assert [(one.width, one.height) for one in pictured] == [one.about.resolution for one in offered]
    [heard] = {one.sound for one in offered}
    assert heard is not None
    sound = listed(heard)
    lists = []
    for stream, variant in zip(pictured, offered, strict=True):
        about = variant.about
        assert local(stream.url or "") == variant.playlist
        segments = listed(variant.playlist)
        lists.append(segments)
        same_pictures(variant.playlist, source, stream.width, stream.height, fps)
        assert about.codecs.startswith("avc1.") and about.codecs.endswith(",mp4a.40.2")
        assert about.bandwidth == pytest.approx(_peak(segments) + _peak(sound), rel=0.001)
        average = sum(8 * sum(one.sizes_bytes) / sum(one.durations_s) for one in (segments, sound))
        assert about.average_bandwidth == pytest.approx(average, rel=0.001)
        rate = fps or len(frames_of(source, 64, 36, 0)) / sum(segments.durations_s)
        assert about.frame_rate == pytest.approx(rate, abs=0.001)
    _check_cuts(lists, fps)


def _check_cuts(lists: list[Listed], fps: float) -> None:
    """Segments of about a second that begin with a keyframe, at the same times in every stream."""
    first = lists[0].durations_s
    assert all(abs(seconds - 1) < 1.01 / (fps or 20) for seconds in first[:-1])
    keys = []
    for segments in lists:
        assert segments.durations_s == first
        keys.append(keys_s(segments.parts[0][0]))
        border_s = keys[-1][0]
        for seconds in first:
            assert any(abs(key - border_s) < CLOCK_S for key in keys[-1])
            border_s += seconds
    assert all(len(one) == len(keys[0]) and max(map(abs, _differences(one, keys[0]))) < CLOCK_S for one in keys)


def _differences(one: list[float], other: list[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]


def _peak(segments: Listed) -> float:
    """By the definition, over every run of neighbours of half to one and a half target durations."""
    rates = []
    for first in range(len(segments.parts)):
        for last in range(first, len(segments.parts)):
            seconds = sum(segments.durations_s[first : last + 1])
            if 0.5 * segments.target_s <= seconds <= 1.5 * segments.target_s:
                rates.append(8 * sum(segments.sizes_bytes[first : last + 1]) / seconds)
    return max(rates)


def _check_dash(output: AdaptiveDynamicStreamingOutput) -> None:
    """Each representation's file is found, and its index lies where the manifest says, behind the initialisation."""
    manifest = local(output.url)
    found = [one for each in _mpd(manifest).periods[0].adaptation_sets for one in each.representations]
    assert len(found) == 3 and len({one.codecs for one in found}) >= 2
    for one, stream in zip(found, output.sub_streams, strict=True):
        path = manifest.parent / unquote(one.base_urls[0].base_url_value)
        assert path == local(stream.url or "")
        assert (one.width or 0, one.height or 0) == (stream.width, stream.height)
        [base] = one.segment_bases
        first, last = map(int, base.index_range.split("-"))
        raw = path.read_bytes()
        assert (
            raw[first + 4 : first + 8] == b"sidx" and int.from_bytes(raw[first : first + 4], "big") == last - first + 1
        )
        assert [init.range for init in base.initializations] == [f"0-{first - 1}"]
        count = int.from_bytes(raw[first + 38 : first + 40], "big")
        sizes = [int.from_bytes(raw[at : at + 4], "big") for at in range(first + 40, last, 12)]
        assert len(sizes) == count and last + 1 + sum(sizes) == len(raw)
        place = last + 1
        for size in sizes:
            assert raw[place + 4 : place + 8] == b"moof"
            place += size


def _mpd(manifest: Path) -> Any:
    return MPEGDASHParser.parse(manifest.read_text())


def _check_sound(source: Path, done: Done, made: Path) -> None:
    """As many samples as one pass makes, to the end of its last packet, and silence before a late sound."""
    assert done.media.audio is not None
    late_s = truth.start_s(source, "a:0") - done.media.start_s
    reference = truth.whole_sound(source, "a:0", "-ar", "44100", "-ac", "2", "-b:a", "48k")
    assert truth.start_s(made, "a:0") == pytest.approx(-1024 / 44100, abs=1e-5)
    hidden = 0 if late_s else 1024
    more = truth.samples(made, "a:0") - hidden - late_s * 44100 - reference
    assert -1 - CLOCK_S * 44100 <= more < 1024 + CLOCK_S * 44100


@pytest.mark.parametrize("codec", ["h265", "vp9", "av1"])
async def test_other_codecs(codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As encoded in practice, with short groups of pictures and a cut that is on no line."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = make("ntsc.mov", tmp_path)
    streams = ladder(codec, 25, 128, 160)
    done = await run(source, tmp_path, [adaptive(1, "hls", streams)], chunks=3, tuning=FAST)
    assert not done.inexact and not done.failed
    output = output_of(done)
    lists = [listed(local(stream.url or "")) for stream in output.sub_streams if stream.type == "video"]
    assert output.chunks > 1 and len(lists) == 2
    for segments in lists:
        assert segments.durations_s == pytest.approx([1.0] * 5, abs=0.001)
        keys = keys_s(segments.parts[0][0])
        assert all(any(abs(key - n) < CLOCK_S for key in keys) for n in range(5))
        assert len(truth.frames(segments.parts[0][0], "v:0", "null")) == 125
    [codecs] = {one.about.codecs.split(".")[0] for one in variants(local(output.url))}
    assert codecs == {"h265": "hvc1", "vp9": "vp09", "av1": "av01"}[codec]


async def test_files_of_segments_and_an_own_sound(tmp_path: Path) -> None:
    """One file a segment; two sounds; one stream without a picture; none above the source."""
    source = make("offset.ts", tmp_path)
    streams = [*ladder("h264", 25, 128), {"remove_video": True, "audio": {"bitrate_kbps": 24, "channels": 1}}]
    streams += [{"video": {"height": 240}, "audio": {"bitrate_kbps": 96}}]
    wanted = adaptive(1, "hls", streams, segment_type="mp4-segment", disable_higher_video_resolution=True)
    done = await run(source, tmp_path, [wanted], tuning=LOSSLESS)
    output = output_of(done)
    assert [(one.type, one.width) for one in output.sub_streams] == [("video", 128), ("audio", 0), ("audio", 0)]
    assert output.notes[-1] == "left out: 1 of the streams, above the source's resolution or bit rate"
    picture, alone = variants(local(output.url))
    assert picture.sound and not alone.about.resolution and alone.about.codecs == "mp4a.40.2"
    assert len({path for path, _, _ in listed(picture.playlist).parts}) == 5
    same_pictures(picture.playlist, source, 128, 72, 25)
    assert truth.samples(alone.playlist, "a:0") > 5 * 44100
    written = [path for path in local(output.url).parent.iterdir() if path.is_file()]
    assert output.size_bytes == sum(path.stat().st_size for path in written)


async def test_sound_without_a_picture(tmp_path: Path) -> None:
    alone = [{"remove_video": True, "audio": {"bitrate_kbps": 48}}]
    wanted = [adaptive(1, "hls", ladder()), adaptive(2, "hls", [*ladder(), *alone])]
    done = await run(clips.SOUND_ONLY, tmp_path, wanted, tuning=FAST)
    assert done.failed["adaptive_dynamic_streaming-1"].code == SOURCE_NO_VIDEO
    output = output_of(done, 2)
    assert [stream.type for stream in output.sub_streams] == ["audio"]
    assert output.notes[-1] == "left out: 2 of the streams, the source has no picture"
