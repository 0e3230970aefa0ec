"""Marks in graphs: compared whole; no text of a user's is ever in one."""

import asyncio
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.drawings import Drawing
from contracts.units import EncodeOutput, Framing, PicturesWork, Shot, Source, TranscodeWork, VideoEncode, VideoIn
from contracts.watermarks import Mosaic, TextWatermark
from services.snapshotter.render import seek
from services.transcoder.beside import Beside
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command
from shared.layers import Canvas, prepared
from shared.overlay import Blocks, Drawn, Layer
from shared.placing import Box, placed, sized
from tests.media.attempt import LocalAttempt

MOSAIC = Drawing(mark=Mosaic(), zero_s=Fraction(0), start_s=Fraction(1), end_s=Fraction(2))
ALWAYS = Drawing(mark=Mosaic(), zero_s=Fraction(1, 2))
BOX = Box(2, 4, 42, 22)
STILL = Layer(ALWAYS, BOX, Path("/w/a.yuva"))
TICKING = Layer(ALWAYS, BOX, Path("/w/b.yuva"), 3, ((0, 0, 120_000),), 360_000)
FRAMING = Framing(width=64, height=36, scale_width=64, scale_height=36)


def graph(argv: list[str]) -> str:
    return argv[argv.index("-filter_complex") + 1]


def test_a_chunk_draws_before_its_times_are_moved() -> None:
    """An animation begins with the round that is on show where the chunk does: at tick 50 of 25, 2 s."""
    ending = MOSAIC.model_copy(update={"zero_s": Fraction(1)})
    marks: list[Drawn] = [Blocks(MOSAIC, Box(0, 0, 32, 32)), STILL, TICKING, Layer(ending, BOX, Path("/w/c.yuva"))]
    video = VideoEncode(framing=FRAMING, fps=Fraction(25), start=50, end=100, shift=50)
    track = VideoIn(index=0, time_base=Fraction(1, 1000))
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1), video=track, outputs=[EncodeOutput(name="a", video=video)]
    )
    made = command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning(), besides={"a": Beside(marks=marks)})
    assert graph(made) == (
        "[0:0]fps=25/1[s0];[s0]trim=end_pts=100:start_pts=50[s1];[s1]scale=64:36:flags=bicubic[s2];[s2]setsar=1[s3];"
        "[s3]format=yuv420p[s4];[s4]split=2[s5][s6];[s6]crop=32:32:0:0[s7];"
        "[s7]pixelize=enable=gte(t\\,0.999998000)*lt(t\\,1.999998000):h=8:w=8[s8];"
        "[s5][s8]overlay=format=yuv420:shortest=1:x=0:y=0[s9];"
        "[1:v]settb=1/1000000[s10];[s10]setpts=-1000000000000[s11];[s9][s11]overlay=format=yuv420:x=2:y=4[s12];"
        "[2:v]settb=1/1000000[s13];[s13]setpts=1939998+floor(N/3)*360000+(0+(mod(N\\,3)-0)*120000)[s14];"
        "[s12][s14]overlay=format=yuv420:shortest=1:x=2:y=4[s15];"
        "[3:v]settb=1/1000000[s16];[s16]setpts=if(N\\,1999998\\,999998)[s17];"
        "[s15][s17]overlay=format=yuv420:repeatlast=0:x=2:y=4[s18];[s18]settb=1/25[s19];[s19]setpts=PTS-(50)[s20];"
        "[s20]settb=1/90000[s21]"
    )
    raw = "-f rawvideo -video_size 42x22 -framerate 1 -pixel_format yuva420p"
    assert f"{raw} -i file:/w/a.yuva {raw} -stream_loop -1 -i file:/w/b.yuva {raw} -i file:/w/c.yuva" in " ".join(made)


