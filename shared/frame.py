"""The picture in a filter graph: fields, size, bars, pixel shape, colours. Pure; ffmpeg-python builds the graph."""

from typing import Any

from contracts.colours import SDR, WEBP, Colours
from contracts.units import Framing, VideoIn

from .tonemap import BETWEEN, narrowed

SCALER = "bicubic"
_SCALER_MATRIX = {
    "bt709": "bt709",
    "fcc": "fcc",
    "bt470bg": "bt601",
    "smpte170m": "bt601",
    "smpte240m": "smpte240m",
    "bt2020nc": "bt2020",
    "bt2020c": "bt2020",
}
"""The scaler's names; BT.601 has one matrix for both its systems."""


def picture_options(video: VideoIn) -> dict[str, Any]:
    """Options before an input for its picture: ffmpeg turns and mirrors it as its display matrix says.

    A tilt by anything but quarter turns would cut its corners off; players ignore it, and so do we.
    """
    return {} if video.turned else {"noautorotate": None}


def whole_pictures(stream: Any, video: VideoIn) -> Any:
    """One full picture for each of an interlaced source's, at the same PTS, before anything else is done.

    Each needs its neighbours: read one picture earlier than wanted, and one more.
    """
    if not video.interlaced:
        return stream
    full = stream.filter("bwdif", mode="send_frame", parity="auto", deint="interlaced")
    return full.filter("settb", f"{video.time_base.numerator}/{video.time_base.denominator}")


def framed(
    stream: Any,
    framing: Framing,
    pixels: str,
    source: Colours | None = None,
    target: Colours | None = None,
    *,
    scaler: str = SCALER,
) -> Any:
    """Scale a picture, fill it up to its full size, square its pixels, convert it to a pixel format.

    ffmpeg has turned it upright before (autorotation), sample aspect not applied; `whole_pictures` belong before this.
    From the colours `source` to `target`; None: as they are.
    """
    blurred = framing.fill == "gauss"
    if blurred and target is not None and target.full:
        between = framed(
            stream, framing, "yuv420p", source, WEBP, scaler=scaler
        )  # blurred as in a film, colour more than brightness
        return between.filter("scale", **_details(WEBP, target)).filter("format", pixels)
    look = _Look(source, target, pixels, scaler)
    bare = (framing.scale_width, framing.scale_height) == (framing.width, framing.height)
    if bare or framing.fill == "stretch":
        shown = look.scaled(stream, framing.width, framing.height)
    elif blurred:
        shown = _on_blurred(stream, framing, look)
    else:
        shown = look.scaled(stream, framing.scale_width, framing.scale_height).filter(
            "pad", framing.width, framing.height, "(ow-iw)/2", "(oh-ih)/2", color=framing.fill
        )
    return shown.filter("setsar", 1).filter("format", pixels)


def tagged(stream: Any, colours: Colours | None) -> Any:
    """Tell of a picture what its numbers mean, for its encoder to pass on."""
    if colours is None:
        return stream
    return stream.filter(
        "setparams",
        range=_range(colours),
        color_primaries=colours.primaries,
        color_trc=colours.transfer,
        colorspace=colours.matrix,
    )


class _Look:
    """How pictures get from one meaning of their numbers to another while they are scaled."""

    def __init__(self, source: Colours | None, target: Colours | None, pixels: str, scaler: str) -> None:
        self._source = source
        self._target = target
        self._pixels = pixels
        self._scaler = scaler

    def scaled(self, stream: Any, width: int, height: int) -> Any:
        """A picture of this size in the target's colours; RGB and full range at once, while the source's are known."""
        if self._source is None or self._target is None:
            return self._scaled(stream, width, height, {})
        shown = self._converted(stream, width, height, self._source, self._target)
        return shown.filter("format", self._pixels) if self._target.full else shown

    def over(self) -> dict[str, str]:
        """The options of an overlay, which works in 8 bits of YUV unless told otherwise."""
        return {"format": "yuv420p10"} if self._pixels == "yuv420p10le" else {}

    def _scaled(self, stream: Any, width: int, height: int, options: dict[str, str]) -> Any:
        return stream.filter("scale", width, height, flags=self._scaler, **options)

    def _converted(self, stream: Any, width: int, height: int, source: Colours, target: Colours) -> Any:
        if not source.wide or target.wide:
            return self._scaled(stream, width, height, _details(source, target))
        between = source.model_copy(update={"full": False})
        if source.matrix == "gbr":
            between = between.model_copy(update={"matrix": "bt2020nc"})
        scaled = self._scaled(stream, width, height, _details(source, between)).filter("format", BETWEEN)
        narrow = narrowed(scaled, source)
        return narrow if target == SDR else narrow.filter("scale", **_details(SDR, target))


def _details(source: Colours, target: Colours) -> dict[str, str]:
    """The scaler's options: only what changes, since it touches no sample that it need not."""
    options: dict[str, str] = {}
    one, other = _SCALER_MATRIX.get(source.matrix), _SCALER_MATRIX.get(target.matrix)
    if one != other:
        options |= {"in_color_matrix": one} if one else {}
        options |= {"out_color_matrix": other} if other else {}
    if source.full != target.full and "gbr" not in (source.matrix, target.matrix):
        options |= {"in_range": _range(source), "out_range": _range(target)}
    return options


def _range(colours: Colours) -> str:
    return "pc" if colours.full else "tv"


def _on_blurred(stream: Any, framing: Framing, look: _Look) -> Any:
    """The picture over a blurred copy of itself that covers everything."""
    two = stream.filter_multi_output("split", 2)
    behind = look.scaled(two.stream(0), framing.width, framing.height)
    blurred = behind.filter("gblur", sigma=max(framing.width // 40, 4))
    front = look.scaled(two.stream(1), framing.scale_width, framing.scale_height)
    return blurred.overlay(front, x="(W-w)/2", y="(H-h)/2", **look.over())
