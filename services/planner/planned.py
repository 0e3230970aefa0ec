"""A plan: the units that make up a flow, and what they wait for. Pure values."""

from pydantic import Field

from contracts.edit_outputs import EditMediaOutput, TakenInput
from contracts.model import Model
from contracts.rendition_outputs import RenditionOutput
from contracts.units import UnitError, Work


class Fleet(Model):
    """What the planner knows of the workers: how many slots there are and how fast they are.

    `rates`: learned seconds of worker time per second that the cost model tells, by rate key (source codec, encoder,
    size class); 1.0 where nothing was learned yet.
    """

    transcode_slots: int = 2
    rates: dict[str, float] = Field(default_factory=dict)


class Edited(Model):
    """What is told of an edit besides its file: see `EditMediaOutput`."""

    copied: bool
    base: int
    inputs: list[TakenInput]

    def told(self, made: RenditionOutput) -> EditMediaOutput:
        """The result of an edit."""
        return EditMediaOutput(**made.model_dump(exclude={"kind"}), **self.model_dump())


class PlannedUnit(Model):
    """A unit of work in a plan.

    `cost_s` is the expected worker time. Units of one `group` share a fate: when one of them proves inexact, the
    group's units are dropped and its `fallback` unit (which waits inactive until then) does the work in one piece.
    `rate_key` names the learned rate that `cost_s` already contains. A unit that `prepares` brings the source itself:
    it is there before the plan, all subtasks fall with it, and none begins with it.
    """

    unit_id: str
    subtask_ids: list[str]
    work: Work
    depends_on: list[str] = Field(default_factory=list)
    cost_s: float = 1.0
    rate_key: str | None = None
    group: str | None = None
    fallback: bool = False
    prepares: bool = False
    edited: Edited | None = None
    """Of a unit that makes an edit's result: what its output does not tell."""


class Plan(Model):
    """All units of a flow, and the subtasks that can't be done for this source."""

    units: list[PlannedUnit]
    failed: dict[str, UnitError] = Field(default_factory=dict)
