"""What goes into an output beside the source's own tracks. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.overlay import Drawn
from shared.subtitled import Subtitle


@dataclass(frozen=True)
class Beside:
    """`gain_db` for its sound, `subtitles` to mux, `stats` of a first pass over its pictures, `marks` to draw on them.

    None, or nothing: it has none.
    """

    gain_db: float | None = None
    subtitles: Sequence[Subtitle] = ()
    stats: Path | None = None
    marks: Sequence[Drawn] = ()


Besides = Mapping[str, Beside]
"""By the output's name; one that isn't there has nothing."""
NOTHING = Beside()
