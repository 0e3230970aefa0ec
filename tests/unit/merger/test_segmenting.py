"""Commands that cut joined tracks into segments."""

from fractions import Fraction
from pathlib import Path

from services.merger.graph import joined, opened
from services.merger.segmenting import Cutting, cut_command

WORK = Path("/w")
START = "ffmpeg -hide_banner -nostdin -loglevel error -nostats -progress pipe:1 -stats_period 0.5 "
SOUND = "-copyts -format_whitelist mov,matroska -protocol_whitelist file -i file:/w/s.mp4 "


def test_a_rendition_in_transport_streams() -> None:
    tracks = [joined(Path("/w/list"), Fraction(0))["v"], opened(Path("/w/s.mp4"), keep_times=True)["a"]]
    made = cut_command(tracks, Cutting("ts", Fraction(6)), WORK, picture=True)
    assert " ".join(made) == (
        START
        + "-f concat -copyts -format_whitelist concat,mov -protocol_whitelist file -safe 0 -i file:/w/list "
        + SOUND
        + "-map 0:v -map 1:a -f hls -c copy -hls_playlist_type vod -hls_segment_filename file:/w/%d.ts "
        "-hls_segment_type mpegts -hls_time 6.000000 -map_chapters -1 -map_metadata -1 file:/w/list.m3u8 -y"
    )


def test_a_stream_of_pictures_in_one_file() -> None:
    made = cut_command(
        [opened(Path("/w/v.mp4"), keep_times=True)["v"]],
        Cutting("fmp4", Fraction(6), one_file=True, alone=True),
        WORK,
        picture=True,
    )
    assert " ".join(made) == (
        START + "-copyts -format_whitelist mov,matroska -protocol_whitelist file -i file:/w/v.mp4 -map 0:v -f hls "
        "-avoid_negative_ts disabled "
        r"-bsf:v setts=pts=PTS:dts=DTS:duration=if(eq(NEXT_DTS\,NOPTS)\,DURATION\,NEXT_DTS-DTS) "
        "-c copy "
        "-hls_flags single_file -hls_fmp4_init_filename init.mp4 -hls_playlist_type vod "
        "-hls_segment_filename file:/w/media.mp4 -hls_segment_options movflags=+skip_sidx+frag_discont "
        "-hls_segment_type fmp4 -hls_time 6.000000 -map_chapters -1 -map_metadata -1 file:/w/list.m3u8 -y"
    )


def test_a_stream_of_sound_in_files() -> None:
    tracks = [opened(Path("/w/s.mp4"), keep_times=True)["a"]]
    made = cut_command(tracks, Cutting("fmp4", Fraction(5, 2), alone=True), WORK, picture=False)
    assert " ".join(made) == (
        START + SOUND + "-map 0:a -f hls -avoid_negative_ts disabled -c copy -hls_fmp4_init_filename init.mp4 "
        "-hls_playlist_type vod -hls_segment_filename file:/w/%d.m4s -hls_segment_options movflags=+skip_sidx "
        "-hls_segment_type fmp4 -hls_time 2.500000 -map_chapters -1 -map_metadata -1 file:/w/list.m3u8 -y"
    )
