"""Merge units to concat lists and ffmpeg commands."""

from fractions import Fraction
from pathlib import Path

from contracts.subtitle_work import SubtitleTrack
from contracts.units import ChunkRef, MergeWork, SoundRef
from services.merger.graph import command, concat_list
from shared.subtitled import Subtitle

CHUNKS = [ChunkRef(unit_id=f"c{n}", name="t", duration_s=Fraction(1001, 300)) for n in range(2)]


def test_list() -> None:
    assert concat_list(CHUNKS, [Path("/a/it's 1.mp4"), Path("/a/2.mp4")]) == (
        "ffconcat version 1.0\n"
        "file 'file:/a/it'\\''s 1.mp4'\n"
        "duration 3.336667\n"
        "file 'file:/a/2.mp4'\n"
        "duration 3.336666\n"
    )


def test_command() -> None:
    work = MergeWork(
        subtask_id="t",
        url="file:///out.mp4",
        chunks=CHUNKS,
        sound=SoundRef(unit_id="s", name="sound-0"),
        delay_s=Fraction(1, 8),
    )
    made = command(work, Path("/w/list"), Path("/w/s.mp4"), Path("/w/out.mp4"))
    assert " ".join(made) == (
        "ffmpeg -hide_banner -nostdin -loglevel error -nostats -progress pipe:1 -stats_period 0.5 "
        "-f concat -copyts -format_whitelist concat,mov -itsoffset 0.125000 -protocol_whitelist file -safe 0 "
        "-i file:/w/list -format_whitelist mov,matroska -protocol_whitelist file -i file:/w/s.mp4 "
        "-map 0:v -map 1:a -f mp4 -c copy -map_chapters -1 -map_metadata -1 -movflags +faststart "
        "-video_track_timescale 90000 file:/w/out.mp4 -y"
    )


def test_h265_in_flv_is_joined_as_mp4() -> None:
    work = MergeWork(subtask_id="t", container="flv", codec="h265", url="file:///out.flv", chunks=CHUNKS)
    made = command(work, Path("/w/list"), None, Path("/w/out.mp4"))
    assert " ".join(made).endswith(
        "-i file:/w/list -map 0:v -f mp4 -c copy -map_chapters -1 -map_metadata -1 -video_track_timescale 90000 "
        "file:/w/out.mp4 -y"
    )


def test_another_container() -> None:
    work = MergeWork(subtask_id="t", container="webm", url="file:///out.webm", chunks=CHUNKS)
    made = command(work, Path("/w/list"), None, Path("/w/out.webm"))
    assert " ".join(made).endswith(
        "-i file:/w/list -map 0:v -f webm -c copy -cues_to_front 1 -map_chapters -1 -map_metadata -1 "
        "file:/w/out.webm -y"
    )


def test_subtitles() -> None:
    track = SubtitleTrack(index=3, codec="subrip", language="eng", default=True)
    other = SubtitleTrack(index=4, codec="ass", language="e\nng", forced=True)
    work = MergeWork(subtask_id="t", url="file:///out.mp4", chunks=CHUNKS, subtitle_codec="mov_text")
    texts = [Subtitle(track, Path("/w/0.srt")), Subtitle(other, Path("/w/1.srt"))]
    made = command(work, Path("/w/list"), None, Path("/w/out.mp4"), texts)
    text = "-f srt -protocol_whitelist file -seek_timestamp 1 -ss 0 -i file:/w/"
    assert " ".join(made).endswith(
        f"-i file:/w/list {text}0.srt {text}1.srt -map 0:v -map 1:s -map 2:s -f mp4 -c copy -c:s mov_text "
        "-disposition:s:0 default -disposition:s:1 forced -map_chapters -1 -map_metadata -1 "
        "-metadata:s:s:0 language=eng -movflags +faststart -video_track_timescale 90000 file:/w/out.mp4 -y"
    )
