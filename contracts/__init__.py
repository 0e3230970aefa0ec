"""The contracts of vodflow: the messages that other systems and our own services exchange."""

from .catalog import CATALOG, MessageType
from .envelope import CONTENT_TYPE, CloudEvent, event_id
from .flows import (
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
    FlowState,
    FlowSubmit,
    FlowSummary,
    FlowView,
    Input,
    Notify,
    Outcome,
    Output,
    Rejected,
)
from .media import AudioStream, MediaInfo, VideoStream
from .procedures import ProcedureDescribed, ProcedurePut, ProcedureReset, ProcedureView
from .subscriptions import SubscriptionPut, SubscriptionView
from .subtasks import SubtaskEvent, SubtaskState, SubtaskView
from .tasks import SampledSnapshotTask, SnapshotTask, SpriteTask, Tasks, TranscodeTask
from .templates import TemplateDescribed, TemplateModify, TemplatePut, TemplateView

__all__ = [
    "CATALOG",
    "CONTENT_TYPE",
    "AudioStream",
    "CloudEvent",
    "FlowAccepted",
    "FlowCancel",
    "FlowCancelled",
    "FlowDescribe",
    "FlowDescribed",
    "FlowFinished",
    "FlowList",
    "FlowListed",
    "FlowProgressed",
    "FlowStarted",
    "FlowState",
    "FlowSubmit",
    "FlowSummary",
    "FlowView",
    "Input",
    "MediaInfo",
    "MessageType",
    "Notify",
    "Outcome",
    "Output",
    "ProcedureDescribed",
    "ProcedurePut",
    "ProcedureReset",
    "ProcedureView",
    "Rejected",
    "SampledSnapshotTask",
    "SnapshotTask",
    "SpriteTask",
    "SubscriptionPut",
    "SubscriptionView",
    "SubtaskEvent",
    "SubtaskState",
    "SubtaskView",
    "Tasks",
    "TemplateDescribed",
    "TemplateModify",
    "TemplatePut",
    "TemplateView",
    "TranscodeTask",
    "VideoStream",
    "event_id",
]
