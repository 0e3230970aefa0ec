"""Transcode units to ffmpeg commands, compared whole."""

from fractions import Fraction
from pathlib import Path

from contracts.subtitle_work import SubtitleTrack
from contracts.units import (
    AudioEncode,
    AudioIn,
    EncodeOutput,
    Framing,
    Remux,
    Source,
    TranscodeWork,
    VideoEncode,
    VideoIn,
)
from services.transcoder.beside import Beside
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command
from services.transcoder.subtitles import reading
from shared.command import FORMATS
from shared.subtitled import Subtitle

SMALL = Framing(width=640, height=360, scale_width=640, scale_height=360)
BOXED = Framing(width=640, height=640, scale_width=640, scale_height=360, fill="white")
SOURCE = Source(url="file:///in.mp4", size_bytes=1)
TRACK = VideoIn(index=1, time_base=Fraction(1, 600), first_pts=60, seek_s=3599.5)
START = "ffmpeg -hide_banner -nostdin -loglevel error -nostats -progress pipe:1 -stats_period 0.5"
OPEN = f"-format_whitelist {FORMATS} -protocol_whitelist file"


def _encode(**bounds: object) -> VideoEncode:
    return VideoEncode.model_validate({"framing": SMALL, "bitrate_kbps": 400, **bounds})


def test_what_leads_a_chunk_in_is_dropped() -> None:
    bounds = {"fps": Fraction(25), "start": 50, "end": 100, "shift": 50, "lead_in": 12, "lead_in_start": 38}
    led = EncodeOutput(name="a", video=_encode(**bounds, bitrate_kbps=0, vcrf=20, threads=1))
    work = TranscodeWork(source=SOURCE, video=TRACK, outputs=[led])
    made = " ".join(command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning()))
    assert "trim=end_pts=100:start_pts=38[s2];[s2]setpts=PTS-(50)[s3]" in made
    assert (
        "-f mp4 -bsf:v noise=drop=lt(n\\,12) -c:v libx264 -crf 20 -enc_time_base:v 1/90000 "
        "-force_key_frames:v -0.001000 -forced-idr 1 -fps_mode passthrough"
    ) in made


def test_scenes_begin_with_key_pictures() -> None:
    told = _encode(codec="h265", scenes_ms=(1980, 20_500), delay_s=Fraction(1, 4))
    work = TranscodeWork(source=SOURCE, video=TRACK, outputs=[EncodeOutput(name="a", video=told)])
    made = " ".join(command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning()))
    assert "-force_key_frames:v 2.230000,20.750000 -forced-idr 1" in made


def test_a_chunk_with_two_renditions_of_the_same_times() -> None:
    bounds = {"fps": Fraction(25), "frame_rate": Fraction(25), "start": 50, "end": 100, "shift": 50, "threads": 1}
    work = TranscodeWork(
        source=SOURCE,
        video=TRACK,
        outputs=[
            EncodeOutput(name="a", video=_encode(**bounds)),
            EncodeOutput(name="b", video=_encode(**bounds, vcrf=20, gop=50)),
        ],
    )
    made = command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4"), "b": Path("/w/1.mp4")}, Tuning())
    graph = (
        "[0:1]setpts=PTS-(60)[s0];[s0]fps=25/1[s1];[s1]trim=end_pts=100:start_pts=50[s2];[s2]setpts=PTS-(50)[s3];"
        "[s3]settb=1/90000[s4];[s4]split=2[s5][s6];[s5]scale=640:360:flags=bicubic[s7];[s7]setsar=1[s8];"
        "[s8]format=yuv420p[s9];[s6]scale=640:360:flags=bicubic[s10];[s10]setsar=1[s11];[s11]format=yuv420p[s12]"
    )
    both = "-c:v libx264 -enc_time_base:v 1/90000 -fps_mode passthrough"
    assert " ".join(made) == (
        f"{START} -filter_complex_threads 1 -copyts -format_whitelist {FORMATS} -noaccurate_seek "
        f"-protocol_whitelist file -seek_timestamp 1 -ss 3599.500000 -threads:v 1 -i file:/in.mp4 "
        f"-filter_complex {graph} "
        "-map [s9] -f mp4 -b:v 400k -bufsize:v 800k -c:v libx264 -enc_time_base:v 1/90000 -fps_mode passthrough "
        "-map_chapters -1 -map_metadata -1 -maxrate:v 600k -preset:v medium -profile:v high -threads:v 1 "
        "-video_track_timescale 90000 -x264-params fps=25/1 file:/w/0.mp4 "
        f"-map [s12] -f mp4 {both.replace('-c:v libx264', '-c:v libx264 -crf 20')} -g:v 50 "
        "-map_chapters -1 -map_metadata -1 -preset:v medium -profile:v high -threads:v 1 "
        "-video_track_timescale 90000 -x264-params fps=25/1 file:/w/1.mp4 -y"
    )


