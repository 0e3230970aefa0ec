"""Resolved parameters of adaptive streaming. Ranges follow the reference (C.6); what is not offered: drm.py."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .drm import DrmType
from .fitting import CMAF, Misfit, audio_misfits, video_misfits
from .model import Asked
from .rendition_parameters import AudioParameters, Tehd, VideoParameters, misfits

ManifestFormat = Literal["hls", "mpeg-dash"]
StreamSegmentType = Literal["mp4-byterange", "mp4-segment"]


class StreamParameters(Asked):
    """One of the renditions that a player chooses from: a picture and a sound, or one of them.

    Streams that ask for the same sound share it.
    """

    remove_video: bool = False
    remove_audio: bool = False
    video: VideoParameters = VideoParameters()
    audio: AudioParameters = AudioParameters()
    tehd: Tehd | None = None

    @model_validator(mode="after")
    def _keeps_something(self) -> Self:
        if self.remove_video and self.remove_audio:
            raise ValueError("remove_video and remove_audio together leave nothing")
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := list(self._misfits()):
            raise misfits(type(self).__name__, found)
        return self

    def _misfits(self) -> Iterator[Misfit]:
        video, audio = self.video, self.audio
        if not self.remove_video:
            yield from video_misfits(CMAF, video.codec, video.profile, video.vcrf)
            if video.hls_time:
                yield Misfit(("video", "hls_time"), video.hls_time, "segment_duration_s tells it for all streams")
        if not self.remove_audio:
            yield from audio_misfits(CMAF, audio.codec, audio.bitrate_kbps, audio.sample_rate_hz, audio.channels)


class AdaptiveDynamicStreamingParameters(Asked):
    """One to ten streams with their manifest, cut at the same times so that a player can switch between them.

    All streams have the frame rate of the first. `disable_higher_video_bitrate` and `disable_higher_video_resolution`
    leave out those above the source's; the lowest always stays, then no larger than the source. `segment_type`
    mp4-byterange makes one file of each stream, mp4-segment one of each segment (hls only).
    """

    format: ManifestFormat
    streams: list[StreamParameters] = Field(min_length=1, max_length=10)
    disable_higher_video_bitrate: bool = False
    disable_higher_video_resolution: bool = False
    segment_duration_s: Annotated[float, Field(ge=1, le=10)] = 6
    segment_type: StreamSegmentType = "mp4-byterange"
    drm_type: DrmType = ""

    @model_validator(mode="after")
    def _dash_takes_ranges(self) -> Self:
        if self.format == "mpeg-dash" and self.segment_type != "mp4-byterange":
            raise ValueError("segment_type must be mp4-byterange for mpeg-dash")
        return self
