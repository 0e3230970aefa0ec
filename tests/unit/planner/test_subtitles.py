"""Subtitles in plans: read once for a group that is cut, told of where they are lost."""

from pathlib import Path

from contracts.media import MediaInfo, OtherStream
from contracts.subtitle_work import SubtitlesIn, SubtitleTrack
from contracts.units import MadeFile, MergeWork, TranscodeWork, UnitFinished
from services.planner import steps
from services.planner.flow import Flow, new_flow
from services.planner.plan import plan
from services.planner.planned import Fleet
from services.planner.requests import work_of
from tests.media.asked import rendition
from tests.media.flows import accepted
from tests.media.made_up import index, media
from tests.unit.planner.flows import NOW

TRACKS = [SubtitleTrack(index=3, codec="subrip", language="eng", default=True), SubtitleTrack(index=4, codec="ass")]
OTHERS = [
    OtherStream(index=2, kind="subtitle", codec="hdmv_pgs_subtitle"),
    OtherStream(index=3, kind="subtitle", codec="subrip", language="eng", default=True),
    OtherStream(index=4, kind="subtitle", codec="ass"),
]
LOST = "left out: subtitle track 2 (hdmv_pgs_subtitle)"


def _film(seconds: float) -> MediaInfo:
    return media(seconds).model_copy(update={"others": OTHERS})


def test_a_whole_file_reads_its_own() -> None:
    asked = accepted(Path("/in.mkv"), Path("/out"), [rendition(1, window=(1, 3))])
    [unit] = plan(asked, _film(4), index(4), Fleet(transcode_slots=1)).units
    assert isinstance(unit.work, TranscodeWork)
    assert unit.work.subtitles == SubtitlesIn(tracks=TRACKS, start_s=1, end_s=3)
    assert [(one.subtitles, one.notes) for one in unit.work.outputs] == [("mov_text", [LOST])]


def test_a_cut_group_reads_them_once_and_each_join_waits_for_it() -> None:
    flow = _cut()
    assert [unit_id for unit_id in flow.units if "subtitles" in unit_id] == ["video-0-subtitles"]
    work = flow.units["video-0-subtitles"].planned.work
    assert isinstance(work, TranscodeWork)
    assert (work.outputs, work.subtitles) == ([], SubtitlesIn(tracks=TRACKS))
    for number in (1, 2):
        assert "video-0-subtitles" in flow.units[f"video-0-join-transcode-{number}"].planned.depends_on


def test_what_could_not_be_read_is_told_and_not_muxed() -> None:
    flow = _cut()
    made = [MadeFile(name="subtitles-3", url="file:///s/3.srt", size_bytes=1, notes=["some of it is lost"])]
    for unit_id, record in flow.units.items():
        names = [*record.planned.subtask_ids, "sound-0"]
        files = [MadeFile(name=name, url=f"file:///s/{unit_id}.{name}", size_bytes=1) for name in names]
        record.result = UnitFinished(
            flow_id=flow.flow_id,
            unit_id=unit_id,
            attempt=1,
            worker="w",
            files=made if unit_id == "video-0-subtitles" else files,
            started_at=NOW,
            work_s=1,
        )
    work = work_of(flow, flow.units["video-0-join-transcode-1"])
    assert isinstance(work, MergeWork)
    assert [one.url for one in work.subtitles] == ["file:///s/3.srt", None]
    why = "left out: subtitle track 4 (ass): no text could be read for this part of the source"
    assert work.notes == [LOST, "some of it is lost", why]


def _cut() -> Flow:
    asked = accepted(Path("/in.mkv"), Path("/out"), [rendition(1, 25, width=1280), rendition(2, width=640)])
    film = _film(60)
    flow = new_flow(asked, "default", None, 0.0)
    steps.planned(flow, film, plan(asked, film, index(60), Fleet(transcode_slots=2)), {}, {}, NOW)
    return flow
