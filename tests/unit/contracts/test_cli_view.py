"""A flow as text, in full, from the golden messages."""

import io
import json

from rich.console import Console

from contracts.catalog import CATALOG
from contracts.cli.bars import Bars
from contracts.cli.lines import Lines
from contracts.cli.view import flow_lines
from contracts.flows import FlowFinished
from contracts.model import Model
from contracts.schemas import GOLDEN

EVENTS = [
    "flow.accepted.v1",
    "flow.started.v1",
    "subtask.started.v1",
    "flow.progressed.v1",
    "subtask.finished.v1",
    "flow.finished.v1",
]

SHOWN = """\
flow 0123456789abcdef0123456789abcdef partial
  s3://media/in/movie.mp4 -> s3://media/out/
  transcode-1 (100020) success
    s3://media/out/movie.100020.mp4  960x540, 30.00 s, 4,012,345 bytes
    the source has no color information: bt709 assumed
  snapshot_by_time_offset-1 (10) success
    s3://media/out/snap_0.jpg  at 3.500 s
    s3://media/out/snap_1.jpg  at 28.030 s
  sampled_snapshot-1 (10) success
    s3://media/out/snap_2.jpg  at 0.000 s
    s3://media/out/snap_3.jpg  at 3.003 s
  image_sprite-1 (10) success
    s3://media/out/sprite_0.jpg
    s3://media/out/sprite.vtt
  transcode-2 (100030) failed InternalError.NoProgress no progress for 600 s
  animated_graphic-1 (20000) success
    s3://media/out/movie_animatedGraphic_20000.gif  960x540, 7 pictures, 3.50 s, 812,345 bytes
  cover_by_snapshot-1 (10) success
    s3://media/out/movie_coverBySnapshot_10.jpg  at 15.000 s
  then mobile of transcode-1 waiting flow 1123456789abcdef0123456789abcdef
  then mobile of transcode-2 refused flow 2123456789abcdef0123456789abcdef \
InvalidParameter.ProcedureNameNotExist there is no procedure 'mobile'
"""


def console() -> Console:
    return Console(file=io.StringIO(), markup=False, highlight=False, width=200, force_terminal=False)


def printed(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return "\n".join(line.rstrip() for line in out.file.getvalue().splitlines()) + "\n"


def data(key: str) -> Model:
    return CATALOG[key].read(json.loads((GOLDEN / f"{key}.json").read_text())["data"])


def test_a_flow_with_every_kind_of_result() -> None:
    out = console()
    finished = data("flow.finished.v1")
    assert isinstance(finished, FlowFinished)
    for line in flow_lines(finished.flow):
        out.print(line)
    assert printed(out) == SHOWN


def test_lines_for_each_change() -> None:
    out = console()
    with Lines(out) as board:
        for key in EVENTS:
            board.show(key, data(key))
    assert printed(out) == (
        "started: mov,mp4,m4a,3gp,3g2,mj2, 30.0 s\n"
        "transcode-1 (100020): processing\n"
        "transcode-1 (100020): success\n"
    )  # fmt: skip


def test_bars_end_with_the_last_state_of_each() -> None:
    out = console()
    with Bars(out) as board:
        for key in EVENTS:
            board.show(key, data(key))
    rows = printed(out).splitlines()
    assert [row.split("━")[0].strip() for row in rows if "━" in row] == [
        "flow",
        "transcode-1 (100020)",
        "snapshot_by_time_offset-1 (10)",
        "sampled_snapshot-1 (10)",
        "image_sprite-1 (10)",
        "animated_graphic-1 (20000)",
        "cover_by_snapshot-1 (10)",
        "transcode-2 (100030)",
    ]
    assert rows[0].endswith("100.0 % partial")
    assert rows[7].endswith("42.5 % failed InternalError.NoProgress")
