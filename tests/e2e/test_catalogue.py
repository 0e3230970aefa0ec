"""Other codecs and containers, copies and refusals, through the running services."""

from typing import Any

import pytest

from contracts.errors import Refused
from tests.e2e import sources
from tests.e2e.desk import SMALL, Desk, failures, path_of, rendition
from tests.media import truth

OPUS = {"codec": "opus", "sample_rate_hz": 48000}
VP9 = SMALL["video"] | {"codec": "vp9"}
TASKS: list[dict[str, Any]] = [
    {"definition": 510, "override": SMALL},
    {
        "definition": 100010,
        "override": {"container": "webm", "video": VP9, "audio": OPUS},
    },
    {"definition": 100810, "override": {"video": {"height": 180}, "tehd": {"max_video_bitrate_kbps": 300}}},
    {"definition": 1110},
    {"definition": 1010},
    {"definition": 875},
]
CODECS = [("hevc", "aac"), ("vp9", "opus"), ("h264", "aac"), (None, "aac"), (None, "mp3"), ("h264", "aac")]
CONTAINERS = ["mp4", "webm", "mp4", "m4a", "mp3", "mp4"]


async def test_each_kind(desk: Desk) -> None:
    view = await desk.done(sources.TEST_CARD, {"transcode": TASKS})
    assert view.outcome == "success", failures(view)
    for number, (codecs, container) in enumerate(zip(CODECS, CONTAINERS, strict=True), start=1):
        made = rendition(view, number)
        picture, sound = made.video.codec if made.video else None, made.audio.codec if made.audio else None
        assert (picture, sound, made.container) == (*codecs, container)
        assert path_of(made.url).suffix == f".{container}"
        if made.video:
            assert len(truth.frames(path_of(made.url), "v:0", "null")) == made.video.frames > 0


async def test_what_mp4_cannot_hold_is_told(desk: Desk) -> None:
    view = await desk.done(sources.BUNNY, {"transcode": [{"definition": 875}]})
    assert failures(view) == {"transcode-1": "SourceFileError.ContentUnsupported"}


async def test_what_does_not_fit_is_refused_by_its_name(desk: Desk) -> None:
    asked = {"transcode": [{"definition": 100010, "override": {"container": "webm"}}]}
    with pytest.raises(Refused) as caught:
        await desk.submit(sources.TEST_CARD, asked)
    assert (caught.value.code, caught.value.field) == (
        "InvalidParameterValue",
        "tasks.transcode.0.override.video.codec",
    )
    assert "which takes vp9, av1" in caught.value.message
