"""Gaps and repeats in a flow's events."""

from dataclasses import dataclass, field
from typing import Literal

from .envelope import CloudEvent

Standing = Literal["next", "repeat", "gap"]


@dataclass
class SequenceCheck:
    """Tells how each event stands to those of its flow before it: delivery is at least once, in order within a flow.

    "next" is the one that was due, or the first seen of its flow, or one without a sequence; "repeat" was there before;
    "gap": events are missing before it (`missed` counts them all), `describe` tells the state. What comes by a replay
    (`event.replay`) is judged among the events of that replay alone. The last `most_flows` flows are remembered.

    A subscription that leaves events out, by its types, patterns, tags or mode, has gaps by design.
    """

    most_flows: int = 100_000
    missed: int = 0
    _last: dict[tuple[str, str | None], int] = field(default_factory=dict, repr=False)

    def see(self, event: CloudEvent) -> Standing:
        """How `event` stands; it is remembered."""
        if event.flowid is None or event.sequence is None:
            return "next"
        flow = event.flowid, event.replay
        last = self._last.get(flow)
        if last is not None and event.sequence <= last:
            return "repeat"
        self._remember(flow, event.sequence)
        if last is None or event.sequence == last + 1:
            return "next"
        self.missed += event.sequence - last - 1
        return "gap"

    def _remember(self, flow: tuple[str, str | None], sequence: int) -> None:
        self._last.pop(flow, None)
        self._last[flow] = sequence
        if len(self._last) > self.most_flows:
            del self._last[next(iter(self._last))]


@dataclass
class Repeats:
    """The last `most` events that were done with, by id; the same event by a replay is another."""

    most: int = 50_000
    _seen: dict[tuple[str, str | None], None] = field(default_factory=dict, repr=False)

    def remember(self, event: CloudEvent) -> None:
        """It is done with."""
        self._seen[event.id, event.replay] = None
        if len(self._seen) > self.most:
            del self._seen[next(iter(self._seen))]

    def forget(self, event: CloudEvent) -> None:
        """It was not, after all."""
        self._seen.pop((event.id, event.replay), None)

    def has(self, event: CloudEvent) -> bool:
        """Whether it was done with before."""
        return (event.id, event.replay) in self._seen
