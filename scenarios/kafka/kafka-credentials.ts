import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { PATIENTLY } from '../app/activity.ts';
import type { App } from '../app/app.ts';
import { misconfigure } from '../app/configuration.ts';
import { inspect } from '../app/dead-letters.ts';
import { redrive } from '../app/redrive.ts';
import { until } from '../app/until.ts';
import { type Stage, scenario } from '../scenario.ts';
import { type GuardedDoor, type KafkaDoor, type KafkaScenario, NO_GUARD } from './app/door.ts';
import { HIDDEN_MS, OwnEvents } from './app/own-events.ts';

const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * The function as it is on AWS: TLS, and a token that is signed with its own credentials. The broker has never heard of
 * AWS, and so takes none of these.
 */
export const kafkaCredentials = ({ guarded }: KafkaDoor): KafkaScenario => ({
  ...scenario(
    'kafka-credentials',
    'log',
    'a broker that refuses the credentials is named as such; the event ends among the dead letters, and arrives when it is mended',
    async (stage) => {
      if (!guarded) throw new Error(NO_GUARD);
      await refused(stage, guarded);
    },
  ),
  leftOut: guarded ? undefined : NO_GUARD,
});

const refused = async ({ app, check, hop }: Stage, guarded: GuardedDoor): Promise<void> => {
  const feed = app.output('KafkaActivityFeedQueueUrl');
  const deadLetters = app.output('KafkaActivityFeedDeadLettersUrl');
  const producer = app.output('KafkaRecordActivityFunctionName');
  const events = await OwnEvents.begin(app);
  const body = JSON.stringify(events.envelope('subject', 0));
  const repair = await misconfigure(app, producer, {
    KAFKA_AUTH: 'iam',
    KAFKA_BOOTSTRAP_SERVERS: guarded.bootstrapServers,
    NODE_EXTRA_CA_CERTS: guarded.certificate,
  });
  try {
    const { answer, log } = await invoke(app, producer, body);
    check(
      'the function reports the message as not handled: its queue keeps it',
      answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join() === 'one',
      answer,
    );
    const named = /\w+ \((?:not )?retryable\)/.exec(log)?.[0];
    check(
      'its log says what the broker refused, by name',
      named === 'NotAuthenticated (not retryable)',
      named,
    );
    check('and no token', !/X-Amz-Signature|Bearer|[\w-]{400}/.test(log));

    await app.sqs.send(new SendMessageCommand({ QueueUrl: feed, MessageBody: body }));
    const kept = await until(
      'the event among the dead letters of the feed',
      async () => {
        await app.passTime(HIDDEN_MS);
        return (await inspect(app.sqs, deadLetters)).filter((letter) => letter.body === body);
      },
      ({ length }) => length > 0,
      { timeoutMs: 120_000, everyMs: 500 },
    );
    check('the event ends among the dead letters, whole', kept.length === 1, kept.length);
    check('meanwhile nothing is counted', (await events.counted()) === 0);
  } finally {
    await repair();
  }
  const { status } = await redrive(app.sqs, deadLetters);
  hop(`mended, and the dead letters redriven: ${status}`);
  const archived = await until(
    'the event to arrive',
    () => events.archived(),
    ({ length }) => length > 0,
    PATIENTLY,
  );
  check('it arrives, once', archived.length === 1, archived.length);
};

/** Hands a message to the function as its queue does. */
const invoke = async (app: App, FunctionName: string, body: string) => {
  const record = { messageId: 'one', body, attributes: { ApproximateReceiveCount: '1' } };
  const { Payload, LogResult = '' } = await app.lambda.send(
    new InvokeCommand({ FunctionName, LogType: 'Tail', Payload: JSON.stringify({ Records: [record] }) }),
  );
  const answer = Answer.parse(JSON.parse(Buffer.from(Payload ?? '').toString()));
  return { answer, log: Buffer.from(LogResult, 'base64').toString() };
};
