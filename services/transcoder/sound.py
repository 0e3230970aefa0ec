"""The sound in a filter graph. Pure."""

from typing import Any

from contracts.units import AudioIn


def sound(stream: Any, audio: AudioIn) -> Any:
    """The sound from `start_s` to before `end_s`, moved to 0; what comes later keeps its distance."""
    bounds: dict[str, str] = {}
    if audio.seek_s is not None or audio.end_s is not None:
        bounds["start"] = f"{audio.start_s:.6f}"
    if audio.end_s is not None:
        bounds["end"] = f"{audio.end_s:.6f}"
    if bounds:
        stream = stream.filter("atrim", **bounds)
    return stream.filter("asetpts", f"PTS-({audio.start_s:.6f})/TB") if audio.start_s else stream


def unbroken(stream: Any) -> Any:
    """The sound from 0 on, with silence before it and where it pauses; what is there stays sample by sample."""
    return stream.filter("aresample", **{"async": 1, "first_pts": 0})
