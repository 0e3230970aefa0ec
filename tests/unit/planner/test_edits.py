"""Edits: which units, which base, what is taken of each input, how long each piece is shown and heard."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.codes import CONFIGURATION_UNSUPPORTED, INVALID_TIME_OFFSET, SOURCE_NO_VIDEO, SOURCE_NOT_ACCESSIBLE
from contracts.edit_outputs import TakenInput
from contracts.media import MediaInfo, OtherStream
from contracts.subtasks import EditMedia, EditMediaOutput, SubtaskState
from contracts.units import ErrorKind, MergeWork, SoundRow, Source, TranscodeWork, UnitError, VideoEncode
from services.planner import steps
from services.planner.apply import apply
from services.planner.clips import Clip
from services.planner.decide import decide, outputs_of
from services.planner.edit import plan_edit
from services.planner.flow import new_flow
from services.planner.outgoing import Outgoing
from services.planner.planned import Fleet, Plan, PlannedUnit
from services.planner.views import flow_view
from shared.errors import MediaError
from tests.media.edits import edit
from tests.media.flows import accepted
from tests.media.made_up import index, media, picture
from tests.unit.planner.flows import NOW, OUTPUT
from tests.unit.planner.test_decide import say

FLEET = Fleet(transcode_slots=2)
WIDE, TALL, SLOW, LOOSE, GONE = (Path(f"/media/{name}.mp4") for name in ("wide", "tall", "slow", "loose", "gone"))


def clip(path: Path, seconds: float, size: tuple[int, int], *, indexed: bool = True, **others: Any) -> Clip:
    rate, kbps, key_s = others.pop("rate", 25), others.pop("kbps", 100), others.pop("key_s", 2.0)
    shown = picture(*size, rate).model_copy(update={"bitrate_kbps": kbps})
    told = media(seconds, shown, **others)
    sound = told.audio.model_copy(update={"duration_s": seconds}) if told.audio else None
    told = told.model_copy(update={"audio": sound})
    start_s = others.get("start_s", 0.0)
    found = index(seconds, rate=rate, start_s=start_s, key_s=key_s) if indexed else None
    return Clip(Source(url=path.as_uri(), size_bytes=1), told, found)


CLIPS: dict[str, Clip | UnitError] = {
    WIDE.as_uri(): clip(WIDE, 10, (640, 360), start_s=5.0),
    TALL.as_uri(): clip(TALL, 4, (360, 640), sound=False, kbps=900),
    SLOW.as_uri(): clip(SLOW, 4, (1280, 720), rate=10),
    LOOSE.as_uri(): clip(LOOSE, 2, (640, 360), indexed=False),
    GONE.as_uri(): UnitError(kind=ErrorKind.PERMANENT, code=SOURCE_NOT_ACCESSIBLE, message="no such file"),
}


def made(asked: EditMedia) -> Plan:
    _, units = plan_edit(accepted(WIDE, Path("/out"), [asked]), asked, FLEET, CLIPS)
    return units


def unit(units: Plan, unit_id: str) -> PlannedUnit:
    return next(one for one in units.units if one.unit_id == unit_id)


def row(units: Plan) -> SoundRow:
    work = unit(units, "video-0-sound").work
    assert isinstance(work, TranscodeWork) and work.row is not None
    return work.row


def join(units: Plan) -> MergeWork:
    work = unit(units, "video-0-join-edit_media-1").work
    assert isinstance(work, MergeWork)
    return work


def encode(units: Plan, number: int) -> VideoEncode:
    work = unit(units, f"video-0-input-{number}-chunk-0").work
    assert isinstance(work, TranscodeWork) and work.outputs[0].video is not None
    return work.outputs[0].video


def test_pieces_begin_with_their_first_picture_and_end_on_time() -> None:
    units = made(edit((WIDE, 1.01, 2), (TALL, 0, 0), (WIDE, -1, -0.5), (WIDE, 0, 0.03)))
    assert [one.unit_id for one in units.units if not one.fallback] == [
        "video-0-input-0-chunk-0",
        "video-0-sound",
        "video-0-input-1-chunk-0",
        "video-0-input-2-chunk-0",
        "video-0-input-3-chunk-0",
        "video-0-join-edit_media-1",
    ]
    lengths = [Fraction(96, 100), Fraction(4), Fraction(1, 2), Fraction(3, 100)]
    assert [ref.duration_s for ref in join(units).chunks] == lengths
    first, mute, late, short = row(units).pieces
    assert [one.duration_s for one in row(units).pieces] == lengths and join(units).delay_s == 0
    assert first.audio is not None and (first.audio.start_s, first.audio.end_s) == (6.04, 7.0)
    assert late.audio is not None and (late.audio.start_s, late.audio.seek_s) == (14.0, 13.0)
    assert mute.audio is None and not mute.fade_in_s and not mute.fade_out_s
    assert {one.fade_in_s for one in (first, late, short)} == {Fraction(1, 200)} == {short.fade_out_s}
    assert [encode(units, number).frames_min for number in range(4)] == [24, 100, 13, 1]
    assert [encode(units, number).fps for number in range(4)] == [None] * 4
    size = [(encode(units, n).framing.width, encode(units, n).framing.scale_width) for n in range(2)]
    assert size == [(640, 640), (640, 202)]
    edited = unit(units, "video-0-join-edit_media-1").edited
    assert edited is not None and (edited.base, edited.copied) == (0, False)
    assert edited.inputs[0] == TakenInput(url=WIDE.as_uri(), start_s=1.04, end_s=2, frames=24)
    told = outputs_of(unit(units, "video-0-join-edit_media-1"), [], OUTPUT)["edit_media-1"]
    assert isinstance(told, EditMediaOutput) and told.url == OUTPUT.url and len(told.inputs) == 4


def test_a_whole_input_alone_is_not_faded() -> None:
    [piece] = row(made(edit((WIDE, 0, 0)))).pieces
    assert not piece.fade_in_s and not piece.fade_out_s


@pytest.mark.parametrize(("definition", "base", "size"), [(10, 0, (640, 360)), (20, 1, (360, 640))])
def test_the_base(definition: int, base: int, size: tuple[int, int]) -> None:
    units = made(edit((WIDE, 0, 0), (TALL, 0, 0), definition=definition))
    edited = unit(units, "video-0-join-edit_media-1").edited
    assert edited is not None and edited.base == base
    assert (encode(units, 0).framing.width, encode(units, 0).framing.height) == size
    assert row(units).sample_rate_hz == 48000


def test_rates_that_differ_are_brought_to_the_bases_or_as_asked() -> None:
    units = made(edit((WIDE, 0, 0), (SLOW, 1, 2)))
    assert [encode(units, n).fps for n in (0, 1)] == [10, 10]
    assert [ref.duration_s for ref in join(units).chunks] == [10, 1]
    units = made(edit((WIDE, 0, 0), (SLOW, 1, 2), video={"fps": 29.97, "width": 320, "height": 320}))
    assert encode(units, 0).fps == Fraction(30000, 1001) and encode(units, 1).framing.height == 320


def test_keyframes_lie_on_lines_of_the_whole() -> None:
    units = made(edit((WIDE, 0, 3.5), (WIDE, 0, 0), (TALL, 0, 0), container="hls"))
    assert [encode(units, n).key_phase_s for n in range(3)] == [0, Fraction(7, 2), Fraction(3, 2)]
    assert join(units).hls is not None and join(units).url.endswith(".m3u8")


def test_what_goes_by_the_clock_is_measured() -> None:
    units = made(edit((LOOSE, 0.5, 1), (WIDE, 0, 0)))
    assert [ref.measured for ref in join(units).chunks] == [True, False]
    assert unit(units, "video-0-sound").depends_on == ["video-0-input-0-chunk-0"]
    edited = unit(units, "video-0-join-edit_media-1").edited
    assert edited is not None and edited.inputs[0] == TakenInput(url=LOOSE.as_uri(), start_s=0.5, end_s=1)
    back = unit(units, "video-0-by-clock-join-edit_media-1")
    assert back.fallback and back.edited is not None


def test_tracks_left_out_are_told_of_each_input() -> None:
    text = OtherStream(index=2, kind="subtitle", codec="subrip", language="eng")
    known = CLIPS[TALL.as_uri()]
    assert isinstance(known, Clip)
    clips = {**CLIPS, TALL.as_uri(): Clip(known.source, known.media.model_copy(update={"others": [text]}), known.index)}
    asked = edit((WIDE, 0, 0), (TALL, 0, 0))
    _, units = plan_edit(accepted(WIDE, Path("/out"), [asked]), asked, FLEET, clips)
    assert join(units).notes[0] == "inputs.1: left out: subtitle track 2 (subrip, eng)"


def test_sound_without_pictures_is_left_out_and_told() -> None:
    """Pictures from second 1 to 3 of a sound from 0 to 9; a window's end is where it was asked for."""
    late = clip(TALL, 2, (360, 640), start_s=1.0)
    sound = late.media.audio
    assert sound is not None
    heard = sound.model_copy(update={"start_s": 0.0, "duration_s": 9.0})
    clips = {
        TALL.as_uri(): Clip(late.source, late.media.model_copy(update={"start_s": 0.0, "audio": heard}), late.index)
    }
    for window, told in (((0, 0), (1.0, 6.0)), ((0.5, 1.5), (0.5,)), ((1.2, 1.5), ())):
        asked = edit((TALL, *window))
        _, units = plan_edit(accepted(TALL, Path("/out"), [asked]), asked, FLEET, clips)
        places = ("before its first picture", "behind its last picture")
        notes = [
            f"inputs.0: left out: {length:.1f} s of sound {where}" for length, where in zip(told, places, strict=False)
        ]
        assert join(units).notes[: len(told)] == notes and len(join(units).notes) == len(told) + 1
        assert join(units).delay_s == 0


