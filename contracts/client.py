"""The client: submit, cancel, ask, watch, subscribe and consume, over RabbitMQ; templates, procedures, workflows."""

from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from .asking import Asker
from .catalog import CATALOG
from .connection import Link
from .consuming import Delivery, Wishes, consume
from .deliveries import Failed
from .edits import EditSubmit
from .envelope import CloudEvent
from .errors import ClientError, Refused
from .flows import (
    FlowAccepted,
    FlowCancel,
    FlowCancelled,
    FlowDescribe,
    FlowDescribed,
    FlowList,
    FlowListed,
    FlowState,
    FlowSubmit,
    FlowView,
    Rejected,
)
from .model import Model
from .procedure_questions import ProcedureQuestions
from .questions import TIMEOUT_S, Answer
from .queue_questions import QueueQuestions
from .subscription_questions import SubscriptionQuestions
from .template_questions import TemplateQuestions
from .watching import Watch
from .workflow_questions import WorkflowQuestions

__all__ = ["TIMEOUT_S", "VodflowClient"]


class VodflowClient(TemplateQuestions, ProcedureQuestions, WorkflowQuestions, SubscriptionQuestions, QueueQuestions):
    """A connection to one vodflow, as one tenant; an async context manager.

    Every question waits `timeout_s` seconds for its answer, across reconnects. Raises the errors of errors.py.
    `traceparent` (W3C Trace Context) makes what follows a part of the caller's trace.
    """

    def __init__(self, amqp_url: str, *, tenant: str = "default", source: str = "vodflow-client") -> None:
        self._link = Link(amqp_url, name=source)
        self._asker = Asker(self._link)
        self._tenant = tenant
        self._source = source

    async def __aenter__(self) -> Self:
        await self._link.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._asker.close()
        await self._link.__aexit__(kind, error, trace)

    async def submit(
        self,
        flow: FlowSubmit,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> FlowAccepted:
        """Have a source processed; returns once that is certain, with the flow's id.

        The same `message_id` again gets the same answer: give one of your own to be safe across your own restarts.
        """
        return await self._ask(
            "flow.submit.v1", flow, FlowAccepted, timeout_s, message_id=message_id, traceparent=traceparent
        )

    async def edit(
        self,
        edit: EditSubmit,
        *,
        message_id: str | None = None,
        timeout_s: float = TIMEOUT_S,
        traceparent: str | None = None,
    ) -> FlowAccepted:
        """Have several sources cut and joined; the rest is as with `submit`."""
        return await self._ask(
            "edit.submit.v1", edit, FlowAccepted, timeout_s, message_id=message_id, traceparent=traceparent
        )

    async def cancel(
        self, flow_id: str, *, timeout_s: float = TIMEOUT_S, traceparent: str | None = None
    ) -> FlowCancelled:
        """Stop a flow. Its end is told by its `flow.finished.v1` event."""
        command = FlowCancel(flow_id=flow_id)
        return await self._ask("flow.cancel.v1", command, FlowCancelled, timeout_s, traceparent=traceparent)

    async def describe(self, flow_id: str, *, timeout_s: float = TIMEOUT_S) -> FlowView:
        """How a flow stands, with every subtask's result."""
        answer = await self._ask("flow.describe.v1", FlowDescribe(flow_id=flow_id), FlowDescribed, timeout_s)
        return answer.flow

    async def list(
        self,
        *,
        state: FlowState | None = None,
        limit: int = 10,
        scroll_token: str | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> FlowListed:
        """The tenant's flows, newest first; the answer's `scroll_token` continues."""
        query = FlowList(state=state, limit=limit, scroll_token=scroll_token)
        return await self._ask("flow.list.v1", query, FlowListed, timeout_s)

    def watch(self, flow_id: str, *, patience_s: float = 120.0) -> AsyncGenerator[CloudEvent, None]:
        """The flow's public events from now on, in sequence, each once; the last is `flow.finished.v1`.

        For a flow that has ended already, and when the last event itself was missed, that one is rebuilt from the
        description, without a sequence. Survives lost connections; raises Unreachable when nothing was heard for
        `patience_s` seconds, neither events nor answers. Use `contextlib.aclosing` when you leave early.
        """

        async def describe() -> FlowView:
            return await self.describe(flow_id, timeout_s=min(patience_s, TIMEOUT_S))

        return Watch(self._link, flow_id, describe, source=self._source, patience_s=patience_s).events()

    def events(
        self,
        name: str,
        *,
        prefetch: int = 50,
        follow: bool = True,
        at_most_once: bool = False,
        skip_repeats: bool = False,
        failed: Failed = "requeue",
    ) -> AsyncGenerator[Delivery, None]:
        """Events out of the subscription's queue, at least once each, in order within a flow; confirm each.

        At most `prefetch` (1 to 65535) are unconfirmed at a time; those go back when the iteration is left. Reconnects
        by itself, for ever; with `follow` false it ends when the queue is empty. With `at_most_once` each is confirmed
        before it is given out: what is under way when you are killed is lost. `skip_repeats` leaves out what was
        confirmed here before, by id. `failed` is for `async with delivery`: where an event goes when its block raises.
        Raises Refused when there is no such subscription, or no more, or its events are posted to a URL.
        """
        wishes = Wishes(
            prefetch=prefetch, follow=follow, at_most_once=at_most_once, skip_repeats=skip_repeats, failed=failed
        )
        return consume(self._link, self._tenant, name, wishes)

    async def _ask(
        self,
        key: str,
        data: Model,
        answer: type[Answer],
        timeout_s: float,
        *,
        message_id: str | None = None,
        traceparent: str | None = None,
    ) -> Answer:
        given = {"id": message_id, "traceparent": traceparent}
        attributes = {name: value for name, value in given.items() if value is not None}
        command = CloudEvent.of(key, data, source=self._source, tenant=self._tenant, **attributes)
        told = _read(await self._asker.ask(command, timeout_s))
        if isinstance(told, Rejected):
            raise Refused(told.code, told.message, told.field)
        if not isinstance(told, answer):
            raise ClientError(f"{key} was answered with {type(told).__name__} instead of {answer.__name__}")
        return told


def _read(event: CloudEvent) -> Model:
    try:
        return CATALOG[event.key].read(event.data)
    except KeyError:
        raise ClientError(f"an answer of unknown type {event.type}: is this client too old?") from None
    except ValidationError as error:
        raise ClientError(f"an answer that can't be read, of type {event.type}: {error}") from error
