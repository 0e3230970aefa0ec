"""Whether what was made is what was planned. Pure."""

from dataclasses import replace

from contracts.codes import SOURCE_MALFORMED
from contracts.units import EncodeOutput, Remux
from shared.errors import InexactError, MediaError
from shared.written import Written


def notes(output: EncodeOutput, made: Written) -> list[str]:
    """What a user should know of a file that was made.

    Raises:
        MediaError: a track that was asked for has nothing in it.
        InexactError: the number of pictures is not the planned one.
    """
    if output.remux:
        return _remuxed(output.remux, made)
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


def _remuxed(asked: Remux, made: Written) -> list[str]:
    counts = [track.samples for track in made.tracks if track.kind in ("vide", "soun")]
    if len(counts) < len(asked.tracks) or 0 in counts:
        raise MediaError("not every track could be copied", SOURCE_MALFORMED)
    picture = made.first("vide")
    if asked.frames is not None and picture and picture.samples != asked.frames:
        if asked.cut:
            raise InexactError(f"{picture.samples} pictures cut out by copying instead of {asked.frames}")
        return [f"the source promises {asked.frames} pictures; {picture.samples} were copied"]
    return []


def renamed(made: Written, asked: Remux) -> Written:
    """With the source's names of codecs, which MP4 does not always tell apart (MP2 and MP3, MPEG-2 and -4)."""
    copied = [track for track in made.tracks if track.kind in ("vide", "soun")]
    if len(asked.codecs) != len(copied):
        return made
    tracks = [replace(track, codec=codec) for track, codec in zip(copied, asked.codecs, strict=True)]
    return replace(made, tracks=tracks)


def _has(made: Written, kind: str) -> bool:
    track = made.first(kind)
    return track is not None and track.samples > 0


def _range(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"
