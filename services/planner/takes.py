"""What an edit takes of each input. Pure."""

from dataclasses import dataclass

from contracts.codes import INVALID_TIME_OFFSET
from contracts.edit_outputs import TakenInput
from contracts.edit_parameters import EditInput
from contracts.media import MediaInfo, VideoStream
from contracts.subtasks import EditMedia
from contracts.units import UnitError
from shared.errors import MediaError

from .clips import Clip, Clips
from .opened import neighbours
from .span import Span
from .usable import check_picture, has_sound
from .windows import Window, window

WORTH_TELLING_S = 0.2
SLACK_S = 0.05
"""A time that a user has rounded may lie so much beyond a source."""


@dataclass(frozen=True)
class Take:
    """A window of an input. `span` is None where no reliable index tells its pictures."""

    number: int
    clip: Clip
    window: Window
    span: Span | None

    @property
    def video(self) -> VideoStream:
        """Its picture track."""
        assert self.clip.media.video is not None
        return self.clip.media.video

    def told(self) -> TakenInput:
        """As a user is told of it."""
        span, first_s = self.span, self._first_s
        return TakenInput(
            url=self.clip.source.url,
            start_s=round(max(0.0, first_s), 6),
            end_s=self.window.end_s,
            frames=span.stop - span.first if span else None,
        )

    def unheard(self) -> list[str]:
        """What to tell of sound that no picture of the input goes with."""
        span, media = self.span, self.clip.media
        audio = media.audio
        if span is None or audio is None or not has_sound(media, self.window):
            return []
        begin_s = (media.start_s if audio.start_s is None else audio.start_s) - media.start_s
        end_s = begin_s + (audio.duration_s or 0.0)
        last_s = self._first_s + float(span.until(span.stop, None))
        before_s = self._first_s - max(begin_s, self.window.start_s)
        after_s = 0.0 if self.window.end_s is not None else end_s - last_s
        lengths = ((before_s, "before its first picture"), (after_s, "behind its last picture"))
        return [f"left out: {length:.1f} s of sound {where}" for length, where in lengths if length > WORTH_TELLING_S]

    @property
    def _first_s(self) -> float:
        """When its first picture comes."""
        span = self.span
        return float(span.first_pts * span.index.time_base) - self.clip.media.start_s if span else self.window.start_s


def taken(edit: EditMedia, clips: Clips) -> list[Take]:
    """What is taken of each input, in order.

    Raises MediaError, naming the input, when one can't be read, has no picture, or none where its offsets are.
    """
    takes = []
    for number, asked in enumerate(edit.inputs):
        try:
            takes.append(_take(number, asked, clips[asked.url]))
        except MediaError as error:
            raise MediaError(f"inputs.{number} ({asked.url}): {error.message}", error.code) from error
    return takes


def _take(number: int, asked: EditInput, clip: Clip | UnitError) -> Take:
    if isinstance(clip, UnitError):
        raise MediaError(clip.message, clip.code)
    check_picture(clip.media)
    shown = _window(asked, clip.media)
    video, index = clip.media.video, clip.index
    span = Span.of(shown, clip.media.start_s, index, neighbours(video)) if index else None
    return Take(number, clip, shown, span)


def _window(asked: EditInput, media: MediaInfo) -> Window:
    """Unlike that of a rendition, a window of an edit must lie within its source."""
    duration_s = media.duration_s
    if duration_s:
        for name in ("start_time_offset_s", "end_time_offset_s"):
            offset_s: float = getattr(asked, name)
            if abs(offset_s) > duration_s + SLACK_S:
                where = "before its start" if offset_s < 0 else "beyond its end"
                text = f"{name} {offset_s:g} lies {where}: it is {duration_s:g} s long"
                raise MediaError(text, INVALID_TIME_OFFSET)
    return window(asked.start_time_offset_s, asked.end_time_offset_s, media)
