"""Units that put a source's tracks into another container as they are. Pure."""

from fractions import Fraction

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.media import AudioStream, MediaInfo, OtherStream
from contracts.subtasks import Transcode
from contracts.units import ChunkRef, EncodeOutput, MergeWork, Remux, SoundRef, Source, TranscodeWork
from shared.errors import MediaError
from shared.index import PacketIndex

from . import cost
from .hls import hls_files
from .naming import Names
from .notes import left_out
from .planned import PlannedUnit
from .span import Span
from .subtitles import SUBTITLE_CODECS, subtitles_in, text_tracks
from .windows import Window

MP4_PICTURES = ("h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video")
MP4_SOUNDS = ("aac", "mp3", "mp2", "ac3", "eac3", "opus", "alac")
"""What ffmpeg writes into MP4 without calling it experimental, in ffprobe's names."""
HLS_PICTURES = ("h264", "hevc")
HLS_SOUNDS = ("aac", "mp3", "ac3", "eac3")
"""What players take in segments, of transport streams and of MP4."""
COPY_S = 0.01
"""Copying a megabyte."""
WINDOW_NOTE = "a copy begins at a key picture, hidden up to the window by an edit list, and may end some pictures late"


def remux(
    subtask: Transcode, source: Source, media: MediaInfo, index: PacketIndex | None, asked: Window, names: Names
) -> list[PlannedUnit]:
    """The unit that copies the picture and every sound track that fits; for HLS the first, and a unit that cuts them.

    Raises MediaError: SOURCE_UNSUPPORTED when the picture or the first sound track has a codec that the container
    can't hold, or when nothing is left; INVALID_TIME_OFFSET when no picture lies in the window.
    """
    parameters = subtask.parameters
    video = None if parameters.remove_video or media.frames == 0 else media.video
    sounds = [] if parameters.remove_audio else [one for one in (media.audio, *media.more_audio) if one]
    container = parameters.container
    pictures, fitting = (HLS_PICTURES, HLS_SOUNDS) if container == "hls" else (MP4_PICTURES, MP4_SOUNDS)
    if video and video.codec not in pictures:
        raise _unfit(container, "pictures", video.codec, pictures)
    if sounds and sounds[0].codec not in fitting:
        raise _unfit(container, "sound", sounds[0].codec, fitting)
    kept = [one for one in sounds if one.codec in fitting][: 1 if container == "hls" else None]
    if not video and not kept:
        raise MediaError("nothing is left to copy", SOURCE_UNSUPPORTED)
    subtitles = SUBTITLE_CODECS.get(container) if video and text_tracks(media) else None
    lost = [one for one in sounds if one not in kept]
    others = [one for one in media.others if not (subtitles and one in text_tracks(media))]
    windowed = asked != Window()
    span = Span.of(asked, media.start_s, index) if windowed and video and index else None
    origin_s = media.start_s if span else 0.0
    output = EncodeOutput(
        name=subtask.subtask_id,
        subtask_id=subtask.subtask_id,
        container="mp4" if container == "hls" else container,
        url=None if container == "hls" else names.url(subtask.subtask_id, container),
        remux=Remux(
            tracks=[one.index for one in (video, *kept) if one],
            start_s=origin_s + asked.start_s,
            end_s=None if asked.end_s is None else origin_s + asked.end_s,
            seek_s=span.seek_s(span.first) if span else None,
            codecs=[one.codec for one in (video, *kept) if one],
            video_codec=video.codec if video else None,
            frames=media.frames if video and not windowed else None,
        ),
        subtitles=subtitles,
    )
    told = _notes(lost, others, windowed=windowed and video is not None)
    unit = PlannedUnit(
        unit_id=f"remux-{subtask.subtask_id}",
        subtask_ids=[subtask.subtask_id],
        work=TranscodeWork(
            source=source,
            times="kept" if span else "mended",
            subtitles=subtitles_in(media, asked) if subtitles else None,
            outputs=[output],
            duration_s=_seconds(asked, media),
            notes=told,
        ),
        cost_s=cost.START_S + COPY_S * source.size_bytes / 1e6,
    )
    if container != "hls":
        return [unit]
    return [unit, _cut(subtask, unit, names, told, pictured=video is not None, heard=bool(kept))]


def _cut(
    subtask: Transcode, unit: PlannedUnit, names: Names, told: list[str], *, pictured: bool, heard: bool
) -> PlannedUnit:
    """The unit that cuts what was copied at its keyframes."""
    piece = {"unit_id": unit.unit_id, "name": subtask.subtask_id}
    return PlannedUnit(
        unit_id=f"{unit.unit_id}-join",
        subtask_ids=unit.subtask_ids,
        work=MergeWork(
            subtask_id=subtask.subtask_id,
            container="hls",
            url=names.url(subtask.subtask_id, "m3u8"),
            chunks=[ChunkRef(**piece, duration_s=Fraction(0))] if pictured else [],
            sound=SoundRef(**piece) if heard else None,
            hls=hls_files(subtask, names),
            notes=told,
        ),
        depends_on=[unit.unit_id],
        cost_s=unit.cost_s,
    )


def _unfit(container: str, what: str, codec: str, fitting: tuple[str, ...]) -> MediaError:
    text = f"{container} can't hold {codec} {what} as they are, only {', '.join(fitting)}: transcode it instead"
    return MediaError(text.replace("sound as they are", "sound as it is"), SOURCE_UNSUPPORTED)


def _notes(lost: list[AudioStream], others: list[OtherStream], *, windowed: bool) -> list[str]:
    return left_out(lost, others) + ([WINDOW_NOTE] if windowed else [])


def _seconds(asked: Window, media: MediaInfo) -> float | None:
    end_s = asked.end_s or media.duration_s
    return max(0.0, end_s - asked.start_s) if end_s else None
