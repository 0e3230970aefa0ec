"""Edits: every picture of every window in its place, as one pass over its own source makes it, its sound beside it."""

import itertools
import math
import subprocess
from array import array
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from contracts.codes import INVALID_TIME_OFFSET, SOURCE_NO_VIDEO, SOURCE_NOT_ACCESSIBLE
from services.planner import chunks as cutting
from services.planner.look_probing import Looked
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import clips, flows, truth
from tests.media.edits import CLOCK_S, edit, edited, generated, matches
from tests.media.flows import looked as look_at
from tests.media.flows import run_edit
from tests.media.sources import make

LOSSLESS, FAST = Tuning(preset="ultrafast", lossless=True), Tuning(preset="ultrafast")
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


def shown(source: Path, window: str, filters: str, length_s: Fraction, fps: int = 0) -> list[truth.Frame]:
    """One pass over a source's window; at a rate its last picture stays to the end."""
    rate = f"fps={fps}," if fps else ""
    made = truth.frames(
        source, "v:0", f"{window}setpts=PTS-STARTPTS,{rate}{filters},setsar=1,format=yuv420p", *ONE_THREAD
    )
    if fps:
        count = int(length_s * fps)
        made += [made[-1]] * (count - len(made))
        made = [truth.Frame(n / fps, one.digest) for n, one in enumerate(made[:count])]
    return made


def box(width: int, height: int, inside: tuple[int, int]) -> str:
    """Scaled to the size inside, black bars around it."""
    return f"scale={inside[0]}:{inside[1]}:flags=bicubic,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"


