"""Several tracks of everything: the right picture is chosen, and what is left out is told; clips of one picture."""

import subprocess
from pathlib import Path

import pytest

from contracts.subtasks import AnimatedGraphicOutput, CoverOutput, SampledSnapshotOutput, SpriteOutput, Subtask
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import asked, moving, truth
from tests.media.attempt import existing
from tests.media.flows import run
from tests.media.shaped import interlaced
from tests.media.sources import make

FAST = Tuning(preset="ultrafast")


def _ffmpeg(*argv: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *argv], check=True)


async def test_several_of_everything(tmp_path: Path) -> None:
    """First comes a picture that is not the default, then the one that is; the same with the sound."""
    cover, words, source = tmp_path / "cover.png", tmp_path / "words.srt", tmp_path / "many.mp4"
    _ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", str(cover))
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    inputs = ["color=green:s=96x64:r=10:d=1", "color=blue:s=160x96:r=10:d=1", "sine=440:d=1", "sine=880:d=1"]
    _ffmpeg(
        *(part for one in inputs for part in ("-f", "lavfi", "-i", one)),
        *("-i", str(words), "-i", str(cover)),
        *(part for number in (0, 1, 5, 2, 3, 4) for part in ("-map", str(number))),
        *(
            "-c:v",
            "libx264",
            "-c:v:2",
            "copy",
            "-c:s",
            "mov_text",
            "-disposition:v:0",
            "0",
            "-disposition:v:1",
            "default",
        ),
        *("-disposition:v:2", "attached_pic", "-disposition:a:0", "0", "-disposition:a:1", "default"),
        *("-metadata:s:a:0", "language=deu", "-metadata:s:s:0", "language=eng"),
        str(source),
    )
    done = await run(source, tmp_path, [asked.rendition(1), asked.cover()], tuning=FAST)
    assert done.media.video is not None and done.media.audio is not None
    assert (done.media.video.width, done.media.video.height) == (160, 96)
    output, still = done.rendition(), done.result("cover_by_snapshot-1", CoverOutput)
    for path in (existing(output.url), existing(still.url)):
        (blue, *_) = moving.pixels(path, "crop=2:2")
        assert blue[2] > 200 and max(blue[0], blue[1]) < 40
    (kept,) = (one for one in (await probe(existing(output.url)))[0].others if one.kind == "subtitle")
    assert (kept.codec, kept.language) == ("mov_text", "eng")
    told = "\n".join(output.notes)
    assert len(output.notes) == 3
    for lost in ("sound track", "deu", "video track", "cover track"):
        assert lost in told


@pytest.mark.parametrize("kind", ["one_frame", "one_interlaced", "short"])
async def test_short_clips(kind: str, tmp_path: Path) -> None:
    """A single picture, one of two fields, and less than a second: everything can be made of them."""
    if kind == "one_frame":
        source = make("one_frame.mp4", tmp_path)
    elif kind == "one_interlaced":
        source = tmp_path / "one.mp4"
        _ffmpeg("-i", str(interlaced(tmp_path)), "-frames:v", "1", "-c", "copy", str(source))
    else:
        source = tmp_path / "short.mp4"
        _ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.2", "-c:v", "libx264", str(source))
    wanted: list[Subtask] = [asked.rendition(1, 25), asked.rendition(2), asked.samples(50), asked.sprite(1)]
    wanted += [asked.animation("gif"), asked.cover()]
    done = await run(source, tmp_path / "work", wanted, tuning=FAST)
    assert not done.failed and not done.inexact
    count = 5 if kind == "short" else 1
    for name in ("transcode-1", "transcode-2"):
        output = done.rendition(name)
        assert len(truth.frames(existing(output.url), "v:0", "null")) == count
    assert len(done.result("sampled_snapshot-1", SampledSnapshotOutput).pictures) == 2
    assert done.result("image_sprite-1", SpriteOutput).tiles == 1
    assert done.result("animated_graphic-1", AnimatedGraphicOutput).frames == 1
