// npm install amqplib; node consume.mjs amqp://user:password@host:5672/ vodflow.subscriber.default.billing
import { connect } from 'amqplib';

async function handle(event) {
  console.log(JSON.stringify(event)); // your own work; a repeat has the same id
}

async function consume(url, queue) {
  const connection = await connect(url);
  const lost = new Promise((resolve) => connection.once('close', resolve));
  connection.on('error', (error) => console.error(`lost the connection: ${error.message}`));
  const channel = await connection.createChannel();
  channel.on('error', () => connection.close().catch(() => {}));
  await channel.prefetch(20); // so many unconfirmed at a time
  let turn = Promise.resolve(); // one event after the other: order within a flow is kept
  await channel.consume(queue, (message) => {
    if (message === null) return connection.close().catch(() => {}); // the queue was deleted
    turn = turn.then(async () => {
      try {
        await handle(JSON.parse(message.content.toString()));
        channel.ack(message);
      } catch (error) {
        console.error(`gave an event back: ${error.message}`);
        try { channel.nack(message, false, true); } catch {} // the channel is gone: it comes again anyway
      }
    });
  });
  await lost;
}

const [url, queue] = process.argv.slice(2);
for (;;) {
  await consume(url, queue).catch((error) => console.error(error.message));
  await new Promise((resolve) => setTimeout(resolve, 1000)); // what was not confirmed comes again
}
