"""Procedures: a named list of tasks, to be submitted by its name instead of `tasks`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from .model import Asked, Model, Timestamp
from .tasks import Tasks
from .templates import Comment, TemplateType

ProcedureName = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^\S+$")]


def _some(tasks: Tasks) -> Tasks:
    if tasks.count() == 0:
        raise ValueError("ask for at least one task")
    return tasks


SomeTasks = Annotated[Tasks, AfterValidator(_some)]


class ProcedurePut(Asked):
    """Command `procedure.put.v1`: create a procedure under a name that is free (`procedure.reset.v1` replaces one).

    Every template that it names must exist, and every override must fit.
    """

    name: ProcedureName
    comment: Comment = ""
    tasks: SomeTasks


class ProcedureReset(Asked):
    """Command `procedure.reset.v1`: replace a procedure's whole content, its comment included."""

    name: ProcedureName
    comment: Comment = ""
    tasks: SomeTasks


class ProcedureDelete(Asked):
    """Command `procedure.delete.v1`: remove a procedure. Flows that were submitted with it go on."""

    name: ProcedureName


class ProcedureDescribe(Asked):
    """Query `procedure.describe.v1`: procedures, presets first, then by age, oldest first; `limit` from `offset`.

    With `names`, of these only; those that don't exist are left out. With `type`, presets or custom ones only.
    """

    names: list[Annotated[str, Field(max_length=64)]] = Field(default_factory=list, max_length=100)
    type: TemplateType | None = None
    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=10, ge=1, le=100)


class ProcedureView(Model):
    """A procedure as it stands. Presets have no times."""

    name: str
    type: TemplateType
    comment: str = ""
    tasks: Tasks
    created_at: Timestamp | None = None
    updated_at: Timestamp | None = None


class ProcedureStored(Model):
    """Answer to `procedure.put.v1` and `procedure.reset.v1`: the procedure as it is from now on."""

    procedure: ProcedureView


class ProcedureDeleted(Model):
    """Answer to `procedure.delete.v1`."""

    name: str


class ProcedureDescribed(Model):
    """Answer to `procedure.describe.v1`; `total_count` tells how many there are on all pages."""

    total_count: int
    procedures: list[ProcedureView]
