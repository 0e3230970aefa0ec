"""What the demo shows: a bar for each subtask, then a table of results."""

from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from contracts.flows import FlowAccepted, FlowFinished, FlowProgressed, FlowView, Outcome
from contracts.subtasks import (
    AnimatedGraphicOutput,
    CoverOutput,
    SampledSnapshotOutput,
    SnapshotOutput,
    SpriteOutput,
    SubtaskEvent,
    SubtaskState,
    SubtaskView,
    TranscodeOutput,
)


class Board:
    """A live progress bar for each subtask; a context manager."""

    def __init__(self, console: Console, accepted: FlowAccepted) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[state]}", markup=False),
            TimeElapsedColumn(),
            console=console,
        )
        self._bars: dict[str, TaskID] = {
            subtask.subtask_id: self._progress.add_task(
                f"{subtask.kind} {subtask.definition}", total=100.0, start=False, state=str(SubtaskState.WAITING)
            )
            for subtask in accepted.subtasks
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, data: object) -> None:
        """Move the bars to what an event tells."""
        match data:
            case SubtaskEvent(subtask=subtask):
                self._move(subtask.subtask_id, subtask.state, subtask.progress_percent)
            case FlowProgressed(subtasks=subtasks):
                for line in subtasks:
                    self._move(line.subtask_id, line.state, line.progress_percent)
            case FlowFinished(flow=flow):
                for view in flow.subtasks:
                    self._move(view.subtask_id, view.state, view.progress_percent)
            case _:
                pass

    def _move(self, subtask_id: str, state: SubtaskState, percent: float) -> None:
        bar = self._bars.get(subtask_id)
        if bar is None:
            return
        if state is not SubtaskState.WAITING:
            self._progress.start_task(bar)
        done = 100.0 if state is SubtaskState.SUCCESS else percent
        self._progress.update(bar, completed=done, state=str(state))
        if state.ended:
            self._progress.stop_task(bar)


def results(flow: FlowView) -> Table:
    """For each subtask a line of figures, and below it the files that it made. Fits a terminal of 80 columns."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("subtask", overflow="fold")
    for heading in ("size", "picture", "length", "speed"):
        table.add_column(heading, no_wrap=True, justify="right")
    source_s = flow.media.duration_s if flow.media else None
    for subtask in flow.subtasks:
        taken_s = _taken_s(subtask)
        speed = f"{source_s / taken_s:.1f}x" if source_s and taken_s else ""
        files, size, picture, length = made(subtask)
        name = Text(f"{subtask.kind} {subtask.definition}", style="bold")
        table.add_row(
            Text("\n").join([name, *(Text(f"  {file}", style="dim") for file in files)]), size, picture, length, speed
        )
    return table


def made(subtask: SubtaskView) -> tuple[list[str], str, str, str]:
    """What a subtask made: file names, size, picture size and length as text; or why it made nothing."""
    match subtask.output:
        case TranscodeOutput() as rendition:
            picture = f"{rendition.video.width}x{rendition.video.height}" if rendition.video else ""
            length = f"{rendition.duration_s:.2f} s"
            return [file_name(rendition.url)], size_text(rendition.size_bytes), picture, length
        case SampledSnapshotOutput(pictures=pictures) | SnapshotOutput(pictures=pictures):
            total = sum(picture.size_bytes for picture in pictures)
            shape = f"{pictures[0].width}x{pictures[0].height}" if pictures else ""
            names = [file_name(picture.url) for picture in pictures]
            shown = names if len(names) < 3 else [names[0], "…", names[-1]]
            return shown, size_text(total), shape, f"{len(pictures)} pictures"
        case CoverOutput() as cover:
            return [file_name(cover.url)], size_text(cover.size_bytes), f"{cover.width}x{cover.height}", ""
        case AnimatedGraphicOutput() as moving:
            shape = f"{moving.width}x{moving.height}"
            return [file_name(moving.url)], size_text(moving.size_bytes), shape, f"{moving.duration_s:.2f} s"
        case SpriteOutput() as sprite:
            names = [file_name(url) for url in (*sprite.sheet_urls, sprite.vtt_url)]
            return names, size_text(sprite.size_bytes), f"{sprite.width}x{sprite.height}", f"{sprite.tiles} tiles"
        case _:
            return [f"{subtask.state} {subtask.code} {subtask.message}".strip()], "", "", ""


def tell_end(console: Console, flow: FlowView, logs: Path) -> None:
    """Where the results lie, or where to look for what went wrong."""
    console.print(f"The results are in {local_path(flow.output.storage)}", markup=False, soft_wrap=True)
    if flow.outcome is not Outcome.SUCCESS:
        console.print(f"Not everything succeeded: {flow.outcome or flow.state} {flow.message}", markup=False)
        console.print(f"The services' logs are in {logs}", markup=False, soft_wrap=True)


def file_name(url: str) -> str:
    """The last part of a URL's path."""
    return Path(local_path(url)).name


def local_path(url: str) -> str:
    """The path of a `file://` URL; another URL as it is."""
    return unquote(urlsplit(url).path) if url.startswith("file:") else url


def size_text(size_bytes: int) -> str:
    """Bytes for people."""
    return f"{size_bytes / 1e6:.2f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


def _taken_s(subtask: SubtaskView) -> float | None:
    if subtask.started_at is None or subtask.ended_at is None:
        return None
    return (subtask.ended_at - subtask.started_at).total_seconds()
