"""Pictures that came out at more than their bit rate, and what to ask for instead. Pure.

Encoders hold an average bit rate over minutes at best. In a minute of one piece x264 was 10 % over, of a film whose
grain grows, libvpx 12 to 19 % and SVT-AV1 4 to 19 % of a screen recording, chunks of ten seconds up to 58 %. What is
over by that share is so again at a lower rate: one more encode brings most to within some 3 %, and two more what libvpx
makes of a screen recording.
"""

from contracts.units import EncodeOutput
from shared.written import Written

MOST = 1.05
"""Of the bit rate asked."""
TRIES = 2
"""How often it is made anew at most."""
LEAST_S = 5.0
"""In anything shorter the first picture alone may take more than its share, at whatever rate."""
LEAST_SHARE = 0.4
"""Of the bit rate asked: lower is not gone, where pictures refuse to become smaller."""


def lowered(asked: EncodeOutput, tried: EncodeOutput, made: Written) -> EncodeOutput | None:
    """The output at a share of its rate that will bring about the one asked for; None where all is right.

    That is where it has no such rate, and where less came out than was asked: there was no more to tell. `made` is what
    came of it as it was `tried` last.
    """
    wanted, video, rate_kbps = asked.video, tried.video, _rate_kbps(made)
    if wanted is None or video is None or rate_kbps is None or not wanted.average_kbps:
        return None
    share = max(wanted.share * LEAST_SHARE, video.share * wanted.average_kbps / rate_kbps)
    if rate_kbps <= MOST * wanted.average_kbps or share >= video.share:
        return None
    return asked.model_copy(update={"video": wanted.model_copy(update={"share": share})})


def nearer(output: EncodeOutput, made: Written, again: Written) -> bool:
    """Whether what was made again is nearer to the rate of the output than what was made first."""
    assert output.video is not None
    first, second = (abs((_rate_kbps(one) or 0) - output.video.average_kbps) for one in (made, again))
    return second < first


def _rate_kbps(made: Written) -> float | None:
    picture = made.first("vide")
    return picture.bitrate_kbps if picture and picture.duration_s >= LEAST_S else None
