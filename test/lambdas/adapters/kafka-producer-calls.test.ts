import { jest } from '@jest/globals';

/** What was sent, and how its request ends. */
const requests: { readonly topic: string; readonly end: (error?: Error) => void }[] = [];
let clients = 0;
jest.unstable_mockModule('kafkajs', () => ({
  Kafka: class {
    logger = () => ({ setLogLevel: () => undefined });
    producer = () => {
      clients += 1;
      return {
        connect: async () => undefined,
        disconnect: async () => undefined,
        send: ({ topic }: { topic: string }) =>
          new Promise<void>((resolve, reject) => {
            requests.push({ topic, end: (error) => (error ? reject(error) : resolve()) });
          }),
      };
    };
  },
  logLevel: {},
  Partitioners: {},
}));
const { kafkaProducer } = await import('../../../lambdas/adapters/kafka-producer.ts');

beforeEach(() => {
  requests.length = 0;
  clients = 0;
});

/** Lets everything go on that can. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const sent = () => requests.map(({ topic }) => topic);

test('one call is under way at a time: a second one could get the number of a first one that broke, and be dropped', async () => {
  const producer = kafkaProducer({ bootstrapServers: 'b:1' });

  const calls = [producer.send('first', []), producer.send('second', [])];
  await turn();
  const atFirst = sent();
  requests[0]?.end();
  await turn();
  requests[1]?.end();
  await Promise.all(calls);

  expect(atFirst).toEqual(['first']);
  expect(sent()).toEqual(['first', 'second']);
  expect(clients).toBe(1);
});

test('a call that fails says so, and the next one has a new client', async () => {
  const producer = kafkaProducer({ bootstrapServers: 'b:1' });

  const failing = producer.send('first', []);
  const next = producer.send('second', []);
  await turn();
  requests[0]?.end(new Error('Closed connection'));
  await expect(failing).rejects.toThrow('Closed connection');
  await turn();
  requests[1]?.end();
  await next;

  expect(clients).toBe(2);
});
