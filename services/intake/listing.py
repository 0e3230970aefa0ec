"""Which templates, procedures and workflows a query shows. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from contracts.procedures import ProcedureDescribe, ProcedureView
from contracts.tasks import TemplateKind
from contracts.templates import TemplateDescribe, TemplateView
from contracts.workflows import WorkflowDescribe, WorkflowView

from .kinds import TEMPLATES
from .preset_procedures import PRESET_PROCEDURES

T = TypeVar("T")


def preset_templates(kind: TemplateKind) -> list[TemplateView]:
    """The presets of a kind, by number."""
    return [
        TemplateView(kind=kind, definition=number, type="preset", parameters=parameters.model_dump(mode="json"))
        for number, parameters in sorted(TEMPLATES[kind].presets.items())
    ]


def preset_procedures() -> list[ProcedureView]:
    """The presets."""
    return [ProcedureView(name=name, type="preset", tasks=tasks) for name, tasks in PRESET_PROCEDURES.items()]


def templates(query: TemplateDescribe, own: Iterable[TemplateView]) -> list[TemplateView]:
    """What a query asks for, on all pages: presets, then the tenant's own."""
    every = [*preset_templates(query.kind), *own]
    wanted = [one for one in every if query.type in (None, one.type)]
    return [one for one in wanted if not query.definitions or one.definition in query.definitions]


def procedures(query: ProcedureDescribe, own: Iterable[ProcedureView]) -> list[ProcedureView]:
    """What a query asks for, on all pages: presets, then the tenant's own."""
    wanted = [one for one in (*preset_procedures(), *own) if query.type in (None, one.type)]
    return [one for one in wanted if not query.names or one.name in query.names]


def workflows(query: WorkflowDescribe, own: Iterable[WorkflowView]) -> list[WorkflowView]:
    """What a query asks for, on all pages."""
    wanted = [one for one in own if query.status in (None, one.status)]
    return [one for one in wanted if not query.workflow_ids or one.workflow_id in query.workflow_ids]


def page(found: Sequence[T], query: TemplateDescribe | ProcedureDescribe | WorkflowDescribe) -> list[T]:
    """The part of it that the query's page shows."""
    return list(found[query.offset : query.offset + query.limit])
