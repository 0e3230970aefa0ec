"""Snapshots and sprites: as many as asked, the right ones, upright, whatever the source."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from contracts.parameters import SnapshotParameters
from contracts.subtasks import SampledSnapshotOutput, Snapshot, SnapshotOutput, SpriteOutput
from contracts.units import PicturesWork
from services.planner.plan import plan
from services.planner.planned import Fleet
from services.snapshotter.handlers import take
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import asked, clips, truth
from tests.media.attempt import LocalAttempt
from tests.media.flows import accepted, run
from tests.media.sources import make


def _path(url: str) -> Path:
    return Path(unquote(url.removeprefix("file://")))


@pytest.mark.parametrize("clip", clips.FRAMES, ids=lambda clip: clip.stem)
async def test_samples_and_sprite(clip: Path, tmp_path: Path) -> None:
    done = await run(clip, tmp_path, [asked.samples(25), asked.sprite(2)], tuning=Tuning())
    taken = done.result("sampled_snapshot-1", SampledSnapshotOutput)
    tiled = done.result("image_sprite-1", SpriteOutput)
    assert len(taken.pictures) == 4
    for picture in taken.pictures:
        assert done.media.video is not None
        upright = (done.media.video.display_width, done.media.video.display_height)
        assert truth.size(_path(picture.url)) == (picture.width, picture.height) == upright
    assert all(_path(url).stat().st_size for url in tiled.sheet_urls)
    cues = _path(tiled.vtt_url).read_text().count("-->")
    assert cues == tiled.tiles >= 1


@pytest.mark.parametrize("method", ["scan", "seek"])
@pytest.mark.parametrize(
    "name", ["vfr.mp4", "offset.ts", "open_gop.mkv", "one_frame.mp4", "ntsc.mov", "late_picture.mkv"]
)
async def test_the_picture_on_show(name: str, method: str, tmp_path: Path) -> None:
    source = make(name, tmp_path)
    times = ["0s", "40%", "40%", "1.234s" if name != "one_frame.mp4" else "0s", "100%"]
    wanted = Snapshot(
        subtask_id="snapshot_by_time_offset-1",
        definition=10,
        parameters=SnapshotParameters(format="png", fill_type="stretch"),
        time_offsets=times,
    )
    media, index = await probe(source)
    work = plan(accepted(source, tmp_path / "out", [wanted]), media, index, Fleet()).units[0].work
    assert isinstance(work, PicturesWork)
    attempt = LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "unit")
    made = await take(work.model_copy(update={"method": method}), attempt)
    assert isinstance(made.output, SnapshotOutput)
    late_s = truth.start_s(source, "v:0") - media.start_s
    shown = truth.expected(source, "v:0", "setpts=PTS-STARTPTS,format=rgb24")
    for picture in made.output.pictures:
        expected = [one for one in shown if one.time_s + late_s <= picture.time_s + 1e-4] or shown[:1]
        (got,) = truth.frames(_path(picture.url), "v:0", "format=rgb24")
        assert got.digest == expected[-1].digest


@pytest.mark.parametrize("name", ["ntsc.mov", "open_gop.mkv", "mpeg2.ts"])
async def test_key_pictures_alone(name: str, tmp_path: Path) -> None:
    source = make(name, tmp_path)
    media, index = await probe(source)
    assert index is not None
    wanted = Snapshot(
        subtask_id="snapshot_by_time_offset-1",
        definition=10,
        parameters=SnapshotParameters(format="png", fill_type="stretch"),
        time_offsets=[f"{index.seconds(key) - media.start_s + 0.01:.3f}s" for key in index.keys[1:4]],
    )
    work = plan(accepted(source, tmp_path / "out", [wanted]), media, index, Fleet()).units[0].work
    assert isinstance(work, PicturesWork)
    made = await take(
        work.model_copy(update={"method": "keys"}), LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "unit")
    )
    assert isinstance(made.output, SnapshotOutput)
    shown = truth.expected(source, "v:0", "format=rgb24")
    numbers = [index.pts.index(key) for key in index.keys[1:4]]
    for number, picture in zip(numbers, made.output.pictures, strict=True):
        (got,) = truth.frames(_path(picture.url), "v:0", "format=rgb24")
        assert got.digest == shown[number].digest


async def test_without_an_index_pictures_come_by_the_clock(tmp_path: Path) -> None:
    source = make("vfr.mp4", tmp_path)
    media, _ = await probe(source)
    work = plan(accepted(source, tmp_path / "out", [asked.samples(10)]), media, None, Fleet()).units[0].work
    assert isinstance(work, PicturesWork)
    made = await take(work, LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "unit"))
    assert isinstance(made.output, SampledSnapshotOutput)
    assert len({_path(picture.url).read_bytes() for picture in made.output.pictures}) == 10