def test_a_fast_one_is_a_copy() -> None:
    [copied] = made(edit((WIDE, 1, 2), type="fast")).units
    assert isinstance(copied.work, TranscodeWork) and copied.work.outputs[0].remux is not None
    assert copied.edited is not None and copied.edited.copied


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (edit((WIDE, 0, 0), (GONE, 0, 0)), SOURCE_NOT_ACCESSIBLE, "inputs.1 (file:///media/gone.mp4): no such file"),
        (edit((WIDE, 0, 10.1)), INVALID_TIME_OFFSET, "inputs.0 (file:///media/wide.mp4): end_time_offset_s 10.1 lies"),
        (
            edit((WIDE, -10.1, 0)),
            INVALID_TIME_OFFSET,
            "start_time_offset_s -10.1 lies before its start: it is 10 s long",
        ),
        (edit((WIDE, 0, -10.1)), INVALID_TIME_OFFSET, "end_time_offset_s"),
        (edit((WIDE, 8, -3)), INVALID_TIME_OFFSET, "inputs.0"),
        (edit((WIDE, 1.01, 1.03)), INVALID_TIME_OFFSET, "inputs.0"),
        (edit((WIDE, 0, 0), video={"codec": "h265", "width": 128, "height": 0}), "", ""),
    ],
)
def test_what_an_input_can_not_give_fails_the_edit_and_names_it(asked: EditMedia, code: str, said: str) -> None:
    failed = made(asked).failed
    assert [(error.code, said in error.message) for error in failed.values()] == ([(code, True)] if code else [])


