"""The picture in a filter graph: size, bars, pixel shape. Pure; ffmpeg-python builds the graph."""

from typing import Any

from contracts.units import Colours, Framing

SCALER = "bicubic"


def framed(stream: Any, framing: Framing, pixels: str) -> Any:
    """Scale a picture, fill it up to its full size, square its pixels, convert it to a pixel format.

    ffmpeg has turned it upright before (autorotation), sample aspect not applied. HDR tone mapping and deinterlacing
    belong before this, on the source's stream.
    """
    bare = (framing.scale_width, framing.scale_height) == (framing.width, framing.height)
    if bare or framing.fill == "stretch":
        shown = _scaled(stream, framing.width, framing.height)
    elif framing.fill == "gauss":
        shown = _on_blurred(stream, framing)
    else:
        shown = _scaled(stream, framing.scale_width, framing.scale_height).filter(
            "pad", framing.width, framing.height, "(ow-iw)/2", "(oh-ih)/2", color=framing.fill
        )
    return shown.filter("setsar", 1).filter("format", pixels)


def coloured(stream: Any, colours: Colours | None) -> Any:
    """Bring a picture's colours to those of another source, and tag it so. None: as they are."""
    if colours is None:
        return stream
    if colours.convert_to:
        stream = stream.filter("scale", in_color_matrix=colours.convert_from, out_color_matrix=colours.convert_to)
    return stream.filter(
        "setparams",
        colorspace=colours.matrix,
        color_primaries=colours.primaries,
        color_trc=colours.transfer,
        range=colours.range,
    )


def _scaled(stream: Any, width: int, height: int) -> Any:
    return stream.filter("scale", width, height, flags=SCALER)


def _on_blurred(stream: Any, framing: Framing) -> Any:
    """The picture over a blurred copy of itself that covers everything."""
    two = stream.filter_multi_output("split", 2)
    behind = _scaled(two.stream(0), framing.width, framing.height).filter("gblur", sigma=max(framing.width // 40, 4))
    front = _scaled(two.stream(1), framing.scale_width, framing.scale_height)
    return behind.overlay(front, x="(W-w)/2", y="(H-h)/2")
