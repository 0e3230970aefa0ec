"""Key pictures of a chunk, where the encoder is free to place them. Pure."""

import math

from contracts.units import VideoEncode

LONGEST = {"h264": 250, "h265": 250, "vp9": 128}
"""Pictures from one key picture to the next at most, as each encoder has it unless told otherwise. SVT-AV1 takes some
five seconds."""
_NOTICE_SCENES = ("h264", "h265")
LENIENCE = 1.25
"""Of it: how much longer a chunk's may be, so as not to have one more key picture than it would in one piece."""


def spread(video: VideoEncode, pictures: int, *, scenes: bool = False) -> VideoEncode:
    """A chunk of so many pictures, its key pictures a little further apart: another one before a seam is a waste.

    Not where it is a row of whole `scenes`: in one piece, too, these encoders begin to count anew at both of its ends.
    """
    longest = LONGEST.get(video.codec)
    if video.gop or video.key_every_s is not None or longest is None or pictures <= longest:
        return video
    if scenes and video.scenecut and video.codec in _NOTICE_SCENES:
        return video
    stretches = math.ceil(pictures / (LENIENCE * longest))
    return video.model_copy(update={"gop": max(longest, math.ceil(pictures / stretches))})
