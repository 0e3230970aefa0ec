# pip install aio-pika; python consume.py amqp://user:password@host:5672/ vodflow.subscriber.default.billing
import asyncio
import json
import sys

import aio_pika


def handle(event: dict[str, object]) -> None:
    print(json.dumps(event), flush=True)  # your own work; a repeat has the same id


async def consume(url: str, name: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=20)  # so many unconfirmed at a time
        queue = await channel.get_queue(name)  # the notifier made it: don't declare it
        async with queue.iterator() as messages:
            async for message in messages:
                async with message.process(requeue=True):  # confirms at the end, gives back when it raises
                    handle(json.loads(message.body))


async def main(url: str, name: str) -> None:
    while True:
        try:
            await consume(url, name)
        except (aio_pika.exceptions.AMQPError, aio_pika.exceptions.ChannelInvalidStateError, OSError) as error:
            print(f"lost the connection: {error}", file=sys.stderr)
        await asyncio.sleep(1)  # what was not confirmed comes again


asyncio.run(main(*sys.argv[1:]))
