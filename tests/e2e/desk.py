"""What a test does with flows: ask for them, wait for them, and look at what every flow must keep to."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from contracts.client import VodflowClient
from contracts.flows import FlowSubmit, FlowView
from contracts.rendition_outputs import RenditionOutput
from contracts.subtasks import (
    AdaptiveDynamicStreamingOutput,
    AnimatedGraphicOutput,
    CoverOutput,
    SampledSnapshotOutput,
    SnapshotOutput,
    SpriteOutput,
    SubtaskOutput,
    SubtaskView,
    TranscodeOutput,
)
from tests.e2e.recorder import TERMINAL, Event, Recorder
from tests.e2e.sources import place
from tests.files import files_below
from tests.media.streams import listed
from tests.running import RunningStack
from tests.waiting import until

T = TypeVar("T")

PATIENCE_S = 120.0
SMALL = {"video": {"height": 180, "bitrate_kbps": 200}}
"""What keeps a rendition cheap."""
SMALL_RENDITION: dict[str, Any] = {"transcode": [{"definition": 100010, "override": SMALL}]}
ONE_PICTURE: dict[str, Any] = {"snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s"]}]}
"""The cheapest of all tasks."""


@dataclass(frozen=True)
class Desk:
    """One tenant's access to the running stack; everything of a test lies below `directory`."""

    stack: RunningStack
    client: VodflowClient
    recorder: Recorder
    directory: Path

    @property
    def amqp_url(self) -> str:
        """RabbitMQ."""
        return self.stack.environment.amqp_url

    def put_in(self, source: Path, name: str | None = None) -> str:
        """A clip in the storage root; its URL."""
        return place(source, self.directory / "in", name).as_uri()

    def out(self) -> str:
        """A new directory's URL for results; it is not there yet."""
        return (self.directory / f"out-{uuid.uuid4().hex}").as_uri() + "/"

    async def submit(
        self, source: Path | str, tasks: Mapping[str, Any], *, traceparent: str | None = None, **members: Any
    ) -> str:
        """Ask for a flow; its id."""
        url = source if isinstance(source, str) else self.put_in(source)
        asked = {"input": {"url": url}, "output": {"storage": self.out()}, "tasks": tasks, **members}
        accepted = await self.client.submit(FlowSubmit.model_validate(asked), traceparent=traceparent)
        return accepted.flow_id

    async def ended(self, flow_id: str) -> FlowView:
        """Wait for a flow's end; it as described then. Checks its events and that nothing but results is left."""
        await self.recorded_end(flow_id)
        view = await self.client.describe(flow_id)
        check_events(self.recorder.of(flow_id), view)
        await self.tidy(view)
        return view

    async def recorded_end(self, flow_id: str) -> Event:
        """Wait for a flow's terminal event, whoever's flow it is."""
        return await self.until(lambda: self.recorder.end_of(flow_id), f"the end of flow {flow_id}")

    async def until(self, look: Callable[[], T | None], what: str) -> T:
        """Look until something true is there."""

        async def check() -> T | None:
            return look() or None

        return await until(check, what, PATIENCE_S)

    async def done(self, source: Path | str, tasks: Mapping[str, Any], **members: Any) -> FlowView:
        """Ask for a flow and wait for its end."""
        return await self.ended(await self.submit(source, tasks, **members))

    async def tidy(self, view: FlowView) -> None:
        """Nothing of an ended flow is left in scratch, and only whole results at its output."""
        scratch = self.stack.stack.layout.scratch / view.flow_id
        await self.until(lambda: not scratch.exists(), f"the end of {scratch}")
        if view.output.storage.startswith("file:"):
            directory = path_of(view.output.storage)
            there = set(files_below(directory))
            told = {path_of(url) for url in result_urls(view.subtasks)}
            assert there == told, sorted(map(str, there ^ told))


def check_events(events: list[Event], view: FlowView) -> None:
    """A flow's public events: numbered without a gap, one end, the last of all, telling what is stored."""
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert len({event["id"] for event in events}) == len(events)
    assert {event["tenant"] for event in events} == {view.tenant}
    assert events[0]["type"] == "vodflow.flow.accepted.v1"
    assert [event["type"] for event in events].count(TERMINAL) == 1
    assert events[-1]["type"] == TERMINAL
    told = FlowView.model_validate(events[-1]["data"]["flow"])
    assert told == view.model_copy(update={"next": told.next})
    assert [one.flow_id for one in told.next] == [one.flow_id for one in view.next]
    ends = [event["data"]["subtask"] for event in events if event["type"] == "vodflow.subtask.finished.v1"]
    assert sorted(end["subtask_id"] for end in ends) == sorted(subtask.subtask_id for subtask in view.subtasks)
    percents = [event["data"]["progress_percent"] for event in events if event["type"] == "vodflow.flow.progressed.v1"]
    assert percents == sorted(percents)
    assert all(percent < 100 for percent in percents)


def path_of(url: str) -> Path:
    """The path of a file URL."""
    assert url.startswith("file:///"), url
    return Path(unquote(url.removeprefix("file://")))


def result_urls(subtasks: Iterable[SubtaskView]) -> list[str]:
    """Every file that subtasks made."""
    return [url for subtask in subtasks if subtask.output for url in urls_of(subtask.output)]


def urls_of(output: SubtaskOutput) -> list[str]:
    """Every file of a result."""
    if isinstance(output, AdaptiveDynamicStreamingOutput):
        streams = [stream.url for stream in output.sub_streams if stream.url]
        return [output.url, *streams, *(url for playlist in streams for url in led_to(playlist))]
    if isinstance(output, RenditionOutput | AnimatedGraphicOutput | CoverOutput):
        return [output.url, *led_to(output.url)]
    if isinstance(output, SpriteOutput):
        return [*output.sheet_urls, output.vtt_url]
    return [picture.url for picture in output.pictures]


def led_to(url: str) -> list[str]:
    """The files that a media playlist leads to; none for what is no playlist."""
    if not url.endswith(".m3u8"):
        return []
    return [path.as_uri() for path in {path for path, _, _ in listed(path_of(url)).parts}]


def rendition(view: FlowView, number: int = 1) -> TranscodeOutput:
    """What a successful transcode subtask made."""
    output = subtask_of(view, f"transcode-{number}").output
    assert isinstance(output, TranscodeOutput)
    return output


def streaming(view: FlowView, number: int = 1) -> AdaptiveDynamicStreamingOutput:
    """What a successful subtask of adaptive streaming made."""
    output = subtask_of(view, f"adaptive_dynamic_streaming-{number}").output
    assert isinstance(output, AdaptiveDynamicStreamingOutput)
    return output


def pictures(view: FlowView, subtask_id: str) -> SnapshotOutput | SampledSnapshotOutput:
    """What a successful subtask of stills made."""
    output = subtask_of(view, subtask_id).output
    assert isinstance(output, SnapshotOutput | SampledSnapshotOutput)
    return output


def sprite(view: FlowView) -> SpriteOutput:
    """What a successful sprite subtask made."""
    output = subtask_of(view, "image_sprite-1").output
    assert isinstance(output, SpriteOutput)
    return output


def subtask_of(view: FlowView, subtask_id: str) -> SubtaskView:
    """A subtask."""
    return next(subtask for subtask in view.subtasks if subtask.subtask_id == subtask_id)


def failures(view: FlowView) -> dict[str, str]:
    """Code by subtask, of those that failed; each has a message too."""
    failed = [subtask for subtask in view.subtasks if subtask.state == "failed"]
    assert all(subtask.message for subtask in failed)
    return {subtask.subtask_id: subtask.code for subtask in failed}
