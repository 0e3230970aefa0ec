"""Playlists, references and bandwidths, from facts alone."""

from fractions import Fraction
from typing import Any

import m3u8
import pytest

from contracts.units import StreamFiles, Variant
from services.merger.addresses import relative
from services.merger.master import master_playlist
from services.merger.playlists import Part, Playlist, Segment, media_playlist, read
from services.merger.tracks import CutTrack, aligned


def track(sizes: list[int], lengths: list[float], **facts: Any) -> CutTrack:
    pairs = zip(sizes, lengths, strict=True)
    segments = [Segment(Part("x", 0, size), Fraction(seconds)) for size, seconds in pairs]
    values: dict[str, Any] = {"type": "video", "codec": "avc1.640015", "plain_codec": "h264"}
    return CutTrack(files=StreamFiles(), playlist=Playlist(segments), **(values | facts))


PICTURE = track([600, 1500, 100], [6, 6, 0.5], width=640, height=360, frame_rate=Fraction(30000, 1001))
SOUND = track([60, 61, 5], [6, 6, 0.5], type="audio", codec="mp4a.40.2", plain_codec="aac", channels=2)


def test_the_peak_counts_a_short_end_with_its_neighbour_only() -> None:
    assert PICTURE.peak_bps == 2000
    assert track([100, 400], [6, 0.5]).peak_bps == round(8 * 500 / 6.5)
    assert PICTURE.average_bps == round(8 * 2200 / 12.5)


def test_master() -> None:
    variants = [Variant(video=0, audio=1), Variant(audio=1)]
    assert master_playlist([PICTURE, SOUND], variants, ["v.m3u8", "a.m3u8"]) == (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound-1",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=2081,AVERAGE-BANDWIDTH=1489,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=640x360,'
        'FRAME-RATE=29.970,AUDIO="sound-1"\nv.m3u8\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=81,AVERAGE-BANDWIDTH=81,CODECS="mp4a.40.2"\na.m3u8\n'
    )


def test_a_playlist_is_read_as_it_is_written() -> None:
    segments = [Segment(Part("a.mp4", 100, 50), Fraction(6)), Segment(Part("a.mp4", 150, 7), Fraction(1, 4))]
    playlist = Playlist(segments, Part("a.mp4", 0, 80))
    text = media_playlist(playlist)
    assert read(text) == playlist
    assert "#EXT-X-TARGETDURATION:6\n" in text and text.endswith("#EXT-X-ENDLIST\n")


def test_another_library_reads_a_playlist() -> None:
    segments = [Segment(Part("a%20b.mp4", 100, 50), Fraction(6)), Segment(Part("a%20b.mp4", 150, 7), Fraction(7, 2))]
    found = m3u8.loads(media_playlist(Playlist(segments, Part("a%20b.mp4", 0, 80))))
    assert [(one.uri, one.duration, one.byterange) for one in found.segments] == [
        ("a%20b.mp4", 6.0, "50@100"),
        ("a%20b.mp4", 3.5, "7@150"),
    ]
    assert {(one.init_section.uri, one.init_section.byterange) for one in found.segments} == {("a%20b.mp4", "80@0")}
    assert (found.version, found.target_duration, found.playlist_type) == (7, 6, "vod")
    assert found.is_endlist and found.is_independent_segments and not found.is_variant


def test_another_library_reads_the_master() -> None:
    variants = [Variant(video=0, audio=1), Variant(audio=1)]
    found = m3u8.loads(master_playlist([PICTURE, SOUND], variants, ["v.m3u8", "a%231.m3u8"]))
    [sound] = found.media
    assert (sound.type, sound.group_id, sound.uri, sound.channels) == ("AUDIO", "sound-1", "a%231.m3u8", "2")
    assert (sound.default, sound.autoselect) == ("YES", "YES")
    pictured, heard = found.playlists
    about = pictured.stream_info
    assert (pictured.uri, about.audio, about.resolution, about.codecs) == (
        "v.m3u8",
        "sound-1",
        (640, 360),
        "avc1.640015,mp4a.40.2",
    )
    assert (about.bandwidth, about.average_bandwidth, about.frame_rate) == (2081, 1489, 29.97)
    assert (heard.uri, heard.stream_info.codecs, heard.stream_info.resolution) == ("a%231.m3u8", "mp4a.40.2", None)


def test_streams_must_be_cut_alike() -> None:
    assert aligned([PICTURE, SOUND, PICTURE])
    assert not aligned([PICTURE, track([1, 1, 1], [6, 6.04, 0.46])])


@pytest.mark.parametrize(
    ("url", "base", "reference"),
    [
        ("file:///o/a%20b.ts", "file:///o/l.m3u8", "a%20b.ts"),
        ("file:///o/seg/1.ts", "file:///o/lists/l.m3u8", "../seg/1.ts"),
        ("s3://b/k/a b#1.ts", "s3://b/k/l.m3u8", "a%20b%231.ts"),
        ("s3://b/k/x:y.ts", "s3://b/k/l.m3u8", "x%3Ay.ts"),
    ],
)
def test_references(url: str, base: str, reference: str) -> None:
    assert relative(url, base) == reference
