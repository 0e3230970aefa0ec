"""Whether a rendition keeps its film's HDR beside the clips around it. Pure."""

from collections.abc import Iterator

from contracts.media import VideoStream
from contracts.subtasks import Transcode

from .clips import Clips, Inserts, usable
from .opened import colours


def in_one_look(subtask: Transcode, film: VideoStream, inserts: Inserts, clips: Clips) -> tuple[Transcode, list[str]]:
    """The subtask as it can be made, and what to tell of it: HDR is kept only where all sources have the same.

    One file has one way to code brightness. What is SDR could be made to look right in HDR; what is HDR is mapped to
    SDR anyway, wherever it isn't asked for.
    """
    asked = subtask.parameters
    others = list(_others(film, inserts, clips))
    if not (asked.video.preserve_hdr and colours(film).hdr and others):
        return subtask, []
    plain = asked.video.model_copy(update={"preserve_hdr": False})
    made = subtask.model_copy(update={"parameters": asked.model_copy(update={"video": plain})})
    return made, [f"HDR is not kept: {one}" for one in others]


def _others(film: VideoStream, inserts: Inserts, clips: Clips) -> Iterator[str]:
    """What the clips are that look otherwise than the film."""
    own = colours(film)
    for url in dict.fromkeys(one.url for one in (*inserts.heads, *inserts.tails)):
        video = usable(url, clips).media.video
        look = colours(video) if video else own
        if (look.transfer, look.primaries) != (own.transfer, own.primaries):
            yield f"head or tail {url} is {'in another HDR' if look.hdr else 'in SDR'}"
