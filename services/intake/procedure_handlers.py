"""What intake does with a command about procedures."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from contracts import codes
from contracts.model import Model
from contracts.procedures import (
    ProcedureDelete,
    ProcedureDeleted,
    ProcedureDescribe,
    ProcedureDescribed,
    ProcedurePut,
    ProcedureReset,
    ProcedureStored,
)
from contracts.tasks import Tasks
from shared.bus import Bus, Received
from shared.errors import RequestError

from . import listing
from .library import Library, named_in
from .preset_procedures import KEPT_NAMES, PRESET_PROCEDURES
from .procedure_store import Procedures, taken
from .repeats import command_id
from .rules import check
from .template_store import Templates

MOST_CHARACTERS = 250_000
"""Of a procedure's tasks as JSON: a list of all a tenant's still fits into one message."""


class ProcedureDesk:
    """Use cases: put, reset, delete and describe procedures."""

    def __init__(self, procedures: Procedures, templates: Templates, bus: Bus, roots: Sequence[Path]) -> None:
        self._procedures = procedures
        self._templates = templates
        self._bus = bus
        self._roots = roots

    async def put(self, received: Received) -> None:
        """Create a procedure whose every task can be done as things stand."""
        asked: ProcedurePut = received.data
        if asked.name in KEPT_NAMES:
            raise taken(asked.name)
        by = command_id(received.event)
        stored = await self._procedures.made_by(by)
        if stored is None:
            await self._check(received.event.tenant, asked.tasks)
            stored = await self._procedures.create(received.event.tenant, asked, by)
        await self._answer(received, "procedure.stored.v1", ProcedureStored(procedure=stored))

    async def reset(self, received: Received) -> None:
        """Replace a procedure's content with one that can be done as things stand."""
        asked: ProcedureReset = received.data
        _check_own(asked.name, codes.MODIFY_PRESET)
        await self._check(received.event.tenant, asked.tasks)
        stored = await self._procedures.replace(received.event.tenant, asked, command_id(received.event))
        if stored is None:
            raise _unknown(asked.name)
        await self._answer(received, "procedure.stored.v1", ProcedureStored(procedure=stored))

    async def delete(self, received: Received) -> None:
        """Remove a procedure. Flows and their results stay as they are."""
        asked: ProcedureDelete = received.data
        _check_own(asked.name, codes.DELETE_PRESET)
        if not await self._procedures.delete(received.event.tenant, asked.name, command_id(received.event)):
            raise _unknown(asked.name)
        await self._answer(received, "procedure.deleted.v1", ProcedureDeleted(name=asked.name))

    async def describe(self, received: Received) -> None:
        """Answer with presets and the tenant's own procedures."""
        query: ProcedureDescribe = received.data
        found = listing.procedures(query, await self._procedures.of(received.event.tenant))
        described = ProcedureDescribed(total_count=len(found), procedures=listing.page(found, query))
        await self._answer(received, "procedure.described.v1", described)

    async def _check(self, tenant: str, tasks: Tasks) -> None:
        check_size(tasks)
        library = Library(await self._templates.parameters(tenant, named_in([tasks])))
        await asyncio.to_thread(check, tasks, library, self._roots)

    async def _answer(self, received: Received, key: str, data: Model) -> None:
        await self._bus.answer(received, self._bus.event(key, data, tenant=received.event.tenant))


def check_size(tasks: Tasks) -> None:
    """Raises RequestError when tasks are too large to be kept."""
    if len(tasks.model_dump_json()) > MOST_CHARACTERS:
        text = f"tasks: over {MOST_CHARACTERS:,} characters: give large drawings and images with the submission"
        raise RequestError(text, codes.INVALID_PARAMETER_VALUE, "tasks")


def _check_own(name: str, code: str) -> None:
    if name in PRESET_PROCEDURES:
        raise RequestError(f"procedure {name!r} is a preset: it stays as it is", code, "name")


def _unknown(name: str) -> RequestError:
    return RequestError(f"you have no procedure {name!r}", codes.PROCEDURE_NOT_EXIST, "name")
