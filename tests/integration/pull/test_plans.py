"""What is asked of MongoDB again and again is answered by an index, also when much is leased."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.notifier.pull.arrivals import NEVER
from services.notifier.pull.dead_deliveries import _DUE
from services.notifier.pull.deliveries import _FREE, _LEASED
from tests.integration.pull.house import House

MUCH = 2000
LOOKS: dict[str, dict[str, Any]] = {
    "free": {"queue": "q", **_FREE},
    "ripe": {"queue": {"$in": ["q", "other", "third"]}, **_FREE},
    "due": _DUE,
    "again": {"nonce": "n1999", "queue": "q", **_LEASED},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_few_documents_are_looked_at(house: House, look: str) -> None:
    await house.start()
    now = datetime.now(UTC)
    later = {"expires_at": now + timedelta(days=1), "aged_at": NEVER, "visible_at": now + timedelta(hours=1)}
    await house.deliveries.insert_many(
        [{"_id": str(n), "queue": "q", "order": n, "nonce": f"n{n}", **later} for n in range(MUCH)]
    )
    client: MongoClient[Any] = MongoClient(house.settings.mongo_url)
    with client:
        explained = client.get_default_database().command(
            "explain", {"find": "deliveries", "filter": LOOKS[look]}, verbosity="executionStats"
        )
    stats = explained["executionStats"]
    assert stats["totalDocsExamined"] <= 10, explained["queryPlanner"]["winningPlan"]
    assert stats["totalKeysExamined"] <= 30
