"""Learned rates: what the planner believes work to cost, and so whether and how it cuts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def believed(database: Any, rates: Mapping[str, float]) -> AsyncIterator[None]:
    """The planner believes these rates for the block, and has none afterwards."""
    try:
        for key, rate in rates.items():
            await database.rates.replace_one({"_id": key}, {"rate": rate}, upsert=True)
        yield
    finally:
        await database.rates.delete_many({})
