"""The DASH manifest as another library reads it."""

from fractions import Fraction
from typing import Any

from mpegdash.parser import MPEGDASHParser

from contracts.units import StreamFiles
from services.merger.index_box import index_range
from services.merger.mpd import mpd
from services.merger.playlists import Part, Playlist, Segment
from services.merger.tracks import CutTrack


def track(sizes: list[int], lengths: list[Fraction], **facts: Any) -> CutTrack:
    segments = [Segment(Part("x", 0, size), seconds) for size, seconds in zip(sizes, lengths, strict=True)]
    plain: dict[str, Any] = {"type": "video", "codec": "avc1.640015", "plain_codec": "h264"}
    return CutTrack(files=StreamFiles(), playlist=Playlist(segments, Part("x", 0, 812)), **(plain | facts))


SIX = [Fraction(6), Fraction(6), Fraction(1, 2)]
LARGE = track([600, 1500, 100], SIX, width=640, height=360, frame_rate=Fraction(30000, 1001))
SMALL = track([300, 700, 50], SIX, width=320, height=180, frame_rate=Fraction(25))
OTHER = track([300, 700, 50], SIX, width=320, height=180, frames=250, codec="hvc1.1.6.L60.90", plain_codec="hevc")
SOUND = track([60, 61, 5], SIX, type="audio", codec="mp4a.40.2", plain_codec="aac", channels=6, sample_rate_hz=48_000)


def parsed(tracks: list[CutTrack], uris: list[str]) -> Any:
    return MPEGDASHParser.parse(mpd(tracks, uris))


def test_what_a_player_switches_within() -> None:
    """Pictures of one codec together, and sounds; numbers tell each from the others."""
    found = parsed([LARGE, OTHER, SMALL, SOUND], ["l.mp4", "o.mp4", "s.mp4", "a.mp4"])
    assert (found.type, found.profiles) == ("static", "urn:mpeg:dash:profile:isoff-on-demand:2011")
    [period] = found.periods
    sets = period.adaptation_sets
    assert [(one.content_type, one.mime_type) for one in sets] == [
        ("video", "video/mp4"),
        ("video", "video/mp4"),
        ("audio", "audio/mp4"),
    ]
    assert [[one.id for one in each.representations] for each in sets] == [["0", "2"], ["1"], ["3"]]
    assert all(one.subsegment_alignment and one.subsegment_starts_with_sap == 1 for one in sets)
    assert [[one.codecs for one in each.representations] for each in sets] == [
        ["avc1.640015"] * 2,
        ["hvc1.1.6.L60.90"],
        ["mp4a.40.2"],
    ]


def test_what_a_representation_is() -> None:
    found = parsed([LARGE, SMALL, OTHER, SOUND], ["a&b%20<c>.mp4", "s.mp4", "o.mp4", "a.mp4"])
    large, small = found.periods[0].adaptation_sets[0].representations
    [other] = found.periods[0].adaptation_sets[1].representations
    [sound] = found.periods[0].adaptation_sets[2].representations
    assert (large.width, large.height, large.frame_rate, large.sar) == (640, 360, "30000/1001", "1:1")
    assert (small.frame_rate, other.frame_rate) == ("25", "20"), "on average where none was asked for"
    assert large.bandwidth == 2000 and large.base_urls[0].base_url_value == "a&b%20<c>.mp4"
    assert sound.audio_sampling_rate == "48000" and sound.audio_channel_configurations[0].value == "6"
    [base] = large.segment_bases
    assert base.index_range == "{}-{}".format(*index_range(LARGE)) and base.index_range_exact
    assert base.initializations[0].range == "0-811"


def test_how_long_it_is() -> None:
    """To the end of what ends last, rounded up: a player that stops there has shown everything."""
    late = track([300, 700], [Fraction(6), Fraction(20001, 3000)], width=320, height=180, start_s=0.5)
    found = parsed([LARGE, late], ["l.mp4", "s.mp4"])
    assert found.media_presentation_duration == found.periods[0].duration == "PT13.167S"
    assert found.min_buffer_time == "PT6.667S"
