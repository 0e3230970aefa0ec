"""What playlists lead to, and the command that makes one file of it."""

from fractions import Fraction
from pathlib import Path

import pytest

from contracts import codes
from contracts.media import AudioStream, MediaInfo, VideoStream
from services.intake.hls_remux import container, remux_command
from services.intake.playlists import Key, Part, parts, playlist_text, variant
from shared.errors import MediaError

URL = "https://example.org/a/index.m3u8?sig=1"
BASE = "https://example.org/a/"


def listed(*lines: str) -> list[Part]:
    return parts("\n".join(["#EXTM3U", "#EXT-X-TARGETDURATION:4", *lines, "#EXT-X-ENDLIST"]), URL, 10)


def test_segments_in_order() -> None:
    assert listed("#EXTINF:4,", "1.ts", "#EXTINF:4,", "/b/2.ts?x=1", "#EXTINF:4,", "http://other.example/3.ts") == [
        Part(f"{BASE}1.ts"),
        Part("https://example.org/b/2.ts?x=1"),
        Part("http://other.example/3.ts"),
    ]


def test_byte_ranges_go_on_where_the_last_one_of_their_file_ended() -> None:
    ranges = ("10@5", "20", "30@0", "7")
    lines = [line for one in ranges for line in ("#EXTINF:4,", f"#EXT-X-BYTERANGE:{one}", "a.mp4")]
    made = listed('#EXT-X-MAP:URI="a.mp4",BYTERANGE="5@0"', *lines)
    assert [(part.start, part.length) for part in made] == [(0, 5), (5, 10), (15, 20), (0, 30), (30, 7)]


def test_keys_change_and_end() -> None:
    made = listed(
        *("#EXT-X-MEDIA-SEQUENCE:258", '#EXT-X-KEY:METHOD=AES-128,URI="k"', "#EXTINF:4,", "1.ts"),
        *('#EXT-X-KEY:METHOD=AES-128,URI="l",IV=0x0A', "#EXTINF:4,", "2.ts"),
        *("#EXT-X-KEY:METHOD=NONE", "#EXTINF:4,", "3.ts"),
    )
    assert [part.key for part in made] == [
        Key(f"{BASE}k", bytes(14) + b"\x01\x02"),
        Key(f"{BASE}l", bytes(15) + b"\x0a"),
        None,
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (['#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x1' + "0" * 40, "#EXTINF:4,", "1.ts"], codes.SOURCE_MALFORMED),
        (['#EXT-X-KEY:METHOD=AES-128,KEYFORMAT="com.x",URI="k"', "#EXTINF:4,", "1.ts"], codes.SOURCE_UNSUPPORTED),
        (["#EXT-X-I-FRAMES-ONLY", "#EXTINF:4,", "1.ts"], codes.SOURCE_UNSUPPORTED),
        (['#EXT-X-MAP:URI="a"', "#EXTINF:4,", "1", '#EXT-X-MAP:URI="b"', "#EXTINF:4,", "2"], codes.SOURCE_UNSUPPORTED),
        (["#EXTINF:4,", "#EXT-X-BYTERANGE:x@y", "1.ts"], codes.SOURCE_MALFORMED),
        (["#EXTINF:4,", "#EXT-X-BYTERANGE:99999999999999999999@0", "1.ts"], codes.SOURCE_MALFORMED),
        (["#EXTINF:4,", "file:///etc/passwd"], codes.SOURCE_REFUSED),
        (["#EXTINF:four,", "1.ts"], codes.SOURCE_MALFORMED),
    ],
)
def test_refused(lines: list[str], code: str) -> None:
    with pytest.raises(MediaError) as error:
        listed(*lines)
    assert error.value.code == code


def test_the_best_variant_and_its_sound() -> None:
    master = [
        "#EXTM3U",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="low",NAME="a",DEFAULT=YES,URI="low.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="a",URI="other.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="b",AUTOSELECT=YES,URI="high.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=5,AUDIO="low"',
        "5.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=9,AUDIO="high"',
        "9.m3u8",
    ]
    assert variant("\n".join(master), URL) == [f"{BASE}9.m3u8", f"{BASE}high.m3u8"]
    muxed = [line.replace(',URI="high.m3u8"', "") for line in master]
    assert variant("\n".join(muxed), URL) == [f"{BASE}9.m3u8"]
    assert variant("#EXTM3U\n#EXTINF:4,\n1.ts\n", URL) is None


def test_a_playlist_says_that_it_is_one() -> None:
    assert playlist_text("\ufeff#EXTM3U\n".encode()) == "#EXTM3U"
    with pytest.raises(MediaError):
        playlist_text(b"\x00\x01#EXTM3U")


def media(start_s: float, *, picture: str | None = None, sound: str | None = None) -> MediaInfo:
    video = VideoStream(
        index=1, codec=picture or "", width=64, height=64, display_width=64, display_height=64,
        sample_aspect=Fraction(1), time_base=Fraction(1, 90_000),
    )  # fmt: skip
    return MediaInfo(
        container="mpegts",
        size_bytes=1,
        duration_s=1.0,
        start_s=start_s,
        video=video if picture else None,
        audio=AudioStream(index=2, codec=sound, sample_rate_hz=44100, channels=2) if sound else None,
    )


def test_one_file_of_two_streams_on_one_clock() -> None:
    streams = [
        (Path("/w/stream-0"), media(1.5, picture="hevc", sound="aac")),
        (Path("/w/stream-1"), media(1.4, sound="aac")),
    ]
    opened = ["-copyts", "-fflags", "+genpts", "-format_whitelist", "mpegts,mov,aac,mp3,ac3,eac3"]
    assert remux_command(streams, Path("/w/source.mp4")) == [
        *("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-nostats", "-progress", "pipe:1"),
        *("-stats_period", "0.5"),
        *(*opened, "-protocol_whitelist", "file", "-i", "file:/w/stream-0"),
        *(*opened, "-protocol_whitelist", "file", "-i", "file:/w/stream-1"),
        *("-map", "0:1", "-map", "1:2", "-f", "mp4", "-c", "copy", "-map_metadata", "-1"),
        *("-output_ts_offset", "-1.400000", "-tag:v", "hvc1", "-video_track_timescale", "90000"),
        *("file:/w/source.mp4", "-y"),
    ]


def test_the_container_takes_what_there_is() -> None:
    assert container([media(0, picture="h264", sound="ac3")]) == "mp4"
    assert container([media(0, picture="mpeg2video", sound="aac")]) == "matroska"
    assert container([media(0, picture="h264"), media(0, sound="mp2")]) == "matroska"
