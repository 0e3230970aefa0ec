"""Flows in all states, for tests."""

from datetime import UTC, datetime

from contracts.flows import FlowAccepted, Input, Output
from contracts.media import MediaInfo
from contracts.presets import TRANSCODE
from contracts.subtasks import Transcode, TranscodeOutput
from contracts.units import (
    ChunkRef,
    EncodeOutput,
    ErrorKind,
    MadeFile,
    MergeWork,
    Source,
    TranscodeWork,
    UnitError,
    UnitFinished,
)
from services.planner import steps
from services.planner.flow import Flow, new_flow
from services.planner.planned import Plan, PlannedUnit

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
MEDIA = MediaInfo(container="mp4", size_bytes=1000, duration_s=60.0)
SOURCE = Source(url="file:///in.mp4", size_bytes=1000)
GROUP = "video-0"


def accepted(count: int = 1) -> FlowAccepted:
    """Asked for: renditions transcode-1, transcode-2..."""
    return FlowAccepted(
        flow_id="0" * 32,
        input=Input(url="file:///in.mp4"),
        output=Output(storage="file:///out/"),
        subtasks=[
            Transcode(subtask_id=f"transcode-{number}", definition=100010, parameters=TRANSCODE[100010])
            for number in range(1, count + 1)
        ],
        accepted_at=NOW,
    )


def waiting(count: int = 1) -> Flow:
    """Just accepted."""
    return new_flow(accepted(count), "default", None, 0.0)


def chunk(number: int) -> PlannedUnit:
    """A chunk of transcode-1."""
    output = EncodeOutput(name="transcode-1")
    work = TranscodeWork(source=SOURCE, outputs=[output])
    return PlannedUnit(unit_id=f"chunk-{number}", subtask_ids=["transcode-1"], work=work, cost_s=30, group=GROUP)


def merge(chunks: int) -> PlannedUnit:
    """The join of transcode-1."""
    refs = [ChunkRef(unit_id=f"chunk-{number}", name="transcode-1", duration_s=30) for number in range(chunks)]
    return PlannedUnit(
        unit_id="merge-1",
        subtask_ids=["transcode-1"],
        work=MergeWork(subtask_id="transcode-1", url="file:///out/1.mp4", chunks=refs),
        depends_on=[f"chunk-{number}" for number in range(chunks)],
        group=GROUP,
    )


def whole(subtask_id: str = "transcode-1", *, fallback: bool = False) -> PlannedUnit:
    """A rendition in one piece."""
    output = EncodeOutput(name=subtask_id, subtask_id=subtask_id, url="file:///out/1.mp4")
    return PlannedUnit(
        unit_id=f"whole-{subtask_id}",
        subtask_ids=[subtask_id],
        work=TranscodeWork(source=SOURCE, outputs=[output]),
        group=GROUP if fallback else None,
        fallback=fallback,
    )


def cut_plan() -> Plan:
    """Two chunks, a join, and the fallback."""
    return Plan(units=[chunk(0), chunk(1), merge(2), whole(fallback=True)])


def planned(plan: Plan, count: int = 1) -> Flow:
    """A flow with this plan."""
    flow = waiting(count)
    steps.planned(flow, MEDIA, plan, {}, {}, NOW)
    return flow


OUTPUT = TranscodeOutput(url="file:///out/1.mp4", container="mp4", size_bytes=9, duration_s=60, bitrate_kbps=400)


def done(unit_id: str, attempt: int = 1, *, final: bool = False, error: UnitError | None = None) -> UnitFinished:
    """A worker's result: of a merge when the unit is one, else one file."""
    files = [] if unit_id.startswith("merge") or error else [_file(unit_id, final=final)]
    return UnitFinished(
        flow_id="0" * 32,
        unit_id=unit_id,
        attempt=attempt,
        worker="w",
        error=error,
        files=files,
        output=OUTPUT if unit_id.startswith("merge") and not error else None,
        started_at=NOW,
        work_s=10,
    )


def _file(unit_id: str, *, final: bool) -> MadeFile:
    name = unit_id.removeprefix("whole-") if final else "transcode-1"
    return MadeFile(
        name=name,
        url=f"file:///scratch/{unit_id}.mp4",
        size_bytes=9,
        frames=750,
        subtask_id=name if final else None,
        output=OUTPUT if final else None,
    )


TRANSIENT = UnitError(kind=ErrorKind.TRANSIENT, code="InternalError", message="disk full")
PERMANENT = UnitError(kind=ErrorKind.PERMANENT, code="SourceFileError.ContentMalformed", message="broken")
INEXACT = UnitError(kind=ErrorKind.INEXACT, code="InternalError.FrameCountMismatch", message="749 frames, expected 750")
