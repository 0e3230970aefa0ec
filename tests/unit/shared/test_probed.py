"""Reading ffprobe's output, fed in pieces."""

from fractions import Fraction

from shared.packets import Packets
from shared.probed import read

OUTPUT = rb"""packet|stream_index=0|pts=0|dts=0|duration=1024|size=9|flags=K_
packet|stream_index=1|pts=0|dts=-40|duration=20|size=100|flags=K_|side_data|

packet|stream_index=1|pts=60|dts=-20|duration=20|size=100|flags=__
packet|stream_index=1|pts=20|dts=0|duration=20|size=100|flags=__
packet|stream_index=1|pts=40|dts=20|duration=20|size=100|flags=_D
packet|stream_index=2|pts=N/A|dts=N/A|duration=N/A|size=100|flags=K_
stream|index=0|codec_name=aac|codec_type=audio|sample_rate=44100|channels=1|time_base=1/44100|start_time=0.000000|duration=N/A|disposition:default=1|tag:language=deu
stream|index=1|codec_name=h264|codec_type=video|width=720|height=576|sample_aspect_ratio=16:11|pix_fmt=yuv420p10le|avg_frame_rate=25/1|r_frame_rate=50/1|time_base=1/500|start_time=0.000000|disposition:attached_pic=0|tag:language=und|side_data|rotation=-90
stream|index=2|codec_name=mjpeg|codec_type=video|width=240|height=169|time_base=1/90000|disposition:attached_pic=1
format|format_name=mov,mp4,m4a,3gp,3g2,mj2|start_time=0.000000|duration=N/A|bit_rate=N/A
"""


def test_streams_and_index() -> None:
    packets = Packets()
    for at in range(0, len(OUTPUT), 7):
        packets.feed(OUTPUT[at : at + 7])
    info, index = read(packets, 99)
    assert info.video is not None and info.audio is not None and index is not None
    assert list(index.pts) == [0, 20, 60]
    assert list(index.key_bytes) == [300]
    assert (info.frames, info.key_frames, info.size_bytes) == (3, 1, 99)
    assert (info.video.display_width, info.video.display_height) == (576, 1047)
    assert (info.video.rotation_deg, info.video.bit_depth) == (90, 10)
    assert info.video.frame_rate == Fraction(25)
    assert info.duration_s == 80 / 500
    assert (info.audio.language, info.audio.duration_s) == ("deu", 1024 / 44100)
    assert [(other.index, other.kind) for other in info.others] == [(2, "cover")]


def test_tracks_that_a_program_lists_too_count_once() -> None:
    """As ffprobe 5.1 prints a transport stream: its programs' tracks first, then all tracks."""
    sound = b"stream|index=1|codec_name=mp2|codec_type=audio|sample_rate=48000|channels=1|time_base=1/90000\n"
    packets = Packets()
    packets.feed(b"packet|stream_index=1|pts=0|dts=0|duration=2160|size=9|flags=K_\n")
    packets.feed(b"program|" + sound + sound + sound + b"\n")
    packets.feed(b"format|format_name=mpegts|start_time=0.000000|duration=1.000000|bit_rate=N/A\n")
    info, _ = read(packets, 99)
    assert info.audio is not None and not info.more_audio
