import { VirtualClock } from '../../../local/clock.ts';
import { MetricStore } from '../../../local/metrics.ts';
import type { PollTarget } from '../../../local/pollers/event-source.ts';
import { EventSourceMappings } from '../../../local/pollers/event-source-mappings.ts';
import { KafkaEventSource } from '../../../local/pollers/kafka.ts';
import { Msk } from '../../../local/services/msk/service.ts';
import { FakeBroker, pass, TOPIC } from '../kafka/fake-broker.ts';
import { foundation } from '../services/sqs/sqs-server.ts';

export const GROUP = 'counters';

/** One invocation: what it brought, and how to end it. */
export interface Invoked {
  readonly partition: string;
  readonly values: readonly string[];
}

/** Resolves when the function ends, with the value that it failed at, if any. */
export type Behaviour = (invoked: Invoked) => string | undefined | Promise<string | undefined>;

/** A mapping of a function to a topic of two partitions. */
export const kafkaMapping = (
  behave: Behaviour,
  {
    settings = {},
    clock = new VirtualClock(),
  }: { settings?: Readonly<Record<string, unknown>>; clock?: VirtualClock } = {},
) => {
  const metrics = new MetricStore(clock);
  const base = { ...foundation(clock), metrics };
  const broker = new FakeBroker(clock);
  const invoked: Invoked[] = [];
  const givenUp: { key: string; object: unknown }[] = [];
  const said: string[] = [];
  const target: PollTarget = {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
    timeoutMs: 3000,
    role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/counter', session: 'counter' }),
    authorize: () => undefined,
    invoke: async (payload) => {
      const records: Record<string, { offset: number; value: string }[]> = JSON.parse(payload).records;
      const [partition = '', of = []] = Object.entries(records)[0] ?? [];
      const values = of.map(({ value }) => Buffer.from(value, 'base64').toString());
      invoked.push({ partition, values });
      const failed = await behave({ partition, values });
      const offset = of[values.indexOf(failed ?? '')]?.offset;
      const batchItemFailures = failed === undefined ? [] : [{ itemIdentifier: { partition, offset } }];
      const requestId = `request-${invoked.length}`;
      return { statusCode: 200, payload: JSON.stringify({ batchItemFailures }), logTail: '', requestId };
    },
  };
  const unused = () => Promise.reject(new Error('nothing is told here'));
  const ports = {
    queues: { send: unused },
    topics: () => ({ publish: unused }),
    objects: () => ({
      put: async (_: string, key: string, body: Uint8Array) => {
        givenUp.push({ key, object: JSON.parse(Buffer.from(body).toString()) });
      },
    }),
  };
  const msk = new Msk(base, '127.0.0.1:9092', () => broker.client);
  const cluster = msk.ensureCluster('activity');
  const mappings = new EventSourceMappings(base, () => target);
  mappings.register('kafka', new KafkaEventSource(base, msk, ports, (line) => said.push(line)));
  const start = async () => {
    const { UUID } = mappings.create({
      functionName: 'counter',
      eventSourceArn: cluster.arn,
      settings: {
        StartingPosition: 'TRIM_HORIZON',
        Topics: [TOPIC],
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: GROUP },
        ProvisionedPollerConfig: {},
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 5,
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
        ...settings,
      },
    });
    await pass(clock, 100);
    return UUID;
  };
  const of = (partition: number) => invoked.filter((one) => one.partition === `${TOPIC}-${partition}`);
  return { base, clock, metrics, broker, msk, mappings, invoked, of, givenUp, said, start };
};

/** What waits until a test lets it go on. */
export const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
};
