"""The client's part for procedures."""

from collections.abc import Sequence

from .procedures import (
    ProcedureDelete,
    ProcedureDeleted,
    ProcedureDescribe,
    ProcedureDescribed,
    ProcedurePut,
    ProcedureReset,
    ProcedureStored,
    ProcedureView,
)
from .questions import TIMEOUT_S, Questions
from .templates import TemplateType


class ProcedureQuestions(Questions):
    """Commands and queries about procedures."""

    async def put_procedure(
        self,
        procedure: ProcedurePut,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> ProcedureView:
        """Create a procedure under a name that is free."""
        answer = await self._ask(
            "procedure.put.v1", procedure, ProcedureStored, timeout_s, message_id=message_id, traceparent=traceparent
        )
        return answer.procedure

    async def reset_procedure(
        self, procedure: ProcedureReset, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> ProcedureView:
        """Replace a procedure's whole content. Running flows keep what they were submitted with."""
        key = "procedure.reset.v1"
        return (await self._ask(key, procedure, ProcedureStored, timeout_s, traceparent=traceparent)).procedure

    async def delete_procedure(
        self, name: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> None:
        """Remove a procedure."""
        command = ProcedureDelete(name=name)
        await self._ask("procedure.delete.v1", command, ProcedureDeleted, timeout_s, traceparent=traceparent)

    async def list_procedures(
        self,
        *,
        names: Sequence[str] = (),
        type: TemplateType | None = None,
        offset: int = 0,
        limit: int = 10,
        timeout_s: float = TIMEOUT_S,
    ) -> ProcedureDescribed:
        """Presets, then the tenant's own, oldest first: `limit` from `offset`; `total_count` is that of all pages."""
        query = ProcedureDescribe(names=list(names), type=type, offset=offset, limit=limit)
        return await self._ask("procedure.describe.v1", query, ProcedureDescribed, timeout_s)
