"""A flow and its results as text."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ..flows import FlowView
from ..next_flows import NextView
from ..subtasks import (
    AdaptiveDynamicStreamingOutput,
    AnimatedGraphicOutput,
    CoverOutput,
    EditMediaOutput,
    SampledSnapshotOutput,
    SnapshotOutput,
    SpriteOutput,
    SubtaskOutput,
    SubtaskState,
    SubtaskView,
    TranscodeOutput,
)

STYLES = {
    "success": "green",
    "partial": "yellow",
    "failed": "red",
    "aborted": "red",
    "processing": "cyan",
    "started": "green",
    "refused": "red",
    "not_reached": "red",
}


def flow_lines(flow: FlowView) -> Iterator[RenderableType]:
    """A head line, then each subtask with what it made."""
    state = flow.outcome or flow.state
    yield Text.assemble(("flow ", "bold"), (flow.flow_id, "bold"), " ", (state, STYLES.get(state, "")))
    if flow.code or flow.message:
        yield Text(f"  {flow.code} {flow.message}", style="red")
    others = f" and {len(flow.inputs) - 1} more" if len(flow.inputs) > 1 else ""
    yield Text(f"  {flow.input.url}{others} -> {flow.output.storage}")
    for subtask in flow.subtasks:
        yield _head(subtask)
        for line in _results(subtask.output):
            yield Text("    " + line)
    for one in flow.next:
        yield _next(one)


def _head(subtask: SubtaskView) -> Text:
    percent = f" {subtask.progress_percent:.0f} %" if subtask.state is SubtaskState.PROCESSING else ""
    line = Text.assemble(
        f"  {subtask.subtask_id} ({subtask.definition}) ", (subtask.state + percent, STYLES.get(subtask.state, ""))
    )
    return line.append(f" {subtask.code} {subtask.message}".rstrip())


def _next(one: NextView) -> Text:
    line = Text.assemble(f"  then {one.procedure} of {one.of} ", (one.state, STYLES.get(one.state, "")))
    return line.append(f" flow {one.flow_id} {one.code} {one.message}".rstrip())


def _results(output: SubtaskOutput | None) -> Iterator[str]:
    match output:
        case TranscodeOutput():
            size = f"{output.video.width}x{output.video.height}, " if output.video else ""
            yield f"{output.url}  {size}{output.duration_s:.2f} s, {output.size_bytes:,} bytes"
            yield from output.notes
        case EditMediaOutput():
            how = "pictures copied" if output.copied else "encoded"
            size = f"{output.video.width}x{output.video.height}, " if output.video else ""
            yield f"{output.url}  {size}{output.duration_s:.2f} s, {output.size_bytes:,} bytes, {how}"
            yield from output.notes
        case SnapshotOutput() | SampledSnapshotOutput():
            yield from (f"{picture.url}  at {picture.time_s:.3f} s" for picture in output.pictures)
        case CoverOutput():
            yield f"{output.url}  at {output.time_s:.3f} s"
        case AnimatedGraphicOutput():
            size = f"{output.width}x{output.height}, {output.frames} pictures"
            yield f"{output.url}  {size}, {output.duration_s:.2f} s, {output.size_bytes:,} bytes"
        case AdaptiveDynamicStreamingOutput():
            sizes = [f"{one.width}x{one.height}" for one in output.sub_streams if one.type == "video"]
            shown = f"{', '.join(sizes)}, " if sizes else ""
            yield f"{output.url}  {shown}{output.duration_s:.2f} s, {output.size_bytes:,} bytes"
            yield from output.notes
        case SpriteOutput():
            yield from output.sheet_urls
            yield output.vtt_url
        case None:
            pass
