"""The sweep goes on, whatever one flow or the database does."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from services.planner.sweep import each


def found(*flow_ids: str) -> Callable[[], Awaitable[list[str]]]:
    async def find() -> list[str]:
        return list(flow_ids)

    return find


async def test_trouble_with_one_flow_is_not_the_others() -> None:
    acted: list[str] = []

    async def act(flow_id: str) -> None:
        acted.append(flow_id)
        if flow_id == "b":
            raise KeyError("units")

    with capture_logs() as logs:
        await each(found("a", "b", "c"), act)

    assert acted == ["a", "b", "c"]
    assert [(one["flow_id"], one["error"], one["log_level"]) for one in logs] == [("b", "KeyError: 'units'", "warning")]


async def test_a_store_that_is_away_is_trouble_of_this_round_only() -> None:
    async def find() -> list[str]:
        raise ConnectionError("no primary")

    async def act(flow_id: str) -> None:
        raise AssertionError(flow_id)

    with capture_logs() as logs:
        await each(find, act)

    assert [one["error"] for one in logs] == ["ConnectionError: no primary"]


async def test_a_stop_is_no_trouble() -> None:
    acted: list[str] = []

    async def act(flow_id: str) -> None:
        acted.append(flow_id)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await each(found("a", "b"), act)

    assert acted == ["a"]
