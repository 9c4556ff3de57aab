import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PATIENTLY } from '../app/activity.ts';
import type { App } from '../app/app.ts';
import { misconfigure } from '../app/configuration.ts';
import { until } from '../app/until.ts';
import { type Scenario, type Stage, scenario } from '../scenario.ts';
import { HIDDEN_MS, OwnEvents } from './app/own-events.ts';

/** What a bad deployment or a bad day does to the producer. */
const faults: readonly { readonly what: string; readonly variables: Readonly<Record<string, string>> }[] = [
  { what: 'a topic that nobody made', variables: { KAFKA_TOPIC: 'scenario-no-such-topic' } },
  { what: 'a broker that is away', variables: { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' } },
  { what: 'a broker that speaks no TLS', variables: { KAFKA_AUTH: 'iam' } },
];

/** Larger than a record may be, and small enough for a queue. */
const TOO_LARGE = 1_010_000;

export const kafkaRefused = (): Scenario =>
  scenario(
    'kafka-refused',
    'log',
    'what the broker does not take waits in the queue before it until it does, or ends among the dead letters: never lost',
    async (stage) => {
      for (const fault of faults) await overcome(stage, fault);
      await tooLarge(stage);
    },
  );

const overcome = async (
  { app, check, hop }: Stage,
  { what, variables }: (typeof faults)[number],
): Promise<void> => {
  const producer = app.output('KafkaRecordActivityFunctionName');
  const feed = app.output('KafkaActivityFeedQueueUrl');
  const events = await OwnEvents.begin(app);
  const repair = await misconfigure(app, producer, variables);
  try {
    await send(app, events.envelope('subject', 0));
    await until(
      'the message to be taken',
      () => app.depth(feed),
      ({ inFlight }) => inFlight > 0,
    );
    // Longer than the producer tries on its own.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    const { waiting, inFlight } = await app.depth(feed);
    check(`${what}: the event stays in the queue`, waiting + inFlight === 1, { waiting, inFlight });
    check(`${what}: nothing is counted`, (await events.counted()) === 0);
  } finally {
    await repair();
  }
  await app.passTime(HIDDEN_MS);
  const archived = await until(
    'the event to arrive',
    () => events.archived(),
    ({ length }) => length > 0,
    PATIENTLY,
  );
  hop(`${what}: mended, and the event has arrived`);
  check(`${what}: it arrives once`, archived.length === 1, archived.length);
};

/** No repair helps a record that is too large: it must not hold up the others, and must not be lost either. */
const tooLarge = async ({ app, check, hop }: Stage): Promise<void> => {
  const deadLetters = app.output('KafkaActivityFeedDeadLettersUrl');
  const events = await OwnEvents.begin(app);
  const before = (await app.depth(deadLetters)).waiting;
  await send(app, events.envelope('large', 0, 'x'.repeat(TOO_LARGE)));
  await send(app, events.envelope('small', 0));
  const archived = await until(
    'the small event to arrive',
    () => events.archived(),
    ({ length }) => length > 0,
    PATIENTLY,
  );
  check(
    'beside a record too large another goes through',
    archived[0]?.event.subject === 'small',
    archived.length,
  );
  const kept = await until(
    'the large one among the dead letters of the feed',
    async () => {
      await app.passTime(HIDDEN_MS);
      return (await app.depth(deadLetters)).waiting - before;
    },
    (count) => count > 0,
    { timeoutMs: 60_000, everyMs: 500 },
  );
  hop('the large one was tried, and put aside');
  check('a record too large ends among the dead letters', kept === 1, kept);
};

const send = async (app: App, event: object): Promise<void> => {
  await app.sqs.send(
    new SendMessageCommand({
      QueueUrl: app.output('KafkaActivityFeedQueueUrl'),
      MessageBody: JSON.stringify(event),
    }),
  );
};
