"""Shares of tenants and learned rates, as they are stored."""

import asyncio

import pytest

from services.planner.rates import Rates
from services.planner.shares import Shares
from shared.store import Store


async def test_tenants_take_turns(store: Store) -> None:
    shares = Shares(store, {"heavy": 2.0})

    assert await shares.charge("a", 10) == 0.0
    assert await shares.charge("a", 10) == 10.0
    assert await shares.charge("heavy", 10) == 0.0
    assert await shares.charge("heavy", 10) == 5.0
    await shares.began(12.0)
    await shares.began(3.0)
    assert await shares.charge("late", 10) == 12.0
    assert await shares.charge("a", 10) == 20.0


async def test_charging_at_the_same_time_gives_different_places(store: Store) -> None:
    shares = Shares(store, {})

    places = await asyncio.gather(*(shares.charge("a", 1.0) for _ in range(20)))

    assert sorted(places) == [float(number) for number in range(20)]


async def test_rates_follow_what_is_measured(store: Store) -> None:
    rates = Rates(store)

    await rates.learn("h264/small", 2.0)
    assert await rates.all() == {"h264/small": pytest.approx(2.0)}
    await rates.learn("h264/small", 1.0)
    assert await rates.all() == {"h264/small": pytest.approx(1.7)}
    await rates.learn("odd", 1e9)
    assert (await rates.all())["odd"] == pytest.approx(50.0)
