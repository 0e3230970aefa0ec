"""Asking a service whether it is ready."""

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=5.0)


def ready_url(port: int) -> str:
    """Where a service of this machine tells whether it is ready."""
    return f"http://127.0.0.1:{port}/ready"


async def is_ready(url: str) -> bool:
    """Whether the address answers 200. Never raises for a service that is down or slow."""
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=False) as session, session.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
