"""What work costs: seconds of worker time on one core. Pure. Base figures: measured, media-facts.md section 3."""

from collections.abc import Iterable

from contracts.media import VideoStream
from contracts.parameters import AnimationFormat
from contracts.units import Framing, VideoEncode

from .planned import Fleet

DECODE_S = 0.006
"""Decoding a megapixel of picture."""
ENCODE_S = 0.055
"""Scaling and encoding a megapixel with x264 medium."""
ENCODER_WEIGHT = {"h264": 1.0, "h265": 2.0, "vp9": 2.5, "av1": 2.0}
"""Of a megapixel in each codec, against x264 medium: measured at 640 x 360 on one thread."""
SOUND_S = 0.008
"""Decoding and encoding a second of sound."""
ANIMATE_S: dict[AnimationFormat, float] = {"gif": 0.25, "webp": 0.12}
"""Scaling and encoding a megapixel of an animation: a palette and its use, or libwebp."""
START_S = 0.3
"""Starting ffmpeg, seeking, first frame."""
READ_S = 2.0
"""Reading a gigabyte: a scan reads all of a file, a jump hardly any."""
JUMP_S = 0.012
"""Opening a file once more and seeking in it."""
LISTED_S = 1.6e-7
"""Reading one picture's entry in a container's list, at each opening: half the cost of a jump in an hour's film."""


def encode_s(encodes: Iterable[VideoEncode], frames: float) -> float:
    """Encoding `frames` pictures in each of the codecs and sizes."""
    return ENCODE_S * frames * sum(_weight(encode) for encode in encodes) / 1e6


def _weight(encode: VideoEncode) -> float:
    return ENCODER_WEIGHT[encode.codec] * encode.framing.width * encode.framing.height


def decode_s(video: VideoStream, frames: float) -> float:
    """Decoding `frames` pictures of a track."""
    return DECODE_S * frames * video.width * video.height / 1e6


def animate_s(form: AnimationFormat, framing: Framing, frames: float) -> float:
    """Encoding `frames` pictures of an animation."""
    return ANIMATE_S[form] * frames * framing.width * framing.height / 1e6


def jump_s(listed: int) -> float:
    """Opening a file with so many pictures once more and seeking in it."""
    return JUMP_S + LISTED_S * listed


def read_s(size_bytes: int) -> float:
    """Reading a file."""
    return READ_S * size_bytes / 1e9


def size_class(framings: Iterable[Framing]) -> str:
    """Classes within which a megapixel costs about the same."""
    largest = max((framing.width * framing.height for framing in framings), default=0)
    return next((name for name, limit in _CLASSES if largest <= limit), "huge")


_CLASSES = (("small", 500_000), ("medium", 1_200_000), ("large", 2_500_000))


def rate(fleet: Fleet, key: str | None) -> float:
    """Learned seconds per modelled second."""
    return fleet.rates.get(key, 1.0) if key else 1.0
