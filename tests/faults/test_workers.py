"""Workers killed, told to stop and frozen in the middle of a unit."""

import asyncio
import signal
from pathlib import Path

import pytest

from shared.store import Document
from tests.faults.house import CHUNKS, LEASE_S, House
from tests.waiting import until


def claims(units: list[Document]) -> dict[str, int]:
    return {unit["request"]["unit_id"]: unit["claims"] for unit in units}


async def test_nothing_happens(house: House) -> None:
    """What all others compare with: the flow is cut, and every unit is done once."""
    view = await house.ended(await house.submit())

    output = view.subtasks[0].output
    assert output is not None and output.kind == "transcode" and output.chunks == CHUNKS
    assert set(claims(await house.units("transcode", view.flow_id)).values()) == {1}


async def test_a_killed_transcoders_units_are_taken_over_and_nothing_else_is_redone(house: House) -> None:
    house.close("transcoder")
    flow_id = await house.submit()
    victim = house.owner(await house.running_unit("transcode", flow_id))

    async def all_slots_busy() -> list[Document] | None:
        units = [unit for unit in await house.units("transcode", flow_id) if unit["state"] == "running"]
        return units if len(units) == 4 else None

    busy = await until(all_slots_busy, "every slot to be busy")
    lost = {unit["_id"]: unit for unit in busy if house.owner(unit) is victim}
    await house.send(victim, signal.SIGKILL)

    def taken_over(unit: Document) -> bool:
        return unit["_id"] in lost and unit["claims"] == 2

    heirs = await house.unit("transcode", flow_id, taken_over, "a unit to be taken over")
    held_s = (heirs["lease_until"] - lost[heirs["_id"]]["lease_until"]).total_seconds()
    assert held_s < LEASE_S + 5
    house.open("transcoder")

    await house.ended(flow_id)
    redone = {unit["_id"] for unit in await house.units("transcode", flow_id) if unit["claims"] > 1}
    assert redone == set(lost)


async def test_a_transcoder_told_to_stop_hands_back_and_no_attempt_is_burnt(house: House) -> None:
    house.close("transcoder")
    flow_id = await house.submit()
    victim = house.owner(await house.running_unit("transcode", flow_id))
    pid = await house.send(victim, signal.SIGTERM)

    async def gone() -> bool:
        return victim.pid not in (None, pid)

    await until(gone, "the supervisor to start another")
    house.open("transcoder")

    await house.ended(flow_id)
    units = await house.units("transcode", flow_id)
    assert set(claims(units).values()) == {1}
    assert {unit["request"]["attempt"] for unit in units} == {1}


async def test_a_frozen_transcoder_that_wakes_up_late_changes_nothing(house: House) -> None:
    house.close("transcoder")
    flow_id = await house.submit()
    unit = await house.running_unit("transcode", flow_id)
    frozen = house.owner(unit)
    await house.send(frozen, signal.SIGSTOP)
    house.open("transcoder")
    try:

        def theirs(other: Document) -> bool:
            return bool(other["_id"] == unit["_id"] and other["claims"] == 2 and other["owner"] != unit["owner"])

        await house.unit("transcode", flow_id, theirs, "the unit to be taken over")
        await house.unit("transcode", flow_id, lambda one: one["_id"] == unit["_id"] and not one["open"], "its end")
    finally:
        await house.send(frozen, signal.SIGCONT)

    log = house.stack.layout.log(frozen.command.name)

    async def noticed() -> bool:
        text = await asyncio.to_thread(Path(log).read_text)
        return any("lease lost" in line and flow_id in line for line in text.splitlines())

    await until(noticed, "the late worker to see that its lease is lost")
    await house.ended(flow_id)
    (end,) = [one for one in await house.units("transcode", flow_id) if one["_id"] == unit["_id"]]
    assert end["result"]["worker"] != unit["owner"]


@pytest.mark.parametrize(("service", "kind"), [("merger", "merge"), ("snapshotter", "pictures")])
async def test_a_killed_worker_of_another_kind_is_replaced(house: House, service: str, kind: str) -> None:
    house.close(service)
    flow_id = await house.submit()
    await house.running_unit(kind, flow_id)
    await house.kill(service)
    house.open(service)

    await house.ended(flow_id)
    assert set(claims(await house.units(kind, flow_id)).values()) == {2}
