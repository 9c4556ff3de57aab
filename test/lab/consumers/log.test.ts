import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { Report } from '../../../lab/consumers/protocol.ts';

interface Record {
  readonly topic: string;
  readonly partition: number;
  readonly message: { readonly offset: string; readonly value: string };
  readonly heartbeat: () => Promise<void>;
}
let eachMessage: (record: Record) => Promise<void> = async () => undefined;
/** What was done, in its order. */
const done: string[] = [];

/** A client of Kafka that tells of itself what the test says. */
const client = Object.assign(new EventEmitter(), {
  events: { GROUP_JOIN: 'join', CRASH: 'crash' },
  connect: async () => undefined,
  subscribe: async () => undefined,
  run: async (options: { eachMessage: typeof eachMessage }) => {
    eachMessage = options.eachMessage;
  },
  commitOffsets: async ([next]: readonly { offset: string }[]) => done.push(`commit ${next?.offset}`),
  disconnect: async () => undefined,
});
jest.unstable_mockModule('kafkajs', () => ({
  Kafka: class {
    consumer = () => client;
  },
  logLevel: {},
}));
const { consumeLog } = await import('../../../lab/consumers/log.ts');

afterEach(() => client.removeAllListeners());

const source = {
  kind: 'log',
  bootstrapServers: 'b:1',
  topic: 't',
  groupId: 'g',
  commitFirst: false,
} as const;
const record = (heartbeat: Record['heartbeat']): Record => ({
  ...{ topic: 't', partition: 0 },
  message: { offset: '7', value: '' },
  heartbeat,
});
const crash = (restart: boolean) =>
  client.emit('crash', { payload: { error: new Error('InconsistentGroupProtocol'), restart } });
const consume = (tell: (report: Report) => void, stopping = new AbortController().signal) =>
  consumeLog(source, { work: async () => 'done', tell, begun: Promise.resolve(), stopping });

test.each([
  ['before it is in its group', false],
  ['while it reads', true],
])('a consumer whose client gives up %s says why, instead of reading nothing', async (_, joined) => {
  const consuming = consume(() => undefined);
  if (joined) client.emit('join');

  crash(false);

  await expect(consuming).rejects.toThrow('InconsistentGroupProtocol');
});

test('a client that starts again by itself has not failed', async () => {
  const stopping = new AbortController();
  const reports: Report[] = [];
  const consuming = consume((report) => {
    reports.push(report);
    stopping.abort();
  }, stopping.signal);

  crash(true);
  client.emit('join');

  await consuming;
  expect(reports).toEqual([{ kind: 'ready' }]);
});

test.each([
  ['when its work is done', false, ['work', 'commit 8']],
  ['before its work, as it must not', true, ['commit 8', 'work']],
])('a consumer commits %s', async (_, commitFirst, order) => {
  done.length = 0;
  const work = async () => {
    done.push('work');
    return 'done' as const;
  };
  const stopping = new AbortController();
  const consuming = consumeLog(
    { ...source, commitFirst },
    { work, tell: () => stopping.abort(), begun: Promise.resolve(), stopping: stopping.signal },
  );
  client.emit('join');
  await consuming;

  await eachMessage(record(async () => undefined));

  expect(done).toEqual(order);
});

test('a consumer that waits stays in its group, and works on nothing before it is told to begin', async () => {
  done.length = 0;
  const begun = Promise.withResolvers<void>();
  const work = async () => {
    done.push('work');
    return 'done' as const;
  };
  const stopping = new AbortController();
  const consuming = consumeLog(source, {
    work,
    tell: () => stopping.abort(),
    begun: begun.promise,
    stopping: stopping.signal,
  });
  client.emit('join');
  await consuming;

  await eachMessage(
    record(async () => {
      done.push('heartbeat');
      begun.resolve();
    }),
  );

  expect(done).toEqual(['heartbeat', 'work', 'commit 8', 'heartbeat']);
});
