"""The relay: publishes a flow's outbox in order, one relay at a time, however many planners there are."""

from aio_pika.exceptions import PublishError

from contracts import topology
from shared.bus import Bus
from shared.log import logger

from .outgoing import Outgoing
from .store import Flows


class Relay:
    """Empties outboxes."""

    def __init__(self, flows: Flows, bus: Bus) -> None:
        self._flows = flows
        self._bus = bus

    async def send(self, flow_id: str) -> None:
        """Publish what waits. Whatever fails stays in the outbox, for the sweep to send later."""
        try:
            while messages := await self._flows.take_outbox(flow_id):
                for message in messages:
                    await self._publish(message)
                await self._flows.sent(flow_id, messages)
        except Exception as error:
            logger().warning("can't publish a flow's messages; trying again", flow_id=flow_id, error=repr(error))

    async def _publish(self, message: Outgoing) -> None:
        """Publish one. A public event that no queue takes is nobody's loss: it counts as sent."""
        event = message.event
        try:
            await self._bus.publish(
                event, message.exchange, reply_to=message.reply_to, correlation_id=message.correlation_id
            )
        except PublishError:
            if message.exchange != topology.EVENTS:
                raise
            logger().warning("nobody takes an event", type=event.key, id=event.id, flow_id=event.flowid)
