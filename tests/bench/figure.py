"""A measured figure beside its aim."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A value in `unit`, and the most that it should be (None: only shown)."""

    name: str
    value: float
    unit: str
    most: float | None = None
    detail: str = ""

    @property
    def shown(self) -> str:
        """As the table shows it."""
        return f"{self.value:.3g} {self.unit}{f' ({self.detail})' if self.detail else ''}".strip()

    @property
    def aim(self) -> str:
        """What it should be."""
        return "" if self.most is None else f"<= {self.most:g} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        """Whether it is."""
        return "" if self.most is None else "yes" if self.value <= self.most else "NO"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values don't exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered)) - 1))]


def spread(values: Sequence[float]) -> str:
    """Least, median and most, and how many."""
    return f"min {min(values):.3g}, median {statistics.median(values):.3g}, max {max(values):.3g}, n={len(values)}"