@pytest.mark.parametrize("chunks", [0, 30])
async def test_windows_of_one_rate_keep_every_picture_at_its_time(
    chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the middle, a single picture, from the end back, a whole; of another shape, with other sound and none."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    wide, small = generated(WIDE, tmp_path / "wide.mkv"), generated(SMALL, tmp_path / "small.mkv")
    asked = edit((wide, 0.5, 1.5), (small, 0.4, 0.44), (wide, -0.3, -0.1), (small, 0, 0))
    done = await run_edit(asked, tmp_path, chunks=chunks, tuning=LOSSLESS)
    assert not done.inexact
    assert any(unit.unit_id == "video-0-input-0-chunk-1" for unit in done.plan.units) is (chunks > 0)
    told, path = edited(done)
    windows = ["trim=0.5:1.5,", "trim=0.4:0.44,", "trim=1.7:1.9,", ""]
    lengths = [Fraction(49, 50), Fraction(1, 25), Fraction(9, 50), Fraction(6, 5)]
    filters = ["scale=160:90", box(160, 90, (120, 90))] * 2
    sources = [wide, small, wide, small]
    pieces = [shown(*one) for one in zip(sources, windows, filters, lengths, strict=True)]
    matches(truth.frames(path, "v:0", "null"), pieces, lengths)
    assert [(one.frames, one.start_s, one.end_s) for one in told.inputs] == [
        (25, 0.52, 1.5),
        (1, 0.4, 0.44),
        (5, 1.72, pytest.approx(1.9)),
        (30, 0.0, None),
    ]
    assert (told.base, told.copied) == (0, False)
    assert abs(truth.samples(path, "a:0") - float(sum(lengths)) * RATE) <= 1024 + RATE // 100


async def test_inputs_of_different_rates_are_brought_to_the_bases(tmp_path: Path) -> None:
    """A clip stored lying down is the largest; NTSC and a clip without sound follow it at its rate."""
    film, mute = make("ntsc.mov", tmp_path), generated(MUTE, tmp_path / "mute.mp4")
    size = {"width": 144, "height": 256, "resolution_adaptive": "close"}
    asked = edit((film, 1, 2), (clips.PORTRAIT, 0, 0.5), (mute, 0, 0), video={**size, "fps": 30, "fill_type": "white"})
    done = await run_edit(asked, tmp_path, tuning=LOSSLESS)
    told, path = edited(done)
    assert (told.base, [one.frames for one in told.inputs]) == (1, [24, 15, 12])
    made = truth.frames(path, "v:0", "null")
    _, index = await probe(film)
    assert index is not None
    first_s = index.pts[index.at_or_after(1)] * index.time_base
    counts = [math.ceil((2 - first_s) * 30), 15, 30]
    assert len(made) == sum(counts)
    assert all(abs(one.time_s - n / 30) <= CLOCK_S for n, one in enumerate(made))
    first = whitened(film, "trim=1:2,setpts=PTS-STARTPTS,", (144, 80))
    assert [one.digest for one in made[: counts[0] - 1]] == [one.digest for one in first[: counts[0] - 1]]
    upright = "trim=0:0.5,setpts=PTS-STARTPTS,fps=30,scale=144:256:flags=bicubic,setsar=1,format=yuv420p"
    middle = truth.frames(clips.PORTRAIT, "v:0", upright, *ONE_THREAD)
    shown_portrait = made[counts[0] : counts[0] + 15]
    assert [one.digest for one in shown_portrait[:14]] == [one.digest for one in middle[:14]]
    last = whitened(mute, "", (136, 256))
    assert [one.digest for one in made[-30:]] == [one.digest for one in last]


def whitened(source: Path, window: str, inside: tuple[int, int]) -> list[truth.Frame]:
    """At 30 a second on white, in the colours of an HD film."""
    scale = f"scale={inside[0]}:{inside[1]}:flags=bicubic:in_color_matrix=bt601:out_color_matrix=bt709"
    shape = f"{scale},pad=144:256:(ow-iw)/2:(oh-ih)/2:color=white,setsar=1,format=yuv420p"
    return truth.frames(source, "v:0", f"{window}fps=30,{shape}", *ONE_THREAD)


def pcm(path: Path) -> "array[int]":
    """Its sound in one channel."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1", "-ar", str(RATE)]
    return array("h", subprocess.run([*argv, "-f", "s16le", "-"], capture_output=True, check=True).stdout)


def peaks(sound: "array[int]") -> list[float]:
    """Moments at which something begins after silence, in seconds."""
    found: list[float] = []
    for n, value in enumerate(sound):
        if abs(value) > 3000 and (not found or n / RATE - found[-1] > 0.06):
            found.append(n / RATE)
    return found


async def test_sound_stays_beside_its_pictures_at_every_border(tmp_path: Path) -> None:
    """A tick every 0.1 s, of 48 kHz stereo and of 22 kHz mono, in twelve windows: nothing adds up."""
    tick = r"aevalsrc=if(between(mod(t\,0.1)\,0.05\,0.052)\,0.9*sin(2*PI*1500*t)\,0):s={}:d=2"
    picture = "-f lavfi -i testsrc2=s=64x64:r=24000/1001:d=2 -f lavfi -i"
    coded = "-c:v libx264 -preset ultrafast -c:a pcm_s16le"
    one = generated(f"{picture} {tick.format(48000)} {coded} -ac 2", tmp_path / "one.mkv")
    two = generated(f"{picture} {tick.format(22050)} {coded}", tmp_path / "two.mkv")
    windows = [(source, start, start + 0.33) for start in (0.11, 0.5, 1.07) for source in (one, two)] * 2
    told, path = edited(await run_edit(edit(*windows), tmp_path, tuning=FAST))
    heard = peaks(pcm(path))
    begin, wanted = 0.0, []
    for taken, (_, _, end) in zip(told.inputs, windows, strict=True):
        length = end - taken.start_s
        ticks = [n / 10 + 0.05 for n in range(20)]
        wanted += [begin + at - taken.start_s for at in ticks if taken.start_s + 0.006 < at < end - 0.01]
        begin += length
    assert len(heard) == len(wanted) > 30
    assert max(abs(a - b) for a, b in zip(heard, wanted, strict=True)) < 0.0015
    assert abs(told.duration_s - begin) < 0.05


async def test_cuts_do_not_click_and_silence_is_silent(tmp_path: Path) -> None:
    """Loud low tones, cut where they are loudest, fall to nothing at each cut; a clip without sound is silent."""
    tone = "-f lavfi -i color=gray:s=64x64:r=25:d=1 -f lavfi -i sine=f=50:b=0:r=48000:d=1 -af volume=8 -c:a pcm_s16le"
    loud, mute = generated(f"{tone} -c:v libx264", tmp_path / "loud.mkv"), generated(MUTE, tmp_path / "mute.mp4")
    asked = edit(
        (loud, 0.2, 0.6),
        (loud, 0.04, 0.36),
        (mute, 0, 0.5),
        (loud, 0, 0),
        video={"fps": 25},
        audio={"bitrate_kbps": 256},
    )
    _, path = edited(await run_edit(asked, tmp_path, tuning=FAST))
    sound = pcm(path)
    borders = [round(at * RATE) for at in (0, 0.4, 0.72, 1.24)]
    assert max(sound) > 20000
    for border in borders:
        around = sound[max(0, border - 24) : border + 24]
        assert max(map(abs, around)) < 5000
    assert max(map(abs, sound[round(0.74 * RATE) : round(1.22 * RATE)])) < 40
    steps = max(abs(a - b) for a, b in itertools.pairwise(sound))
    assert steps < 2 * 32768 * 2 * 3.1416 * 50 / RATE + 600


async def test_playlists_break_at_lines_of_the_whole(tmp_path: Path) -> None:
    source = generated("-f lavfi -i testsrc2=s=64x64:r=10:d=4 -c:v libx264 -preset ultrafast", tmp_path / "long.mp4")
    told, path = edited(await run_edit(edit((source, 0.5, 4), (source, 0, 0), container="hls"), tmp_path, tuning=FAST))
    text = path.read_text()
    assert [line for line in text.splitlines() if line.startswith("#EXTINF")] == [
        "#EXTINF:6.000000,",
        "#EXTINF:1.500000,",
    ]
    assert told.video is not None and told.video.frames == 75 and told.audio is None


async def test_a_wrong_index_leads_to_pieces_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One input has a picture that its index does not know of."""
    source = make("ntsc.mov", tmp_path)

    async def wrong(url: str) -> Looked:
        looked = await look_at(url)
        assert looked.index is not None
        spoilt = [pts for n, pts in enumerate(looked.index.pts) if n != 13]
        return replace(looked, index=replace(looked.index, pts=spoilt))

    monkeypatch.setattr(flows, "looked", wrong)
    done = await run_edit(edit((source, 2, 2.4), (source, 0.5, 1.5)), tmp_path, tuning=FAST)
    told, path = edited(done)
    assert len(done.inexact) == 1
    made = truth.frames(path, "v:0", "null")
    assert len(made) == pytest.approx(10 + 24, abs=1)
    assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))
    assert told.video is not None and told.video.frames == len(made)


async def test_an_input_at_fault_is_named(tmp_path: Path) -> None:
    good = generated(SMALL, tmp_path / "small.mkv")
    gone = tmp_path / "gone.mp4"
    for asked, code, said in (
        (edit((good, 0, 0), (gone, 0, 0)), SOURCE_NOT_ACCESSIBLE, f"inputs.1 (file://{gone})"),
        (edit((good, 0, 0), (clips.SOUND_ONLY, 0, 0)), SOURCE_NO_VIDEO, "inputs.1"),
        (edit((good, 0, 2), (good, 0, 0)), INVALID_TIME_OFFSET, "it is 1.2 s long"),
        (edit((good, 0, 0), (good, -1.5, 0)), INVALID_TIME_OFFSET, "inputs.1"),
        (edit((good, 0, 0), (good, 0.41, 0.43)), INVALID_TIME_OFFSET, "inputs.1"),
    ):
        done = await run_edit(asked, tmp_path / "nothing", tuning=FAST)
        [error] = done.failed.values()
        assert (error.code, done.plan.units, done.outputs) == (code, [], {}) and said in error.message
    assert not (tmp_path / "nothing").exists()
