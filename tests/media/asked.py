"""Subtasks as tests ask for them."""

from contracts.parameters import (
    AnimatedGraphicParameters,
    AnimationFormat,
    AudioParameters,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    VideoParameters,
)
from contracts.parameters import TranscodeParameters as Parameters
from contracts.subtasks import AnimatedGraphic, Cover, ImageSprite, SampledSnapshot, Transcode


def rendition(number: int, fps: float = 0, *, window: tuple[float, float] = (0, 0), width: int = 128) -> Transcode:
    """A small rendition."""
    video = VideoParameters(fps=fps, width=width, resolution_adaptive="close")
    return Transcode(
        subtask_id=f"transcode-{number}",
        definition=100 + number,
        parameters=Parameters(video=video, audio=AudioParameters()),
        start_time_offset_s=window[0],
        end_time_offset_s=window[1],
    )


def samples(percent: float = 10) -> SampledSnapshot:
    """Pictures at every so many percent, as large as the source."""
    parameters = SampledSnapshotParameters(sample_type="percent", sample_interval=percent, fill_type="stretch")
    return SampledSnapshot(subtask_id="sampled_snapshot-1", definition=10, parameters=parameters)


def sprite(interval_s: float = 1) -> ImageSprite:
    """Sheets of 2 x 3 small tiles."""
    parameters = SpriteParameters(
        sample_type="time", sample_interval=interval_s, rows=2, columns=3, width=64, height=36
    )
    return ImageSprite(subtask_id="image_sprite-1", definition=10, parameters=parameters)


def animation(
    form: AnimationFormat = "gif", fps: float = 2, *, window: tuple[float, float] = (0, 0), height: int = 0
) -> AnimatedGraphic:
    """Moving pictures."""
    return AnimatedGraphic(
        subtask_id="animated_graphic-1",
        definition=20000,
        parameters=AnimatedGraphicParameters(fps=fps, format=form, height=height),
        start_time_offset_s=window[0],
        end_time_offset_s=window[1],
    )


def cover(percent: float = 50) -> Cover:
    """One picture."""
    parameters = SnapshotParameters(format="png", fill_type="stretch")
    return Cover(
        subtask_id="cover_by_snapshot-1",
        definition=10,
        parameters=parameters,
        position_type="percent",
        position_value=percent,
    )
