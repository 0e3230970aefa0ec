"""Fair share among tenants: start-time fair queuing (Goyal, Vin, Cheng, SIGCOMM 1996).

A unit's stamp is its start tag: max(virtual time, its tenant's last finish tag). The finish tag grows by cost / weight.
Virtual time is the start tag of the latest unit that a worker began with. So a tenant that queues a thousand films
pays with ever later stamps, and another's first clip starts at the present virtual time.
"""

from collections.abc import Mapping

from shared.store import Store

_VIRTUAL = "virtual time"


def stamps(start: float, costs: Mapping[str, float], weight: float) -> dict[str, float]:
    """The start tag of each unit of a tenant, one after the other from `start`. Pure."""
    tags: dict[str, float] = {}
    for unit_id, cost_s in costs.items():
        tags[unit_id] = start
        start += cost_s / weight
    return tags


class Shares:
    """Virtual time and the tenants' finish tags."""

    def __init__(self, store: Store, weights: Mapping[str, float]) -> None:
        self._shares = store.collection("shares")
        self._weights = weights

    def weight(self, tenant: str) -> float:
        """A tenant's weight, 1 unless set."""
        return max(self._weights.get(tenant, 1.0), 1e-6)

    async def charge(self, tenant: str, cost_s: float) -> float:
        """Take a place for work of this cost; its start tag."""
        now = await self._shares.find_one({"_id": _VIRTUAL})
        virtual = float(now["tag"]) if now else 0.0
        step = cost_s / self.weight(tenant)
        before = {"$max": [{"$ifNull": ["$finish", 0.0]}, virtual]}
        after = await self._shares.find_one_and_update(
            {"_id": f"tenant/{tenant}"},
            [{"$set": {"start": before, "finish": {"$add": [before, step]}}}],
            upsert=True,
            return_document=True,
        )
        return float(after["start"]) if after else virtual

    async def began(self, stamp: float) -> None:
        """A worker began with a unit of this stamp."""
        await self._shares.update_one({"_id": _VIRTUAL}, {"$max": {"tag": stamp}}, upsert=True)
