"""Units that put a source's tracks into another container as they are. Pure."""

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.media import AudioStream, MediaInfo, OtherStream
from contracts.subtasks import Transcode
from contracts.units import EncodeOutput, Remux, Source, TranscodeWork
from shared.errors import MediaError
from shared.index import PacketIndex

from . import cost
from .naming import Names
from .notes import left_out
from .planned import PlannedUnit
from .span import Span
from .subtitles import SUBTITLE_CODECS, subtitles_in, text_tracks
from .windows import Window

MP4_PICTURES = ("h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video")
MP4_SOUNDS = ("aac", "mp3", "mp2", "ac3", "eac3", "opus", "alac")
"""What ffmpeg writes into MP4 without calling it experimental, in ffprobe's names."""
COPY_S = 0.01
"""Copying a megabyte."""
WINDOW_NOTE = "a copy begins at a key picture, hidden up to the window by an edit list, and may end some pictures late"


def remux(
    subtask: Transcode, source: Source, media: MediaInfo, index: PacketIndex | None, asked: Window, names: Names
) -> PlannedUnit:
    """The unit that copies the picture and every sound track that fits.

    Raises MediaError: SOURCE_UNSUPPORTED when the picture or the first sound track has a codec that the container
    can't hold, or when nothing is left; INVALID_TIME_OFFSET when no picture lies in the window.
    """
    parameters = subtask.parameters
    video = None if parameters.remove_video or media.frames == 0 else media.video
    sounds = [] if parameters.remove_audio else [one for one in (media.audio, *media.more_audio) if one]
    if video and video.codec not in MP4_PICTURES:
        raise _unfit("pictures", video.codec, MP4_PICTURES)
    if sounds and sounds[0].codec not in MP4_SOUNDS:
        raise _unfit("sound", sounds[0].codec, MP4_SOUNDS)
    kept = [one for one in sounds if one.codec in MP4_SOUNDS]
    if not video and not kept:
        raise MediaError("nothing is left to copy", SOURCE_UNSUPPORTED)
    subtitles = SUBTITLE_CODECS.get(parameters.container) if video and text_tracks(media) else None
    lost = [one for one in sounds if one not in kept]
    others = [one for one in media.others if not (subtitles and one in text_tracks(media))]
    windowed = asked != Window()
    span = Span.of(asked, media.start_s, index) if windowed and video and index else None
    origin_s = media.start_s if span else 0.0
    output = EncodeOutput(
        name=subtask.subtask_id,
        subtask_id=subtask.subtask_id,
        container=parameters.container,
        url=names.url(subtask.subtask_id, parameters.container),
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
    return PlannedUnit(
        unit_id=f"remux-{subtask.subtask_id}",
        subtask_ids=[subtask.subtask_id],
        work=TranscodeWork(
            source=source,
            times="kept" if span else "mended",
            subtitles=subtitles_in(media, asked) if subtitles else None,
            outputs=[output],
            duration_s=_seconds(asked, media),
            notes=_notes(lost, others, windowed=windowed and video is not None),
        ),
        cost_s=cost.START_S + COPY_S * source.size_bytes / 1e6,
    )


def _unfit(what: str, codec: str, fitting: tuple[str, ...]) -> MediaError:
    text = f"mp4 can't hold {codec} {what} as they are, only {', '.join(fitting)}: transcode it instead"
    return MediaError(text.replace("sound as they are", "sound as it is"), SOURCE_UNSUPPORTED)


def _notes(lost: list[AudioStream], others: list[OtherStream], *, windowed: bool) -> list[str]:
    return left_out(lost, others) + ([WINDOW_NOTE] if windowed else [])


def _seconds(asked: Window, media: MediaInfo) -> float | None:
    end_s = asked.end_s or media.duration_s
    return max(0.0, end_s - asked.start_s) if end_s else None
