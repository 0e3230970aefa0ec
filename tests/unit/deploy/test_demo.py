from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from contracts.flows import FlowAccepted, FlowFinished, FlowView, Input, Outcome, Output
from contracts.subtasks import (
    PictureOutput,
    SampledSnapshotOutput,
    SpriteOutput,
    SubtaskState,
    SubtaskView,
    TranscodeOutput,
    VideoOutput,
)
from deploy.local.demo import CLIP, readable, wish
from deploy.local.demo_view import Board, made, results, size_text
from deploy.local.errors import StackError

START = datetime(2026, 11, 21, 10, tzinfo=UTC)

RENDITION = SubtaskView(
    subtask_id="transcode-1",
    kind="transcode",
    definition=100010,
    state=SubtaskState.SUCCESS,
    progress_percent=100,
    output=TranscodeOutput(
        url="file:///out/my%20film.mp4",
        container="mp4",
        size_bytes=1_234_567,
        duration_s=30.0,
        bitrate_kbps=329.2,
        video=VideoOutput(codec="h264", width=640, height=360, frames=720),
    ),
    started_at=START,
    ended_at=START + timedelta(seconds=10),
)
PICTURES = SubtaskView(
    subtask_id="sampled_snapshot-1",
    kind="sampled_snapshot",
    definition=10,
    state=SubtaskState.SUCCESS,
    output=SampledSnapshotOutput(
        sample_type="percent",
        sample_interval=10,
        pictures=[
            PictureOutput(url=f"file:///out/{n}.jpg", time_s=n, width=640, height=360, size_bytes=1000) for n in (0, 3)
        ],
    ),
)
SPRITE = SubtaskView(
    subtask_id="image_sprite-1",
    kind="image_sprite",
    definition=10,
    state=SubtaskState.SUCCESS,
    output=SpriteOutput(
        width=142,
        height=80,
        rows=10,
        columns=10,
        tiles=3,
        sheet_urls=["s3://b/s.jpg"],
        vtt_url="s3://b/s.vtt",
        size_bytes=9,
    ),
)
FAILED = SubtaskView(
    subtask_id="transcode-2",
    kind="transcode",
    definition=100020,
    state=SubtaskState.FAILED,
    code="InputError",
    message="no picture",
)


def test_what_the_demo_asks_for() -> None:
    asked = wish(Path("/in/my film.mkv"), Path("/da ta/storage")).model_dump(exclude_unset=True, mode="json")
    assert asked == {
        "input": {"url": "file:///in/my%20film.mkv"},
        "output": {"storage": "file:///da%20ta/storage/demo/my%20film/"},
        "tasks": {
            "transcode": [{"definition": 100010}, {"definition": 100020}, {"definition": 100030}],
            "sampled_snapshot": [{"definition": 10}],
            "image_sprite": [{"definition": 10}],
        },
        "notify": {"mode": "change"},
    }


def test_the_clip_is_there() -> None:
    assert readable(CLIP).stat().st_size > 1_000_000


def test_a_missing_file_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no such file"):
        readable(tmp_path / "none.mp4")


def test_rows_of_each_kind_of_result() -> None:
    assert made(RENDITION) == (["my film.mp4"], "1.23 MB", "640x360", "30.00 s")
    assert made(PICTURES) == (["0.jpg", "3.jpg"], "2 kB", "640x360", "2 pictures")
    assert made(SPRITE) == (["s.jpg", "s.vtt"], "0 kB", "142x80", "3 tiles")
    assert made(FAILED) == (["failed InputError no picture"], "", "", "")


def test_sizes_for_people() -> None:
    assert [size_text(size) for size in (0, 1500, 999_999, 1_000_000)] == ["0 kB", "2 kB", "1000 kB", "1.00 MB"]


def test_the_table_and_the_bars_bear_every_kind() -> None:
    flow = FlowView(
        flow_id="0" * 32,
        state="finished",
        outcome=Outcome.PARTIAL,
        input=Input(url="file:///in.mp4"),
        output=Output(storage="file:///out/"),
        created_at=START,
        subtasks=[RENDITION, PICTURES, SPRITE, FAILED],
    )
    accepted = FlowAccepted(flow_id=flow.flow_id, input=flow.input, output=flow.output, subtasks=[], accepted_at=START)
    console = Console(record=True, width=200)
    with Board(console, accepted) as board:
        board.show(FlowFinished(flow=flow))
        board.show("something that a later version says")
    console.print(results(flow))
    text = console.export_text()
    assert "my film.mp4" in text
    assert "InputError no picture" in text
