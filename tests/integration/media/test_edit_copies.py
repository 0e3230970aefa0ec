"""Edits that join pictures as they are: only where that is exact."""

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from contracts.units import MergeWork
from services.transcoder.encoders import Tuning
from tests.media import truth
from tests.media.edits import edit, edited, generated, matches
from tests.media.flows import planned_edit, run_edit

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")
CLOCK_S = 0.002
RATE = 48000
ONE_THREAD = ("-filter_complex_threads", "1")
WIDE = (
    "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -f lavfi -i sine=f=440:r=48000:d=2 -c:v libx264 -preset ultrafast -g 12 "
    "-bf 2 -c:a pcm_s16le -ac 2"
)
SMALL = (
    "-f lavfi -i testsrc2=s=128x96:r=25:d=1.2 -f lavfi -i sine=f=700:r=22050:d=0.7 -ac 1 -c:a pcm_s16le "
    "-c:v libx264 -preset ultrafast -bf 2 -g 10"
)
MUTE = "-f lavfi -i smptebars=s=64x120:r=12:d=1 -c:v libx264 -preset ultrafast"


async def test_a_copy_of_one_input_is_quick_and_about_right(tmp_path: Path) -> None:
    source = generated(WIDE.replace("pcm_s16le", "aac"), tmp_path / "film.mp4")
    told, path = edited(await run_edit(edit((source, 0.7, 1.5), type="fast"), tmp_path, tuning=FAST))
    assert told.copied and told.video is not None and told.video.frames >= 20
    wanted = {one.digest for one in truth.frames(source, "v:0", "null")}
    assert {one.digest for one in truth.frames(path, "v:0", "null")} <= wanted


SAME = "-f lavfi -i testsrc2=s=128x96:r=25:d={} -f lavfi -i sine=f=700:r={}:d={} -pix_fmt yuv420p -g 10 -c:a aac"
H264, H265 = (
    "-c:v libx264 -preset veryfast -bf 3",
    "-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none",
)


@pytest.mark.parametrize("codec", [H264, H265])
async def test_clips_of_the_same_parameters_are_joined_as_they_are(codec: str, tmp_path: Path) -> None:
    """Eleven of them, one with a name that means something in a list: every picture as it was, at its time."""
    lengths = [Fraction(n, 25) for n in (10, 25, 13, 1, 30, 10, 12, 17, 11, 10, 20)]
    sources = [
        generated(f"{SAME.format(float(s), 22050 if n % 2 else 48000, float(s))} {codec}", tmp_path / f"{n}.mp4")
        for n, s in enumerate(lengths)
    ]
    sources[4] = sources[4].rename(tmp_path / "it's 4.mp4'\nfile 'no.mp4")
    done = await run_edit(edit(*((path, 0, 0) for path in sources)), tmp_path, tuning=FAST)
    told, path = edited(done)
    assert told.copied and not told.notes and not done.inexact
    matches(truth.frames(path, "v:0", "null"), [truth.frames(one, "v:0", "null") for one in sources], lengths)
    assert complaints(path) == b""
    assert abs(truth.samples(path, "a:0") - float(sum(lengths)) * RATE) <= 2048
    assert told.video is not None and told.video.frames == sum(lengths) * 25


async def test_windows_between_closed_groups_are_cut_by_copying(tmp_path: Path) -> None:
    """From a key picture to another, to the end, from the start; elsewhere, and in open groups, they are encoded."""
    size = f"{SAME.format(2, 48000, 2)} {H264} -sc_threshold 0"
    closed, other = (generated(size, tmp_path / f"{name}.mp4") for name in ("closed", "other"))
    asked = edit((closed, 0.4, 1.2), (other, 1.19, 0), (closed, 0, 0), (other, 0, 0.39), (closed, -0.4, 0))
    told, path = edited(await run_edit(asked, tmp_path, tuning=FAST))
    assert told.copied and not told.notes
    windows = ["trim=0.4:1.2,", "trim=1.2,", "", "trim=0:0.39,", "trim=1.6,"]
    sources = [closed, other, closed, other, closed]
    lengths = [Fraction(4, 5), Fraction(4, 5), Fraction(2), Fraction(39, 100), Fraction(2, 5)]
    pieces = [
        truth.frames(source, "v:0", f"{window}setpts=PTS-STARTPTS")
        for source, window in zip(sources, windows, strict=True)
    ]
    matches(truth.frames(path, "v:0", "null"), pieces, lengths)
    assert complaints(path) == b""
    assert abs(truth.samples(path, "a:0") - float(sum(lengths)) * RATE) <= 2048
    opened = generated(f"{size} -x264-params open-gop=1", tmp_path / "open.mp4")
    for source, window in ((closed, (0.44, 0.8)), (closed, (0.4, 0.84)), (opened, (0.4, 0.8))):
        _, made = await planned_edit(edit((source, *window)), tmp_path)
        notes = [unit.work.notes for unit in made.units if isinstance(unit.work, MergeWork) and not unit.fallback]
        assert notes == [["encoded: inputs.0 is cut where pictures need others"]]


def complaints(made: Path) -> bytes:
    """What ffmpeg says while it decodes a file."""
    argv = ["ffmpeg", "-v", "warning", "-nostdin", "-i", f"file:{made}", "-f", "null", "-"]
    return subprocess.run(argv, capture_output=True, check=True).stderr


async def test_what_only_looks_the_same_is_encoded(tmp_path: Path) -> None:
    """The same size, rate and codec, but other parameter sets."""
    one, two = (
        generated(f"{SAME.format(1, 48000, 1)} {H264} -refs {refs}", tmp_path / f"{refs}.mp4") for refs in (1, 4)
    )
    told, path = edited(await run_edit(edit((one, 0, 0), (two, 0, 0)), tmp_path / "other", tuning=LOSSLESS))
    assert not told.copied and told.notes == ["encoded: inputs.1 is coded otherwise than inputs.0"]
    wanted = [frame.digest for source in (one, two) for frame in truth.frames(source, "v:0", "null")]
    assert [frame.digest for frame in truth.frames(path, "v:0", "null")] == wanted
