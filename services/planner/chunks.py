"""Units of a group that is cut: chunks of picture, the sound, a join per rendition, and a way back. Pure."""

from contracts.fitting import Container
from contracts.units import AudioEncode, ChunkRef, EncodeOutput, MergeWork, SoundRef, TranscodeWork, VideoIn

from . import cost
from .cut import borders, chunk_count, wasted
from .group import Group
from .notes import notes
from .planned import PlannedUnit
from .span import Span
from .wholes import audio_in, whole

MOST_WASTE = 0.5
"""Pictures decoded for nothing may be this share of the source's; longer distances between keys mean fewer chunks."""


def cut(group: Group) -> list[int]:
    """The borders that a group is cut at, as positions in its index; [] when it had better stay whole."""
    span = group.span
    pictured = [rendition.video for rendition in group.renditions if rendition.video]
    if span is None or group.video is None or not pictured:
        return []
    modelled = cost.decode_s(group.video, group.frames_in) + cost.encode_s(pictured, group.frames_out)
    count = chunk_count(modelled * cost.rate(group.fleet, group.rate_key(pictured)), group.fleet.transcode_slots)
    rates = {video.fps for video in pictured if video.fps}
    while count > 1:
        chosen = borders(span.index, span.first, span.stop, count)
        for fps in rates:
            chosen = _with_pictures(chosen, [span.tick(position, fps) for position in chosen])
        if len(chosen) > 2 and wasted(span.index, chosen) <= MOST_WASTE * (span.stop - span.first):
            return chosen
        count //= 2
    return []


def _with_pictures(chosen: list[int], ticks: list[int]) -> list[int]:
    """Without the borders that would leave a chunk without a picture at an output's frame rate."""
    kept = [0]
    for n in range(1, len(chosen) - 1):
        if ticks[n] > ticks[kept[-1]] and ticks[n] < ticks[-1]:
            kept.append(n)
    return [*(chosen[n] for n in kept), chosen[-1]]


def cut_units(group: Group, span: Span, chosen: list[int]) -> list[PlannedUnit]:
    """All units of a cut group, in the order to request them: chunk 0, the sound, the other chunks longest first."""
    chunks = [chunk(group, span, number, *chosen[number : number + 2]) for number in range(len(chosen) - 1)]
    sound = _sound(group)
    rest = sorted(chunks[1:], key=lambda unit: -unit.cost_s)
    joins = [_join(group, span, chosen, rendition.subtask_id) for rendition in group.renditions if rendition.video]
    units = [chunks[0], *([sound] if sound else []), *rest, *joins]
    back = whole(group, group.renditions, f"{group.name}-whole")
    return [
        *(unit.model_copy(update={"group": group.name}) for unit in units),
        back.model_copy(update={"group": group.name, "fallback": True}),
    ]


def chunk(group: Group, span: Span, number: int, first: int, stop: int) -> PlannedUnit:
    """The pictures of a range of positions, for every rendition."""
    assert group.video is not None
    pictured = [(one.subtask_id, one.video) for one in group.renditions if one.video]
    encodes = [video for _, video in pictured]
    seconds = float(span.seconds(first, stop))
    key = group.rate_key(encodes)
    share = seconds / (group.seconds or 1.0)
    modelled = cost.decode_s(group.video, span.decoded(first, stop)) + cost.encode_s(encodes, group.frames_out * share)
    work = TranscodeWork(
        source=group.source,
        video=VideoIn(
            index=group.video.index,
            time_base=group.video.time_base,
            first_pts=span.first_pts,
            seek_s=span.seek_s(first),
            color_transfer=group.video.color_transfer,
            field_order=group.video.field_order,
        ),
        outputs=[
            EncodeOutput(
                name=subtask_id,
                video=span.bounded(video, first, stop).model_copy(update={"threads": 1}),
            )
            for subtask_id, video in pictured
        ],
        duration_s=seconds,
    )
    return PlannedUnit(
        unit_id=f"{group.name}-chunk-{number}",
        subtask_ids=[subtask_id for subtask_id, _ in pictured],
        work=work,
        cost_s=cost.START_S + modelled * cost.rate(group.fleet, key),
        rate_key=key,
    )


def _sound(group: Group) -> PlannedUnit | None:
    """One encode per distinct setting; renditions without a picture get their final file here."""
    audio = audio_in(group)
    heard = [rendition for rendition in group.renditions if rendition.audio]
    if audio is None or not heard:
        return None
    shared = dict.fromkeys(rendition.audio for rendition in heard if rendition.video)
    outputs = [
        EncodeOutput(name=f"sound-{n}", container=between(setting), audio=setting)
        for n, setting in enumerate(shared)
        if setting
    ]
    outputs += [
        EncodeOutput(
            name=one.subtask_id,
            subtask_id=one.subtask_id,
            container=one.container,
            url=group.urls[one.subtask_id],
            audio=one.audio,
        )
        for one in heard
        if not one.video
    ]
    return PlannedUnit(
        unit_id=f"{group.name}-sound",
        subtask_ids=[rendition.subtask_id for rendition in heard],
        work=TranscodeWork(
            source=group.source,
            audio=audio,
            outputs=outputs,
            duration_s=group.seconds or None,
            notes=notes(group),
        ),
        cost_s=cost.START_S + cost.SOUND_S * group.seconds * len(outputs),
        rate_key=None,
    )


def between(audio: AudioEncode) -> Container:
    """What sound travels in to its join: MP4 would lose where in its last packet Opus ends."""
    return "webm" if audio.codec == "opus" else "mp4"


def _join(group: Group, span: Span, chosen: list[int], subtask_id: str) -> PlannedUnit:
    rendition = next(one for one in group.renditions if one.subtask_id == subtask_id)
    assert rendition.video is not None
    shared = list(dict.fromkeys(one.audio for one in group.renditions if one.audio and one.video))
    refs = []
    for number in range(len(chosen) - 1):
        first, stop = chosen[number : number + 2]
        fps = rendition.video.fps
        seconds = (span.tick(stop, fps) - span.tick(first, fps)) / fps if fps else span.seconds(first, stop)
        refs.append(ChunkRef(unit_id=f"{group.name}-chunk-{number}", name=subtask_id, duration_s=seconds))
    sound = None
    if rendition.audio is not None and group.media.audio is not None:
        sound = SoundRef(unit_id=f"{group.name}-sound", name=f"sound-{shared.index(rendition.audio)}")
    return PlannedUnit(
        unit_id=f"{group.name}-join-{subtask_id}",
        subtask_ids=[subtask_id],
        work=MergeWork(
            subtask_id=subtask_id,
            container=rendition.container,
            url=group.urls[subtask_id],
            chunks=refs,
            sound=sound,
            delay_s=span.delay_s,
            duration_s=group.seconds or None,
            notes=notes(group),
        ),
        depends_on=[*(ref.unit_id for ref in refs), *([sound.unit_id] if sound else [])],
        cost_s=cost.START_S,
        rate_key=None,
    )
