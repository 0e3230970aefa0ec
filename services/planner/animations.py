"""Units that make moving pictures without sound. Pure."""

import math
from dataclasses import replace
from fractions import Fraction

from contracts.codes import RESULT_TOO_LARGE
from contracts.subtasks import AnimatedGraphic
from contracts.units import AnimationWork, Framing
from shared.errors import MediaError

from . import cost
from .film import Film, backed
from .framing import framing
from .opened import neighbours
from .planned import PlannedUnit
from .renditions import frame_rate
from .span import Span
from .windows import Window, window

MOST_FRAMES = 1000
"""Pictures in one animation: at the presets' 2 a second, 8 minutes of source."""
MOST_PIXELS = 500_000_000
"""Of all its pictures together: 241 of 1080p, 60 of 4K. About 2 minutes of a worker, 250 MB of gif at the worst."""
END_MARGIN = 2
"""Where the last picture ends is known by its packet only; so many ticks more may come of it."""


def animation(subtask: AnimatedGraphic, film: Film) -> list[PlannedUnit]:
    """The unit that makes an animation and, with an index, one that does so by the clock should that fail.

    Raises MediaError when the source has no picture, none in the window (INVALID_TIME_OFFSET), or too many for one
    animation (RESULT_TOO_LARGE).
    """
    asked = subtask.parameters
    size = framing(film.video, asked.width, asked.height, asked.resolution_adaptive, "black", even=False)
    shown = window(subtask.start_time_offset_s, subtask.end_time_offset_s, film.media)
    fps = frame_rate(asked.fps)
    assert fps is not None
    _check_bound(_seconds(shown, film), fps, size)
    clock = _by_clock(subtask, replace(film, index=None), shown, fps, size)
    return backed(clock, None) if film.index is None else backed(_by_index(subtask, film, shown, fps, size), clock)


def most_frames(size: Framing) -> int:
    """How many pictures of a size an animation may have."""
    return max(1, min(MOST_FRAMES, MOST_PIXELS // (size.width * size.height)))


def _check_bound(seconds: float | None, fps: Fraction, size: Framing) -> None:
    count, most = math.ceil((seconds or 0.0) * fps), most_frames(size)
    if count > most:
        text = (
            f"an animation of {count} pictures of {size.width} x {size.height} would be too large, at most {most} are "
            "made: ask for a shorter window, a lower rate or a smaller size"
        )
        raise MediaError(text, RESULT_TOO_LARGE)


def _seconds(shown: Window, film: Film) -> float | None:
    """How long the window is; None when that is unknown."""
    if film.index is not None:
        span = Span.of(shown, film.media.start_s, film.index, neighbours(film.video))
        return float(span.seconds(span.first, span.stop))
    end_s = shown.end_s if shown.end_s is not None else film.media.duration_s
    return None if end_s is None else max(0.0, end_s - shown.start_s)


def _by_index(subtask: AnimatedGraphic, film: Film, shown: Window, fps: Fraction, size: Framing) -> PlannedUnit:
    assert film.index is not None
    span = Span.of(shown, film.media.start_s, film.index, neighbours(film.video))
    late = _late(fps, span.seconds(span.first, span.stop) / (span.stop - span.first))
    least, expected = _counts(span, fps, late)
    work = _work(subtask, film, shown, fps, size).model_copy(
        update={
            "video": film.opened(span.first_pts, span.seek_s(span.first)),
            "zero_pts": span.first_pts + round(late / film.index.time_base),
            "start": 0,
            "end": None if span.end is None else expected,
            "frames_min": least,
            "frames_max": expected if span.end is not None else expected + END_MARGIN,
        }
    )
    return _unit(work, film, span.decoded(span.first, span.stop))


def _late(fps: Fraction, picture_s: Fraction) -> Fraction:
    """How much after a tick a picture may come and still count as on show then: time stamps are rounded and jitter."""
    return min(1 / fps, picture_s) / 8


def _counts(span: Span, fps: Fraction, late: Fraction) -> tuple[int, int]:
    """The least and the expected number of pictures: ticks before the last picture of the source, and before the end.

    A window that ends within the source has exactly those expected.
    """
    first_s, last_s = (pts * span.index.time_base for pts in (span.first_pts, span.index.pts[span.stop - 1]))
    if span.end is not None:
        exact = math.ceil((span.end - first_s) * fps)
        return exact, exact
    end_s = first_s + span.seconds(span.first, span.stop)
    least, expected = (max(1, math.ceil((moment_s - first_s - late) * fps)) for moment_s in (last_s, end_s))
    return least, expected


def _by_clock(subtask: AnimatedGraphic, film: Film, shown: Window, fps: Fraction, size: Framing) -> PlannedUnit:
    work = _work(subtask, film, shown, fps, size)
    rate = film.video.frame_rate or Fraction(25)
    late = round(_late(fps, 1 / rate) / film.video.time_base)
    return _unit(
        work.model_copy(update={"zero_pts": late}), film, float(rate) * (shown.end_s or film.media.duration_s or 0.0)
    )


def _work(subtask: AnimatedGraphic, film: Film, shown: Window, fps: Fraction, size: Framing) -> AnimationWork:
    """By the clock: ticks count from the container's start, and decoding begins there."""
    end_s = film.media.duration_s if shown.end_s is None else shown.end_s
    return AnimationWork(
        subtask_id=subtask.subtask_id,
        source=film.source,
        video=film.opened(),
        times=film.times,
        fps=fps,
        zero_pts=0,
        start=math.ceil(Fraction(shown.start_s) * fps),
        end=None if shown.end_s is None else math.ceil(Fraction(shown.end_s) * fps),
        frames_min=1,
        frames_max=most_frames(size),
        framing=size,
        format=subtask.parameters.format,
        quality=subtask.parameters.quality,
        url=film.names.url(subtask.subtask_id, subtask.parameters.format),
        start_s=shown.start_s,
        end_s=end_s,
        duration_s=None if end_s is None else end_s - shown.start_s,
    )


def _unit(work: AnimationWork, film: Film, decoded: float) -> PlannedUnit:
    frames = min(work.frames_max, (work.duration_s or 0.0) * work.fps)
    spent_s = cost.START_S + cost.animate_s(work.format, work.framing, frames) + cost.decode_s(film.video, decoded)
    return PlannedUnit(unit_id=f"animation-{work.subtask_id}", subtask_ids=[work.subtask_id], work=work, cost_s=spent_s)
