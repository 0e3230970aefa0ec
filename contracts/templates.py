"""Templates: named parameters of one kind of subtask, by number; presets, which are read-only, and a tenant's own."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from .model import Asked, Model, Timestamp
from .tasks import Override, TemplateKind

TemplateType = Literal["preset", "custom"]

FIRST_CUSTOM_DEFINITION = 1_000_001
"""Numbers of a tenant's own templates begin here, for each kind; all presets, now and later, lie below."""

Definition = Annotated[int, Field(ge=0, le=2_147_483_647)]
TemplateName = Annotated[str, Field(max_length=64)]
Comment = Annotated[str, Field(max_length=256)]


class TemplatePut(Asked):
    """Command `template.put.v1`: create a template, or replace the one that `definition` names.

    Without `definition` it is created and gets a number, which is unique for its kind and tenant and never used again.
    `parameters` are those of the kind; what is left out has its default.
    """

    kind: TemplateKind
    definition: Definition | None = None
    name: TemplateName = ""
    comment: Comment = ""
    parameters: dict[str, JsonValue]


class TemplateModify(Asked):
    """Command `template.modify.v1`: change some of a template, and leave the rest as it is.

    `parameters` are merged over the template's as a task's `override` is: an object member by member, anything else, a
    list included, in its whole.
    """

    kind: TemplateKind
    definition: Definition
    name: TemplateName | None = None
    comment: Comment | None = None
    parameters: Override = Field(default_factory=dict)


class TemplateDelete(Asked):
    """Command `template.delete.v1`: remove a template.

    Flows that were submitted with it go on; procedures that name it can't be submitted any more.
    """

    kind: TemplateKind
    definition: Definition


class TemplateDescribe(Asked):
    """Query `template.describe.v1`: the templates of a kind, presets first, by number; `limit` of them from `offset`.

    With `definitions`, of these only; those that don't exist are left out. With `type`, presets or custom ones only.
    The content of images is told only to who names at most ten definitions.
    """

    kind: TemplateKind
    definitions: list[Definition] = Field(default_factory=list, max_length=100)
    type: TemplateType | None = None
    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=10, ge=1, le=100)


class TemplateView(Model):
    """A template as it stands, every parameter written out. Presets have no times."""

    kind: TemplateKind
    definition: int
    type: TemplateType
    name: str = ""
    comment: str = ""
    parameters: dict[str, Any]
    created_at: Timestamp | None = None
    updated_at: Timestamp | None = None


class TemplateStored(Model):
    """Answer to `template.put.v1` and `template.modify.v1`: the template as it is from now on."""

    template: TemplateView


class TemplateDeleted(Model):
    """Answer to `template.delete.v1`."""

    kind: TemplateKind
    definition: int


class TemplateDescribed(Model):
    """Answer to `template.describe.v1`; `total_count` tells how many there are on all pages."""

    total_count: int
    templates: list[TemplateView]
