"""RabbitMQ and MongoDB ended in the middle of a flow: everything waits for them and goes on."""

from tests.faults.house import House
from tests.waiting import until


async def test_a_broker_that_is_started_again_with_a_flow_under_way(house: House) -> None:
    rabbitmq = house.stack.rabbitmq
    assert rabbitmq is not None
    house.close("transcoder")
    flow_id = await house.submit()
    await house.running_unit("transcode", flow_id)

    await house.call(rabbitmq.stop())
    house.open("transcoder")
    await house.unit("transcode", flow_id, lambda unit: unit["state"] == "ended", "a unit to end without the broker")
    await house.call(rabbitmq.start())

    await house.ended(flow_id)


async def test_a_broker_that_goes_away_as_a_flow_is_accepted(house: House) -> None:
    rabbitmq = house.stack.rabbitmq
    assert rabbitmq is not None
    flow_id = await house.submit()

    await house.call(rabbitmq.stop())
    await house.call(rabbitmq.start())

    await house.ended(flow_id)


async def test_a_database_killed_with_a_flow_under_way(house: House) -> None:
    mongod = house.stack.mongod
    assert mongod is not None
    house.close("transcoder")
    flow_id = await house.submit()
    await house.running_unit("transcode", flow_id)

    await house.call(mongod.kill())
    house.open("transcoder")
    await house.call(mongod.start())

    await house.ended(flow_id)


async def test_a_database_that_is_away_for_longer_than_a_lease(house: House) -> None:
    mongod = house.stack.mongod
    assert mongod is not None
    house.close("transcoder")
    flow_id = await house.submit()
    victim = house.owner(await house.running_unit("transcode", flow_id))

    await house.call(mongod.stop())
    log = house.stack.layout.log(victim.command.name)

    async def lost() -> bool:
        return any("lease lost" in line and flow_id in line for line in log.read_text().splitlines())

    await until(lost, "the worker to give its lease up")
    await house.call(mongod.start())
    house.open("transcoder")

    await house.ended(flow_id)