def test_a_little_beyond_the_end_is_the_end() -> None:
    assert [ref.duration_s for ref in join(made(edit((WIDE, 9, 10.04)))).chunks] == [1]


def test_without_a_picture_or_any_input_there_is_no_edit() -> None:
    lone = Clip(Source(url="x", size_bytes=1), MediaInfo(container="mp3", size_bytes=1, duration_s=9), None)
    asked = edit((GONE, 0, 0))
    with pytest.raises(MediaError):
        plan_edit(accepted(GONE, Path("/out"), [asked]), asked, FLEET, {GONE.as_uri(): CLIPS[GONE.as_uri()]})
    _, units = plan_edit(accepted(GONE, Path("/out"), [asked]), asked, FLEET, {GONE.as_uri(): lone})
    assert [error.code for error in units.failed.values()] == [SOURCE_NO_VIDEO]
    thin = {GONE.as_uri(): clip(GONE, 1, (640, 8))}
    asked = edit((GONE, 0, 0), video={"codec": "h265"})
    _, units = plan_edit(accepted(GONE, Path("/out"), [asked]), asked, FLEET, thin)
    assert [error.code for error in units.failed.values()] == [CONFIGURATION_UNSUPPORTED]


def test_its_end_is_told_before_the_flows() -> None:
    """Whatever the end: here the edit fails, another is aborted."""
    asked = edit((WIDE, 0, 0), (TALL, 0, 0))
    flow = new_flow(accepted(WIDE, Path("/out"), [asked]), "default", None, 0.0)
    error = UnitError(kind=ErrorKind.PERMANENT, code=INVALID_TIME_OFFSET, message="inputs.1")
    other = flow.model_copy(deep=True)
    steps.unplannable(flow, error, NOW)
    said: list[Outgoing] = apply(flow, decide(flow, NOW, 30), NOW, say)
    told = [(one.event.key, one.event.sequence) for one in said]
    assert told == [("subtask.finished.v1", 2), ("edit.finished.v1", 3), ("flow.finished.v1", 4)]
    assert said[1].event.data["subtask"]["code"] == INVALID_TIME_OFFSET
    assert [one["url"] for one in said[1].event.data["inputs"]] == [WIDE.as_uri(), TALL.as_uri()]
    assert [one.url for one in flow_view(flow).inputs] == [WIDE.as_uri(), TALL.as_uri()]
    other.cancel_requested = True
    ended = [one.event for one in apply(other, decide(other, NOW, 30), NOW, say)]
    assert [one.key for one in ended][-2:] == ["edit.finished.v1", "flow.finished.v1"]
    assert other.subtasks[0].state is SubtaskState.ABORTED
