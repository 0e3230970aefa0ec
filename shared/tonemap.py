"""From wide colours to BT.709: tone mapping of HDR, and narrower primaries. Pure; ffmpeg-python builds the graph.

Where: behind the scaler, for each rendition. CPU seconds for 50 pictures of 1080p PQ, decoding included:

    to                        scaled only   mapped once, before the split   mapped behind each scaler
    720p, 480p and 360p               0.7                             3.3                         2.7
    1080p, 720p and 480p              0.8                             3.4                         4.8

It goes by the pixels mapped. A ladder that reaches up to its source costs more this way; most HDR comes in 4K, where
the source has twice the pixels of a whole ladder from 1080p down (reckoned, not measured).
"""

from typing import Any

from contracts.colours import SDR, Colours

BETWEEN = "yuv444p10le"
"""What goes in and out: no chroma subsampling, which zscale does not take at odd sizes."""
WHITE_NITS = 100
"""The brightness that SDR calls white."""
PEAK = 10.0
"""The brightest that is mapped, in SDR whites: 1000 nits, what HDR is mostly made for. A constant: what files tell of
their peak comes with some pictures only, and chunks must not differ in it."""


def narrowed(stream: Any, source: Colours) -> Any:
    """Pictures in `BETWEEN` with limited range, as such in BT.709."""
    matrix = "bt2020nc" if source.matrix == "gbr" else source.matrix
    told = {"tin": source.transfer, "pin": source.primaries, "min": matrix, "rin": "tv"}
    made = {"t": SDR.transfer, "m": SDR.matrix, "r": "tv"}
    if not source.hdr:
        return stream.filter("zscale", **told, **made, p=SDR.primaries).filter("format", BETWEEN)
    light = stream.filter("zscale", **told, t="linear", p=SDR.primaries, npl=WHITE_NITS).filter("format", "gbrpf32le")
    return light.filter("tonemap", "mobius", peak=PEAK, desat=0).filter("zscale", **made).filter("format", BETWEEN)
