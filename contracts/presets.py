"""The templates that are always there. Numbers and values: reference D.1, D.4."""

from typing import Literal

from .fitting import AudioCodec, Container, VideoCodec
from .parameters import (
    AnimatedGraphicParameters,
    AudioParameters,
    SampledSnapshotParameters,
    SegmentType,
    SnapshotParameters,
    SpriteParameters,
    Tehd,
    TranscodeParameters,
    VideoParameters,
)


def _rendition(container: Container, short_side: int, video_kbps: int, audio_kbps: int) -> TranscodeParameters:
    return TranscodeParameters(
        container=container,
        video=VideoParameters(fps=25, height=short_side, bitrate_kbps=video_kbps),
        audio=AudioParameters(bitrate_kbps=audio_kbps),
    )


def _sound(container: Literal["m4a", "mp3"], kbps: int) -> TranscodeParameters:
    codec: AudioCodec = "mp3" if container == "mp3" else "aac"
    return TranscodeParameters(
        container=container, remove_video=True, audio=AudioParameters(codec=codec, bitrate_kbps=kbps)
    )


def _legacy(
    codec: VideoCodec, kbps: int, fps: int, *, width: int = 0, height: int = 0, container: Container = "mp4"
) -> TranscodeParameters:
    """Of H.265 in HLS the segments are fMP4: players don't take it in transport streams."""
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
    segments: SegmentType = "fmp4" if (container, codec) == ("hls", "h265") else "ts"
    audio = AudioParameters(codec="mp3" if container == "flv" else "aac", bitrate_kbps=48)
    return TranscodeParameters(container=container, video=video, audio=audio, segment_type=segments)


def _tehd(short_side: int, audio: AudioParameters) -> TranscodeParameters:
    return TranscodeParameters(video=VideoParameters(fps=25, height=short_side), audio=audio, tehd=Tehd())


TRANSCODE: dict[int, TranscodeParameters] = {
    100010: _rendition("mp4", 360, 400, 64),
    100020: _rendition("mp4", 540, 1000, 64),
    100030: _rendition("mp4", 720, 1800, 128),
    100040: _rendition("mp4", 1080, 2500, 128),
    100070: _rendition("mp4", 1440, 3000, 160),
    100080: _rendition("mp4", 2160, 6000, 160),
    100210: _rendition("hls", 360, 400, 64),
    100220: _rendition("hls", 540, 1000, 64),
    100230: _rendition("hls", 720, 1800, 128),
    100240: _rendition("hls", 1080, 2500, 128),
    100270: _rendition("hls", 1440, 3000, 160),
    100280: _rendition("hls", 2160, 6000, 160),
    100800: _tehd(0, AudioParameters(sample_rate_hz=0, channels=0)),
    100810: _tehd(360, AudioParameters(bitrate_kbps=64)),
    100820: _tehd(540, AudioParameters(bitrate_kbps=64)),
    100830: _tehd(720, AudioParameters(bitrate_kbps=128)),
    100840: _tehd(1080, AudioParameters(bitrate_kbps=128)),
    875: TranscodeParameters(video=VideoParameters(codec="copy"), audio=AudioParameters(codec="copy")),
    876: TranscodeParameters(container="hls", video=VideoParameters(codec="copy"), audio=AudioParameters(codec="copy")),
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
    210: _legacy("h264", 256, 24, width=320, container="hls"),
    220: _legacy("h264", 512, 24, width=640, container="hls"),
    230: _legacy("h264", 1024, 24, width=1280, container="hls"),
    240: _legacy("h264", 2500, 24, width=1920, container="hls"),
    270: _legacy("h264", 3072, 30, height=1440, container="hls"),
    280: _legacy("h264", 6144, 30, height=2160, container="hls"),
    510: _legacy("h265", 250, 15, height=240),
    520: _legacy("h265", 600, 24, height=480),
    530: _legacy("h265", 800, 25, height=720),
    540: _legacy("h265", 1400, 30, height=1080),
    570: _legacy("h265", 2048, 30, height=1440),
    580: _legacy("h265", 4096, 30, height=2160),
    610: _legacy("h265", 250, 15, height=240, container="hls"),
    620: _legacy("h265", 600, 24, height=480, container="hls"),
    630: _legacy("h265", 800, 25, height=720, container="hls"),
    640: _legacy("h265", 1400, 30, height=1080, container="hls"),
    670: _legacy("h265", 2048, 30, height=1440, container="hls"),
    680: _legacy("h265", 4096, 30, height=2160, container="hls"),
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
