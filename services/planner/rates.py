"""What units really cost, compared with the model: learned, so that chunks come out as long as they should."""

from shared.store import Store

_NEW = 0.3
"""Weight of a new measurement against all before it (exponential moving average)."""


class Rates:
    """Learned factors by rate key; 1.0 is what the cost model says."""

    def __init__(self, store: Store) -> None:
        self._rates = store.collection("rates")

    async def all(self) -> dict[str, float]:
        """Every learned factor."""
        found = await self._rates.find({}).limit(1000).to_list(1000)
        return {document["_id"]: document["rate"] for document in found}

    async def learn(self, key: str, measured: float) -> None:
        """A unit of this key took `measured` times what the bare model says."""
        measured = min(max(measured, 0.02), 50.0)
        mean = {"$add": [{"$multiply": [{"$ifNull": ["$rate", measured]}, 1 - _NEW]}, measured * _NEW]}
        await self._rates.update_one({"_id": key}, [{"$set": {"rate": mean}}], upsert=True)
