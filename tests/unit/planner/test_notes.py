"""What is told of a source beforehand: tracks that are left out, pictures that are missing at its end."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from contracts.fitting import Container
from contracts.media import AudioStream, MediaInfo, OtherStream, VideoStream
from contracts.units import AudioEncode, Framing, Source, VideoEncode
from services.planner.group import Group
from services.planner.notes import notes
from services.planner.planned import Fleet
from services.planner.renditions import Rendition
from services.planner.span import Span
from services.planner.windows import Window
from shared.index import PacketIndex

INDEX = PacketIndex(Fraction(1, 25), range(100), [0], 100)
"""Four seconds."""
MP4 = Rendition(
    "transcode-1",
    ("transcode-1",),
    "mp4",
    VideoEncode(framing=Framing(width=64, height=48, scale_width=64, scale_height=48)),
    AudioEncode(),
)


def video(duration_s: float | None) -> VideoStream:
    size: dict[str, Any] = {"width": 64, "height": 48, "display_width": 64, "display_height": 48}
    return VideoStream(index=0, codec="h264", **size, sample_aspect=1, time_base=Fraction(1, 25), duration_s=duration_s)


def group(media: MediaInfo, window: Window) -> Group:
    return Group(
        name="video-0",
        source=Source(url="file:///a.mp4", size_bytes=1),
        media=media,
        window=window,
        span=Span.of(window, media.start_s, INDEX),
        renditions=[],
        urls={},
        fleet=Fleet(transcode_slots=1),
    )


@pytest.mark.parametrize(
    ("promised_s", "told"),
    [
        (None, []),
        (4.0, []),
        (4.9, []),
        (9.0, ["the source breaks off: 4.0 s of pictures instead of 9.0 s"]),
    ],
)
def test_a_source_that_breaks_off_is_told_of(promised_s: float | None, told: list[str]) -> None:
    media = MediaInfo(container="mp4", size_bytes=1, video=video(promised_s))
    assert notes(group(media, Window()), MP4) == told
    assert notes(group(media, Window(0.0, 2.0)), MP4) == []


@pytest.mark.parametrize("container", ["mp4", "webm", "flv"])
def test_tracks_that_are_left_out_are_told_of_exactly(container: Container) -> None:
    media = MediaInfo(
        container="mp4",
        size_bytes=1,
        video=video(4.0),
        audio=AudioStream(index=1, codec="aac", sample_rate_hz=48000, channels=2),
        more_audio=[AudioStream(index=2, codec="ac3", sample_rate_hz=48000, channels=6, language="swe")],
        others=[
            OtherStream(index=3, kind="subtitle", codec="mov_text"),
            OtherStream(index=4, kind="subtitle", codec="dvd_subtitle"),
            OtherStream(index=5, kind="data"),
        ],
    )
    subtitles = ["left out: subtitle track 3 (mov_text)"] if container == "flv" else []
    assert notes(group(media, Window()), replace(MP4, container=container)) == [
        "left out: sound track 2 (ac3, swe)",
        *subtitles,
        "left out: subtitle track 4 (dvd_subtitle)",
        "left out: data track 5 (unknown)",
    ]


def test_sound_alone_has_no_subtitles() -> None:
    media = MediaInfo(container="mp4", size_bytes=1, others=[OtherStream(index=3, kind="subtitle", codec="subrip")])
    assert notes(group(media, Window()), replace(MP4, video=None)) == ["left out: subtitle track 3 (subrip)"]
