"""When the marks of a subtask are on show, in the time stamps that a worker's pictures have. Pure."""

from collections.abc import Sequence
from fractions import Fraction

from contracts.codes import INVALID_TIME_OFFSET
from contracts.colours import WEBP, Colours
from contracts.drawings import Coding, Drawing
from contracts.media import MediaInfo
from contracts.subtasks import AdaptiveDynamicStreaming, Cover, SampledSnapshot, Snapshot, Transcode
from contracts.units import VideoEncode
from contracts.watermarks import Mark
from shared.errors import MediaError

from .film import Film
from .span import Span
from .windows import Window


def drawn(
    video: VideoEncode,
    subtask: Transcode | AdaptiveDynamicStreaming,
    asked: Window,
    span: Span | None,
    media: MediaInfo,
) -> VideoEncode:
    """A rendition's picture with the marks of its subtask, which shows the window `asked`: mosaics, then watermarks.

    Raises MediaError as `drawings` does.
    """
    mosaics = subtask.mosaics if isinstance(subtask, Transcode) else []
    zero_s = _zero_s(asked, span, video.fps)
    made = drawings([*mosaics, *subtask.watermarks], zero_s, _length_s(asked, media), coding(video.colours))
    return video.model_copy(update={"drawings": tuple(made)}) if made else video


def by_clock(video: VideoEncode, asked: Window, span: Span) -> VideoEncode:
    """The same picture when its times are counted from the container's start instead of by the index."""
    later_s = _zero_s(asked, None, video.fps) - _zero_s(asked, span, video.fps)
    times = ("zero_s", "start_s", "end_s")
    moved = [
        one.model_copy(update={name: at + later_s for name in times if (at := getattr(one, name)) is not None})
        for one in video.drawings
    ]
    return video.model_copy(update={"drawings": tuple(moved)})


def check_times(subtask: Transcode | AdaptiveDynamicStreaming, asked: Window, media: MediaInfo) -> None:
    """Raises MediaError (INVALID_TIME_OFFSET) for a mark's time before the end of an output of unknown length."""
    length_s = _length_s(asked, media)
    mosaics = subtask.mosaics if isinstance(subtask, Transcode) else []
    for mark in (*mosaics, *subtask.watermarks):
        _moment(mark.start_time_offset_s, length_s)
        _moment(mark.end_time_offset_s, length_s)


def on_pictures(subtask: Snapshot | SampledSnapshot | Cover, film: Film) -> list[Drawing]:
    """The marks of stills, whose times are those of the source."""
    zero_s = Fraction(film.media.start_s).limit_denominator(1_000_000) if film.index is not None else Fraction(0)
    return drawings(subtask.watermarks, zero_s, film.media.duration_s, coding(WEBP))


def drawings(marks: Sequence[Mark], zero_s: Fraction, length_s: float | None, coded: Coding) -> list[Drawing]:
    """Marks with their times; `zero_s` is where the output's 0 lies. Without those that are never on show.

    Raises MediaError (INVALID_TIME_OFFSET) for a time before the end of an output of unknown length.
    """
    made = [_drawing(mark, zero_s, length_s, coded) for mark in marks]
    return [one for one in made if one is not None]


def _drawing(mark: Mark, zero_s: Fraction, length_s: float | None, coded: Coding) -> Drawing | None:
    start_s = _moment(mark.start_time_offset_s, length_s)
    end_s = _moment(mark.end_time_offset_s, length_s) if mark.end_time_offset_s else None
    if (length_s and start_s >= length_s) or (end_s is not None and start_s >= end_s):
        return None
    begin_s = zero_s + _exact(start_s)
    return Drawing(
        mark=mark,
        zero_s=begin_s,
        start_s=begin_s if start_s else None,
        end_s=None if end_s is None else zero_s + _exact(end_s),
        coding=coded,
    )


def _moment(offset_s: float, length_s: float | None) -> float:
    if offset_s >= 0:
        return offset_s
    if not length_s:
        raise MediaError("a mark's time before the end needs a known duration", INVALID_TIME_OFFSET)
    return max(0.0, length_s + offset_s)


def _zero_s(window: Window, span: Span | None, fps: Fraction | None) -> Fraction:
    """The output's 0 in the pictures' time stamps: from the first picture with a rate, else as the source has them."""
    if span is None:
        return _exact(window.start_s)
    return span.zero - span.first_pts * span.index.time_base if fps else span.zero


def _length_s(window: Window, media: MediaInfo) -> float | None:
    end_s = media.duration_s if window.end_s is None else window.end_s
    return None if end_s is None else end_s - window.start_s


def coding(colours: Colours | None) -> Coding:
    """How marks are coded on pictures of these colours."""
    if colours is not None and colours.hdr:
        return "pq" if colours.transfer == "smpte2084" else "hlg"
    return "bt601" if colours is None or colours.matrix in _BT601 else "bt709"


_BT601 = ("bt470bg", "smpte170m", "fcc")


def _exact(seconds: float) -> Fraction:
    return Fraction(round(seconds * 1_000_000), 1_000_000)
