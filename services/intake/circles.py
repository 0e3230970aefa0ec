"""Workflows that would start themselves, through their own results or through other workflows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts import codes
from shared.errors import RequestError

from .naming import MOST_STEPS, Row
from .overlap import meet, pattern


@dataclass(frozen=True)
class Road:
    """A workflow: where its files come (`top` of triggers.Place) and where its results go, with the member at work."""

    workflow_id: str
    name: str
    top: str
    results: Sequence[Row]

    def near(self, top: str) -> list[Row]:
        """The results that may lie in a place: most paths differ before their first number already."""
        return [row for row in self.results if row.start.startswith(top) or top.startswith(row.start)]

    def into(self, top: str) -> str | None:
        """The member that puts results into a place, if any does."""
        place = pattern([top], {})
        return next((row.field for row in self.near(top) if meet(place, row.pattern)), None)


def check_apart(road: Road) -> None:
    """Raises RequestError, naming the field at fault, when a result may lie in the workflow's own place."""
    if field := road.into(road.top):
        text = f"{field}: results would lie in {road.top}, the workflow's own place: put them outside of it"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, field)


def check_no_circle(road: Road, others: Iterable[Road]) -> None:
    """Whether results start other workflows whose results start this one in the end.

    Raises:
        RequestError: they do, or there are too many numbers in too many names to find out.
    """
    known = {other.workflow_id: other for other in others if other.workflow_id != road.workflow_id}
    if way := _way_back(road, known):
        text = f"output: results would start this workflow again: {' -> '.join([road.name, *way, road.name])}"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "output.storage")


def _way_back(road: Road, known: Mapping[str, Road]) -> list[str] | None:
    """The names of the workflows between a workflow and itself."""
    ahead = [(road, list[str]())]
    seen: set[str] = set()
    steps = 0
    while ahead:
        one, way = ahead.pop()
        steps += sum(len(one.near(other.top)) * len(other.top) for other in (road, *known.values()))
        if steps > MOST_STEPS:
            text = (
                f"output: the results of {one.name} lie in places that differ behind a number only: too many to compare"
            )
            raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "output.storage")
        if way and one.into(road.top):
            return way
        for other in known.values():
            if other.workflow_id not in seen and one.into(other.top):
                seen.add(other.workflow_id)
                ahead.append((other, [*way, other.name]))
    return None
