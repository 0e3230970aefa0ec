"""Lines of items: in order within a line, lines beside each other."""

import asyncio

from services.notifier.order import InOrder

Item = tuple[str, int]


class Carrier:
    """Notes what begins and ends; an item ends when it may."""

    def __init__(self) -> None:
        self.begun: list[Item] = []
        self.done: list[Item] = []
        self.gates: dict[Item, asyncio.Event] = {}
        self.fails: set[Item] = set()

    async def __call__(self, item: Item) -> bool:
        self.begun.append(item)
        if item in self.gates:
            await self.gates[item].wait()
        if item in self.fails:
            return False
        self.done.append(item)
        return True


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_waits_for_the_one_before_it_and_for_no_other_line() -> None:
    carrier = Carrier()
    gate = carrier.gates["a", 1] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        for item in (("a", 1), ("a", 2), ("b", 1), ("a", 3), ("b", 2)):
            order.add(item[0], item)
        await settled()
        assert carrier.begun == [("a", 1), ("b", 1), ("b", 2)]
        gate.set()
    assert carrier.done == [("b", 1), ("b", 2), ("a", 1), ("a", 2), ("a", 3)]


async def test_a_line_that_was_empty_goes_on() -> None:
    carrier = Carrier()
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        for number in range(3):
            order.add("a", ("a", number))
            await settled()
    assert carrier.done == [("a", 0), ("a", 1), ("a", 2)]


async def test_at_the_end_what_has_begun_is_done_and_nothing_more_begins() -> None:
    carrier = Carrier()
    gate = carrier.gates["a", 1] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        order.add("a", ("a", 1))
        order.add("a", ("a", 2))
        await settled()
        order.end()
        gate.set()
    assert carrier.done == [("a", 1)]


async def test_one_that_can_t_be_done_ends_all_lines() -> None:
    carrier = Carrier()
    gate = carrier.gates["b", 1] = asyncio.Event()
    carrier.fails.add(("a", 1))
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        for item in (("b", 1), ("b", 2), ("a", 1), ("a", 2)):
            order.add(item[0], item)
        await settled()
        gate.set()
    assert carrier.begun == [("b", 1), ("a", 1)]


async def test_what_is_dropped_is_left_where_it_is() -> None:
    carrier = Carrier()
    carrier.gates["a", 1] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        order.add("a", ("a", 1))
        await settled()
        order.drop()
    assert (carrier.begun, carrier.done) == ([("a", 1)], [])


async def test_the_oldest_is_known_while_it_is_not_done() -> None:
    carrier = Carrier()
    gate = carrier.gates["a", 1] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        order = InOrder[Item](group, carrier)
        assert order.oldest_s == 0
        order.add("a", ("a", 1))
        await settled()
        assert order.oldest_s > 0
        gate.set()
    assert order.oldest_s == 0
