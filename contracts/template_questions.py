"""The client's part for templates."""

from collections.abc import Sequence

from .questions import TIMEOUT_S, Questions
from .tasks import TemplateKind
from .templates import (
    TemplateDelete,
    TemplateDeleted,
    TemplateDescribe,
    TemplateDescribed,
    TemplateModify,
    TemplatePut,
    TemplateStored,
    TemplateType,
    TemplateView,
)


class TemplateQuestions(Questions):
    """Commands and queries about templates."""

    async def put_template(
        self,
        template: TemplatePut,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> TemplateView:
        """Create a template, whose number is in the answer, or replace the one that `definition` names.

        The same `message_id` again creates no second one: give one of your own to be safe across your own restarts.
        """
        answer = await self._ask(
            "template.put.v1", template, TemplateStored, timeout_s, message_id=message_id, traceparent=traceparent
        )
        return answer.template

    async def modify_template(
        self, change: TemplateModify, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> TemplateView:
        """Change some of a template; the answer is the whole. Running flows keep what they were submitted with."""
        key = "template.modify.v1"
        return (await self._ask(key, change, TemplateStored, timeout_s, traceparent=traceparent)).template

    async def delete_template(
        self, kind: TemplateKind, definition: int, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> None:
        """Remove a template; its number is never given again."""
        command = TemplateDelete(kind=kind, definition=definition)
        await self._ask("template.delete.v1", command, TemplateDeleted, timeout_s, traceparent=traceparent)

    async def list_templates(
        self,
        kind: TemplateKind,
        *,
        definitions: Sequence[int] = (),
        type: TemplateType | None = None,
        offset: int = 0,
        limit: int = 10,
        timeout_s: float = TIMEOUT_S,
    ) -> TemplateDescribed:
        """Presets and the tenant's own, by number: `limit` from `offset`; `total_count` is that of all pages."""
        query = TemplateDescribe(kind=kind, definitions=list(definitions), type=type, offset=offset, limit=limit)
        return await self._ask("template.describe.v1", query, TemplateDescribed, timeout_s)
