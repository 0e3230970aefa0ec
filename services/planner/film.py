"""A source with what is known of it, as the plan rules of all kinds of pictures take it. Pure values."""

from dataclasses import dataclass
from typing import Literal

from contracts.media import MediaInfo, VideoStream
from contracts.units import Source, Times, VideoIn
from shared.index import PacketIndex

from .naming import Names
from .opened import opened
from .planned import PlannedUnit
from .usable import check_picture


@dataclass(frozen=True)
class Film:
    """The source of a flow. Without an index, times go by the clock."""

    source: Source
    media: MediaInfo
    index: PacketIndex | None
    names: Names

    @property
    def video(self) -> VideoStream:
        """The picture track. Raises MediaError when there is none to show."""
        check_picture(self.media)
        assert self.media.video is not None
        return self.media.video

    @property
    def times(self) -> Times:
        """How a worker takes the source's time stamps."""
        return "kept" if self.index is not None else "mended"

    def opened(self, first_pts: int | None = None, seek_s: float | None = None) -> VideoIn:
        """The picture track as a worker reads it."""
        return opened(self.video, first_pts, seek_s)


def backed(main: PlannedUnit, clock: PlannedUnit | None) -> list[PlannedUnit]:
    """A unit that goes by the index and, where there is one, another that goes by the clock should that fail."""
    if clock is None:
        return [main]
    group = main.unit_id
    back: dict[str, str | Literal[True]] = {"unit_id": f"{group}-by-clock", "group": group, "fallback": True}
    return [main.model_copy(update={"group": group}), clock.model_copy(update=back)]
