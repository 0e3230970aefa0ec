"""What a tenant's command may name: templates and procedures, presets and its own, as far as they were loaded. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts import codes, drm
from contracts.kinds import KINDS
from contracts.model import Asked
from contracts.tasks import TaskKind, Tasks, TemplateKind
from shared.errors import RequestError

from .kinds import TEMPLATES
from .parameters import checked
from .preset_procedures import PRESET_PROCEDURES

Number = tuple[TemplateKind, int]
"""Kind and definition."""


@dataclass(frozen=True)
class Library:
    """The presets, and with them the tenant's own: templates' parameters by number, procedures' tasks by name."""

    templates: Mapping[Number, Mapping[str, Any]] = field(default_factory=dict)
    procedures: Mapping[str, Tasks] = field(default_factory=dict)

    def parameters(self, kind: TaskKind, definition: int, place: str) -> Asked:
        """A template's parameters. Raises RequestError, naming the field `place`, when there is no such template."""
        return self.template(KINDS[kind].template_kind, definition, place)

    def template(self, used: TemplateKind, definition: int, place: str) -> Asked:
        """The same by kind of template."""
        if preset := TEMPLATES[used].presets.get(definition):
            return preset
        if (used, definition) in self.templates:
            return checked(TEMPLATES[used].parameters, self.templates[used, definition], place)
        if used == "adaptive_dynamic_streaming" and definition in drm.PRESETS:
            text = f"template {definition} ({drm.PRESETS[definition]}) needs DRM. {drm.NOT_OFFERED}: take 10 or 20"
            raise RequestError(text, codes.DRM_TYPE, place)
        presets = ", ".join([*map(str, TEMPLATES[used].presets), "those that you put"])
        text = f"there is no {used} template {definition}, only {presets}"
        raise RequestError(text, codes.TEMPLATE_NOT_EXIST, place)

    def tasks(self, procedure: str) -> Tasks:
        """A procedure's tasks. Raises RequestError when there is none of this name."""
        found = PRESET_PROCEDURES.get(procedure) or self.procedures.get(procedure)
        if found is None:
            raise RequestError(f"there is no procedure {procedure!r}", codes.PROCEDURE_NOT_EXIST, "procedure")
        return found


def named_in(tasks: Iterable[Tasks]) -> set[Number]:
    """The templates that tasks name and that are no presets: those to load."""
    return {
        (kind, definition)
        for asked in tasks
        for kind, definition in _named(asked)
        if definition not in TEMPLATES[kind].presets
    }


def _named(tasks: Tasks) -> Iterator[Number]:
    for kind in KINDS:
        for task in tasks.of_kind(kind):
            yield KINDS[kind].template_kind, task.definition
            for watermark in getattr(task, "watermarks", ()):
                if watermark.definition:
                    yield "watermark", watermark.definition
            for clips in getattr(task, "head_tails", ()):
                if clips.definition:
                    yield "head_tail", clips.definition
