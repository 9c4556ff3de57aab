import { randomUUID } from 'node:crypto';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PATIENTLY } from '../app/activity.ts';
import { alarmOf, untilAlarm } from '../app/alarms.ts';
import type { App } from '../app/app.ts';
import { sourcesOf } from '../app/consumers.ts';
import { until } from '../app/until.ts';
import { type Scenario, scenario } from '../scenario.ts';
import { type KafkaDoor, withProducer } from './app/door.ts';
import { failuresOf } from './app/failures.ts';
import { OwnEvents } from './app/own-events.ts';
import { endOffsets, readTopic } from './app/read-topic.ts';

const SUBJECT = 'lost-subject';

export const kafkaLost = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-lost',
    'log',
    'what not even the failures bucket takes sets off an alarm, holds nothing up, and is still in the log',
    async ({ app, check, hop }) => {
      const topic = app.output('KafkaActivityTopicName');
      const counter = app.output('KafkaCountActivityFunctionName');
      const events = await OwnEvents.begin(app);
      const poison = `this is not JSON: ${randomUUID()}`;
      const began = await endOffsets(door, topic);
      check('before, the alarm is silent', (await lossAlarm(app, counter)).StateValue !== 'ALARM');

      const mend = await misplace(app, counter);
      try {
        const messages = [{ ...events.event(SUBJECT, -1), value: poison }, events.event(SUBJECT, 0)];
        await withProducer(door, (producer) => producer.send({ topic, acks: -1, messages }));
        hop('a poison record and a good one behind it; the consumer has nowhere to put the poison');
        const counted = await until(
          'the good record to be counted',
          () => events.counted(),
          (count) => count > 0,
          PATIENTLY,
        );
        check('it holds up nothing that comes behind it', counted === 1, counted);
        const alarm = await untilAlarm(app, () => lossAlarm(app, counter), 'ALARM');
        check('an alarm tells of it', true, alarm.AlarmDescription);
      } finally {
        await mend();
      }
      check('it is in no bucket', (await failuresOf(app, counter, poison)).length === 0);
      const there = await readTopic(door, topic, { offsets: began });
      check(
        'it is still in the log, for whoever reads it from there in time',
        there.some(({ value }) => value === poison),
        { read: there.length },
      );
    },
  );

const lossAlarm = (app: App, functionName: string) =>
  alarmOf(app, 'FunctionName', functionName, 'DestinationDeliveryFailures');

/** Lets the consumer put what it gives up where nothing is. Returns what mends it. */
const misplace = async (app: App, functionName: string): Promise<() => Promise<void>> => {
  const sources = await sourcesOf(app, functionName);
  for (const { UUID } of sources) {
    const Destination = `arn:aws:s3:::no-such-bucket-${randomUUID()}`;
    await direct(app, UUID, Destination);
  }
  return async () => {
    for (const { UUID, DestinationConfig } of sources)
      await direct(app, UUID, DestinationConfig?.OnFailure?.Destination);
  };
};

const direct = async (app: App, UUID: string | undefined, Destination: string | undefined): Promise<void> => {
  const DestinationConfig = { OnFailure: { Destination } };
  await app.lambda.send(new UpdateEventSourceMappingCommand({ UUID, DestinationConfig }));
};
