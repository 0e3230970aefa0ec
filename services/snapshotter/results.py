"""What a user is told of finished pictures. Pure."""

from collections.abc import Sequence

from contracts.subtasks import PictureOutput, SampledSnapshotOutput, SnapshotOutput, SpriteOutput
from contracts.units import PicturesWork


def pictures_output(work: PicturesWork, sizes_bytes: Sequence[int]) -> SnapshotOutput | SampledSnapshotOutput:
    """The result of a snapshot subtask; `sizes_bytes` are its files', in the order of the shots."""
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
