"""Every message type: its routing key, its model, where it travels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import topology
from .edits import EditFinished, EditSubmit
from .envelope import TYPE_PREFIX
from .flows import (
    FlowAbort,
    FlowAccepted,
    FlowCancel,
    FlowCancelled,
    FlowDescribe,
    FlowDescribed,
    FlowFinished,
    FlowList,
    FlowListed,
    FlowProgressed,
    FlowStarted,
    FlowSubmit,
    Rejected,
)
from .model import Model
from .procedures import (
    ProcedureDelete,
    ProcedureDeleted,
    ProcedureDescribe,
    ProcedureDescribed,
    ProcedurePut,
    ProcedureReset,
    ProcedureStored,
)
from .pulled_events import EventConfirm, EventConfirmed, EventDescribe, EventDescribed, EventPull, EventPulled
from .subscriber_queues import (
    EventReplay,
    QueueDelete,
    QueueDeleted,
    QueueDescribe,
    QueueDescribed,
    QueuePurge,
    QueuePurged,
    QueueReceive,
    QueueReceived,
    QueueRedrive,
    QueueRedriven,
    QueueRewind,
    QueueRewound,
)
from .subscriptions import (
    SubscriptionDelete,
    SubscriptionDeleted,
    SubscriptionDescribe,
    SubscriptionDescribed,
    SubscriptionList,
    SubscriptionListed,
    SubscriptionModify,
    SubscriptionPut,
    SubscriptionStored,
)
from .subtasks import SubtaskEvent
from .templates import (
    TemplateDelete,
    TemplateDeleted,
    TemplateDescribe,
    TemplateDescribed,
    TemplateModify,
    TemplatePut,
    TemplateStored,
)
from .units import UnitCancel, UnitFinished, UnitProgressed, UnitRequest, UnitStarted, UnitWake
from .uploads import UploadCompleted
from .workflows import (
    WorkflowDelete,
    WorkflowDeleted,
    WorkflowDescribe,
    WorkflowDescribed,
    WorkflowDisable,
    WorkflowEnable,
    WorkflowFailed,
    WorkflowPut,
    WorkflowReset,
    WorkflowStored,
)

Role = Literal["command", "answer", "event", "work"]


@dataclass(frozen=True)
class MessageType:
    """A message type. `exchange` is None for answers, which go to the queue that `reply_to` names."""

    key: str
    model: type[Model]
    role: Role

    @property
    def type(self) -> str:
        """The CloudEvents `type`."""
        return TYPE_PREFIX + self.key

    @property
    def exchange(self) -> str | None:
        """Where it is published."""
        return {"command": topology.COMMANDS, "event": topology.EVENTS, "work": topology.WORK, "answer": None}[
            self.role
        ]

    def read(self, data: Mapping[str, Any]) -> Model:
        """The message's data as its model; raises pydantic.ValidationError.

        Unknown members of a command are refused, because a misspelt wish would be lost in silence; in every other
        message they are ignored at every depth, because a newer sender may add optional ones.
        """
        return self.model.model_validate(data, extra=None if self.role == "command" else "ignore")

    @property
    def summary(self) -> str:
        """The first sentence of the model's meaning."""
        return (self.model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")


_TYPES = (
    MessageType("flow.submit.v1", FlowSubmit, "command"),
    MessageType("flow.cancel.v1", FlowCancel, "command"),
    MessageType("flow.describe.v1", FlowDescribe, "command"),
    MessageType("flow.list.v1", FlowList, "command"),
    MessageType("edit.submit.v1", EditSubmit, "command"),
    MessageType("template.put.v1", TemplatePut, "command"),
    MessageType("template.modify.v1", TemplateModify, "command"),
    MessageType("template.delete.v1", TemplateDelete, "command"),
    MessageType("template.describe.v1", TemplateDescribe, "command"),
    MessageType("procedure.put.v1", ProcedurePut, "command"),
    MessageType("procedure.reset.v1", ProcedureReset, "command"),
    MessageType("procedure.delete.v1", ProcedureDelete, "command"),
    MessageType("procedure.describe.v1", ProcedureDescribe, "command"),
    MessageType("workflow.put.v1", WorkflowPut, "command"),
    MessageType("workflow.reset.v1", WorkflowReset, "command"),
    MessageType("workflow.enable.v1", WorkflowEnable, "command"),
    MessageType("workflow.disable.v1", WorkflowDisable, "command"),
    MessageType("workflow.delete.v1", WorkflowDelete, "command"),
    MessageType("workflow.describe.v1", WorkflowDescribe, "command"),
    MessageType("upload.completed.v1", UploadCompleted, "command"),
    MessageType("subscription.put.v1", SubscriptionPut, "command"),
    MessageType("subscription.modify.v1", SubscriptionModify, "command"),
    MessageType("subscription.delete.v1", SubscriptionDelete, "command"),
    MessageType("subscription.describe.v1", SubscriptionDescribe, "command"),
    MessageType("subscription.list.v1", SubscriptionList, "command"),
    MessageType("queue.receive.v1", QueueReceive, "command"),
    MessageType("queue.delete.v1", QueueDelete, "command"),
    MessageType("queue.describe.v1", QueueDescribe, "command"),
    MessageType("queue.redrive.v1", QueueRedrive, "command"),
    MessageType("queue.purge.v1", QueuePurge, "command"),
    MessageType("queue.rewind.v1", QueueRewind, "command"),
    MessageType("event.replay.v1", EventReplay, "command"),
    MessageType("event.pull.v1", EventPull, "command"),
    MessageType("event.confirm.v1", EventConfirm, "command"),
    MessageType("event.describe.v1", EventDescribe, "command"),
    MessageType("flow.rejected.v1", Rejected, "answer"),
    MessageType("flow.cancelled.v1", FlowCancelled, "answer"),
    MessageType("flow.described.v1", FlowDescribed, "answer"),
    MessageType("flow.listed.v1", FlowListed, "answer"),
    MessageType("edit.rejected.v1", Rejected, "answer"),
    MessageType("template.stored.v1", TemplateStored, "answer"),
    MessageType("template.deleted.v1", TemplateDeleted, "answer"),
    MessageType("template.described.v1", TemplateDescribed, "answer"),
    MessageType("template.rejected.v1", Rejected, "answer"),
    MessageType("procedure.stored.v1", ProcedureStored, "answer"),
    MessageType("procedure.deleted.v1", ProcedureDeleted, "answer"),
    MessageType("procedure.described.v1", ProcedureDescribed, "answer"),
    MessageType("procedure.rejected.v1", Rejected, "answer"),
    MessageType("workflow.stored.v1", WorkflowStored, "answer"),
    MessageType("workflow.deleted.v1", WorkflowDeleted, "answer"),
    MessageType("workflow.described.v1", WorkflowDescribed, "answer"),
    MessageType("workflow.rejected.v1", Rejected, "answer"),
    MessageType("subscription.stored.v1", SubscriptionStored, "answer"),
    MessageType("subscription.deleted.v1", SubscriptionDeleted, "answer"),
    MessageType("subscription.described.v1", SubscriptionDescribed, "answer"),
    MessageType("subscription.listed.v1", SubscriptionListed, "answer"),
    MessageType("subscription.rejected.v1", Rejected, "answer"),
    MessageType("queue.received.v1", QueueReceived, "answer"),
    MessageType("queue.deleted.v1", QueueDeleted, "answer"),
    MessageType("queue.described.v1", QueueDescribed, "answer"),
    MessageType("queue.redriven.v1", QueueRedriven, "answer"),
    MessageType("queue.purged.v1", QueuePurged, "answer"),
    MessageType("queue.rewound.v1", QueueRewound, "answer"),
    MessageType("queue.rejected.v1", Rejected, "answer"),
    MessageType("event.replayed.v1", QueueRewound, "answer"),
    MessageType("event.pulled.v1", EventPulled, "answer"),
    MessageType("event.confirmed.v1", EventConfirmed, "answer"),
    MessageType("event.described.v1", EventDescribed, "answer"),
    MessageType("event.rejected.v1", Rejected, "answer"),
    MessageType("command.rejected.v1", Rejected, "answer"),
    MessageType("flow.accepted.v1", FlowAccepted, "event"),
    MessageType("flow.started.v1", FlowStarted, "event"),
    MessageType("flow.progressed.v1", FlowProgressed, "event"),
    MessageType("flow.finished.v1", FlowFinished, "event"),
    MessageType("subtask.started.v1", SubtaskEvent, "event"),
    MessageType("subtask.progressed.v1", SubtaskEvent, "event"),
    MessageType("subtask.finished.v1", SubtaskEvent, "event"),
    MessageType("edit.finished.v1", EditFinished, "event"),
    MessageType("workflow.failed.v1", WorkflowFailed, "event"),
    MessageType("flow.abort.v1", FlowAbort, "work"),
    MessageType("transcode.request.v1", UnitRequest, "work"),
    MessageType("pictures.request.v1", UnitRequest, "work"),
    MessageType("merge.request.v1", UnitRequest, "work"),
    MessageType("fetch.request.v1", UnitRequest, "work"),
    MessageType("transcode.cancel.v1", UnitCancel, "work"),
    MessageType("pictures.cancel.v1", UnitCancel, "work"),
    MessageType("merge.cancel.v1", UnitCancel, "work"),
    MessageType("fetch.cancel.v1", UnitCancel, "work"),
    MessageType("unit.started.v1", UnitStarted, "work"),
    MessageType("unit.progressed.v1", UnitProgressed, "work"),
    MessageType("unit.finished.v1", UnitFinished, "work"),
    MessageType("transcode.wake.v1", UnitWake, "work"),
    MessageType("pictures.wake.v1", UnitWake, "work"),
    MessageType("merge.wake.v1", UnitWake, "work"),
    MessageType("fetch.wake.v1", UnitWake, "work"),
)

CATALOG: dict[str, MessageType] = {message.key: message for message in _TYPES}
"""Routing key -> message type. `flow.accepted.v1` is also the answer to `flow.submit.v1`, `edit.submit.v1` and
`upload.completed.v1`."""
