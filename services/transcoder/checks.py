"""Whether what was made is what was planned. Pure."""

from contracts.codes import SOURCE_MALFORMED
from contracts.units import EncodeOutput
from shared.errors import InexactError, MediaError
from shared.written import Written


def notes(output: EncodeOutput, made: Written) -> list[str]:
    """What a user should know of a file that was made.

    Raises:
        MediaError: a track that was asked for has nothing in it.
        InexactError: the number of pictures is not the planned one.
    """
    video, pictures = output.video, made.first("vide")
    if video is None:
        if output.audio and not _has(made, "soun"):
            raise MediaError("no sound could be decoded", SOURCE_MALFORMED)
        return []
    count = pictures.samples if pictures else 0
    least = 0 if video.frames_min is None else video.frames_min
    most = count if video.frames_max is None else video.frames_max
    if not least <= count <= most and video.inexact == "fail":
        raise InexactError(f"{output.name}: {count} pictures instead of {_range(least, most)}")
    if count == 0:
        raise MediaError("no picture could be decoded", SOURCE_MALFORMED)
    if not least <= count <= most:
        return [f"the source promises {_range(least, most)} pictures; {count} could be made"]
    return []


def _has(made: Written, kind: str) -> bool:
    track = made.first(kind)
    return track is not None and track.samples > 0


def _range(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"
