"""What workers are told of a picture track: from where to read it, and how its pictures are to be taken. Pure."""

from typing import cast, get_args

from contracts.colours import SDR, Colours, Matrix, Primaries, Transfer
from contracts.media import VideoStream
from contracts.units import VideoIn

_INTERLACED = ("tt", "bb", "tb", "bt")
_RGB = ("rgb", "bgr", "gbr", "0rgb", "0bgr", "argb", "abgr", "pal8", "x2rgb")
_TRANSFERS = {"gamma22": "bt470m", "gamma28": "bt470bg"}
"""ffprobe's names of transfers, where filters call them otherwise."""
_HD_HEIGHT, _HD_WIDTH = 720, 1280


def opened(video: VideoStream, first_pts: int | None = None, seek_s: float | None = None) -> VideoIn:
    """The picture track as a worker reads it."""
    return VideoIn(
        index=video.index,
        time_base=video.time_base,
        first_pts=first_pts,
        seek_s=seek_s,
        colours=colours(video),
        interlaced=interlaced(video),
        turned=not video.tilted,
    )


def interlaced(video: VideoStream) -> bool:
    """Whether pictures hold two fields of different times.

    Not when they are turned by a quarter: ffmpeg turns them before any filter, and fields are rows no more. No camera
    is known that makes such.
    """
    return video.field_order in _INTERLACED and video.rotation_deg == 0


def neighbours(video: VideoStream | None) -> int:
    """Pictures that must be decoded before one that is wanted, so that it comes out as in one pass."""
    return 1 if video is not None and interlaced(video) else 0


def colours(video: VideoStream) -> Colours:
    """What the source tells of its colours; what it doesn't, as players guess: by its size."""
    transfer = _TRANSFERS.get(video.color_transfer or "", video.color_transfer)
    hdr = transfer in ("smpte2084", "arib-std-b67")
    matrix = "gbr" if (video.pixel_format or "").startswith(_RGB) else _known(video.color_space, Matrix)
    guess = Colours(matrix="bt2020nc", transfer="bt2020-10", primaries="bt2020") if hdr else _guess(video, matrix)
    return Colours(
        matrix=cast(Matrix, matrix or guess.matrix),
        transfer=cast(Transfer, _known(transfer, Transfer) or guess.transfer),
        primaries=cast(Primaries, _known(video.color_primaries, Primaries) or guess.primaries),
        full=matrix != "gbr" and (video.color_range == "pc" or (video.pixel_format or "").startswith("yuvj")),
    )


def sdr(source: Colours, video: VideoStream) -> Colours:
    """The colours of an ordinary result: as the source when usual screens show that right, else BT.709."""
    if source.wide:
        return SDR
    matrix = _guess(video, None).matrix if source.matrix == "gbr" else source.matrix
    return source.model_copy(update={"matrix": matrix, "full": False})


def _guess(video: VideoStream, matrix: str | None) -> Colours:
    """By the matrix if that is told, else by the size: high definition is BT.709, standard one BT.601."""
    family = {"bt470bg": _PAL, "smpte170m": _NTSC, "bt2020nc": _WIDE, "bt2020c": _WIDE, "bt709": SDR, "gbr": SDR}
    if matrix in family:
        return family[matrix]
    if video.height >= _HD_HEIGHT or video.width >= _HD_WIDTH:
        return SDR
    return _PAL if video.height in (576, 288) else _NTSC


_PAL = Colours(matrix="bt470bg", transfer="smpte170m", primaries="bt470bg")
_NTSC = Colours(matrix="smpte170m", transfer="smpte170m", primaries="smpte170m")
_WIDE = Colours(matrix="bt2020nc", transfer="bt2020-10", primaries="bt2020")


def _known(name: str | None, names: object) -> str | None:
    return name if name in get_args(names) else None
