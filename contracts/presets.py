"""The templates that are always there. Numbers and values: reference D.1, D.4."""

from typing import Literal

from .fitting import AudioCodec, VideoCodec
from .parameters import (
    AnimatedGraphicParameters,
    AudioParameters,
    SampledSnapshotParameters,
    SnapshotParameters,
    SpriteParameters,
    Tehd,
    TranscodeParameters,
    VideoParameters,
)


def _mp4(short_side: int, video_kbps: int, audio_kbps: int) -> TranscodeParameters:
    return TranscodeParameters(
        video=VideoParameters(fps=25, height=short_side, bitrate_kbps=video_kbps),
        audio=AudioParameters(bitrate_kbps=audio_kbps),
    )


def _sound(container: Literal["m4a", "mp3"], kbps: int) -> TranscodeParameters:
    codec: AudioCodec = "mp3" if container == "mp3" else "aac"
    return TranscodeParameters(
        container=container, remove_video=True, audio=AudioParameters(codec=codec, bitrate_kbps=kbps)
    )


def _legacy(
    codec: VideoCodec, kbps: int, fps: int, *, width: int = 0, height: int = 0, container: Literal["mp4", "flv"] = "mp4"
) -> TranscodeParameters:
    video = VideoParameters(
        codec=codec,
        fps=fps,
        bitrate_kbps=kbps,
        width=width,
        height=height,
        resolution_adaptive="close",
        gop=240,
        profile="main" if codec == "h265" else "high",
    )
    audio = AudioParameters(codec="mp3" if container == "flv" else "aac", bitrate_kbps=48)
    return TranscodeParameters(container=container, video=video, audio=audio)


def _tehd(short_side: int, audio: AudioParameters) -> TranscodeParameters:
    return TranscodeParameters(video=VideoParameters(fps=25, height=short_side), audio=audio, tehd=Tehd())


TRANSCODE: dict[int, TranscodeParameters] = {
    100010: _mp4(360, 400, 64),
    100020: _mp4(540, 1000, 64),
    100030: _mp4(720, 1800, 128),
    100040: _mp4(1080, 2500, 128),
    100070: _mp4(1440, 3000, 160),
    100080: _mp4(2160, 6000, 160),
    100800: _tehd(0, AudioParameters(sample_rate_hz=0, channels=0)),
    100810: _tehd(360, AudioParameters(bitrate_kbps=64)),
    100820: _tehd(540, AudioParameters(bitrate_kbps=64)),
    100830: _tehd(720, AudioParameters(bitrate_kbps=128)),
    100840: _tehd(1080, AudioParameters(bitrate_kbps=128)),
    875: TranscodeParameters(video=VideoParameters(codec="copy"), audio=AudioParameters(codec="copy")),
    1100: _sound("m4a", 24),
    1110: _sound("m4a", 48),
    1120: _sound("m4a", 96),
    1130: _sound("m4a", 192),
    1140: _sound("m4a", 256),
    1010: _sound("mp3", 128),
    1020: _sound("mp3", 320),
    10: _legacy("h264", 256, 24, width=320),
    20: _legacy("h264", 512, 24, width=640),
    30: _legacy("h264", 1024, 24, width=1280),
    40: _legacy("h264", 2500, 24, width=1920),
    70: _legacy("h264", 3072, 30, height=1440),
    80: _legacy("h264", 6144, 30, height=2160),
    510: _legacy("h265", 250, 15, height=240),
    520: _legacy("h265", 600, 24, height=480),
    530: _legacy("h265", 800, 25, height=720),
    540: _legacy("h265", 1400, 30, height=1080),
    570: _legacy("h265", 2048, 30, height=1440),
    580: _legacy("h265", 4096, 30, height=2160),
    10046: _legacy("h264", 256, 24, width=320, container="flv"),
    10047: _legacy("h264", 512, 24, width=640, container="flv"),
    10048: _legacy("h264", 1024, 24, width=1280, container="flv"),
    10049: _legacy("h264", 2500, 24, width=1920, container="flv"),
    370: _legacy("h264", 3072, 30, height=1440, container="flv"),
    380: _legacy("h264", 6144, 30, height=2160, container="flv"),
    710: _legacy("h265", 250, 15, height=240, container="flv"),
    720: _legacy("h265", 600, 24, height=480, container="flv"),
    730: _legacy("h265", 800, 25, height=720, container="flv"),
    740: _legacy("h265", 1400, 30, height=1080, container="flv"),
    770: _legacy("h265", 2048, 30, height=1440, container="flv"),
    780: _legacy("h265", 4096, 30, height=2160, container="flv"),
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
