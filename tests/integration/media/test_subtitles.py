"""Soft subtitles: texts and times of a result's cues against those of its source, cut or not, window or not."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import AudioParameters, TranscodeParameters, VideoParameters
from contracts.subtasks import SubtitleOutput, Transcode, TranscodeOutput
from services.transcoder.encoders import Tuning
from shared.cues import Cue, read
from tests.media import flows
from tests.media.asked import rendition
from tests.media.attempt import existing

CLIPS = Path(__file__).parents[2] / "media" / "clips"
FAST = Tuning(preset="ultrafast")
SUBRIP = """1
00:00:00,200 --> 00:00:00,900
early

2
00:00:00,950 --> 00:00:01,450
<i>across</i> the first

3
00:00:01,500 --> 00:00:01,800
inside
two lines

4
00:00:01,800 --> 00:00:02,600
across the second

5
00:00:02,700 --> 00:00:02,900
late
"""
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment
Style: Default,Arial,16,&H00FFFFFF,0,0,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.10,0:00:01.90,Default,,0,0,0,,drei {\\b1}Wörter{\\b0}, hier
Dialogue: 0,0:00:01.50,0:00:02.30,Default,,0,0,0,,und zwei
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with two text tracks: English, and German by default; the German lines overlap."""
    place = tmp_path_factory.mktemp("subtitles")
    (place / "en.srt").write_text(SUBRIP)
    (place / "de.ass").write_text(ASS)
    made = place / "film.mkv"
    inputs = ["-f", "lavfi", "-i", "testsrc2=s=128x72:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3"]
    texts = ["-i", place / "en.srt", "-i", place / "de.ass", "-c:s:0", "subrip", "-c:s:1", "ass"]
    tags = ["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger"]
    flags = ["-disposition:s:0", "0", "-disposition:s:1", "default+forced"]
    maps = ["-map", "0", "-map", "1", "-map", "2", "-map", "3"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-c:a", "aac"]
    _run("ffmpeg", "-v", "error", *inputs, *texts, *maps, *codecs, *tags, *flags, made)
    return made


@pytest.mark.parametrize("chunks", [0, 3])
async def test_of_the_whole_source(film: Path, tmp_path: Path, chunks: int) -> None:
    done = await flows.run(film, tmp_path, [_mp4(), _webm(), _flv(), _sound()], chunks=chunks, tuning=FAST)
    assert not done.failed and not done.inexact
    mp4, webm, flv, sound = (_output(done, number) for number in (1, 2, 3, 4))
    assert (mp4.chunks > 1) == bool(chunks)

    for output, codec in ((mp4, "mov_text"), (webm, "webvtt")):
        assert output.subtitles == [SubtitleOutput(codec=codec, language=one) for one in ("eng", "ger")]
        assert output.notes == []
        told = _streams(existing(output.url))
        assert [(one["codec_name"], one["tags"]["language"]) for one in told] == [(codec, "eng"), (codec, "ger")]
        assert told[1]["disposition"]["default"] == 1
    assert [_streams(existing(webm.url))[n]["disposition"]["forced"] for n in (0, 1)] == [0, 1]
    for output in (flv, sound):
        assert output.subtitles == []
        assert output.notes == [
            f"left out: subtitle track {n} ({what})" for n, what in ((2, "subrip, eng"), (3, "ass, ger"))
        ]

    _assert_alike(_shown(existing(mp4.url), 0), _shown(film, 0))
    _assert_alike(_shown(existing(webm.url), 0), _shown(film, 0))
    _assert_alike(_shown(existing(webm.url), 1), _shown(film, 1))
    first, both, last = _cues(existing(mp4.url), 1)
    assert [_bare(cue.text) for cue in (first, both, last)] == [
        "drei Wörter, hier",
        "drei Wörter, hier\nund zwei",
        "und zwei",
    ]


@pytest.mark.parametrize("chunks", [0, 4])
async def test_of_a_window(film: Path, tmp_path: Path, chunks: int) -> None:
    done = await flows.run(film, tmp_path, [_mp4((1.0, 2.0))], chunks=chunks, tuning=FAST)
    output = _output(done, 1)
    assert (output.chunks > 1) == bool(chunks)
    assert output.duration_s == pytest.approx(1.0, abs=0.05)
    late = _cues(film, 0)[0].start_ms - 200
    expected = [
        Cue(0, 450 + late, "<i>across</i> the first"),
        Cue(500 + late, 800 + late, "inside\ntwo lines"),
        Cue(800 + late, 1000, "across the second"),
    ]
    _assert_alike(_cues(existing(output.url), 0), expected)


async def test_tracks_without_a_word_in_the_window_are_told_of(film: Path, tmp_path: Path) -> None:
    done = await flows.run(film, tmp_path, [_mp4((0.0, 1.0))], chunks=0, tuning=FAST)
    output = _output(done, 1)
    assert [one.language for one in output.subtitles] == ["eng"]
    assert output.notes == ["left out: subtitle track 3 (ass, ger): no text could be read for this part of the source"]


@pytest.mark.parametrize("window", [(0.0, 0.0), (1.0, 2.0)])
async def test_of_a_remux(film: Path, tmp_path: Path, window: tuple[float, float]) -> None:
    copied = TranscodeParameters(video=VideoParameters(codec="copy"), audio=AudioParameters(codec="copy"))
    asked = _mp4(window).model_copy(update={"definition": 875, "parameters": copied})
    done = await flows.run(film, tmp_path, [asked], tuning=FAST)
    output = _output(done, 1)
    assert [one.codec for one in output.subtitles] == ["mov_text", "mov_text"]
    assert output.video is not None and output.video.codec == "h264"
    if window == (0.0, 0.0):
        _assert_alike(_shown(existing(output.url), 0), _shown(film, 0))
    else:
        assert [cue.text for cue in _cues(existing(output.url), 0)] == [
            "<i>across</i> the first",
            "inside\ntwo lines",
            "across the second",
        ]


@pytest.mark.parametrize("chunks", [0, 2])
async def test_of_an_mp4(tmp_path: Path, chunks: int) -> None:
    source = CLIPS / "22_mov_text_subtitle.mp4"
    done = await flows.run(source, tmp_path, [_mp4(), _webm()], chunks=chunks, tuning=FAST)
    mp4, webm = _output(done, 1), _output(done, 2)
    assert [_bare(cue.text) for cue in _cues(source, 0)] == ["oop", "boop"]
    _assert_alike(_shown(existing(mp4.url), 0), _shown(source, 0))
    _assert_alike(_shown(existing(webm.url), 0), _shown(source, 0))


async def test_damaged_subtitles_fail_nothing(film: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mkv"
    _break(film, broken)
    for chunks in (0, 2):
        done = await flows.run(broken, tmp_path / str(chunks), [_mp4()], chunks=chunks, tuning=FAST)
        output = _output(done, 1)
        assert output.video is not None and output.video.frames == 75
        assert [one.language for one in output.subtitles][-1:] == ["ger"]
        assert any("subtitle" in note for note in output.notes)


def _break(film: Path, broken: Path) -> None:
    whole = film.read_bytes()
    for text in (b"early", b"across the second", b"inside", b"<i>across", b"late"):
        assert text in whole
        whole = whole.replace(text, b"\xff" * len(text))
    broken.write_bytes(whole)


def _mp4(window: tuple[float, float] = (0, 0)) -> Transcode:
    return rendition(1, window=window)


def _webm() -> Transcode:
    video = VideoParameters(codec="vp9", width=128, resolution_adaptive="close")
    sound = AudioParameters(codec="opus", sample_rate_hz=48000)
    return _as(2, TranscodeParameters(container="webm", video=video, audio=sound))


def _flv() -> Transcode:
    return _as(3, TranscodeParameters(container="flv", video=VideoParameters(width=128, resolution_adaptive="close")))


def _sound() -> Transcode:
    return _as(4, TranscodeParameters(container="m4a", remove_video=True))


def _as(number: int, parameters: TranscodeParameters) -> Transcode:
    return rendition(number).model_copy(update={"parameters": parameters})


def _output(done: flows.Done, number: int) -> TranscodeOutput:
    assert not done.failed
    output = done.rendition(number)
    return output


def _run(*argv: object) -> str:
    return subprocess.run([str(one) for one in argv], check=True, capture_output=True, text=True).stdout


def _streams(path: Path) -> list[dict[str, Any]]:
    entries = "stream=codec_name:stream_tags=language:stream_disposition=default,forced"
    told = _run("ffprobe", "-v", "error", "-select_streams", "s", "-show_entries", entries, "-of", "json", path)
    streams: list[dict[str, Any]] = json.loads(told)["streams"]
    return streams


def _cues(path: Path, number: int) -> list[Cue]:
    """The cues of a subtitle track, times as the file has them."""
    return read(_run("ffmpeg", "-v", "error", "-copyts", "-i", path, "-map", f"0:s:{number}", "-f", "srt", "-"))


def _shown(path: Path, number: int) -> list[Cue]:
    """The same with times from the first picture: WebM makes room for Opus's lead-in before everything."""
    entries = ["-select_streams", "v", "-show_entries", "stream=start_time", "-of", "csv=p=0"]
    first_ms = round(float(_run("ffprobe", "-v", "error", *entries, path)) * 1000)
    return [Cue(cue.start_ms - first_ms, cue.end_ms - first_ms, cue.text) for cue in _cues(path, number)]


def _bare(text: str) -> str:
    """Without ffmpeg's marks of style."""
    return "".join(part.partition(">")[2] if n else part for n, part in enumerate(text.split("<")))


def _assert_alike(made: list[Cue], source: list[Cue]) -> None:
    assert [_bare(cue.text) for cue in made] == [_bare(cue.text) for cue in source]
    for one, other in zip(made, source, strict=True):
        assert one.start_ms == pytest.approx(other.start_ms, abs=2)
        assert one.end_ms == pytest.approx(other.end_ms, abs=2)
