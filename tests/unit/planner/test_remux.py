"""Tracks that are copied as they are: what fits, what is left out, what is refused."""

from datetime import UTC, datetime

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.flows import FlowAccepted, Input, Output
from contracts.media import MediaInfo, OtherStream
from contracts.presets import TRANSCODE
from contracts.subtasks import Transcode
from contracts.subtitle_work import SubtitlesIn, SubtitleTrack
from contracts.units import Remux, TranscodeWork
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan
from services.planner.remux import WINDOW_NOTE
from shared.index import PacketIndex
from tests.media import made_up


def _plan(media: MediaInfo, start_s: float = 0, end_s: float = 0, index: PacketIndex | None = None) -> Plan:
    subtask = Transcode(
        subtask_id="transcode-1",
        definition=875,
        parameters=TRANSCODE[875],
        start_time_offset_s=start_s,
        end_time_offset_s=end_s,
    )
    accepted = FlowAccepted(
        flow_id="0" * 32,
        input=Input(url="file:///in/a.mkv"),
        output=Output(storage="file:///out/"),
        subtasks=[subtask],
        accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return plan(accepted, media, index, Fleet())


def _work(made: Plan) -> TranscodeWork:
    [unit] = made.units
    assert isinstance(unit.work, TranscodeWork)
    return unit.work


def test_every_track_that_fits() -> None:
    second = made_up.AUDIO.model_copy(update={"index": 2, "codec": "ac3"})
    third = made_up.AUDIO.model_copy(update={"index": 3, "codec": "vorbis"})
    media = made_up.media(10).model_copy(
        update={"more_audio": [second, third], "others": [OtherStream(index=4, kind="subtitle", codec="subrip")]}
    )
    work = _work(_plan(media))
    assert work.outputs[0].remux == Remux(
        tracks=[0, 1, 2], codecs=["h264", "aac", "ac3"], video_codec="h264", frames=250
    )
    assert work.outputs[0].url == "file:///out/a_transcode_875.mp4"
    assert work.notes == ["left out: sound track 3 (vorbis)"]
    assert work.outputs[0].subtitles == "mov_text"
    assert work.subtitles == SubtitlesIn(tracks=[SubtitleTrack(index=4, codec="subrip")])


def test_a_window_begins_at_a_key_picture() -> None:
    work = _work(_plan(made_up.media(10), 2, 5))
    assert work.outputs[0].remux == Remux(tracks=[0, 1], start_s=2, end_s=5, codecs=["h264", "aac"], video_codec="h264")
    assert work.notes == [WINDOW_NOTE]
    assert work.duration_s == 3


def test_a_codec_that_mp4_cannot_hold_is_refused() -> None:
    media = made_up.media(10, made_up.picture().model_copy(update={"codec": "vp8"}))
    error = _plan(media).failed["transcode-1"]
    assert error.code == SOURCE_UNSUPPORTED
    assert error.message.startswith("mp4 can't hold vp8 pictures as they are, only h264, hevc")
    assert not _plan(media).units

    odd = made_up.AUDIO.model_copy(update={"codec": "pcm_s16le"})
    error = _plan(made_up.media(10).model_copy(update={"audio": odd})).failed["transcode-1"]
    assert error.message.startswith("mp4 can't hold pcm_s16le sound as it is, only aac, mp3")


def test_a_window_by_the_index() -> None:
    work = _work(_plan(made_up.media(10, start_s=100.0), 3, 5, index=made_up.index(10, start_s=100.0)))
    assert work.times == "kept"
    assert work.outputs[0].remux is not None
    assert (work.outputs[0].remux.start_s, work.outputs[0].remux.end_s) == (103, 105)
    assert work.outputs[0].remux.seek_s == 101.5
