"""Gaps and repeats in a flow's events."""

from dataclasses import dataclass, field
from typing import Literal

from .envelope import CloudEvent

Standing = Literal["next", "repeat", "gap"]


@dataclass
class SequenceCheck:
    """Tells how each event stands to those of its flow before it: delivery is at least once, in order within a flow.

    "next" is the one that was due, or the first seen of its flow, or one without a sequence; "repeat" was there before:
    skip it; "gap": events are missing before it (`missed` counts them all), `describe` tells the state. The last
    `most_flows` flows are remembered.
    """

    most_flows: int = 100_000
    missed: int = 0
    _last: dict[str, int] = field(default_factory=dict, repr=False)

    def see(self, event: CloudEvent) -> Standing:
        """How `event` stands; it is remembered."""
        if event.flowid is None or event.sequence is None:
            return "next"
        last = self._last.get(event.flowid)
        if last is not None and event.sequence <= last:
            return "repeat"
        self._remember(event.flowid, event.sequence)
        if last is None or event.sequence == last + 1:
            return "next"
        self.missed += event.sequence - last - 1
        return "gap"

    def _remember(self, flow_id: str, sequence: int) -> None:
        self._last.pop(flow_id, None)
        self._last[flow_id] = sequence
        if len(self._last) > self.most_flows:
            del self._last[next(iter(self._last))]
