"""`python -m tests.bench.serving DIRECTORY`: a web server on the loopback, in a process of its own; prints its port."""

import asyncio
import sys

from aiohttp import web


async def serve(directory: str) -> None:
    """Until the process ends."""
    app = web.Application()
    app.router.add_static("/", directory)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
