"""Heads and tails: each piece as one pass over its own source makes it, in its place, with its sound at its side."""

import itertools
import subprocess
from array import array
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from contracts.codes import SOURCE_MALFORMED, SOURCE_NOT_ACCESSIBLE
from contracts.head_tails import HeadTailParameters
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode, TranscodeOutput
from contracts.units import AudioEncode, EncodeOutput, TranscodeWork
from services.planner import chunks as cutting
from services.planner.clip_probing import probe_clips
from services.transcoder.encoders import Tuning
from services.transcoder.handlers import transcode
from shared.media import probe
from tests.media import asked, clips, flows, truth
from tests.media.attempt import LocalAttempt, existing, file_url
from tests.media.flows import Done, run
from tests.media.sources import make

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")
CLOCK_S = 0.002
RATE = 48000
"""Of the film's sound: no resampling blurs where a sample lies."""
AS_THE_FILM = ":in_color_matrix=bt709:out_color_matrix=bt601"
AS_AN_HD_FILM = ":in_color_matrix=bt601:out_color_matrix=bt709"
"""The tail is HD and tells so; the film is small and tells nothing, which means BT.601."""
AS_CHUNKS = ("-filter_complex_threads", "1")
"""A conversion between matrices rounds differently on several threads."""
FPS = {"transcode-1": Fraction(25), "transcode-2": None}
HEAD = (
    "-f lavfi -i testsrc2=s=200x100:r=30:d=1.03 -f lavfi -i sine=f=1000:r=22050:d=0.7 -ac 1 -c:a pcm_s16le "
    "-c:v libx264 -preset ultrafast -bf 2 -g 10"
)
SILENT = "-f lavfi -i smptebars=s=64x120:r=12:d=1 -c:v libx264 -preset ultrafast"


