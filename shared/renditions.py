"""From a finished file's index to what a user is told of it. Pure."""

from collections.abc import Sequence

from contracts.subtasks import AudioOutput, SubtitleOutput, TranscodeOutput, VideoOutput

from .written import Track, Written


def described(
    url: str,
    container: str,
    made: Written,
    *,
    chunks: int = 1,
    notes: Sequence[str] = (),
    subtitles: Sequence[SubtitleOutput] = (),
) -> TranscodeOutput:
    """The result of a transcode subtask."""
    picture, sound = made.first("vide"), made.first("soun")
    return TranscodeOutput(
        url=url,
        container=container,
        size_bytes=made.size_bytes,
        duration_s=made.duration_s,
        bitrate_kbps=made.size_bytes * 8 / 1000 / made.duration_s if made.duration_s else 0.0,
        video=_video(picture) if picture else None,
        audio=_audio(sound) if sound and sound.samples else None,
        subtitles=list(subtitles),
        chunks=chunks,
        notes=list(notes),
    )


def _video(track: Track) -> VideoOutput:
    return VideoOutput(
        codec=track.codec,
        width=track.width,
        height=track.height,
        frame_rate=track.samples / track.duration_s if track.duration_s else None,
        frames=track.samples,
        bitrate_kbps=track.bitrate_kbps,
    )


def _audio(track: Track) -> AudioOutput:
    return AudioOutput(
        codec=track.codec,
        sample_rate_hz=track.sample_rate_hz,
        channels=track.channels,
        bitrate_kbps=track.bitrate_kbps,
    )
