"""One round over the flows that something is to be done about: trouble with one is not the others'."""

from collections.abc import Awaitable, Callable

from shared.log import logger


async def each(find: Callable[[], Awaitable[list[str]]], act: Callable[[str], Awaitable[None]]) -> None:
    """Act on every flow that is found. Nothing is raised: what failed is logged, and found again the next time."""
    try:
        found = await find()
    except Exception as error:
        logger().warning("the sweep failed; trying again", error=f"{type(error).__name__}: {error}")
        return
    for flow_id in found:
        try:
            await act(flow_id)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            logger().warning("the sweep failed; trying again", flow_id=flow_id, error=text)
