"""The adaptive streaming templates that are always there. Numbers and values: reference D.2, those without DRM."""

from .parameters import AudioParameters, VideoParameters
from .streaming_parameters import AdaptiveDynamicStreamingParameters, ManifestFormat, StreamParameters

_LADDER = ((240, 256), (480, 512), (720, 512), (1080, 1024), (1440, 3072), (2160, 6144))
"""Short side and bit rate in kbps; 480 and 720 have the same, as the reference prints it."""


def _preset(form: ManifestFormat) -> AdaptiveDynamicStreamingParameters:
    streams = [
        StreamParameters(
            video=VideoParameters(fps=24, height=height, bitrate_kbps=kbps), audio=AudioParameters(bitrate_kbps=48)
        )
        for height, kbps in _LADDER
    ]
    return AdaptiveDynamicStreamingParameters(format=form, streams=streams, disable_higher_video_resolution=True)


ADAPTIVE: dict[int, AdaptiveDynamicStreamingParameters] = {10: _preset("hls"), 20: _preset("mpeg-dash")}
