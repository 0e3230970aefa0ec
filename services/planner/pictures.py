"""Units that take still pictures: snapshots, samples, sprites and covers. Pure."""

from dataclasses import replace

from contracts.codes import CONFIGURATION_UNSUPPORTED
from contracts.media import MediaInfo
from contracts.subtasks import Cover, ImageSprite, SampledSnapshot, Snapshot
from contracts.units import Framing, PicturesWork, Sheets, Shot
from shared.errors import MediaError

from .drawings import on_pictures
from .film import Film, backed
from .framing import framing
from .naming import Names
from .planned import PlannedUnit
from .shots import at_once, method, sampled, shots
from .windows import moment

LARGEST_SHEET = 15_000
"""Pixels a side (reference C.5); templates with a fixed tile size are checked earlier."""
Pictured = Snapshot | SampledSnapshot | ImageSprite | Cover


def pictures(subtask: Pictured, film: Film) -> list[PlannedUnit]:
    """The unit that takes a subtask's pictures and, with an index, one that does so by the clock should that fail.

    Raises MediaError when the source has no picture, or a time lies outside of it.
    """
    video = film.video
    asked = subtask.parameters
    times_s = _times_s(subtask, film.media)
    urls = _urls(subtask, film.names, len(times_s))
    size = framing(video, asked.width, asked.height, asked.resolution_adaptive, asked.fill_type, even=False)
    main = _unit(subtask, film, size, shots(times_s, urls, film.media, film.index))
    if film.index is None:
        return backed(main, None)
    return backed(main, _unit(subtask, replace(film, index=None), size, shots(times_s, urls, film.media, None)))


def _times_s(subtask: Pictured, media: MediaInfo) -> list[float]:
    if isinstance(subtask, Cover):
        return [moment(f"{subtask.position_value:f}{'%' if subtask.position_type == 'percent' else 's'}", media)]
    if isinstance(subtask, Snapshot):
        return [moment(offset, media) for offset in subtask.time_offsets]
    return sampled(subtask.parameters.sample_type, subtask.parameters.sample_interval, media)


def _urls(subtask: Pictured, names: Names, count: int) -> list[str | None]:
    if isinstance(subtask, ImageSprite):
        return [None] * count
    if isinstance(subtask, Cover):
        return [names.url(subtask.subtask_id, subtask.parameters.format)]
    return [names.url(subtask.subtask_id, subtask.parameters.format, number) for number in range(count)]


def _unit(subtask: Pictured, film: Film, size: Framing, taken: list[Shot]) -> PlannedUnit:
    way = method(taken, film.video, film.media, film.index)
    sample = subtask.parameters if isinstance(subtask, SampledSnapshot | ImageSprite) else None
    work = PicturesWork(
        subtask_id=subtask.subtask_id,
        makes=subtask.kind,
        source=film.source,
        video=film.opened(),
        times=film.times,
        method=way.method,
        at_once=at_once(film.video),
        shots=taken,
        framing=size,
        format=subtask.parameters.format,
        sheets=_sheets(subtask, size, film, len(taken)) if isinstance(subtask, ImageSprite) else None,
        sample_type=sample.sample_type if sample else None,
        sample_interval=sample.sample_interval if sample else None,
        duration_s=film.media.duration_s,
        drawings=[] if isinstance(subtask, ImageSprite) else on_pictures(subtask, film),
    )
    return PlannedUnit(
        unit_id=f"pictures-{subtask.subtask_id}", subtask_ids=[subtask.subtask_id], work=work, cost_s=way.cost_s
    )


def _sheets(subtask: ImageSprite, size: Framing, film: Film, tiles: int) -> Sheets:
    asked, names = subtask.parameters, film.names
    if max(asked.rows * size.height, asked.columns * size.width) > LARGEST_SHEET:
        tiles_text = f"{asked.columns} x {asked.rows} tiles of {size.width} x {size.height} pixels"
        text = f"a sheet of {tiles_text} would be longer than {LARGEST_SHEET} pixels a side"
        raise MediaError(text, CONFIGURATION_UNSUPPORTED)
    count = -(-tiles // (asked.rows * asked.columns))
    return Sheets(
        rows=asked.rows,
        columns=asked.columns,
        urls=[names.url(subtask.subtask_id, asked.format, number) for number in range(count)],
        vtt_url=names.vtt_url(subtask.subtask_id),
        end_s=film.media.duration_s or 0.0,
    )
