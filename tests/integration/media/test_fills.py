"""What becomes of another aspect, by the pixels: bars, a blurred copy or a stretched picture, in every format."""

import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from contracts.parameters import (
    FillType,
    PictureFormat,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
)
from contracts.subtasks import (
    Cover,
    CoverOutput,
    ImageSprite,
    SampledSnapshot,
    SampledSnapshotOutput,
    Snapshot,
    SnapshotOutput,
    Subtask,
    SubtaskOutput,
)
from services.transcoder.encoders import Tuning
from tests.media import asked, moving
from tests.media.flows import run

WIDTH, HEIGHT = 64, 64
BARS = 14
"""Rows of bar above and below a 16:9 picture in a square of 64."""
FORMATS: list[PictureFormat] = ["jpg", "png", "webp"]
FILLS: list[FillType] = ["black", "white", "gauss", "stretch"]
RED = (254, 0, 0)
Pixel = tuple[int, int, int]


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of red, with a blue left half: 16:9."""
    path = tmp_path_factory.mktemp("fills") / "red.mkv"
    graph = "color=red:s=320x180:r=10:d=1,drawbox=w=160:h=180:color=blue:t=fill"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", graph, "-c:v", "ffv1", "-pix_fmt", "gbrp", f"file:{path}"]
    subprocess.run(argv, check=True)
    return path


def _subtasks(fill: FillType, form: PictureFormat) -> list[Subtask]:
    """Every kind of still there is, in a square."""
    shape = {"format": form, "fill_type": fill, "width": WIDTH, "height": HEIGHT}
    still = SnapshotParameters.model_validate(shape)
    sampled = SampledSnapshotParameters.model_validate(shape | {"sample_type": "percent", "sample_interval": 50})
    kinds: list[Subtask] = [
        Snapshot(subtask_id="snapshot_by_time_offset-1", definition=10, parameters=still, time_offsets=["0.5s"]),
        SampledSnapshot(subtask_id="sampled_snapshot-1", definition=10, parameters=sampled),
        asked.cover().model_copy(update={"parameters": still}),
    ]
    if fill in ("black", "stretch"):
        sheet = {"sample_type": "percent", "sample_interval": 50, "rows": 1, "columns": 1}
        parameters = SpriteParameters.model_validate(shape | sheet)
        kinds.append(ImageSprite(subtask_id="image_sprite-1", definition=10, parameters=parameters))
    assert any(isinstance(kind, Cover) for kind in kinds)
    return kinds


def _urls(output: SubtaskOutput) -> list[str]:
    if isinstance(output, SnapshotOutput | SampledSnapshotOutput):
        assert {(one.width, one.height) for one in output.pictures} == {(WIDTH, HEIGHT)}
        return [picture.url for picture in output.pictures]
    return [output.url] if isinstance(output, CoverOutput) else list(getattr(output, "sheet_urls", []))


def _close(found: Pixel, wanted: Pixel, by: int = 24) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def _bar(fill: FillType, found: Pixel) -> bool:
    """Whether a pixel at the right end of the first row is as the fill says."""
    if fill in ("black", "white"):
        return _close(found, (0, 0, 0) if fill == "black" else (255, 255, 255), 8)
    return _close(found, RED)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("fill", FILLS)
async def test_fills(fill: FillType, form: PictureFormat, red: Path, tmp_path: Path) -> None:
    done = await run(red, tmp_path, _subtasks(fill, form), tuning=Tuning())
    assert not done.failed and not done.inexact
    urls = [url for output in done.outputs.values() for url in _urls(output)]
    assert len(urls) == (6 if fill in ("black", "stretch") else 4)
    for url in urls:
        path = Path(unquote(url.removeprefix("file://")))
        assert path.suffix == f".{form}"
        (raw,) = moving.pixels(path, "null")
        assert len(raw) == WIDTH * HEIGHT * moving.BYTES

        def at(x: int, y: int, raw: bytes = raw) -> Pixel:
            start = (y * WIDTH + x) * moving.BYTES
            return (raw[start], raw[start + 1], raw[start + 2])

        assert _close(at(8, HEIGHT // 2), (0, 0, 254)) and _close(at(WIDTH - 8, HEIGHT // 2), RED), url
        for row in (0, BARS - 3, HEIGHT - BARS + 2, HEIGHT - 1):
            assert _bar(fill, at(WIDTH - 1, row)), (url, row, at(WIDTH - 1, row))
        blurred = at(WIDTH // 2 + 2, 1)
        assert (_close(blurred, RED, 60)) is (fill == "stretch"), (url, blurred)
        assert (40 < blurred[0] < 215 and 40 < blurred[2] < 215) is (fill == "gauss"), (url, blurred)
        inside = (BARS + 3, HEIGHT - BARS - 4)
        assert all(_close(at(WIDTH - 8, row), RED) for row in inside)


async def test_an_animation_is_framed_in_black(red: Path, tmp_path: Path) -> None:
    wanted = asked.animation("gif", 2)
    parameters = wanted.parameters.model_copy(update={"width": 128, "height": 128})
    done = await run(red, tmp_path, [wanted.model_copy(update={"parameters": parameters})], tuning=Tuning())
    (output,) = done.outputs.values()
    raw = moving.read(Path(unquote(getattr(output, "url", "").removeprefix("file://")))).pictures[0]
    assert raw[:3] == b"\0\0\0"
    middle = (64 * 128 + 120) * moving.BYTES
    assert _close((raw[middle], raw[middle + 1], raw[middle + 2]), RED)
