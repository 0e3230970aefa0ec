"""What intake does with a command about templates."""

import asyncio
from typing import Any, NoReturn

from contracts import codes
from contracts.model import Model
from contracts.tasks import TemplateKind
from contracts.templates import (
    TemplateDelete,
    TemplateDeleted,
    TemplateDescribe,
    TemplateDescribed,
    TemplateModify,
    TemplatePut,
    TemplateStored,
    TemplateView,
)
from shared.bus import Bus, Received
from shared.errors import RequestError

from . import listing
from .kinds import TEMPLATES
from .library import Number
from .parameters import checked, merged
from .repeats import command_id
from .template_store import Templates
from .watermark_images import check_images, check_same_type

MOST_WHOLE = 10
"""Templates that a query may name and still gets whole, images included."""


class TemplateDesk:
    """Use cases: put, modify, delete and describe templates."""

    def __init__(self, templates: Templates, bus: Bus) -> None:
        self._templates = templates
        self._bus = bus

    async def put(self, received: Received) -> None:
        """Create a template, or replace the one with the number given."""
        asked: TemplatePut = received.data
        tenant, by = received.event.tenant, command_id(received.event)
        if asked.definition is not None:
            _check_own(asked.kind, asked.definition, codes.MODIFY_PRESET)
        check_name(asked.kind, asked.name)
        parameters = checked(TEMPLATES[asked.kind].parameters, asked.parameters, "parameters")
        await asyncio.to_thread(check_images, parameters, "parameters")
        content = _content(asked.name, asked.comment, parameters)
        if asked.definition is None:
            stored = await self._templates.create(tenant, asked.kind, content, by)
        else:
            number = (asked.kind, asked.definition)
            stored = await self._templates.change(tenant, number, content, by) or _unknown(number)
        await self._answer(received, "template.stored.v1", TemplateStored(template=stored))

    async def modify(self, received: Received) -> None:
        """Change what is named of a template; of many changes at once each is kept."""
        asked: TemplateModify = received.data
        _check_own(asked.kind, asked.definition, codes.MODIFY_PRESET)
        stored = None
        while stored is None:
            stored = await self._modified(received.event.tenant, asked, command_id(received.event))
        await self._answer(received, "template.stored.v1", TemplateStored(template=stored))

    async def _modified(self, tenant: str, asked: TemplateModify, by: str) -> TemplateView | None:
        number = (asked.kind, asked.definition)
        before, revision = await self._templates.find(tenant, number) or _unknown(number)
        model = TEMPLATES[asked.kind].parameters
        check_same_type(model, before.parameters, asked.parameters)
        parameters = checked(model, merged(before.parameters, asked.parameters), "parameters")
        await asyncio.to_thread(check_images, parameters, "parameters")
        name = before.name if asked.name is None else asked.name
        comment = before.comment if asked.comment is None else asked.comment
        check_name(asked.kind, name)
        return await self._templates.change(tenant, number, _content(name, comment, parameters), by, revision)

    async def delete(self, received: Received) -> None:
        """Remove a template. Flows and their results stay as they are."""
        asked: TemplateDelete = received.data
        _check_own(asked.kind, asked.definition, codes.DELETE_PRESET)
        number = (asked.kind, asked.definition)
        if not await self._templates.delete(received.event.tenant, number, command_id(received.event)):
            _unknown(number)
        deleted = TemplateDeleted(kind=asked.kind, definition=asked.definition)
        await self._answer(received, "template.deleted.v1", deleted)

    async def describe(self, received: Received) -> None:
        """Answer with presets and the tenant's own templates."""
        query: TemplateDescribe = received.data
        whole = 0 < len(query.definitions) <= MOST_WHOLE
        own = await self._templates.of(received.event.tenant, query.kind, whole=whole)
        found = listing.templates(query, own)
        described = TemplateDescribed(total_count=len(found), templates=listing.page(found, query))
        await self._answer(received, "template.described.v1", described)

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))


def _content(name: str, comment: str, parameters: Model) -> dict[str, Any]:
    return {"name": name, "comment": comment, "parameters": parameters.model_dump(mode="json")}


def _check_own(kind: TemplateKind, definition: int, code: str) -> None:
    if definition in TEMPLATES[kind].presets:
        raise RequestError(f"{kind} template {definition} is a preset: it stays as it is", code, "definition")


def check_name(kind: TemplateKind, name: str) -> None:
    """Raises RequestError when a kind's templates must have a name and this one has none."""
    if TEMPLATES[kind].named and not name:
        raise RequestError(f"name: a {kind} template must have one", codes.INVALID_PARAMETER, "name")


def _unknown(number: Number) -> NoReturn:
    text = f"you have no {number[0]} template {number[1]}"
    raise RequestError(text, codes.TEMPLATE_NOT_EXIST, "definition")
