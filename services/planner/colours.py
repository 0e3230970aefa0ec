"""How the colours of a clip are brought to those of the film that it is joined with. Pure."""

from contracts.media import VideoStream
from contracts.units import Colours

_MATRICES = {
    "bt709": "bt709",
    "smpte240m": "smpte240m",
    "fcc": "fcc",
    "bt2020nc": "bt2020",
    "bt2020c": "bt2020",
}
"""ffmpeg's scaler's names; all others are kinds of BT.601."""
_HD = 720
"""From so many rows on players take what is not told for BT.709, below for BT.601."""
_TAGGED = ("bt709", "smpte240m", "fcc", "bt2020nc", "bt2020c", "bt470bg", "smpte170m")
_PRIMARIES = ("bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020")
_TRANSFERS = ("bt709", "smpte170m", "smpte240m", "linear", "iec61966-2-1", "iec61966-2-4", "bt2020-10", "bt2020-12")
_HDR = ("smpte2084", "arib-std-b67")


def colours(film: VideoStream, clip: VideoStream) -> Colours:
    """What a clip's pictures are converted to and tagged as. HDR films come out as BT.709."""
    if film.color_transfer in _HDR:
        film = film.model_copy(
            update=dict.fromkeys(("color_space", "color_primaries", "color_transfer"), "bt709")
            | {"color_range": film.color_range or "tv"}
        )
    there, here = _matrix(clip), _matrix(film)
    return Colours(
        convert_from=there if there != here else "",
        convert_to=here if there != here else "",
        matrix=_known(film.color_space, _TAGGED),
        primaries=_known(film.color_primaries, _PRIMARIES),
        transfer=_known(film.color_transfer, _TRANSFERS),
        range="tv" if film.color_range else "unknown",
    )


def _matrix(video: VideoStream) -> str:
    if not video.color_space:
        return "bt709" if min(video.width, video.height) >= _HD else "bt601"
    return _MATRICES.get(video.color_space, "bt601")


def _known(name: str | None, names: tuple[str, ...]) -> str:
    return name if name in names else "unknown"
