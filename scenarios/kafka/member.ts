/** One member of a consumer group, as a process that can be killed: says what it has and what it has done, line by line. */
import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const [bootstrapServers = '', topic = '', groupId = ''] = process.argv.slice(2);

/** The shortest that a broker takes unless told otherwise ("group.min.session.timeout.ms"). */
const SESSION_MS = 6_000;
const WORK_MS = 2;

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const consumer = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId,
  sessionTimeout: SESSION_MS,
  heartbeatInterval: 500,
  maxWaitTimeInMs: 100,
});
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
  say({ assigned: payload.memberAssignment[topic] ?? [] }),
);
process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
// Whoever started this is gone.
process.stdin.resume().once('end', () => process.exit(0));

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommitThreshold: 20,
  eachMessage: async ({ partition, message }) => {
    await setTimeout(WORK_MS);
    say({
      partition,
      offset: Number(message.offset),
      key: String(message.key),
      value: String(message.value),
    });
  },
});
