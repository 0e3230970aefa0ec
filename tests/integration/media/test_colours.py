"""Whatever a source's numbers mean, results show its colours, and tell truthfully what theirs mean."""

import itertools
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import SnapshotParameters, TranscodeParameters
from contracts.subtasks import Cover, Subtask, Transcode
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from tests.media import asked, patches, truth
from tests.media.attempt import existing
from tests.media.flows import Done, run

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
NEAR = 6
"""Of 255: rounding of matrices, chroma at half resolution, lossy pictures."""
TOLD = ["pix_fmt", "color_range", "color_space", "color_transfer", "color_primaries"]
WEB = {"pix_fmt": "yuv420p", "color_range": "tv"}
BT709 = WEB | {"color_space": "bt709", "color_transfer": "bt709", "color_primaries": "bt709"}


def rendition(number: int = 1, **video: Any) -> Transcode:
    container = "webm" if video.get("codec") == "vp9" else "mp4"
    parameters = {
        "container": container,
        "remove_audio": True,
        "video": {"width": 192, "resolution_adaptive": "close", **video},
    }
    made = TranscodeParameters.model_validate(parameters)
    return Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=made)


def stills() -> list[Subtask]:
    forms = [("png", 1), ("jpg", 2), ("webp", 3)]
    covers: list[Subtask] = [
        Cover(
            subtask_id=f"cover_by_snapshot-{number}",
            definition=10,
            parameters=SnapshotParameters.model_validate({"format": form, "fill_type": "stretch"}),
            position_type="percent",
            position_value=0,
        )
        for form, number in forms
    ]
    return [*covers, asked.sprite().model_copy(update={"parameters": _tiles()}), asked.animation("gif", height=0)]


def _tiles() -> Any:
    return asked.sprite().parameters.model_copy(
        update={"rows": 1, "columns": 1, "width": 192, "height": 64, "fill_type": "stretch"}
    )


def told(path: Path) -> dict[str, str]:
    argv = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", f"stream={','.join(TOLD)}"]
    text = subprocess.run([*argv, "-of", "default=nk=0:nw=1", path], capture_output=True, text=True, check=True).stdout
    return dict(line.split("=", 1) for line in text.split())


def files(done: Done) -> dict[str, Path]:
    assert not done.failed and not done.inexact
    made = {}
    for name, output in done.outputs.items():
        fields = output.model_dump()
        made[name] = existing(fields.get("url") or fields["sheet_urls"][0])
    return made


@pytest.mark.parametrize("name", patches.KINDS)
async def test_the_same_colours(name: str, tmp_path: Path) -> None:
    source = patches.make(name, tmp_path)
    made = files(await run(source, tmp_path, [rendition(), *stills()], tuning=LOSSLESS))
    away = {kind: patches.away(patches.shown(path), patches.RGB) for kind, path in made.items()}
    assert max(away.values()) <= NEAR, away
    about = told(made["transcode-1"])
    assert {key: about[key] for key in WEB} == WEB
    small = name in ("bt601.mp4", "untold_small.mp4", "rgb.mkv")
    assert about["color_space"] == ("smpte170m" if small else "bt709")


@pytest.mark.parametrize("name", patches.HDR)
async def test_high_dynamic_range_is_mapped(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renditions, cut or not, and all pictures; bars beside it stay white."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = patches.make(name, tmp_path)
    boxed = rendition(2, height=128, fill_type="white")
    whole = files(await run(source, tmp_path / "whole", [rendition(), boxed, *stills()], tuning=LOSSLESS))
    inside = {"transcode-2": "crop=iw:64"}
    away = {
        kind: patches.away(patches.shown(path, inside.get(kind, "null")), patches.mapped())
        for kind, path in whole.items()
    }
    assert max(away.values()) <= NEAR, away
    assert told(whole["transcode-1"]) == told(whole["transcode-2"]) == BT709
    assert patches.shown(whole["transcode-2"], "crop=iw:32:0:0")[0] == (255, 255, 255)
    cut = await run(source, tmp_path / "cut", [rendition()], chunks=3, tuning=LOSSLESS)
    output = cut.rendition()
    assert output.chunks >= 2
    one, many = (
        truth.frames(whole["transcode-1"], "v:0", "null"),
        truth.frames(files(cut)["transcode-1"], "v:0", "null"),
    )
    assert [frame.digest for frame in one] == [frame.digest for frame in many]
    assert told(files(cut)["transcode-1"]) == BT709


@pytest.mark.parametrize("codec", ["h265", "vp9", "av1"])
async def test_high_dynamic_range_is_kept(codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = patches.make("pq.mp4", tmp_path)
    kept = rendition(1, codec=codec, preserve_hdr=True)
    for chunks in (0, 3):
        made = files(await run(source, tmp_path / f"{chunks}", [kept], chunks=chunks, tuning=LOSSLESS))["transcode-1"]
        about = told(made)
        assert about["pix_fmt"].startswith("yuv420p10")
        assert [about[key] for key in TOLD[2:]] == ["bt2020nc", "smpte2084", "bt2020"]
        one, other = (truth.frames(path, "v:0", "format=yuv420p10le") for path in (source, made))
        assert [frame.digest for frame in one] == [frame.digest for frame in other]


async def test_an_ordinary_source_stays_one(tmp_path: Path) -> None:
    """`preserve_hdr` on SDR is plain; ten bits may be asked for."""
    source = patches.make("full.mp4", tmp_path)
    wanted = [rendition(1, codec="h265", preserve_hdr=True), rendition(2, bit_depth=10)]
    plain, deep = itertools.islice(files(await run(source, tmp_path, wanted, tuning=LOSSLESS)).values(), 2)
    assert told(plain) == BT709
    assert told(deep) == BT709 | {"pix_fmt": "yuv420p10le"}
    assert max(patches.away(patches.shown(path), patches.RGB) for path in (plain, deep)) <= NEAR


@pytest.mark.parametrize("fill", ["black", "gauss"])
async def test_fills_keep_colours(fill: str, tmp_path: Path) -> None:
    source = patches.make("full.mp4", tmp_path)
    boxed = {"width": 192, "height": 128, "fill_type": fill, "resolution_adaptive": "close"}
    taken = [
        one.model_copy(update={"parameters": one.parameters.model_copy(update=boxed)})
        for one in stills()
        if isinstance(one, Cover)
    ]
    made = files(await run(source, tmp_path, taken, tuning=LOSSLESS))
    away = {kind: patches.away(patches.shown(path, "crop=iw:64"), patches.RGB) for kind, path in made.items()}
    assert max(away.values()) <= NEAR, away
    if fill == "black":
        assert all(patches.away([patches.shown(path, "crop=iw:32:0:0")[0]], [(0, 0, 0)]) <= 1 for path in made.values())
