"""What follows a try that failed: another one after a pause or a delay, or the end. Pure. Source: reference G.4."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.offering import Strategy
from contracts.topology import DELAYS_S


class Result(StrEnum):
    """How a try ended."""

    DONE = "done"
    FAILED = "failed"
    LATE = "late"
    """There was no answer in time."""
    BROKEN = "broken"
    """The connection was made, and ended before an answer."""
    AWAY = "away"
    """No connection could be made: whatever the event, it could not have been posted."""


@dataclass(frozen=True)
class Standing:
    """An event on its way: tries that failed, and until when it is kept (Unix seconds).

    `aways`: connections that could not be made, in a row. `broke`: a connection has broken under it.
    """

    until_s: float
    failures: int = 0
    aways: int = 0
    broke: bool = False

    @property
    def attempt(self) -> int:
        """The number of the next try."""
        return self.failures + self.broke + 1


@dataclass(frozen=True)
class Pause:
    """Wait so long with the event in hand: what comes after it waits too. `wakes`: less, when the receiver is back."""

    wait_s: float
    wakes: bool = False


@dataclass(frozen=True)
class Delay:
    """Put the event aside for so long, one of the lengths of the delay queues; others go on."""

    wait_s: int


@dataclass(frozen=True)
class End:
    """It is a dead letter; why, besides the last failure."""

    why: str


Step = Pause | Delay | End
Chance = Callable[[float, float], float]
"""A random number between two."""


@dataclass(frozen=True)
class Schedule:
    """The pauses of both strategies; others than these only in tests.

    BACKOFF_RETRY: `backoff_tries` more, each after a random time of `backoff_s`. EXPONENTIAL_DECAY_RETRY: one more
    after each of `decay_s`; but while no connection can be made, events wait in order, since none could be posted,
    and the connection is tried again after each of `away_s`, then every last of them. A connection that breaks is made
    again once, after `broken_s`: that tells a receiver that has gone from an event that it can't take.
    """

    backoff_tries: int = 3
    backoff_s: tuple[float, float] = (10.0, 20.0)
    decay_s: tuple[int, ...] = (*DELAYS_S, *[DELAYS_S[-1]] * (176 - len(DELAYS_S)))
    away_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0)
    broken_s: float = 1.0

    def after(
        self, standing: Standing, result: Result, strategy: Strategy, now_s: float, chance: Chance
    ) -> tuple[Standing, Step]:
        """How the event stands after a try that ended with `result`, and what to do."""
        if strategy == "EXPONENTIAL_DECAY_RETRY":
            if result is Result.AWAY:
                return self._held(standing, now_s)
            if result is Result.BROKEN and not standing.broke:
                return replace(standing, broke=True, aways=0), Pause(self.broken_s)
        failed = replace(standing, failures=standing.failures + 1, aways=0)
        tries = f"after {failed.attempt - 1} tries"
        if strategy == "BACKOFF_RETRY":
            over = failed.failures > self.backoff_tries
            return failed, End(tries) if over else Pause(chance(*self.backoff_s))
        if failed.failures > len(self.decay_s):
            return failed, End(tries)
        wait_s = self.decay_s[failed.failures - 1]
        if now_s + wait_s > standing.until_s:
            return failed, End(f"{tries}, at the end of its retention")
        return failed, Delay(wait_s)

    def _held(self, standing: Standing, now_s: float) -> tuple[Standing, Step]:
        held = replace(standing, aways=standing.aways + 1)
        if now_s >= standing.until_s:
            return held, End("at the end of its retention")
        return held, Pause(self.away_s[min(standing.aways, len(self.away_s) - 1)], wakes=True)
