"""What a user is told of finished pictures. Pure."""

from collections.abc import Sequence

from contracts.subtasks import (
    AnimatedGraphicOutput,
    CoverOutput,
    PictureOutput,
    SampledSnapshotOutput,
    SnapshotOutput,
    SpriteOutput,
)
from contracts.units import AnimationWork, PicturesWork


def pictures_output(
    work: PicturesWork, sizes_bytes: Sequence[int]
) -> SnapshotOutput | SampledSnapshotOutput | CoverOutput:
    """The result of a subtask that takes stills; `sizes_bytes` are its files', in the order of the shots."""
    pictures = [
        PictureOutput(
            url=shot.url or "",
            time_s=shot.time_s,
            width=work.framing.width,
            height=work.framing.height,
            size_bytes=size,
        )
        for shot, size in zip(work.shots, sizes_bytes, strict=True)
    ]
    if work.makes == "cover_by_snapshot":
        return CoverOutput(**dict(pictures[0]))
    if work.sample_type is None or work.sample_interval is None:
        return SnapshotOutput(pictures=pictures)
    return SampledSnapshotOutput(sample_type=work.sample_type, sample_interval=work.sample_interval, pictures=pictures)


def sprite_output(work: PicturesWork, size_bytes: int) -> SpriteOutput:
    """The result of a sprite subtask; `size_bytes` of all sheets together."""
    assert work.sheets is not None
    return SpriteOutput(
        width=work.framing.width,
        height=work.framing.height,
        rows=work.sheets.rows,
        columns=work.sheets.columns,
        tiles=len(work.shots),
        sheet_urls=work.sheets.urls,
        vtt_url=work.sheets.vtt_url,
        size_bytes=size_bytes,
    )


def animation_output(work: AnimationWork, frames: int, size_bytes: int) -> AnimatedGraphicOutput:
    """The result of an animation of `frames` pictures in a file of `size_bytes`."""
    return AnimatedGraphicOutput(
        url=work.url,
        container=work.format,
        width=work.framing.width,
        height=work.framing.height,
        size_bytes=size_bytes,
        frames=frames,
        duration_s=float(frames / work.fps),
        start_time_offset_s=work.start_s,
        end_time_offset_s=work.end_s,
    )
