"""Messages that can't be read: answered, or put with the dead letters."""

import pytest

from contracts import codes, topology
from contracts.flows import Rejected
from shared.bus import Bus
from tests.integration.shared.desk import Desk
from tests.integration.shared.served import DEAD, Seen, describe, emptied, served

UNREADABLE = {
    "not JSON": (b"{", codes.MALFORMED_MESSAGE, None),
    "not UTF-8": (b"\xff\xfe{}", codes.MALFORMED_MESSAGE, None),
    "nested beyond reason": (b"[" * 200_000, codes.MALFORMED_MESSAGE, None),
    "not an object": (b"[1]", codes.MALFORMED_MESSAGE, None),
    "no envelope": (b'{"flow_id": "1"}', codes.MALFORMED_MESSAGE, "specversion"),
    "unknown type": (describe().model_copy(update={"type": "x.y"}).to_json(), codes.UNKNOWN_TYPE, "type"),
    "unknown version": (
        describe().model_copy(update={"type": "vodflow.flow.describe.v7"}).to_json(),
        codes.NO_SUCH_VERSION,
        "type",
    ),
    "data of a wrong type": (
        describe().model_copy(update={"data": {"flow_id": 7}}).to_json(),
        codes.INVALID_PARAMETER_VALUE,
        "flow_id",
    ),
    "a misspelt field": (
        describe().model_copy(update={"data": {"flow_id": "0" * 32, "flwo": 1}}).to_json(),
        codes.INVALID_PARAMETER,
        "flwo",
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_what_cannot_be_read_is_answered_when_answers_are_wanted(bus: Bus, desk: Desk, what: str) -> None:
    body, code, field = UNREADABLE[what]
    queue = await served(bus, desk, Seen())

    await desk.publish(body, "", queue.name, reply=True, correlation_id="c-9")

    answer, correlation_id = await desk.answer()
    told = Rejected.model_validate(answer.data)
    assert (told.code, correlation_id) == (code, "c-9")
    if field is not None and what != "no envelope":
        assert told.field == field
    await emptied(desk, bus, queue)
    assert await desk.waiting(DEAD) == 0


@pytest.mark.parametrize("what", UNREADABLE)
async def test_what_cannot_be_read_is_a_dead_letter_otherwise(bus: Bus, desk: Desk, what: str) -> None:
    body, _, _ = UNREADABLE[what]
    queue = await desk.queue((topology.COMMANDS, "flow.odd.v1"))
    bus.on(queue, {"flow.describe.v1": Seen()})
    await bus.start()

    await desk.publish(body, topology.COMMANDS, "flow.odd.v1")

    dead = await desk.take(DEAD)
    assert (dead.body, dead.routing_key) == (body, "flow.odd.v1")
    assert dead.headers["x-first-death-queue"] == queue.name


async def test_an_unknown_version_is_told_which_ones_are_served(bus: Bus, desk: Desk) -> None:
    queue = await served(bus, desk, Seen())

    await desk.publish(describe().model_copy(update={"type": "vodflow.flow.describe.v7"}), "", queue.name, reply=True)

    answer, _ = await desk.answer()
    told = Rejected.model_validate(answer.data)
    assert answer.key == "flow.rejected.v1"
    assert "flow.describe.v1" in told.message
