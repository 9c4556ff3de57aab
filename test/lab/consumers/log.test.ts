import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { Report } from '../../../lab/consumers/protocol.ts';

/** A client of Kafka that tells of itself what the test says. */
const client = Object.assign(new EventEmitter(), {
  events: { GROUP_JOIN: 'join', CRASH: 'crash' },
  connect: async () => undefined,
  subscribe: async () => undefined,
  run: async () => undefined,
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
