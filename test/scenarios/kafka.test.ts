import { kafkaScenarios } from '../../scenarios/kafka/index.ts';
import { kafkaTokens } from '../../verify/kafka-tokens.ts';

const theirs = { bootstrapServers: '127.0.0.1:9092', origin: 'the broker of KAFKA_BOOTSTRAP_SERVERS' };
const ours = {
  ...theirs,
  outage: { kill: async () => undefined, restart: async () => undefined },
  guarded: { bootstrapServers: '127.0.0.1:9093', certificate: 'guarded.pem' },
};

const leftOut = (door: typeof theirs) =>
  [...kafkaScenarios(door), kafkaTokens(door)].filter((one) => one.leftOut !== undefined);

test("what somebody else's broker cannot be used for is left out, and says why; the rest is played", () => {
  const left = leftOut(theirs);

  expect(left.map(({ name }) => name)).toEqual(['kafka-outage', 'kafka-credentials', 'kafka-tokens']);
  expect(left.every(({ leftOut: why }) => why?.startsWith('it '))).toBe(true);
});

test('on a broker that was started here everything is played', () => {
  expect(leftOut(ours)).toEqual([]);
});
