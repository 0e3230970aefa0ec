"""The templates that are always there. Numbers and values: reference D.1."""

from .parameters import (
    AnimatedGraphicParameters,
    AudioParameters,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    TranscodeParameters,
    VideoParameters,
)


def _mp4(short_side: int, video_kbps: int, audio_kbps: int) -> TranscodeParameters:
    return TranscodeParameters(
        video=VideoParameters(fps=25, height=short_side, bitrate_kbps=video_kbps),
        audio=AudioParameters(bitrate_kbps=audio_kbps),
    )


TRANSCODE: dict[int, TranscodeParameters] = {
    100010: _mp4(360, 400, 64),
    100020: _mp4(540, 1000, 64),
    100030: _mp4(720, 1800, 128),
    100040: _mp4(1080, 2500, 128),
}
SNAPSHOT: dict[int, SnapshotParameters] = {10: SnapshotParameters(fill_type="stretch")}
SAMPLED_SNAPSHOT: dict[int, SampledSnapshotParameters] = {
    10: SampledSnapshotParameters(sample_type="percent", sample_interval=10, fill_type="stretch")
}
SPRITE: dict[int, SpriteParameters] = {
    10: SpriteParameters(sample_type="time", sample_interval=10, rows=10, columns=10, width=142, height=80)
}
ANIMATED_GRAPHIC: dict[int, AnimatedGraphicParameters] = {
    20000: AnimatedGraphicParameters(fps=2, format="gif"),
    20001: AnimatedGraphicParameters(fps=2, format="webp"),
}
