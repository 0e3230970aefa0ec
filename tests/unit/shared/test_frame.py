"""A picture's filters, whole: fields, colours, tone mapping."""

from fractions import Fraction
from typing import Any

import ffmpeg
import pytest

from contracts.colours import RGB, SDR, STILL, Colours
from contracts.units import Framing, VideoIn
from shared.frame import framed, picture_options, tagged, whole_pictures

SIZE = Framing(width=640, height=360, scale_width=640, scale_height=360)
BARS = Framing(width=640, height=640, scale_width=640, scale_height=360, fill="gauss")
PQ = Colours(matrix="bt2020nc", transfer="smpte2084", primaries="bt2020")
NTSC = Colours(matrix="smpte170m", transfer="smpte170m", primaries="smpte170m")
TRACK = VideoIn(index=0, time_base=Fraction(1, 600))
SCALED = "scale=640:360:flags=bicubic"
TO_LIGHT = (
    "zscale=min=bt2020nc:npl=100:p=bt709:pin=bt2020:rin=tv:t=linear:tin=smpte2084,format=gbrpf32le,"
    "tonemap=mobius:desat=0:peak=10.0,zscale=m=bt709:r=tv:t=bt709,format=yuv444p10le"
)


def graph(stream: Any) -> str:
    """The filters' text without the names of links."""
    argv = ffmpeg.compile(ffmpeg.output(stream, "out"))
    links = argv[argv.index("-filter_complex") + 1].split(";")
    return ",".join(link[link.rindex("]", 0, link.rindex("[")) + 1 : link.rindex("[")] for link in links)


def shown(source: Colours | None, target: Colours | None, pixels: str) -> str:
    return graph(framed(ffmpeg.input("in")["0"], SIZE, pixels, source, target)).removesuffix(
        f",setsar=1,format={pixels}"
    )


@pytest.mark.parametrize(
    ("source", "target", "pixels", "expected"),
    [
        (None, None, "yuv420p", SCALED),
        (SDR, SDR, "yuv420p", SCALED),
        (PQ, PQ, "yuv420p10le", SCALED),
        (SDR.model_copy(update={"full": True}), SDR, "yuv420p", "scale=640:360:flags=bicubic:in_range=pc:out_range=tv"),
        (
            SDR,
            STILL,
            "yuvj420p",
            "scale=640:360:flags=bicubic:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc"
            ",format=yuvj420p",
        ),
        (NTSC, RGB, "rgb24", f"{SCALED}:in_color_matrix=bt601,format=rgb24"),
        (PQ, SDR, "yuv420p", f"{SCALED},format=yuv444p10le,{TO_LIGHT}"),
        (PQ, RGB, "rgb24", f"{SCALED},format=yuv444p10le,{TO_LIGHT},scale=in_color_matrix=bt709,format=rgb24"),
        (
            PQ.model_copy(update={"transfer": "bt2020-10"}),
            SDR,
            "yuv420p",
            f"{SCALED},format=yuv444p10le,"
            "zscale=m=bt709:min=bt2020nc:p=bt709:pin=bt2020:r=tv:rin=tv:t=bt709:tin=bt2020-10,format=yuv444p10le",
        ),
    ],
)
def test_colours(source: Colours | None, target: Colours | None, pixels: str, expected: str) -> None:
    assert shown(source, target, pixels) == expected


def test_a_blurred_frame_keeps_its_depth() -> None:
    assert "overlay=" in graph(framed(ffmpeg.input("in")["0"], BARS, "yuv420p10le", PQ, PQ))
    assert "format=yuv420p10:" in graph(framed(ffmpeg.input("in")["0"], BARS, "yuv420p10le", PQ, PQ))
    assert "format=rgb:" in graph(framed(ffmpeg.input("in")["0"], BARS, "yuvj420p", SDR, STILL))


def test_fields() -> None:
    stream = ffmpeg.input("in")["0"]
    assert whole_pictures(stream, TRACK) is stream
    both = whole_pictures(stream, TRACK.model_copy(update={"interlaced": True}))
    assert graph(both) == "bwdif=deint=interlaced:mode=send_frame:parity=auto,settb=1/600"


def test_tags() -> None:
    stream = ffmpeg.input("in")["0"]
    assert tagged(stream, None) is stream
    told = "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv"
    assert graph(tagged(stream, PQ)) == told


def test_a_tilt_is_not_applied() -> None:
    assert picture_options(TRACK) == {}
    assert picture_options(TRACK.model_copy(update={"turned": False})) == {"noautorotate": None}
