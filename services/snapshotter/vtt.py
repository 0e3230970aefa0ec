"""WebVTT that maps times to tiles of sprite sheets, as players want it for previews. Pure."""

from collections.abc import Sequence

from contracts.units import Framing, Sheets
from shared.locations import relative

SHORTEST_S = 0.001
"""A cue must not be empty."""


def vtt(times_s: Sequence[float], tile: Framing, sheets: Sheets) -> str:
    """One cue for each tile, from its time to the next one's; sheets by URLs relative to the VTT file."""
    names = [relative(url, sheets.vtt_url) for url in sheets.urls]
    per_sheet = sheets.rows * sheets.columns
    cues = ["WEBVTT", ""]
    for number, start_s in enumerate(times_s):
        end_s = times_s[number + 1] if number + 1 < len(times_s) else sheets.end_s
        row, column = divmod(number % per_sheet, sheets.columns)
        place = f"{column * tile.width},{row * tile.height},{tile.width},{tile.height}"
        cues.append(f"{_clock(start_s)} --> {_clock(max(end_s, start_s + SHORTEST_S))}")
        cues += [f"{names[number // per_sheet]}#xywh={place}", ""]
    return "\n".join(cues)


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{milliseconds:03d}"
