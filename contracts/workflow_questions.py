"""The client's part for workflows and uploads."""

from collections.abc import Sequence

from .flows import FlowAccepted
from .questions import TIMEOUT_S, Questions
from .uploads import UploadCompleted
from .workflows import (
    WorkflowDelete,
    WorkflowDeleted,
    WorkflowDescribe,
    WorkflowDescribed,
    WorkflowDisable,
    WorkflowEnable,
    WorkflowPut,
    WorkflowReset,
    WorkflowStatus,
    WorkflowStored,
    WorkflowView,
)


class WorkflowQuestions(Questions):
    """Commands and queries about workflows; the notice of an upload."""

    async def put_workflow(
        self,
        workflow: WorkflowPut,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> WorkflowView:
        """Create a workflow, disabled; its id is in the answer. The same `message_id` again creates no second one."""
        answer = await self._ask(
            "workflow.put.v1", workflow, WorkflowStored, timeout_s, message_id=message_id, traceparent=traceparent
        )
        return answer.workflow

    async def reset_workflow(
        self, workflow: WorkflowReset, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> WorkflowView:
        """Replace the whole of a workflow that is disabled."""
        key = "workflow.reset.v1"
        return (await self._ask(key, workflow, WorkflowStored, timeout_s, traceparent=traceparent)).workflow

    async def enable_workflow(
        self, workflow_id: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> WorkflowView:
        """From the answer on new files start flows; those that are there already don't."""
        key, command = "workflow.enable.v1", WorkflowEnable(workflow_id=workflow_id)
        return (await self._ask(key, command, WorkflowStored, timeout_s, traceparent=traceparent)).workflow

    async def disable_workflow(
        self, workflow_id: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> WorkflowView:
        """New files start nothing more."""
        key, command = "workflow.disable.v1", WorkflowDisable(workflow_id=workflow_id)
        return (await self._ask(key, command, WorkflowStored, timeout_s, traceparent=traceparent)).workflow

    async def delete_workflow(
        self, workflow_id: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> None:
        """Remove a workflow that is disabled."""
        command = WorkflowDelete(workflow_id=workflow_id)
        await self._ask("workflow.delete.v1", command, WorkflowDeleted, timeout_s, traceparent=traceparent)

    async def list_workflows(
        self,
        *,
        workflow_ids: Sequence[str] = (),
        status: WorkflowStatus | None = None,
        offset: int = 0,
        limit: int = 10,
        timeout_s: float = TIMEOUT_S,
    ) -> WorkflowDescribed:
        """The tenant's workflows, oldest first: `limit` from `offset`; `total_count` is that of all pages."""
        query = WorkflowDescribe(workflow_ids=list(workflow_ids), status=status, offset=offset, limit=limit)
        return await self._ask("workflow.describe.v1", query, WorkflowDescribed, timeout_s)

    async def upload_completed(
        self,
        upload: UploadCompleted,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> FlowAccepted:
        """Say that a file is in storage, for its procedure to begin; returns as `submit` does."""
        return await self._ask(
            "upload.completed.v1", upload, FlowAccepted, timeout_s, message_id=message_id, traceparent=traceparent
        )
