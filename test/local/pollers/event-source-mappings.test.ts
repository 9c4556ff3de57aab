import { VirtualClock } from '../../../local/clock.ts';
import { EventSourceMappings } from '../../../local/pollers/event-source-mappings.ts';
import { foundation } from '../services/sqs/sqs-server.ts';
import { gate } from './kafka-mapping.ts';

const definition = { functionName: 'worker', eventSourceArn: 'arn:aws:any:us-east-1:0:source', settings: {} };

/** A mapping whose first poller still has something in work when it is stopped. */
const working = () => {
  const { opened, open } = gate();
  const pollers = [opened];
  const forgotten: string[] = [];
  const mappings = new EventSourceMappings(foundation(new VirtualClock()), () => ({
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    timeoutMs: 3000,
    role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/worker', session: 'worker' }),
    authorize: () => undefined,
    invoke: () => Promise.reject(new Error('nothing is invoked here')),
  }));
  mappings.register('any', {
    configure: () => undefined,
    describe: () => ({}),
    poller: () => {
      const ended = pollers.shift() ?? Promise.resolve();
      return { start: () => undefined, stop: () => ended };
    },
    forget: ({ uuid }) => void forgotten.push(uuid),
  });
  const { UUID } = mappings.create(definition);
  return { mappings, UUID, forgotten, open };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each<[string, (mappings: EventSourceMappings, uuid: string) => unknown]>([
  ['goes on', () => undefined],
  ['is changed', (mappings, uuid) => mappings.update(uuid, { settings: {} })],
  ['is switched off', (mappings, uuid) => mappings.update(uuid, { enabled: false, settings: {} })],
  ['is defined anew', (mappings) => mappings.ensure(definition)],
  ['is deleted', (mappings, uuid) => mappings.delete(uuid)],
])('the end waits for what a mapping has in work that %s', async (_, change) => {
  const { mappings, UUID, open } = working();
  let closed = false;

  change(mappings, UUID);
  const closing = mappings.close().then(() => {
    closed = true;
  });
  await turn();

  expect(closed).toBe(false);
  open();
  await expect(closing).resolves.toBeUndefined();
});

test('what was kept for a mapping is forgotten when it is deleted and has ended', async () => {
  const { mappings, UUID, forgotten, open } = working();

  mappings.delete(UUID);
  await turn();

  expect(forgotten).toEqual([]);
  open();
  await mappings.close();
  expect(forgotten).toEqual([UUID]);
});
