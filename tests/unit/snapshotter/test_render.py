"""Picture units to ffmpeg commands, expressions and WebVTT."""

from fractions import Fraction
from pathlib import Path

import pytest

from contracts.units import Framing, PicturesWork, Sheets, Shot, Source, VideoIn
from services.snapshotter.choice import by_pts, by_time
from services.snapshotter.frames import batches, needed
from services.snapshotter.render import scan, seek
from services.snapshotter.vtt import vtt

TILE = Framing(width=64, height=36, scale_width=64, scale_height=36, fill="stretch")
SHOTS = [Shot(time_s=0, start=None, end=20), Shot(time_s=1, start=980, end=1020, seek_s=0.5)]
WORK = PicturesWork(
    subtask_id="s",
    source=Source(url="file:///in.mp4", size_bytes=1),
    video=VideoIn(index=0, time_base=Fraction(1, 1000)),
    method="scan",
    shots=SHOTS,
    framing=TILE,
)


def _filters(argv: list[str]) -> str:
    return argv[argv.index("-filter_complex") + 1]


def test_scan_stops_behind_its_last_picture() -> None:
    made = scan(WORK, Path("/in.mp4"), SHOTS, Path("/w/%d.jpg"))
    assert _filters(made) == (
        "[0:0]trim=end_pts=1020[s0];[s0]select=if(lt(pts\\,980)\\,lt(pts\\,20)\\,gte(pts\\,980)*lt(pts\\,1020))[s1];"
        "[s1]scale=64:36:flags=bicubic[s2];[s2]setsar=1[s3];[s3]format=yuvj420p[s4]"
    )
    assert made[-2:] == ["file:/w/%d.jpg", "-y"]


def test_seek_shares_a_decode_among_shots_behind_the_same_key() -> None:
    shots = [*SHOTS, SHOTS[1].model_copy(update={"start": 1020, "end": None})]
    made = seek(WORK, Path("/in.mp4"), shots, [Path(f"/w/{n}.jpg") for n in range(3)])
    assert made.count("-i") == 2
    assert made.count("-frames:v") == 3
    assert "split=2" in _filters(made)


def test_keys_alone() -> None:
    made = scan(WORK.model_copy(update={"method": "keys"}), Path("/in.mp4"), SHOTS, Path("/w/%d.jpg"))
    assert made[made.index("-skip_frame:v") + 1] == "nokey"
    assert made.index("-skip_frame:v") < made.index("-i")


def test_expressions() -> None:
    assert by_pts(SHOTS) == "if(lt(pts,980),lt(pts,20),gte(pts,980)*lt(pts,1020))"
    assert by_pts([Shot(time_s=0, start=None, end=None)]) == "1"
    assert by_time([0.0, 1.5]) == ("if(lt(ld(0),2)*gte(t+1e-6,if(lt(ld(0),1),0.000000,1.500000)),st(0,ld(0)+1),0)")


def test_shots_on_the_same_picture_need_it_once() -> None:
    work = WORK.model_copy(update={"shots": [SHOTS[1], SHOTS[0], SHOTS[1]]})
    wanted = needed(work)
    assert (wanted.frames, wanted.of_shot) == ([SHOTS[0], SHOTS[1]], [1, 0, 1])
    assert [len(batch) for batch in batches(work.model_copy(update={"method": "seek"}), SHOTS * 10)] == [12, 8]


def test_vtt() -> None:
    sheets = Sheets(
        rows=1,
        columns=2,
        urls=["s3://b/o/a b_0.jpg", "s3://b/o/a b_1.jpg"],
        vtt_url="s3://b/o/a b.vtt",
        end_s=3661.5,
    )
    assert vtt([0, 10, 20], TILE, sheets) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\na%20b_0.jpg#xywh=0,0,64,36\n\n"
        "00:00:10.000 --> 00:00:20.000\na%20b_0.jpg#xywh=64,0,64,36\n\n"
        "00:00:20.000 --> 01:01:01.500\na%20b_1.jpg#xywh=0,0,64,36\n"
    )


@pytest.mark.parametrize(
    ("sheet", "text", "expected"),
    [
        ("s3://b/o/s/a:1.jpg", "s3://b/o/a.vtt", "s/a%3A1.jpg"),
        ("file:///o/a%20b/0.jpg", "file:///o/t/u/a.vtt", "../../a%20b/0.jpg"),
        ("s3://b/o/a%20b.jpg", "s3://b/o/o/a.vtt", "../a%2520b.jpg"),
    ],
)
def test_sheets_in_other_directories(sheet: str, text: str, expected: str) -> None:
    sheets = Sheets(rows=1, columns=1, urls=[sheet], vtt_url=text, end_s=1)
    assert f"\n{expected}#xywh=" in vtt([0], TILE, sheets)