def generate(options: str, path: Path) -> Path:
    argv = ["ffmpeg", "-v", "error", "-nostdin", *options.split(), f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def with_clips(one: Transcode, *added: dict[str, Any]) -> Transcode:
    """A rendition with clips around it."""
    put = [HeadTailParameters.model_validate(clip) for clip in added]
    return one.model_copy(update={"head_tails": put})


def path(done: Done, subtask_id: str) -> Path:
    output = done.rendition(subtask_id)
    return Path(unquote(output.url.removeprefix("file://")))


async def row(sources: list[Path], work: Path, rows: list[Transcode], chunks: int, tuning: Tuning = LOSSLESS) -> Done:
    """A film (the second of three) between a head and a tail."""
    head, film, tail = sources
    added = {"heads": [file_url(head)], "tails": [file_url(tail)]}
    return await run(film, work, [with_clips(one, added) for one in rows], chunks=chunks, tuning=tuning)


async def lengths(sources: list[Path], fps: Fraction | None) -> list[Fraction]:
    """How long each source's pictures are on show, in whole ticks where there is a rate."""
    found = []
    for source in sources:
        _, index = await probe(source)
        assert index is not None
        exact = (index.end_pts - index.pts[0]) * index.time_base
        found.append(Fraction(int(exact * fps + Fraction(1, 2)), 1) / fps if fps else exact)
    return found


def expected(
    source: Path, fps: Fraction | None, length_s: Fraction, size: tuple[int, int], colours: str = ""
) -> list[truth.Frame]:
    """One pass over a source; at a rate, its last picture stays to the end."""
    rate = f"fps={fps}," if fps else ""
    scale = f"scale={size[0]}:{size[1]}:flags=bicubic{colours},setsar=1,format=yuv420p"
    shown = truth.frames(source, "v:0", f"setpts=PTS-STARTPTS,{rate}{scale}", *AS_CHUNKS)
    if fps:
        count = int(length_s * fps)
        shown += [shown[-1]] * (count - len(shown))
        shown = [truth.Frame(float(n / fps), one.digest) for n, one in enumerate(shown[:count])]
    return shown


@pytest.mark.parametrize("chunks", [0, 40])
async def test_every_piece_is_as_its_own_source_makes_it(
    chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head of another size, rate and sound; a tail that is stored lying down."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    done = await row(sources, tmp_path, [asked.rendition(1, 25), asked.rendition(2)], chunks)
    assert not done.failed and not done.inexact
    assert any(unit.unit_id == "video-0-chunk-2" for unit in done.plan.units) is (chunks > 0)
    for subtask_id, fps in FPS.items():
        output = done.rendition(subtask_id)
        assert output.video is not None and output.audio is not None
        size = (output.video.width, output.video.height)
        shown_s = await lengths(sources, fps)
        colours = ("", "", AS_THE_FILM)
        pieces = [
            expected(one, fps, length, size, more) for one, length, more in zip(sources, shown_s, colours, strict=True)
        ]
        made = truth.frames(path(done, subtask_id), "v:0", "null")
        assert output.video.frames == len(made)
        assert [one.digest for one in made] == [one.digest for piece in pieces for one in piece]
        starts = itertools.accumulate(shown_s, initial=Fraction(0))
        times = [float(start) + one.time_s for start, piece in zip(starts, pieces, strict=False) for one in piece]
        assert all(abs(one.time_s - time_s) <= CLOCK_S for one, time_s in zip(made, times, strict=True))
        assert abs(output.duration_s - float(sum(shown_s))) < 0.05
        assert abs(truth.samples(path(done, subtask_id), "a:0") / 44100 - float(sum(shown_s))) < 0.05


def pcm(source: Path, *options: str) -> "array[int]":
    """A source's first sound track in 16 bits, stereo."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{source}", *options, "-map", "0:a:0"]
    made = subprocess.run([*argv, "-ar", str(RATE), "-ac", "2", "-f", "s16le", "-"], capture_output=True, check=True)
    return array("h", made.stdout)


def close(found: "array[int]", wanted: "array[int]", by: int = 2) -> bool:
    """Whether samples are the same but for rounding."""
    return len(found) == len(wanted) and all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


async def test_each_sound_lies_beside_its_pictures_to_the_sample(tmp_path: Path) -> None:
    """Late sound, sound that ends early, no sound; the film's as in a rendition of its own."""
    head, film = generate(HEAD, tmp_path / "head.mkv"), make("late_sound.mp4", tmp_path)
    sources = [head, film, generate(SILENT, tmp_path / "silent.mp4")]
    added = {"heads": [file_url(head)], "tails": [file_url(sources[2])]}
    _, made = await flows.planned(film, tmp_path / "out", [with_clips(asked.rendition(1, 25), added)])
    work = next(unit.work for unit in made.units if unit.unit_id == "video-0-sound")
    assert isinstance(work, TranscodeWork)
    raw = EncodeOutput(name="raw", container="wav", audio=AudioEncode(codec="pcm16", sample_rate_hz=RATE, channels=2))
    attempt = LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "sound")
    result = await transcode(work.model_copy(update={"outputs": [raw]}), attempt)
    heard = pcm(existing(result.files[0].url))

    shown_s = await lengths(sources, Fraction(25))
    places = [round(place * RATE) for place in itertools.accumulate(shown_s, initial=Fraction(0))]
    parts = [heard[2 * start : 2 * stop] for start, stop in itertools.pairwise(places)]
    assert len(heard) == 2 * places[-1]
    own = pcm(head)
    assert close(parts[0][: len(own)], own) and not any(parts[0][len(own) :]) and len(own) < len(parts[0])
    late = round(truth.start_s(film, "a:0") * RATE)
    lone = pcm(film)
    assert not any(parts[1][: 2 * late - 4]) and any(parts[1][2 * late : 2 * late + 2000])
    best = min(range(-1, 2), key=lambda by: _difference(parts[1], lone, 2 * (late + by)))
    assert _difference(parts[1], lone, 2 * (late + best)) <= 2
    assert not any(parts[2])


def _difference(heard: "array[int]", lone: "array[int]", start: int) -> int:
    part = heard[start : start + len(lone)]
    return max(abs(a - b) for a, b in zip(part, lone, strict=False))


def complaints(made: Path) -> bytes:
    """What ffmpeg says while it decodes every picture."""
    argv = ["ffmpeg", "-v", "warning", "-nostdin", "-i", f"file:{made}", "-map", "0:v", "-fps_mode", "passthrough"]
    argv += ["-enc_time_base", "1/90000", "-f", "null", "-"]
    return subprocess.run(argv, capture_output=True, check=True).stderr


@pytest.mark.parametrize("kind", ["h264", "h265", "vp9", "av1"])
async def test_pieces_of_all_rates_share_one_header(kind: str, tmp_path: Path) -> None:
    """As encoded in practice, each at its own rate: the whole is decoded without a complaint, every picture of it."""
    audio = {"codec": "opus", "sample_rate_hz": 48000} if kind in ("vp9", "av1") else {"codec": "aac"}
    container = "webm" if kind in ("vp9", "av1") else "mp4"
    video = {"codec": kind, "bitrate_kbps": 200, "width": 320, "height": 180, "resolution_adaptive": "close"}
    parameters = {"container": container, "video": video, "audio": audio}
    one = asked.rendition(1).model_copy(update={"parameters": TranscodeParameters.model_validate(parameters)})
    fast = (
        "-f lavfi -i testsrc2=s=320x240:r=100:d=0.5 -c:v libx264 -preset ultrafast -colorspace bt709 -color_trc bt709"
    )
    sources = [
        generate(f"{fast} -color_primaries bt709", tmp_path / "fast.mp4"),
        generate(HEAD, tmp_path / "film.mkv"),
        generate(SILENT, tmp_path / "silent.mp4"),
    ]
    done = await row(sources, tmp_path, [one], 0, Tuning())
    assert not done.failed and not done.inexact
    assert complaints(path(done, "transcode-1")) == b""
    made = truth.frames(path(done, "transcode-1"), "v:0", "null")
    assert len(made) == 50 + 31 + 12
    assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))


