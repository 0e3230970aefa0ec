"""What a player in a browser made of a manifest. Times are of the medium, in seconds."""

from pydantic import BaseModel, ConfigDict


class Level(BaseModel):
    """One rendition as the player read it from the manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bandwidth_bps: int
    width: int
    height: int
    codecs: str


class Run(BaseModel):
    """Pictures of one size that were on the screen one after another; not every one is shown at a raised rate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int
    height: int
    from_s: float
    to_s: float
    pictures: int


class Played(BaseModel):
    """A whole playback. Levels are by bandwidth, lowest first; `problems` holds every error, fatal or not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    player: str
    ended: bool
    duration_s: float
    played_s: list[tuple[float, float]]
    shown: list[Run]
    levels: list[Level]
    sounds: int
    sound_bytes: int
    pictures: int
    corrupted: int
    seeks: list[float]
    problems: list[str]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of what was decoded, at each change."""
        return [(run.width, run.height) for run in self.shown]
