"""How a picture track is coded: what has to be the same for tracks to be joined by copying. Pure value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """The only picture track of a file: the tag and a digest of its sample description, parameter sets included.

    `samples` are all its pictures, whether shown or not. `plain`: it is shown as it is stored, neither turned nor
    mirrored.
    """

    tag: str
    description: str
    samples: int
    plain: bool
    cuts: frozenset[int] = frozenset()
    """Pictures, by number, at which the track can be parted: key pictures with all that is shown earlier before them,
    all that is shown later behind them."""
