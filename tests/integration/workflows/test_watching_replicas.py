"""Replicas that watch the same directory, die and come back: each file is taken once."""

from datetime import UTC, datetime

from services.intake.arrivals import Arrival
from tests.integration.workflows.house import TENANT, House
from tests.waiting import until


async def test_of_many_replicas_one_takes_a_file(house: House) -> None:
    await house.start(3)
    await house.enabled()
    names = [f"{number}.mp4" for number in range(40)]
    for name in names:
        house.write(name)
    await house.only(*names)


async def test_what_came_while_intake_was_down_is_taken_and_nothing_again(house: House) -> None:
    await house.start()
    house.write("before.mp4")
    await house.enabled()
    house.write("first.mp4")
    await house.only("first.mp4")
    await house.stop()
    house.write("second.mp4")
    house.write("first-too.mp4")
    await house.start(2)
    await house.only("first.mp4", "second.mp4", "first-too.mp4")
    await house.stop()
    await house.start()
    await house.only("first.mp4", "second.mp4", "first-too.mp4")


async def test_what_a_replica_noted_and_died_over_is_begun_by_another(house: House) -> None:
    await house.start()
    await house.enabled()
    house.write("film.mp4")
    await house.has("film.mp4")
    (noted,) = await house.arrivals.find({"url": (house.inbox / "film.mp4").as_uri()}).to_list(None)
    assert "due_at" not in noted
    lost = Arrival(TENANT, noted["workflow_id"], (house.inbox / "lost.mp4").as_uri(), "4-7-7", noted["since"])
    ids = {"_id": lost.arrival_id, "url": lost.url, "version": lost.version}
    await house.arrivals.insert_one({**noted, **ids, "due_at": datetime.now(UTC)})
    await house.has("lost.mp4")
    await house.only("film.mp4", "lost.mp4")

    async def done() -> bool:
        return await house.arrivals.count_documents({"due_at": {"$exists": True}}) == 0

    await until(done, "nothing left to do")
