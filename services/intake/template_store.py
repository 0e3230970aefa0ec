"""Intake's documents: the tenants' own templates, and the numbers given out.

Templates are kept as owned_store.py tells; `revision` counts a template's changes. `template_numbers` keeps for each
tenant and kind (`_id`) how many numbers were given.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.tasks import TemplateKind
from contracts.templates import FIRST_CUSTOM_DEFINITION, TemplateView
from shared.store import Document, Duplicate, Store

from . import owned_store
from .kinds import TEMPLATES
from .library import Number
from .owned_store import LIVE, Quota

Content = Mapping[str, Any]
"""A template's name, comment and parameters."""
IMAGE = "parameters.image.content"


class Templates:
    """The tenants' own templates."""

    def __init__(self, store: Store) -> None:
        self._templates = store.collection("templates")
        self._numbers = store.collection("template_numbers")

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._templates.create_index([("tenant", 1), ("kind", 1), ("definition", 1)], unique=True)
        await owned_store.prepare(self._templates, ("tenant", "kind"))

    async def create(self, tenant: str, kind: TemplateKind, content: Content, command_id: str) -> TemplateView:
        """Store a new template under a new number; the same command again finds the one it made.

        Raises:
            RequestError: the tenant has as many of the kind as there can be.
        """
        definition = 0
        while (there := await self._templates.find_one({"_id": command_id})) is None:
            definition = definition or await self._next_number(tenant, kind)
            document = {"_id": command_id, "definition": definition, **content}
            quota = Quota(TEMPLATES[kind].quota, f"{kind} templates", "kind")
            await owned_store.insert(self._templates, document, {"tenant": tenant, "kind": kind}, quota)
        return view(there)

    async def find(self, tenant: str, number: Number) -> tuple[TemplateView, int] | None:
        """A template and its revision."""
        found = await self._templates.find_one({**_which(tenant, number), **LIVE})
        return None if found is None else (view(found), found["revision"])

    async def change(
        self, tenant: str, number: Number, content: Content, command_id: str, revision: int | None = None
    ) -> TemplateView | None:
        """Replace its content, unless this command did so before; the template as it is then.

        None when there is none, or with `revision` given, when it has another one by now.
        """
        which = _which(tenant, number)
        expected = {} if revision is None else {"revision": revision}
        changed = await owned_store.change(self._templates, which, content, command_id, expected)
        return None if changed is None else view(changed)

    async def delete(self, tenant: str, number: Number, command_id: str) -> bool:
        """Remove a template; False when there is none. The same command again has removed it too."""
        return await owned_store.delete(self._templates, _which(tenant, number), command_id)

    async def of(self, tenant: str, kind: TemplateKind, *, whole: bool = True) -> list[TemplateView]:
        """The tenant's templates of a kind, by number; unless `whole`, without the images that some hold."""
        left_out = {} if whole else {IMAGE: 0}
        found = self._templates.find({"tenant": tenant, "kind": kind, **LIVE}, left_out)
        cursor = found.sort([("definition", 1)])
        return [view(found) for found in await cursor.to_list(None)]

    async def parameters(self, tenant: str, numbers: Iterable[Number]) -> dict[Number, Mapping[str, Any]]:
        """The parameters of those of the tenant's templates that there are."""
        which = [{"kind": kind, "definition": definition} for kind, definition in numbers]
        if not which:
            return {}
        found = await self._templates.find({"tenant": tenant, "$or": which, **LIVE}).to_list(None)
        return {(one["kind"], one["definition"]): one["parameters"] for one in found}

    async def _next_number(self, tenant: str, kind: TemplateKind) -> int:
        key = {"_id": f"{tenant}/{kind}"}
        while True:
            try:
                given = await self._numbers.find_one_and_update(
                    key, {"$inc": {"given": 1}}, upsert=True, return_document=True
                )
            except Duplicate:
                continue
            assert given is not None
            return FIRST_CUSTOM_DEFINITION - 1 + int(given["given"])


def _which(tenant: str, number: Number) -> dict[str, Any]:
    kind, definition = number
    return {"tenant": tenant, "kind": kind, "definition": definition}


def view(document: Document) -> TemplateView:
    """A stored template as users see it."""
    return TemplateView.model_validate({**document, "type": "custom"})