def test_pictures_share_a_mark_s_input() -> None:
    shots = [Shot(time_s=n, start=1000 * n, end=1000 * n + 40, seek_s=float(n)) for n in (1, 2)]
    work = PicturesWork(
        subtask_id="s",
        source=Source(url="file:///in.mp4", size_bytes=1),
        video=VideoIn(index=0, time_base=Fraction(1, 1000)),
        method="seek",
        shots=shots,
        framing=FRAMING,
        format="png",
    )
    made = seek(work, Path("/in.mp4"), shots, [Path("/w/0.png"), Path("/w/1.png")], [STILL])
    assert made.count("-i") == 3 and made.count("file:/w/a.yuva") == 1
    assert graph(made).count("overlay") == 2 and graph(made).count("format=rgb24") == 2


def test_places() -> None:
    assert placed("bottom_right", 3, 5, (41, 20), (128, 72)) == Box(84, 47, 41, 20)
    assert Box(3, 5, 41, 20).even() == Box(2, 4, 42, 22)
    assert Box(-3, 70, 10, 20).on(128, 72) == Box(0, 70, 7, 2)
    assert Box(128, 0, 5, 5).on(128, 72) is None
    assert sized(0, 36, 40, 20) == (72, 36) and sized(0, 0, 40, 20) == (40, 20) and sized(8, 0, 1, 10_000) == (8, 8192)


NASTY = [
    "' : , [ ] ; % { } \\",
    "%{pts}",
    "\n-i\n/etc/passwd",
    "\0",
    "-vf",
    "file:/etc/passwd",
    "concat:a|b",
    "水'印",
    "=\\'",
]


async def _argv(text: str, directory: Path) -> list[str]:
    """The command of a rendition with a text on it, names of files made by the worker put aside."""
    mark = TextWatermark(content=text, font_type="arial.ttf", font_size="12px", x_pos="2px", y_pos="2px")
    attempt = LocalAttempt(directory / "unit", directory / "scratch", "t")
    drawn = await prepared([Drawing(mark=mark, zero_s=Fraction(0))], Canvas(64, 36), attempt, "0", 10)
    marks = [Layer(one.drawing, BOX, Path("/w/mark.yuva")) for one in drawn if isinstance(one, Layer)]
    assert len(marks) == 1 and isinstance(drawn[0], Layer)
    assert drawn[0].path == attempt.directory / "0-mark-1.yuva"
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1),
        video=VideoIn(index=0, time_base=Fraction(1, 1000)),
        outputs=[EncodeOutput(name="a", video=VideoEncode(framing=FRAMING))],
    )
    return command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning(), besides={"a": Beside(marks=marks)})


@settings(max_examples=40)
@given(st.text(max_size=100))
@example(NASTY[0])
@example(NASTY[1])
@example(NASTY[2])
@example(NASTY[3])
@example(NASTY[6])
@example(NASTY[7])
@example("one\u2028two\u2029three")
def test_whatever_a_text_is_the_command_is_the_same(text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        harmless = asyncio.run(_argv("harmless", Path(directory, "a")))
        assert asyncio.run(_argv(text, Path(directory, "b"))) == harmless


@settings(max_examples=100)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60).filter(
        lambda name: name.strip(".")
    )
)
@example("a'b:c,[d];%{e}\\=")
@example("-y")
def test_whatever_a_file_s_name_is_only_the_name_differs(name: str) -> None:
    """As one argument of its own, never in the graph."""
    path = Path("/in") / name
    work = TranscodeWork(
        source=Source(url="file:///in.mp4", size_bytes=1),
        video=VideoIn(index=0, time_base=Fraction(1, 1000)),
        outputs=[EncodeOutput(name="a", video=VideoEncode(framing=FRAMING))],
    )
    both = [
        command(work, source, {"a": Path(f"{source}.out")}, Tuning(), besides={"a": Beside(marks=[STILL])})
        for source in (path, Path("/in/harmless"))
    ]
    differ = [n for n, (a, b) in enumerate(zip(*both, strict=True)) if a != b]
    assert all(both[0][n].startswith("file:/in/") for n in differ)
    assert graph(both[0]) == graph(both[1])


@pytest.mark.parametrize("text", ["", " "])
def test_blank_text_draws_nothing_and_fails_nothing(text: str, tmp_path: Path) -> None:
    assert len(asyncio.run(_argv(text, tmp_path))) > 0