async def test_the_nearest_aspect_fills_the_rest_as_asked(tmp_path: Path) -> None:
    """Of a wide and a tall candidate the tall one goes with a tall film; white beside what does not fill it."""
    wide, tall = generate(HEAD, tmp_path / "wide.mkv"), generate(SILENT, tmp_path / "tall.mp4")
    added = {"heads": [file_url(wide), file_url(tall)], "fill_type": "white"}
    first, then = with_clips(asked.rendition(1, 25, window=(0.5, 1)), added, added), asked.rendition(2, 25)
    done = await run(clips.PORTRAIT, tmp_path, [first, then], tuning=LOSSLESS)
    output = done.rendition()
    assert output.video is not None
    size = (output.video.width, output.video.height)
    inside = round(size[1] * 64 / 120 / 2) * 2
    shape = (
        f"scale={inside}:{size[1]}:flags=bicubic{AS_AN_HD_FILM},pad={size[0]}:{size[1]}:(ow-iw)/2:(oh-ih)/2:color=white"
    )
    wanted = truth.frames(tall, "v:0", f"fps=25,{shape},setsar=1,format=yuv420p", *AS_CHUNKS)
    made = truth.frames(path(done, "transcode-1"), "v:0", "null")
    assert inside < size[0]
    assert [one.digest for one in made[:50]] == [one.digest for one in wanted] * 2
    assert len(made) - 50 == pytest.approx(0.5 * 25, abs=1)
    assert isinstance(other := done.outputs["transcode-2"], TranscodeOutput) and other.chunks == 1


async def test_a_wrong_index_leads_to_pieces_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The film has a picture that the index does not know of: it is made in one chunk, between its head and tail."""

    async def wrong(file: Path) -> Any:
        media, index = await probe(file)
        assert index is not None
        return media, replace(index, pts=[pts for n, pts in enumerate(index.pts) if n != 3])

    monkeypatch.setattr(flows, "probe", wrong)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    done = await row(sources, tmp_path, [asked.rendition(1, 25), asked.rendition(2)], 0)
    assert len(done.inexact) == 1
    for subtask_id, frames in (("transcode-1", 26 + 125 + 52), ("transcode-2", 31 + 120 + 62)):
        output = done.rendition(subtask_id)
        assert output.video is not None
        assert output.video.frames == frames
        made = truth.frames(path(done, subtask_id), "v:0", "null")
        assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))


async def test_a_candidate_that_is_missing_fails_who_asks_for_it(tmp_path: Path) -> None:
    film = make("ntsc.mov", tmp_path)
    missing, broken = file_url(tmp_path / "none.mp4"), file_url(clips.BROKEN)
    renditions = [
        with_clips(asked.rendition(1), {"heads": [missing]}),
        with_clips(asked.rendition(2), {"tails": [file_url(film), broken]}),
        asked.rendition(3),
    ]
    done = await run(film, tmp_path, renditions, tuning=FAST)
    told = {name: (error.code, error.message) for name, error in done.failed.items()}
    assert set(told) == {"transcode-1", "transcode-2"} and set(done.outputs) == {"transcode-3"}
    assert told["transcode-1"][0] == SOURCE_NOT_ACCESSIBLE and missing in told["transcode-1"][1]
    assert told["transcode-2"][0] == SOURCE_MALFORMED and broken in told["transcode-2"][1]
    found = await probe_clips(flows.accepted(film, tmp_path, renditions), flows.fetched)
    assert set(found) == {missing, file_url(film), broken}