def test_a_whole_file_with_sound_keeps_its_own_times() -> None:
    work = TranscodeWork(
        source=SOURCE,
        video=TRACK.model_copy(update={"seek_s": None}),
        audio=AudioIn(index=0, start_s=0.5),
        outputs=[
            EncodeOutput(
                name="a",
                url="file:///out.mp4",
                video=_encode(framing=BOXED, shift=60, delay_s=Fraction(1, 10), bitrate_kbps=0),
                audio=AudioEncode(bitrate_kbps=64, sample_rate_hz=44100, channels=2),
            )
        ],
    )
    made = command(work, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning())
    graph = (
        "[0:1]setpts=PTS-(60)[s0];[s0]settb=1/90000[s1];[s1]setpts=PTS+9000[s2];[s2]scale=640:360:flags=bicubic[s3];"
        "[s3]pad=640:640:(ow-iw)/2:(oh-ih)/2:color=white[s4];[s4]setsar=1[s5];[s5]format=yuv420p[s6];"
        "[0:0]asetpts=PTS-(0.500000)/TB[s7]"
    )
    assert " ".join(made) == (
        f"{START} -copyts {OPEN} -i file:/in.mp4 -filter_complex {graph} -map [s6] -map [s7] -f mp4 -ac 2 -ar 44100 "
        "-b:a 64k -c:a aac -c:v libx264 -crf 23 -enc_time_base:v 1/90000 -fps_mode passthrough -map_chapters -1 "
        "-map_metadata -1 -movflags +faststart -preset:v medium -profile:v high -threads:v 0 "
        "-video_track_timescale 90000 file:/w/0.mp4 -y"
    )


def test_mended_times_are_ffmpegs_own() -> None:
    work = TranscodeWork(
        source=SOURCE,
        times="mended",
        audio=AudioIn(index=0, start_s=2.0, end_s=4.0),
        outputs=[EncodeOutput(name="a", audio=AudioEncode())],
    )
    made = command(work, Path("/-x ' %d.mp4"), {"a": Path("/w/0.mp4")}, Tuning())
    assert "-copyts" not in made
    assert "file:/-x ' %d.mp4" in made
    assert "[0:0]atrim=end=4.000000:start=2.000000[s0];[s0]asetpts=PTS-(2.000000)/TB[s1]" in made


def test_subtitles_are_read_on_their_own_then_muxed() -> None:
    assert " ".join(reading(Path("/in.mkv"), {2: Path("/w/2.srt"), 5: Path("/w/5.srt")})) == (
        f"{START} -max_error_rate 1 {OPEN} -i file:/in.mkv -map 0:2 -f srt -c:s srt file:/w/2.srt "
        "-map 0:5 -f srt -c:s srt file:/w/5.srt -y"
    )
    copied = Remux(tracks=[0], start_s=102.5, seek_s=101)
    output = EncodeOutput(name="a", container="webm", url="file:///o.webm", remux=copied, subtitles="webvtt")
    work = TranscodeWork(source=SOURCE, outputs=[output])
    text = Subtitle(SubtitleTrack(index=2, codec="ass", language="ger"), Path("/w/2.srt"))
    made = command(work, Path("/in.mkv"), {"a": Path("/w/0.webm")}, Tuning(), {"a": Beside(subtitles=[text])})
    assert " ".join(made).endswith(
        "-i file:/in.mkv -f srt -itsoffset 102.500000 -protocol_whitelist file -seek_timestamp 1 -ss 0 "
        "-i file:/w/2.srt -map 0:0 -map 1:s -f webm -c copy -c:s webvtt -cues_to_front 1 -disposition:s:0 0 "
        "-map_chapters -1 -map_metadata -1 -metadata:s:s:0 language=ger -output_ts_offset -102.500000 file:/w/0.webm -y"
    )
