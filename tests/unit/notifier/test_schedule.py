"""What follows a failed try."""

import random

import pytest

from contracts.offering import Strategy
from contracts.topology import DELAY_QUEUES, DELAYS_S
from services.notifier.callbacks.schedule import Delay, End, Pause, Result, Schedule, Standing, Step

BACKOFF: Strategy = "BACKOFF_RETRY"
DECAY: Strategy = "EXPONENTIAL_DECAY_RETRY"
FOR_EVER = Standing(until_s=float("inf"))


def steps(strategy: Strategy, result: Result = Result.FAILED, standing: Standing = FOR_EVER) -> list[Step]:
    """Every step of an event whose tries all end so, to its end; time passes as the steps say."""
    taken: list[Step] = []
    now_s = 0.0
    while True:
        standing, step = Schedule().after(standing, result, strategy, now_s, random.Random(1).uniform)
        taken.append(step)
        if isinstance(step, End) or len(taken) > 1000:
            return taken
        now_s += step.wait_s


def test_backoff_tries_three_times_more_and_others_wait() -> None:
    *pauses, end = steps(BACKOFF)
    assert len(pauses) == 3
    assert all(isinstance(one, Pause) and 10 <= one.wait_s <= 20 and not one.wakes for one in pauses)
    assert end == End("after 4 tries")


@pytest.mark.parametrize("result", [Result.AWAY, Result.BROKEN])
def test_backoff_makes_no_difference(result: Result) -> None:
    assert len(steps(BACKOFF, result)) == 4


def test_decay_tries_176_times_more_in_a_day() -> None:
    *delays, end = steps(DECAY)
    waits = [one.wait_s for one in delays if isinstance(one, Delay)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256] + [512] * 167
    assert (len(waits), sum(waits)) == (176, 86_015)
    assert end == End("after 177 tries")


def test_every_delay_has_a_queue() -> None:
    assert set(Schedule().decay_s) == set(DELAYS_S)
    assert [queue.arguments["x-message-ttl"] for queue in DELAY_QUEUES] == [1000 * wait_s for wait_s in DELAYS_S]


def test_decay_ends_with_the_retention() -> None:
    *delays, end = steps(DECAY, standing=Standing(until_s=60.0))
    assert [one.wait_s for one in delays if isinstance(one, Delay)] == [1, 2, 4, 8, 16]
    assert end == End("after 6 tries, at the end of its retention")


def test_decay_waits_in_order_while_nobody_is_there() -> None:
    *pauses, end = steps(DECAY, Result.AWAY, Standing(until_s=100.0))
    assert pauses == [Pause(wait_s, wakes=True) for wait_s in (1, 2, 4, 8, 15, 15, 15, 15, 15, 15)]
    assert end == End("at the end of its retention")


def test_a_connection_that_could_not_be_made_is_no_try() -> None:
    away, _ = Schedule().after(FOR_EVER, Result.AWAY, DECAY, 0.0, random.uniform)
    assert away.attempt == 1
    failed, step = Schedule().after(away, Result.FAILED, DECAY, 0.0, random.uniform)
    assert (failed.attempt, step) == (2, Delay(1))
    _, step = Schedule().after(failed, Result.AWAY, DECAY, 0.0, random.uniform)
    assert step == Pause(1.0, wakes=True)


def test_a_broken_connection_is_made_once_more_at_once() -> None:
    first, *rest = steps(DECAY, Result.BROKEN)
    assert first == Pause(1.0)
    assert rest[:2] == [Delay(1), Delay(2)]
    assert rest[-1] == End("after 178 tries")
