"""Units that take still pictures: snapshots, samples and sprites. Pure."""

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.media import MediaInfo
from contracts.subtasks import ImageSprite, SampledSnapshot, Snapshot
from contracts.units import Framing, PicturesWork, Sheets, Shot, Source, VideoIn
from shared.errors import MediaError
from shared.index import PacketIndex

from .framing import framing
from .naming import Names
from .planned import PlannedUnit
from .shots import method, sampled, shots
from .usable import check_picture
from .windows import moment

LARGEST_SHEET = 15_000
"""Pixels a side (reference C.5); templates with a fixed tile size are checked earlier."""
Pictured = Snapshot | SampledSnapshot | ImageSprite


def pictures(
    subtask: Pictured, source: Source, media: MediaInfo, index: PacketIndex | None, names: Names
) -> list[PlannedUnit]:
    """The unit that takes a subtask's pictures and, with an index, one that does so by the clock should that fail.

    Raises MediaError when the source has no picture, or a time lies outside of it.
    """
    check_picture(media)
    times_s = _times_s(subtask, media)
    urls = _urls(subtask, names, len(times_s))
    main = _unit(subtask, source, media, index, names, shots(times_s, urls, media, index))
    if index is None:
        return [main]
    clock = _unit(subtask, source, media, None, names, shots(times_s, urls, media, None))
    group = main.unit_id
    back = {"unit_id": f"{group}-by-clock", "group": group, "fallback": True}
    return [main.model_copy(update={"group": group}), clock.model_copy(update=back)]


def _times_s(subtask: Pictured, media: MediaInfo) -> list[float]:
    if isinstance(subtask, Snapshot):
        return [moment(offset, media) for offset in subtask.time_offsets]
    return sampled(subtask.parameters.sample_type, subtask.parameters.sample_interval, media)


def _urls(subtask: Pictured, names: Names, count: int) -> list[str | None]:
    if isinstance(subtask, ImageSprite):
        return [None] * count
    return [names.url(subtask.subtask_id, subtask.parameters.format, number) for number in range(count)]


def _unit(
    subtask: Pictured,
    source: Source,
    media: MediaInfo,
    index: PacketIndex | None,
    names: Names,
    taken: list[Shot],
) -> PlannedUnit:
    video, asked = media.video, subtask.parameters
    assert video is not None
    way, cost_s = method(taken, video, media, index)
    size = framing(video, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=False)
    sample = None if isinstance(subtask, Snapshot) else subtask.parameters
    work = PicturesWork(
        subtask_id=subtask.subtask_id,
        source=source,
        video=VideoIn(
            index=video.index,
            time_base=video.time_base,
            color_transfer=video.color_transfer,
            field_order=video.field_order,
        ),
        times="kept" if index is not None else "mended",
        method=way,
        shots=taken,
        framing=size,
        format=asked.format,
        sheets=_sheets(subtask, size, names, media, len(taken)) if isinstance(subtask, ImageSprite) else None,
        sample_type=sample.sample_type if sample else None,
        sample_interval=sample.sample_interval if sample else None,
        duration_s=media.duration_s,
    )
    return PlannedUnit(
        unit_id=f"pictures-{subtask.subtask_id}", subtask_ids=[subtask.subtask_id], work=work, cost_s=cost_s
    )


def _sheets(subtask: ImageSprite, size: Framing, names: Names, media: MediaInfo, tiles: int) -> Sheets:
    asked = subtask.parameters
    if max(asked.rows * size.height, asked.columns * size.width) > LARGEST_SHEET:
        tiles_text = f"{asked.columns} x {asked.rows} tiles of {size.width} x {size.height} pixels"
        text = f"a sheet of {tiles_text} would be longer than {LARGEST_SHEET} pixels a side"
        raise MediaError(text, CONFIGURATION_UNSUPPORTED)
    count = -(-tiles // (asked.rows * asked.columns))
    return Sheets(
        rows=asked.rows,
        columns=asked.columns,
        urls=[names.url(subtask.subtask_id, asked.format, number) for number in range(count)],
        vtt_url=names.url(subtask.subtask_id, "vtt"),
        end_s=media.duration_s or 0.0,
    )
