"""Two fields in a picture become one whole picture, the same whether cut or not; no comb in stills and animations."""

from pathlib import Path

import pytest

from contracts.parameters import SnapshotParameters
from contracts.subtasks import AnimatedGraphicOutput, Snapshot, SnapshotOutput, TranscodeOutput
from contracts.units import PicturesWork
from services.planner import chunks as cutting
from services.planner.plan import plan
from services.planner.planned import Fleet
from services.snapshotter.handlers import take
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import asked, moving, truth
from tests.media.attempt import LocalAttempt, existing
from tests.media.flows import accepted, run
from tests.media.shaped import interlaced

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
WHOLE = "bwdif=mode=send_frame:deint=interlaced"
SIZE = "scale=128:76:flags=bicubic,setsar=1,format=yuv420p"


@pytest.mark.parametrize("bottom_first", [False, True], ids=["top first", "bottom first"])
async def test_cut_or_not(bottom_first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a rate, at the source's times, and a window of it."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = interlaced(tmp_path, bottom_first=bottom_first)
    wanted = [asked.rendition(1, 25), asked.rendition(2), asked.rendition(3, window=(0.7, 1.5))]
    one_pass = truth.frames(source, "v:0", f"{WHOLE},{SIZE}")
    assert len(one_pass) == 50
    for chunks in (0, 5):
        done = await run(source, tmp_path / f"{chunks}", wanted, chunks=chunks, tuning=LOSSLESS)
        assert not done.inexact and not done.failed
        for subtask_id, output in done.outputs.items():
            assert isinstance(output, TranscodeOutput)
            made = truth.frames(existing(output.url), "v:0", "null")
            window = subtask_id == "transcode-3"
            expected = [one for one in one_pass if 0.7 <= one.time_s < 1.5] if window else one_pass
            assert [frame.digest for frame in made] == [frame.digest for frame in expected]
            assert output.chunks > 1 or not chunks or window


@pytest.mark.parametrize("method", ["scan", "seek"])
async def test_stills(method: str, tmp_path: Path) -> None:
    source = interlaced(tmp_path)
    media, index = await probe(source)
    assert index is not None
    keys = [f"{index.seconds(key) - media.start_s:.3f}s" for key in index.keys]
    wanted = Snapshot(
        subtask_id="snapshot_by_time_offset-1",
        definition=10,
        parameters=SnapshotParameters(format="png", fill_type="stretch"),
        time_offsets=[*keys, "0.9s", "100%"],
    )
    work = plan(accepted(source, tmp_path / "out", [wanted]), media, index, Fleet()).units[0].work
    assert isinstance(work, PicturesWork) and work.method != "keys"
    attempt = LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "unit")
    made = await take(work.model_copy(update={"method": method}), attempt)
    assert isinstance(made.output, SnapshotOutput)
    shown = truth.frames(source, "v:0", f"{WHOLE},scale=in_color_matrix=bt601,format=rgb24")
    for picture in made.output.pictures:
        (got,) = truth.frames(existing(picture.url), "v:0", "format=rgb24")
        expected = [one for one in shown if one.time_s <= picture.time_s + 1e-4]
        assert got.digest == expected[-1].digest


async def test_an_animation(tmp_path: Path) -> None:
    source = interlaced(tmp_path)
    done = await run(source, tmp_path, [asked.animation("gif", 5)], tuning=Tuning())
    made = moving.read(existing(done.result("animated_graphic-1", AnimatedGraphicOutput).url))
    assert len(made.pictures) == 10
    combed = moving.pixels(source, "fps=5")
    assert all(
        _comb(one, made.width) < 0.25 * _comb(other, made.width)
        for one, other in zip(made.pictures, combed, strict=True)
    )


def _comb(picture: bytes, width: int) -> float:
    """How much neighbouring rows differ in the upper half, where they show the same."""
    row = width * moving.BYTES
    return sum(
        moving.distance(picture[y * row : y * row + row], picture[(y + 1) * row : (y + 2) * row]) for y in range(48)
    )
