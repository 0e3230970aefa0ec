"""Units that read the subtitles of a group that is cut, once for all its renditions. Pure."""

from contracts.subtitle_work import SubtitleRef
from contracts.units import TranscodeWork

from . import cost
from .group import Group
from .planned import PlannedUnit
from .renditions import Rendition
from .subtitles import subtitles_in, subtitles_of


def read_subtitles(group: Group) -> list[PlannedUnit]:
    """The unit that reads them, if any rendition keeps them."""
    keeping = [one.name for one in group.renditions if subtitles_of(one, group.media)]
    if not keeping:
        return []
    work = TranscodeWork(source=group.source, subtitles=subtitles_in(group.media, group.window), outputs=[])
    spent_s = cost.START_S + cost.read_s(group.source.size_bytes)
    return [PlannedUnit(unit_id=_unit_id(group), subtask_ids=keeping, work=work, cost_s=spent_s)]


def subtitle_refs(group: Group, rendition: Rendition) -> list[SubtitleRef]:
    """What a rendition's join muxes of them."""
    if subtitles_of(rendition, group.media) is None:
        return []
    tracks = subtitles_in(group.media, group.window).tracks
    return [SubtitleRef(track=one, unit_id=_unit_id(group), name=f"subtitles-{one.index}") for one in tracks]


def _unit_id(group: Group) -> str:
    return f"{group.name}-subtitles"
